"""What the clock does with promises: a batch of due steps, rows only, set-based.

Listeners get ONE `promise.steps` event per batch (`facts["steps"]`, a list of dicts); `promise.missed` comes singly.
After a stand-still every step is written with the moment it was planned for and the moment it was; those more than
60 s late carry `catch_up`, so that whoever pages can send one digest per person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from tomei.clock.handlers import JobFacts
from tomei.kernel import events
from tomei.kernel.actor import CLOCK
from tomei.promises import hooks, rows, rules
from tomei.promises.models import Promise

Taken = tuple[Promise, rules.Step]
_INSERT = "INSERT INTO promises_step (promise_id, code, rung, user_id, planned_at, at) VALUES"
_WRITTEN = ("steps_done", "climbed_at", "rung", "unanswered", "next_step_at")


def run(jobs: Sequence[JobFacts], now: datetime) -> None:
    """Take every step that is due for the promises of these jobs; what ended meanwhile is left alone."""
    found = _open(jobs)
    ladders = hooks.ladder([rows.facts_of(row) for row in found], now)
    taken: list[Taken] = []
    for row in found:
        taken += [(row, step) for step in _take(row, ladders.get(row.pk, ()), now)]
    _record(taken, now)
    _write(found)
    rows.schedule(found, now)
    if taken:
        events.emit("promise.steps", now=now, steps=[_told(row, step, now) for row, step in taken])
    _expire([row for row, step in taken if step.code == "missed"], now)
    rows.touched({row.pk: row for row, _ in taken}.values(), now)


def run_reach(jobs: Sequence[JobFacts], now: datetime) -> None:
    """Five minutes after the act: kept, but no channel accepted anything for anybody is an alarm."""
    silent = Promise.objects.filter(pk__in=_ids(jobs), state__in=["kept", "late"], reached_at=None).order_by("pk")
    rows.tell(silent, "promise.unreached", now, CLOCK)


def _ids(jobs: Iterable[JobFacts]) -> list[int]:
    return [int((job.key or "").rpartition(":")[2]) for job in jobs]


def _open(jobs: Sequence[JobFacts]) -> list[Promise]:
    """The open promises of these jobs, locked, their incidents before them."""
    found = Promise.objects.filter(pk__in=_ids(jobs), state="open")
    hooks.lock(sorted({pk for pk in found.values_list("incident_id", flat=True) if pk is not None}))
    return list(found.select_for_update().order_by("pk"))


def _take(row: Promise, ladder: Sequence[rules.Rung], now: datetime) -> tuple[rules.Step, ...]:
    """Bring `row` to where it stands at `now`; returns the steps taken on the way."""
    stands = rules.standing(
        rules.Facts(
            kind=row.kind, rank=row.rank, since_at=row.since_at, due_at=row.due_at, done=tuple(row.steps_done),
            ladder=tuple([rules.Rung(rung.name, tuple(rung.user_ids)) for rung in ladder]), climbed_at=row.climbed_at,
        ),
        now,
    )  # fmt: skip
    row.steps_done, row.climbed_at, row.rung = list(stands.done), stands.climbed_at, stands.rung
    row.next_step_at = stands.next_at
    if stands.unanswered is not None:
        row.unanswered = stands.unanswered
    return stands.steps


def _record(taken: Sequence[Taken], now: datetime) -> None:
    """One row per person told, or one without a person; a step written before is not written again.

    Plain SQL: a tenth of the time of `bulk_create`, and of 10,000 steps that is a second.
    """
    moment = connection.ops.adapt_datetimefield_value
    values = [
        (row.pk, step.code, step.rung, user_id, moment(step.planned_at), moment(now))
        for row, step in taken
        for user_id in step.user_ids or (None,)
    ]
    with connection.cursor() as cursor:
        for start in range(0, len(values), 150):
            some = values[start : start + 150]
            places = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(some))
            cursor.execute(f"{_INSERT} {places} ON CONFLICT DO NOTHING", [value for one in some for value in one])


def _write(found: Sequence[Promise]) -> None:
    """One UPDATE per set of equal values: of 10,000 that fall due together nearly all are equal."""
    equal: dict[tuple[Any, ...], list[Promise]] = defaultdict(list)
    for row in found:
        equal[(tuple(row.steps_done), row.climbed_at, row.rung, row.unanswered, row.next_step_at)].append(row)
    for same in equal.values():
        changes = {name: getattr(same[0], name) for name in _WRITTEN}
        Promise.objects.filter(pk__in=[row.pk for row in same], state="open").update(**changes)


def _expire(found: Sequence[Promise], now: datetime) -> None:
    """Twenty-four hours overdue: missed, as of the moment at which that was so."""
    endings = [(row, rules.expired(row.due_at)) for row in found]
    rows.end(endings, by=CLOCK, now=now, reason="expired")


def _told(row: Promise, step: rules.Step, now: datetime) -> dict[str, Any]:
    return rows.step_payload(row, step.code, step.rung, step.user_ids, step.planned_at, now) | {"key": step.key}
