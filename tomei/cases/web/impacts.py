"""`/incidents/INC-12/impacts/`: every interval of harm, and the correction of a wrong one by a new version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tomei.accounts.doors import actor_of
from tomei.cases import actions, impact_texts, pack, queries, timeline
from tomei.cases.facts import EntryFacts, ImpactFacts, IncidentFacts
from tomei.cases.web import room
from tomei.cases.web.verbs import local, zone
from tomei.customers import queries as customers
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text
from tomei.ui import forms as fields
from tomei.ui import moments, refusals
from tomei.ui.answer import answer, done
from tomei.ui.parts import language


@dataclass(frozen=True, slots=True)
class Row:
    """One version of an interval. `why` and `who` tell of its correction; a void one counts for nothing."""

    one: ImpactFacts
    name: Text
    word: str
    why: str = ""
    who: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, key: str) -> HttpResponse:
    by = actor_of(request)
    incident = queries.by_number(key, by)
    now: datetime = request.now  # type: ignore[attr-defined]
    if request.method != "POST":
        return _page(request, incident, by, {"of": request.GET.get("correct", "")})
    by.require("incident.work")  # before any field is judged; the action decides
    try:
        actions.correct_impact(
            incident.id, fields.number(request.POST, "of", 1, required=True) or 0,
            impact=request.POST.get("impact", ""), since_at=fields.moment(request.POST, "since", zone()),
            until_at=fields.moment(request.POST, "until", zone()), reason=fields.text(request.POST, "reason", 1000),
            by=by, now=now,
        )  # fmt: skip
    except Refused as error:
        typed = {name: request.POST.get(name, "")[:1000] for name in ("of", "impact", "since", "until", "reason")}
        return _page(request, incident, by, typed, said=_said(error, now), status=422)
    return done(request, f"{incident.url}impacts/", _("Corrected. The version before is kept, marked."))


def _said(error: Refused, now: datetime) -> refusals.Said:
    """In the reader's words, with the moment in the reader's zone."""
    at = error.facts.get("at")
    if isinstance(at, str):
        error.facts["at"] = moments.near(datetime.fromisoformat(at), zone(), language(), now)
    return refusals.said(error, language())


def _page(
    request: HttpRequest, incident: IncidentFacts, by: Actor, typed: Mapping[str, str], *, status: int = 200,
    said: refusals.Said | None = None,
) -> HttpResponse:  # fmt: skip
    rows = _rows(incident)
    chosen = next((row for row in rows if str(row.one.id) == typed["of"] and row.one.void_at is None), None)
    if chosen is not None and said is None:
        one = chosen.one
        typed = {
            "of": str(one.id),
            "impact": one.impact,
            "since": local(one.since_at),
            "until": local(one.until_at),
            "reason": "",
        }
    words: list[tuple[str, str]] = [(code, word.said_in(language())) for code, word in impact_texts.WORDS.items()]
    context: dict[str, Any] = {
        "incident": incident, "rows": rows, "chosen": chosen, "typed": typed, "said": said, "impact_words": words,
        "may": room.may(by),
    }  # fmt: skip
    return answer(request, "cases/impacts.html", context, status=status)


def _rows(incident: IncidentFacts) -> list[Row]:
    found = queries.impact_versions(incident.id)
    names = customers.components(one.component_id for one in found)
    told = corrections(incident.id)
    people = pack.names_of([entry.actor_id for entry in told.values() if entry.actor_id])
    return [_row(one, names[one.component_id].name, told.get(one.id), people) for one in found]


def _row(one: ImpactFacts, name: Text, told: EntryFacts | None, people: Mapping[int, str]) -> Row:
    word = impact_texts.WORDS[one.impact].said_in(language()) if one.impact in impact_texts.WORDS else one.impact
    if told is None:
        return Row(one, name, word)
    return Row(one, name, word, told.body, people.get(told.actor_id or 0, ""))


def corrections(incident_id: int) -> dict[int, EntryFacts]:
    """The entries that corrected an interval, by the id of the version that they made void."""
    found = timeline.of_code(incident_id, "impact.corrected")
    return {entry.data["was"]["interval_id"]: entry for entry in found}
