"""`/signals/probes/`: what the clock asks again and again."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tomei.accounts.doors import actor_of
from tomei.customers.rules import format_span, parse_span
from tomei.customers.web.posted import form_page, now_of, one_of, seen_of
from tomei.kernel.errors import Refused
from tomei.signals import actions, minded
from tomei.signals.rules import probing
from tomei.signals.rules.probing import Setting
from tomei.signals.web.heartbeats import components, name_of
from tomei.ui.answer import done
from tomei.ui.charts import looks

NUMBERS = ("failures", "successes", "status_from", "status_to", "warn_days", "critical_days")
SHOWN = 20  # results in the table; the drawing shows all that are kept


def _setting(request: HttpRequest) -> Setting:
    given = request.POST
    kind = given.get("kind", "")
    return Setting(
        kind, given.get("target", ""), every_s=parse_span(given.get("every", ""), "every_s"),
        timeout_s=_whole(given.get("timeout_s", ""), "timeout_s"), method=given.get("method", "GET"),
        must=given.get("must", "") if kind == "http" else "",
        must_not=given.get("must_not", "") if kind == "http" else "",
        **{name: _whole(given.get(name, ""), name) for name in NUMBERS},
    )  # fmt: skip


def _whole(text: str, name: str) -> int:
    clean = text.strip()
    if not (clean.isascii() and clean.isdecimal() and len(clean) < 9):
        least, most = probing.BOUNDS[name]
        raise Refused("probe.bounds", field=name, least=least, most=most)
    return int(clean)


def _values(setting: Setting, names: dict[str, Any]) -> dict[str, Any]:
    shown = {"every": format_span(setting.every_s), "timeout_s": setting.timeout_s, "kind": setting.kind}
    rest = {name: getattr(setting, name) for name in (*NUMBERS, "target", "method", "must", "must_not")}
    return {**names, **shown, **rest}


def _choices() -> dict[str, Any]:
    kinds = [("http", "HTTP(S)"), ("tcp", _("TCP connection")), ("tls", _("TLS certificate"))]
    return {"kinds": kinds, "methods": [(one, one) for one in probing.METHODS], "components": components()}


def said(outcome: str) -> str:
    """An outcome in the reader's language."""
    return probing.OUTCOMES[outcome].said_in(get_language() or "en") if outcome in probing.OUTCOMES else outcome


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The probes, and the form for one more."""
    by, now = actor_of(request), now_of(request)
    by.require("read")
    if request.method == "POST":
        by.require("house.configure")

    def act() -> HttpResponse:
        pk = actions.add_probe(name_of(request), _setting(request), one_of(request, "component_id"), by=by, now=now)
        return done(request, reverse("signals.probe", args=[pk]), _("Added. It looks for the first time now."))

    values = _values(Setting("http", ""), {"name.ja": "", "name.en": "", "component_id": ""})
    return form_page(
        request, "signals/probes.html", values=values, act=act, probes=minded.probes(), said_of=said,
        may_configure=by.may("house.configure"), **_choices(),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One probe: how it stands, its last results drawn and as a table, and its settings."""
    by, now = actor_of(request), now_of(request)
    by.require("read")
    if request.method == "POST":
        by.require("house.configure")
    one = minded.probe(pk, now)

    def act() -> HttpResponse:
        actions.edit_probe(
            pk, name=name_of(request), setting=_setting(request), component_id=one_of(request, "component_id"),
            seen=seen_of(request), by=by, now=now,
        )  # fmt: skip
        return done(request, reverse("signals.probe", args=[pk]), _("Saved."))

    names = {"name.ja": one.name.ja, "name.en": one.name.en, "component_id": one.component_id or ""}
    found, language = minded.results(pk), get_language() or "en"
    drawn = [looks.Look(row.is_good, row.ms) for row in reversed(found)]
    return form_page(
        request, "signals/probe.html", values=_values(one.setting, names), act=act, one=one, seen=one.version,
        results=found[:SHOWN], drawing=looks.looks(drawn, one.setting.timeout_s * 1000, language), said_of=said,
        may_configure=by.may("house.configure"), may_triage=by.may("signal.triage"), **_choices(),
    )  # fmt: skip


@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    actions.pause_probe(pk, by=actor_of(request), now=now_of(request))
    return done(request, reverse("signals.probe", args=[pk]), _("Paused: it looks no more."))


@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    actions.resume_probe(pk, by=actor_of(request), now=now_of(request))
    return done(request, reverse("signals.probe", args=[pk]), _("Resumed."))


@require_POST
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    actions.try_probe(pk, by=actor_of(request), now=now_of(request))
    return done(request, reverse("signals.probe", args=[pk]), _("It looks now; the result stands here in a moment."))


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    actions.delete_probe(pk, by=actor_of(request), now=now_of(request))
    return done(request, reverse("signals.probes"), _("Deleted."))
