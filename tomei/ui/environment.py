"""The Jinja2 environment of our own pages: words, addresses, and times as the reader's zone and language have them."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context

from tomei.ui import moments, parts, spoken
from tomei.ui.forms import typed_fields

NOTHING = "–"


def environment(**options: Any) -> Environment:
    """An environment that escapes, translates, and fails loudly on a name that nobody gave."""
    options["undefined"] = StrictUndefined
    env = Environment(**options, trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])  # noqa: S701  (the backend sets autoescape)
    env.context_class = spoken.Page
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(translation.gettext, translation.ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(spoken.WORDS)
    env.globals.update(url=_url, static=_static, ui_parts=parts.PARTS, typed_fields=typed_fields, way_back=way_back)
    env.filters.update(clock=_clock, day=_day, full=_full, moment=_moment, span=_span, limit=_limit)
    env.globals["ui"] = env.get_template("ui/parts.html").module
    return env


@spoken.plain
def _url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args, kwargs=kwargs)


@spoken.plain
def _static(path: str) -> str:
    return _address(path)


@cache
def _address(path: str) -> str:
    """The version in it is that of the start of this process, so all of it may be kept."""
    return static(path)


def way_back(request: HttpRequest) -> str:
    """Where the reader came from when that is a page of this house, else the now board."""
    before = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(before, allowed_hosts={request.get_host()}):
        return before
    return "/"


@pass_context
def _clock(context: Context, moment: datetime | None) -> str:
    return NOTHING if moment is None else moments.clock(moment, spoken.reader(context).zone)


@pass_context
def _day(context: Context, moment: datetime | date | None) -> str:
    if moment is None:
        return NOTHING
    reader = spoken.reader(context)
    return moments.day(moment, reader.zone, reader.language)


@pass_context
def _full(context: Context, moment: datetime | None) -> str:
    if moment is None:
        return NOTHING
    reader = spoken.reader(context)
    return moments.full(moment, reader.zone, reader.language)


@pass_context
def _moment(context: Context, moment: datetime | None) -> str:
    if moment is None:
        return NOTHING
    now, reader = context.get("now"), spoken.reader(context)
    if not isinstance(now, datetime):
        return moments.full(moment, reader.zone, reader.language)
    return moments.near(moment, reader.zone, reader.language, now)


@pass_context
def _span(context: Context, seconds: float | None) -> str:
    return NOTHING if seconds is None else moments.span(seconds, spoken.reader(context).language)


@pass_context
def _limit(context: Context, seconds: float | None) -> str:
    return NOTHING if seconds is None else moments.limit(seconds, spoken.reader(context).language)
