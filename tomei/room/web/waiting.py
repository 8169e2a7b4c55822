"""What the room shows of waiting and of the end: whose turn it is, where the time went, does business run again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tomei.cases.facts import IncidentFacts
from tomei.cases.waiting import views, words
from tomei.cases.waiting.rules.closing import QUESTIONS
from tomei.room.facts import Guest
from tomei.ui import charts
from tomei.ui.parts import language


def context(incident: IncidentFacts, reader: Guest, now: datetime) -> dict[str, Any]:
    """`went` is the account of the own case, `band` its picture, `ending` what they may say; None without a case."""
    case = views.own_case(incident.id, reader.organisation.id)
    if case is None:
        return {"went": None, "ending": None}
    found = views.of_own(case, incident, now)
    drawn = [charts.Band(one.kind, one.label.said_in(language()), one.start, one.end) for one in found.spans]
    return {
        "went": found, "band": charts.bands(drawn, language(), reader.organisation.zone),
        "ending": views.closing_of(case, reader.contact.id, now), "may_say": reader.actor.may("room.answer"),
        "closing_questions": [(name, words.QUESTIONS[name]) for name in QUESTIONS],
        "closing_answers": list(words.ANSWERS.items()),
    }  # fmt: skip
