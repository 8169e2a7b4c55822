"""The Jinja2 environment of our own pages: words, addresses, and times as the reader's zone and language have them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context

from tomei.ui import moments, parts
from tomei.ui.forms import typed_fields

NOTHING = "–"


def environment(**options: Any) -> Environment:
    """An environment that escapes, translates, and fails loudly on a name that nobody gave."""
    options["undefined"] = StrictUndefined
    env = Environment(**options, trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])  # noqa: S701  (the backend sets autoescape)
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )  # fmt: skip
    env.globals.update(url=_url, static=static, ui_parts=parts.PARTS, typed_fields=typed_fields, way_back=way_back)
    env.filters.update(clock=_clock, day=_day, full=_full, moment=_moment, span=_span, limit=_limit)
    env.globals["ui"] = env.get_template("ui/parts.html").module
    return env


def _url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args, kwargs=kwargs)


def way_back(request: HttpRequest) -> str:
    """Where the reader came from when that is a page of this house, else the now board."""
    before = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(before, allowed_hosts={request.get_host()}):
        return before
    return "/"


def _language() -> str:
    return "ja" if (translation.get_language() or "en").startswith("ja") else "en"


def _clock(moment: datetime | None) -> str:
    return NOTHING if moment is None else moments.clock(moment, timezone.get_current_timezone())


def _day(moment: datetime | date | None) -> str:
    return NOTHING if moment is None else moments.day(moment, timezone.get_current_timezone(), _language())


def _full(moment: datetime | None) -> str:
    return NOTHING if moment is None else moments.full(moment, timezone.get_current_timezone(), _language())


@pass_context
def _moment(context: Context, moment: datetime | None) -> str:
    if moment is None:
        return NOTHING
    now = context.get("now")
    if not isinstance(now, datetime):
        return _full(moment)
    return moments.near(moment, timezone.get_current_timezone(), _language(), now)


def _span(seconds: float | None) -> str:
    return NOTHING if seconds is None else moments.span(seconds, _language())


def _limit(seconds: float | None) -> str:
    return NOTHING if seconds is None else moments.limit(seconds, _language())
