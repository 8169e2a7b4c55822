"""Who joins and goes beside the roles, what was done to get ahead, what changed after. Entries, nothing else."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tomei.cases.actions import rows
from tomei.cases.facts import EntryFacts
from tomei.cases.models import Entry
from tomei.cases.rules import brief as rules
from tomei.cases.rules import words
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused


@transaction.atomic
def join(incident_id: int, offer: str = "", *, by: Actor, now: datetime) -> EntryFacts:
    """Whoever acts has read the brief and is here; `offer` says what they can do."""
    return _said(incident_id, "person.joined", words.line(offer, field="offer"), by, now)


@transaction.atomic
def go(incident_id: int, line: str = "", *, by: Actor, now: datetime) -> EntryFacts:
    """Whoever acts leaves; roles are left or handed over on their own."""
    return _said(incident_id, "person.went", words.line(line, field="line"), by, now)


def _said(incident_id: int, code: str, body: str, by: Actor, now: datetime) -> EntryFacts:
    by.require("incident.work")
    row = rows.subject(incident_id, by)
    entry = rows.write(row, code, by=by, now=now, body=body)
    events.emit("measure.changed", now=now, incident_id=row.pk)
    return entry


@transaction.atomic
def take_measure(
    incident_id: int, kind: str, what: str, *, expected: str = "", at: datetime | None = None, by: Actor, now: datetime
) -> EntryFacts:
    """People were added, an executive called, a vendor pushed: with what it should bring. Refuses a future time."""
    by.require("incident.work")
    row = rows.subject(incident_id, by)
    rules.measure(kind)
    what = words.line(what, field="what", needed=True)
    expected = words.line(expected, field="expected")
    if at is not None and at > now:
        raise Refused("time.in_future", at=at.isoformat(timespec="minutes"))
    body = f"{what}\n{expected}" if expected else what
    entry = rows.write(row, "measure.taken", by=by, now=now, at=at, body=body, measure=kind)
    events.emit("measure.changed", now=now, incident_id=row.pk)
    return entry


@transaction.atomic
def judge_measure(incident_id: int, of: int, outcome: str, line: str = "", *, by: Actor, now: datetime) -> EntryFacts:
    """What changed after the measure of entry `of`; a later judgement takes the place of the earlier."""
    by.require("incident.work")
    row = rows.subject(incident_id, by)
    rules.outcome(outcome)
    taken = Entry.objects.filter(incident=row, seq=of, code="measure.taken").first()
    if taken is None:
        raise Refused("measure.not_there")
    entry = rows.write(row, "measure.judged", by=by, now=now, body=words.line(line, field="line", limit=1000), of=of,
                       outcome=outcome, measure=taken.data["measure"])  # fmt: skip
    events.emit("measure.changed", now=now, incident_id=row.pk)
    return entry
