"""`/signals/heartbeats/`: what must ping an address of ours in time."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tomei.accounts.doors import actor_of
from tomei.customers import queries as customers
from tomei.customers.rules import format_span, parse_span
from tomei.customers.web.posted import form_page, now_of, one_of, seen_of
from tomei.kernel.text import Text
from tomei.signals import actions, minded
from tomei.signals.rules.beating import Schedule
from tomei.ui.answer import done

LINES = 50


def components() -> list[tuple[Any, str]]:
    language = get_language() or "en"
    return [("", _("none")), *((p.id, p.name.said_in(language)) for p in customers.components_of())]


def name_of(request: HttpRequest) -> Text:
    return Text(request.POST.get("name.ja", ""), request.POST.get("name.en", ""))


def _schedule(request: HttpRequest) -> Schedule:
    given = request.POST
    cron, period = given.get("cron", "").strip(), given.get("period", "").strip()
    return Schedule(
        parse_span(period, "period") if period and not cron else None, cron, given.get("zone", "").strip(),
        parse_span(given.get("grace", ""), "grace"),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The heartbeats, and the form for one more."""
    by, now = actor_of(request), now_of(request)
    by.require("read")
    if request.method == "POST":
        by.require("house.configure")

    def act() -> HttpResponse:
        pk, _key = actions.add_heartbeat(
            name_of(request), _schedule(request), one_of(request, "component_id"), by=by, now=now
        )
        return done(request, reverse("signals.heartbeat", args=[pk]), _("Added. It waits for the first ping."))

    values = {"name.ja": "", "name.en": "", "period": "1d", "cron": "", "grace": "1h", "component_id": "",
              "zone": timezone.get_current_timezone_name()}  # fmt: skip
    return form_page(
        request, "signals/heartbeats.html", values=values, act=act, heartbeats=minded.heartbeats(now),
        components=components(), may_configure=by.may("house.configure"),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One heartbeat: how it stands, the lines to copy, what came, and its settings."""
    by, now = actor_of(request), now_of(request)
    by.require("read")
    if request.method == "POST":
        by.require("house.configure")
    one = minded.heartbeat(pk, now, by)

    def act() -> HttpResponse:
        actions.edit_heartbeat(
            pk, name=name_of(request), schedule=_schedule(request), component_id=one_of(request, "component_id"),
            seen=seen_of(request), by=by, now=now,
        )  # fmt: skip
        return done(request, reverse("signals.heartbeat", args=[pk]), _("Saved."))

    before = request.GET.get("before", "")
    cursor = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    pings = minded.pings(pk, before=cursor, limit=LINES)
    values = {
        "name.ja": one.name.ja, "name.en": one.name.en, "period": format_span(one.period_s), "cron": one.cron,
        "zone": one.zone, "grace": format_span(one.grace_s), "component_id": one.component_id or "",
    }  # fmt: skip
    return form_page(
        request, "signals/heartbeat.html", values=values, act=act, one=one, seen=one.version, pings=pings,
        more=f"?before={pings[-1].id}" if len(pings) == LINES else "", components=components(),
        may_configure=by.may("house.configure"), may_triage=by.may("signal.triage"),
    )  # fmt: skip


@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    actions.pause_heartbeat(pk, by=actor_of(request), now=now_of(request))
    return done(request, reverse("signals.heartbeat", args=[pk]), _("Paused: its silence says nothing."))


@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    actions.resume_heartbeat(pk, by=actor_of(request), now=now_of(request))
    return done(request, reverse("signals.heartbeat", args=[pk]), _("Resumed."))


@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    minded.heartbeat(pk, now_of(request))
    actions.renew_key(pk, by=actor_of(request), now=now_of(request))
    return done(request, reverse("signals.heartbeat", args=[pk]), _("A new key. The old one opens nothing any more."))


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    actions.delete_heartbeat(pk, by=actor_of(request), now=now_of(request))
    return done(request, reverse("signals.heartbeats"), _("Deleted. Its address opens nothing any more."))
