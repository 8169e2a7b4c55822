"""After a stand-still: one message per person with every step that was slept through, when the clock has caught up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tomei.cases import queries as cases
from tomei.clock import queries as clock
from tomei.kernel.events import Event
from tomei.live import actions as live
from tomei.oncall import actions as oncall
from tomei.oncall.words import Step
from tomei.promises import queries as promises
from tomei.wiring import sentences

Late = Mapping[int, Sequence[Step]]


def caught_up(event: Event) -> None:
    """What was taken late since the stand-still ended, however many batches that took; once, by its number."""
    number = event["standstill_id"]
    since, until = clock.span_after(number)
    late: dict[int, list[Step]] = defaultdict(list)
    found = promises.taken_late(since, until)
    incidents = cases.incidents({facts["incident_id"] for _, facts in found if facts["incident_id"]})
    for user_id, facts in found:
        late[user_id].append(item(facts, incidents.get(facts["incident_id"] or 0)))
    send(late, f"standstill:{number}", event.at)


def item(step: Mapping[str, Any], incident: cases.IncidentFacts | None) -> Step:
    subject, text = sentences.step(step, incident)
    due_at = datetime.fromisoformat(step["due_at"])
    return Step(subject, text, due_at, step["late_s"], incident.url if incident else "/promises/")


def send(late: Late, key: str, now: datetime) -> None:
    """The key makes a retry send nothing; open pages ring once."""
    for user_id, items in late.items():
        oncall.digest(user_id, items, key, now)
    rings = [
        (f"person:{user_id}", "ring", {"text": items[0].subject.as_json(), "url": "/promises/"})
        for user_id, items in late.items()
    ]
    live.publish_many(rings, now=now)
