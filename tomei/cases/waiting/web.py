"""Pages of waiting times: of an incident, of a case; one tap says who has to act."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tomei.accounts import queries as accounts
from tomei.accounts.doors import actor_of
from tomei.cases import queries as cases
from tomei.cases.facts import CaseFacts, IncidentFacts
from tomei.cases.waiting import actions, queries, reading, words
from tomei.cases.waiting.facts import Waiting
from tomei.cases.waiting.rules import spans
from tomei.cases.web import room
from tomei.cases.web.verbs import zone
from tomei.customers import queries as customers
from tomei.kernel.actor import Actor
from tomei.ui import forms as fields
from tomei.ui.answer import answer, done
from tomei.ui.parts import language


@require_safe
def of_incident(request: HttpRequest, key: str) -> HttpResponse:
    """Where did the time of this incident go, and for whom does it wait now?"""
    by, now = actor_of(request), request.now  # type: ignore[attr-defined]
    incident = cases.by_number(key, by)
    parts = cases.cases_of(incident.id)
    names = customers.organisations({one.organisation_id for one in parts})
    context = room.room_context(incident, by, now, language()) | _shown(queries.of_incident(incident, now), by) | {
        "tab": "waiting", "subject": incident, "ball_url": f"{incident.url}ball/",
        "customers": [(one.organisation_id, names[one.organisation_id].name) for one in parts],
        "case_party": lambda one: reading.party(one.holder, one.names, language()),
        "per_case": [(one, names[one.organisation_id].name, queries.of_case(one, now)) for one in parts[:20]],
    }  # fmt: skip
    return answer(request, "cases/waiting/incident.html", context)


@require_safe
def of_case(request: HttpRequest, key: str) -> HttpResponse:
    """The same for one customer's part."""
    by, now = actor_of(request), request.now  # type: ignore[attr-defined]
    case = cases.case_by_number(key, by)
    mine = customers.organisation(case.organisation_id)
    context = _shown(queries.of_case(case, now), by) | {
        "case": case, "name": mine.name, "subject": case, "ball_url": f"{case.url}ball/",
        "customers": [(mine.id, mine.name)], "may": room.may(by),
        "incident": cases.incident(case.incident_id) if case.incident_id is not None else None,
    }  # fmt: skip
    return answer(request, "cases/waiting/case.html", context)


def _shown(found: Waiting, by: Actor) -> dict[str, Any]:
    people = accounts.people(found.owner_ids)
    vendors = [(one.id, one.name) for one in customers.all_organisations("vendor", "partner")]
    return {
        "waiting": found, "vendors": vendors, "band": reading.band(found, language(), zone()),
        "party": lambda holder: reading.party(holder, found.names, language()),
        "reason": lambda one: words.reason(one.holder.party, one.reason, language()),
        "reasons": {
            name: [("", _("no reason given")), *((code, said.said_in(language())) for code, said in codes.items())]
            for name, codes in words.REASONS.items()
        },
        "owners_named": [people[pk].name if pk in people else f"#{pk}" for pk in found.owner_ids],
        "share": lambda length: reading.percent(length, found.gross),
    }  # fmt: skip


def _moved(request: HttpRequest, by: Actor, **on: int) -> str:
    party, promise_id = request.POST.get("party", ""), fields.number(request.POST, "promise", 1)
    now: datetime = request.now  # type: ignore[attr-defined]
    organisation_id = fields.number(request.POST, "organisation", 1)
    known = party if party in spans.PARTIES else ""
    new = actions.move(
        party=party[:40], organisation_id=organisation_id, reason=fields.text(request.POST, f"reason_{known}", 40),
        since=fields.moment(request.POST, "since", zone()), promise_id=promise_id, by=by, now=now, **on,
    )  # fmt: skip
    return _("Recorded: it waits for %(party)s.") % {"party": _name(party, organisation_id)} if new else _("It is so.")


def _name(party: str, organisation_id: int | None) -> str:
    found = customers.organisations([organisation_id] if organisation_id is not None else [])
    names = {pk: one.name for pk, one in found.items()}
    return reading.party(spans.Holder(party, organisation_id), names, language())


@require_POST
def ball(request: HttpRequest, key: str) -> HttpResponse:
    """Who has to act from now on, for the whole incident."""
    by = actor_of(request)
    incident: IncidentFacts = cases.by_number(key, by)
    by.require("incident.work")
    said = _moved(request, by, incident_id=incident.id)
    return done(request, request.POST.get("next") or f"{incident.url}waiting/", said)


@require_POST
def case_ball(request: HttpRequest, key: str) -> HttpResponse:
    by = actor_of(request)
    case: CaseFacts = cases.case_by_number(key, by)
    by.require("incident.work")
    said = _moved(request, by, case_id=case.id)
    return done(request, request.POST.get("next") or f"{case.url}waiting/", said)


urlpatterns = [
    path("incidents/<str:key>/waiting/", of_incident, name="waiting.incident"),
    path("incidents/<str:key>/ball/", ball, name="waiting.ball"),
    path("cases/<str:key>/waiting/", of_case, name="waiting.case"),
    path("cases/<str:key>/ball/", case_ball, name="waiting.case_ball"),
]
