"""Promises of a question on both sides: their answer, and what we tell them became of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tomei.cases.facts import IncidentFacts
from tomei.customers import queries as customers
from tomei.diagnosis.models import Question
from tomei.diagnosis.rules import asking
from tomei.kernel import ids
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text
from tomei.promises import actions as promises

_LINE = 200  # characters of a question in a promise


def reply(row: Question, incident: IncidentFacts | None, by: Actor, now: datetime) -> int:
    """Their answer, owed to us by the time they were told."""
    assert row.due_at is not None  # checked before
    what = Text.of(row.what)
    text = Text(*(f"{ids.key('QST', row.pk)} {side}"[:_LINE] for side in (what.said_in("ja"), what.said_in("en"))))
    return _make("reply", row, incident, text, row.due_at, by, now)


def feedback_due(row: Question) -> datetime:
    assert row.due_at and row.next_at and row.answered_at  # answered
    return asking.feedback_due(row.due_at, row.next_at, row.answered_at)


def feedback(
    row: Question, incident: IncidentFacts | None, minutes: int, said_at: datetime, by: Actor, now: datetime
) -> dict[str, Any]:
    """What the first answer starts: our promise, and the time after which an unused answer is an alarm."""
    assert row.due_at and row.next_at  # asked
    due_at = asking.feedback_due(row.due_at, row.next_at, now)
    key = ids.key("QST", row.pk)
    text = Text(f"{key} の回答をどう活用したかの報告", f"{key}: what became of your answer")
    made = _make("answer", row, incident, text, due_at, by, now)
    return {"feedback_promise_id": made, "waits_until": due_at, "idle_at": now + timedelta(minutes=minutes)}


def replied(row: Question, by: Actor, said_at: datetime) -> None:
    """They answered at `said_at`: kept, or late."""
    if row.reply_promise_id is not None:
        promises.keep_one(row.reply_promise_id, act=f"question:{row.pk}", by=by, now=said_at)


def ended(row: Question, state: str, outcome: Text, by: Actor, now: datetime) -> None:
    """Told what became of it: ours is kept; what they still owed is owed no more."""
    if state != "withdrawn" and row.feedback_promise_id is not None:
        promises.keep_one(row.feedback_promise_id, act=f"question:{row.pk}", by=by, now=now)
    reason = outcome.said_in("en").replace("\n", " ")[:_LINE] or "no longer needed"
    for promise_id in (row.reply_promise_id, row.feedback_promise_id if state == "withdrawn" else None):
        if promise_id is not None:
            promises.drop_one(promise_id, reason=reason, by=by, now=now)


def _make(
    kind: str, row: Question, incident: IncidentFacts | None, text: Text, due_at: datetime, by: Actor, now: datetime
) -> int:
    ours, theirs = customers.ours().id, row.organisation_id
    owed_by, owed_to = (theirs, ours) if kind == "reply" else (ours, theirs)
    return promises.make(
        kind, incident_id=incident.id if incident else None, case_id=None if incident else row.case_id,
        owed_by=owed_by, owed_to=owed_to, about=f"question:{row.pk}", text=text, owner_id=row.owner_id,
        rank=incident.rank if incident else 3, due_at=due_at, told=True, drill=bool(incident and incident.drill),
        restricted=bool(incident and incident.restricted), by=by, now=now,
    )  # fmt: skip
