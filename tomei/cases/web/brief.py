"""`/incidents/INC-12/brief/` for who joins, and the measures taken with what changed after."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tomei.accounts.doors import actor_of
from tomei.cases import actions, brief, pack, queries, room_words
from tomei.cases.facts import IncidentFacts
from tomei.cases.queries import measures
from tomei.cases.rules import brief as rules
from tomei.cases.web import room
from tomei.cases.web.verbs import verb, zone
from tomei.kernel.actor import Actor
from tomei.ui import forms as fields
from tomei.ui.answer import answer
from tomei.ui.parts import language


@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    """One phone screen; `?text` answers with plain text."""
    by = actor_of(request)
    incident = queries.by_number(key, by)
    built = brief.build(incident, request.now, language(), zone())  # type: ignore[attr-defined]
    if "text" in request.GET:
        return HttpResponse(built.text + "\n", content_type="text/plain; charset=utf-8")
    found = measures.measures(incident.id)
    actors = [entry.actor_id for one in found for entry in (one.taken, one.judged) if entry and entry.actor_id]
    said = language()
    return answer(request, "cases/brief.html", {
        "incident": incident, "brief": built, "measures": found, "names": pack.names_of(actors), "may": room.may(by),
        "kinds": [(code, room_words.MEASURES[code].said_in(said)) for code in rules.MEASURES],
        "outcomes": [(code, room_words.OUTCOMES[code].said_in(said)) for code in rules.OUTCOMES],
        "kind_word": lambda code: room_words.MEASURES[code].said_in(said),
        "outcome_word": lambda code: room_words.OUTCOMES[code].said_in(said),
    }, block="brief")  # fmt: skip


@verb
def join(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    actions.join(incident.id, fields.text(request.POST, "offer", 300), by=by, now=now)
    return _("You are here. The room sees it.")


@verb
def go(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    actions.go(incident.id, fields.text(request.POST, "line", 300), by=by, now=now)
    return _("Recorded. Roles are handed over on their own.")


@verb
def measure(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    actions.take_measure(
        incident.id, request.POST.get("kind", ""), fields.text(request.POST, "what", 300),
        expected=fields.text(request.POST, "expected", 300), at=fields.moment(request.POST, "at", zone()), by=by,
        now=now,
    )  # fmt: skip
    return _("Measure recorded. Say later what changed.")


@verb
def judge(request: HttpRequest, incident: IncidentFacts, by: Actor, now: datetime) -> str:
    of = fields.number(request.POST, "of", 1, required=True) or 0
    actions.judge_measure(
        incident.id, of, request.POST.get("outcome", ""), fields.text(request.POST, "line", 1000), by=by, now=now
    )
    return _("What changed is recorded.")
