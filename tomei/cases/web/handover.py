"""`/incidents/INC-12/hand-over/`: who hands what to whom, what is written for them, and "I have it"."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tomei.accounts import queries as accounts
from tomei.accounts.doors import actor_of
from tomei.cases import actions, pack, queries, room_words, spoken_pack, words
from tomei.cases.facts import HandOverFacts, IncidentFacts
from tomei.cases.queries import about_incidents, hand_overs, load
from tomei.cases.rules import handover as rules
from tomei.cases.web import room
from tomei.cases.web.verbs import local, zone
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.ui import forms as fields
from tomei.ui import refusals
from tomei.ui.answer import answer, done
from tomei.ui.parts import language


@require_safe
def hand_overs_tab(request: HttpRequest, key: str) -> HttpResponse:
    """The tab: who is on duty for how long, what is being handed over, what was."""
    by = actor_of(request)
    incident = queries.by_number(key, by)
    now: datetime = request.now  # type: ignore[attr-defined]
    return answer(request, "cases/hand_overs.html", tab_context(incident, by, now), block="overs")


def tab_context(incident: IncidentFacts, by: Actor, now: datetime) -> dict[str, Any]:
    context = room.room_context(incident, by, now, language())
    found = hand_overs.of_incident(incident.id)
    holders = about_incidents.holders(incident.id)
    crew = [person for person in accounts.active_people() if person.role != "observer"]
    loads = {one.user_id: one for one in load.of(crew, now)}
    mine = [(role, by.user_id) for role, users in holders.items() if by.user_id in users]
    return context | {
        "tab": "hand-over", "me": by.user_id,
        "hand_overs": [spoken_pack.named(one, language()) for one in found],
        "loads": loads,
        "limits": load.limits(),
        "mine": [(role, about_incidents.said(words.ROLES, role)) for role, _ in mine],
        "held": [
            (role, user, about_incidents.said(words.ROLES, role)) for role, users in holders.items()
            for user in users
        ],
        "fresh": [(person, loads[person.id]) for person in crew if person.id != by.user_id],
        "person_names": {person.id: person.name for person in crew},
    }  # fmt: skip


def _page(request: HttpRequest, key: str, pk: int) -> tuple[IncidentFacts, HandOverFacts, Actor]:
    by = actor_of(request)
    incident = queries.by_number(key, by)
    return incident, hand_overs.one(incident.id, pk), by


def _whole(incident: IncidentFacts, one: HandOverFacts, request: HttpRequest) -> spoken_pack.Whole:
    return spoken_pack.whole(incident, one, request.now, language(), zone())  # type: ignore[attr-defined]


@require_safe
def hand_over(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    incident, one, by = _page(request, key, pk)
    return answer(request, "cases/hand_over.html", _context(request, incident, one, by), block="over")


def _context(request: HttpRequest, incident: IncidentFacts, one: HandOverFacts, by: Actor) -> dict[str, Any]:
    everything = _whole(incident, one, request)
    writes = one.state == "open" and by.may("role.take") and (
        by.user_id in (one.from_id, one.started_by_id) or by.may("incident.role")
    )  # fmt: skip
    asked = [entry for question, answers in everything.words.questions for entry in (question, *answers)]
    return {
        "incident": incident, "whole": everything, "pack": everything.pack, "shown": everything.shown, "one": one,
        "here": f"{incident.url}hand-over/{one.id}/", "part_words": room_words.PARTS,
        "measure_words": room_words.MEASURES, "outcome_words": room_words.OUTCOMES, "language": language(),
        "asked_by": pack.names_of([entry.actor_id for entry in asked if entry.actor_id]),
        "said": None, "tired": False,
        "decide_local": local(one.decide_at), "writes": writes,
        "accepts": one.state == "open" and by.user_id == one.to_id, "may": room.may(by),
        "text": spoken_pack.as_text(everything, language(), zone()),
    }  # fmt: skip


@require_safe
def hand_over_text(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """For a chat or a telephone: plain text."""
    incident, one, _by = _page(request, key, pk)
    said = spoken_pack.as_text(_whole(incident, one, request), language(), zone())
    return HttpResponse(said, content_type="text/plain; charset=utf-8")


@require_safe
def hand_over_json(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    incident, one, _by = _page(request, key, pk)
    body = json.dumps(spoken_pack.as_plain(_whole(incident, one, request)), ensure_ascii=False, indent=1)
    return HttpResponse(body, content_type="application/json; charset=utf-8")


@require_POST
def start(request: HttpRequest, key: str) -> HttpResponse:
    """`role` is `commander` (one's own) or `commander:7`, somebody else's, with a reason."""
    by = actor_of(request)
    incident = queries.by_number(key, by)
    by.require("role.take")
    role, _colon, holder = request.POST.get("role", "").partition(":")
    made = actions.start_hand_over(
        incident.id, role, to_id=fields.number(request.POST, "to", 1, most=2**63 - 1),
        from_id=fields.number({"from": holder}, "from", 1, most=2**63 - 1),
        reason=fields.text(request.POST, "reason", 1000), by=by, now=request.now,  # type: ignore[attr-defined]
    )  # fmt: skip
    message = _("Hand-over begun. You answer until it is accepted: write down what only you know.")
    return done(request, f"{incident.url}hand-over/{made.id}/", message)


@require_POST
def verb(request: HttpRequest, key: str, pk: int, name: str) -> HttpResponse:
    """Words, questions, answers, and how it ends."""
    by = actor_of(request)
    incident = queries.by_number(key, by)
    by.require("role.take")
    act = VERBS.get(name)
    if act is None:
        raise Http404(name)
    one = hand_overs.one(incident.id, pk)
    try:
        message = act(request, one, by, request.now)  # type: ignore[attr-defined]
    except Refused as error:
        if error.code != "role.too_little_rest":
            raise
        context = _context(request, incident, one, by) | {"said": refusals.said(error, language()), "tired": True}
        return answer(request, "cases/hand_over.html", context, status=422)
    return done(request, f"{incident.url}hand-over/{pk}/", message)


def _describe(request: HttpRequest, one: HandOverFacts, by: Actor, now: datetime) -> str:
    parts = {
        part: fields.text(request.POST, part, 4000, many_lines=True) for part in rules.PARTS if part in request.POST
    }
    at = fields.moment(request.POST, "decide_at", zone())
    actions.describe_hand_over(one.incident_id, one.id, parts, decide_at=at, by=by, now=now)
    return _("Written into the hand-over.")


def _ask(request: HttpRequest, one: HandOverFacts, by: Actor, now: datetime) -> str:
    actions.ask_hand_over(one.incident_id, one.id, fields.text(request.POST, "question", 1000), by=by, now=now)
    return _("Question asked.")


def _answer(request: HttpRequest, one: HandOverFacts, by: Actor, now: datetime) -> str:
    of = fields.number(request.POST, "of", 1, required=True)
    said = fields.text(request.POST, "answer", 2000)
    actions.answer_hand_over(one.incident_id, one.id, said, of=of or 0, by=by, now=now)
    return _("Answered.")


def _accept(request: HttpRequest, one: HandOverFacts, by: Actor, now: datetime) -> str:
    reason = fields.text(request.POST, "reason", 500)
    actions.accept_hand_over(one.incident_id, one.id, reason=reason, by=by, now=now)
    return _("You have it. It is recorded with both names.")


def _decline(request: HttpRequest, one: HandOverFacts, by: Actor, now: datetime) -> str:
    reason = fields.text(request.POST, "reason", 1000)
    actions.decline_hand_over(one.incident_id, one.id, reason=reason, by=by, now=now)
    return _("Declined. The outgoing person was told.")


def _withdraw(request: HttpRequest, one: HandOverFacts, by: Actor, now: datetime) -> str:
    reason = fields.text(request.POST, "reason", 1000)
    actions.withdraw_hand_over(one.incident_id, one.id, reason=reason, by=by, now=now)
    return _("Hand-over withdrawn.")


VERBS: dict[str, Callable[[HttpRequest, HandOverFacts, Actor, datetime], str]] = {
    "describe": _describe, "ask": _ask, "answer": _answer, "accept": _accept, "decline": _decline,
    "withdraw": _withdraw,
}  # fmt: skip
