"""`/signals/`: what fires, who looks at it, and what came of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tomei.accounts.doors import actor_of
from tomei.cases import queries as incidents
from tomei.customers.rules import parse_span
from tomei.customers.web.posted import Refusal, attempt, now_of
from tomei.kernel.actor import Actor
from tomei.promises import queries as promises
from tomei.signals import actions, minded, queries, silences, told
from tomei.signals.facts import GroupFacts
from tomei.ui.answer import answer, done

LINES = 30  # each with its forms: the page stays under 50 kB


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Newest first; what waits for a person is said above."""
    by = actor_of(request)
    by.require("read")
    sought = queries.Filter.of(request.GET)
    groups, after = queries.page(sought, LINES)
    if request.GET.get("format") == "json":
        return JsonResponse({"items": [as_json(group) for group in groups], "next": after})
    query = {"show": sought.show, "source": sought.source_id or "", "q": sought.q, "after": after}
    told = untold(groups, by, now_of(request))
    context = {
        "groups": groups,
        "silenced": silenced(groups, now_of(request)),
        "in_silence": silences.firing_in_silence(now_of(request)),
        "flapping": queries.flapping(),
        "down": minded.down(),
        "incidents": incident_keys(groups, by),
        "untold": told,
        "sought": sought,
        "sources": queries.sources(),
        "more": f"{reverse('signals')}?{urlencode(query)}" if after else "",
        "json": f"{reverse('signals')}?{urlencode({**query, 'after': sought.after, 'format': 'json'})}",
        "may_triage": by.may("signal.triage"),
        "may_declare": by.may("incident.declare"),
    }
    return answer(request, "signals/index.html", context, block="list")


def silenced(groups: list[GroupFacts], now: Any) -> dict[int, silences.SilenceFacts]:
    """Those of these groups that fire and call nobody."""
    firing = [one for one in groups if one.state == "firing"]
    return silences.held([(one.id, one.source, one.component_id, one.labels) for one in firing], now)


def untold(groups: list[GroupFacts], by: Actor, now: Any) -> set[int]:
    """Harm seen, nothing told: nobody has looked in time, or the first notice of its incident is overdue."""
    silent = {group.id for group in groups if group.nothing_told(now)}
    wanted = {group.incident_id: group.id for group in groups if group.incident_id}
    if wanted:
        owed = promises.owed(promises.Filters(kind="first_notice"), by=by, limit=200).items
        silent |= {wanted[one.incident_id] for one in owed if one.incident_id in wanted and one.due_at < now}
    return silent


def incident_keys(groups: list[GroupFacts], by: Actor) -> dict[int, Any]:
    """The incidents that this reader may see, by id."""
    found = incidents.incidents(group.incident_id for group in groups if group.incident_id)
    return {pk: facts for pk, facts in found.items() if not facts.restricted or by.may("restricted.read")}


def as_json(group: GroupFacts) -> dict[str, Any]:
    return {
        "id": group.id,
        "title": group.title,
        "source": group.source,
        "severity": group.severity,
        "component": group.component.as_json() if group.component else None,
        "state": group.state,
        "triage": group.triage,
        "incident_id": group.incident_id,
        "events": group.events,
        "flapping_at": group.flapping_at.isoformat() if group.flapping_at else None,
        "flaps": group.flaps,
        "first_at": group.first_at.isoformat(),
        "last_at": group.last_at.isoformat(),
        "resolved_at": group.resolved_at.isoformat() if group.resolved_at else None,
        "labels": dict(group.labels),
    }


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, refusal: Refusal | None = None) -> HttpResponse:
    by = actor_of(request)
    by.require("read")
    group = queries.group(pk)
    before = request.GET.get("before", "")
    cursor = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    signals = queries.signals_of(pk, before=cursor)
    place = (group.source_id, group.key)
    remarks = told.remarks_of(group)
    context = {
        "group": group,
        "silence": silenced([group], now_of(request)).get(group.id),
        "signals": signals,
        "more": f"?before={signals[-1].id}" if len(signals) == queries.LIMIT else "",
        "remarks": remarks,
        "acknowledged": told.acknowledged(group, remarks),
        "incident": incident_keys([group], by).get(group.incident_id or 0),
        "untold": bool(untold([group], by, now_of(request))),
        "watch": next((one for one in queries.watches() if (one.source_id, one.group_key) == place), None),
        "said": refusal.said if refusal else None,
        "errors": refusal.errors if refusal else {},
        "typed": request.POST,
        "may_triage": by.may("signal.triage"),
        "may_declare": by.may("incident.declare"),
        "may_configure": by.may("house.configure"),
    }
    return answer(request, "signals/page.html", context, status=422 if refusal else 200)


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    actions.take(pk, by=actor_of(request), now=now_of(request))
    return done(request, reverse("signals.page", args=[pk]), _("You look into it."))


@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """A refusal shows the page again with what was typed."""

    def act() -> HttpResponse:
        actions.dismiss(pk, request.POST.get("reason", ""), by=actor_of(request), now=now_of(request))
        return done(
            request, reverse("signals.page", args=[pk]), _("Dismissed. When it fires anew, it is proposed anew.")
        )

    outcome = attempt(act)
    return _page(request, pk, outcome) if isinstance(outcome, Refusal) else outcome


@require_POST
def watch(request: HttpRequest, pk: int) -> HttpResponse:
    by = actor_of(request)
    by.require("house.configure")  # before the field is judged; the action decides

    def act() -> HttpResponse:
        every_s = parse_span(request.POST.get("every", ""), "every")
        actions.bind_watch(pk, every_s, by=by, now=now_of(request))
        return done(request, reverse("signals.page", args=[pk]), _("Watched: when it stays away, that is the alarm."))

    outcome = attempt(act)
    return _page(request, pk, outcome) if isinstance(outcome, Refusal) else outcome


@require_POST
def loosen(request: HttpRequest, pk: int) -> HttpResponse:
    actions.loosen_watch(pk, by=actor_of(request), now=now_of(request))
    return done(request, reverse("signals.sources"), _("No longer watched."))
