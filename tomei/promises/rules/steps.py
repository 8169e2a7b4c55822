"""Who is told when: warnings before the due second, the passing, the rungs of the ladder after it. Pure.

Warnings stand at two thirds of the span and five minutes before the due time (one, at the earlier, when they lie
under two minutes apart); a first notice warns at once and at half time instead. At the first broken second the
owner hears it (or the first person the ladder knows), then the ladder is climbed, spaced by severity. A rung that
is empty, or holds only people already told, is skipped. At its end the highest rung is told again each hour,
until the promise ends: 24 h past due it is missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from tomei.promises.rules.ending import EXPIRES_AFTER, State, broken_at
from tomei.promises.rules.kinds import kind

RUNGS = ("owner", "deputy", "team_lead", "commander", "sponsor", "every_commander")
HOUR = timedelta(hours=1)
BEFORE = timedelta(minutes=5)
MERGED = timedelta(minutes=2)
CATCH_UP_AFTER = timedelta(seconds=60)
_GAPS = {0: 2, 1: 2, 2: 5, 3: 15}  # minutes between rungs by severity rank; the rest climb hourly


@dataclass(frozen=True, slots=True)
class Rung:
    name: str
    user_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides the next step. `done` are keys of steps taken for the present due time.

    `climbed_at` is the planned moment of the last step after the passing; the next is one gap, or one hour, later.
    """

    kind: str
    rank: int
    since_at: datetime
    due_at: datetime
    state: str = "open"
    done: tuple[str, ...] = ()
    ladder: tuple[Rung, ...] = ()
    climbed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """`key` names it within its promise; `user_ids` are empty when the ladder found nobody."""

    key: str
    code: str  # warned, overdue, escalated, unanswered, missed
    rung: str
    user_ids: tuple[int, ...]
    planned_at: datetime


def gap(rank: int) -> timedelta:
    """Time between two rungs: SEV1 2 min, SEV2 5, SEV3 15, SEV4 and all else 60."""
    return timedelta(minutes=_GAPS.get(rank, 60))


def warnings(code: str, since_at: datetime, due_at: datetime) -> list[tuple[str, datetime]]:
    """Names and moments of the warnings, in order; none before `since_at`, none at or after the due time."""
    span = due_at - since_at
    if span <= timedelta(0):
        return []
    if kind(code).at_once:
        return [("at_once", since_at), ("half", since_at + span / 2)]
    if kind(code).before:
        return _before(since_at, due_at, kind(code).before)
    share, minutes = since_at + span * 2 / 3, due_at - BEFORE
    if minutes <= since_at:
        return [("two_thirds", share)]
    if abs(share - minutes) < MERGED:
        return [("two_thirds", min(share, minutes))]
    return sorted([("two_thirds", share), ("five_minutes", minutes)], key=lambda warning: warning[1])


def _before(since_at: datetime, due_at: datetime, minutes: Sequence[int]) -> list[tuple[str, datetime]]:
    """Half time, then each mark that lies after the beginning; of two less than two minutes apart the earlier."""
    marks = [("half", since_at + (due_at - since_at) / 2)]
    marks += [(f"before_{one}", due_at - timedelta(minutes=one)) for one in minutes]
    kept: list[tuple[str, datetime]] = []
    for name, at in sorted(marks, key=lambda mark: mark[1]):
        if at > since_at and (not kept or at - kept[-1][1] >= MERGED):
            kept.append((name, at))
    return kept


def is_catch_up(planned_at: datetime, at: datetime) -> bool:
    """More than 60 s late: the clock stood still, and people get one digest instead of a page each."""
    return at - planned_at > CATCH_UP_AFTER


def present(ladder: Sequence[Rung]) -> list[Rung]:
    """The rungs that hold somebody, in the order of climbing."""
    known = [rung for rung in ladder if rung.user_ids and rung.name in RUNGS]
    return sorted(known, key=lambda rung: RUNGS.index(rung.name))


def rung_index(done: Sequence[str]) -> int:
    """The highest rung climbed so far, -1 when none."""
    names = [key.split(":")[1] for key in done if key.startswith(("overdue:", "escalated:"))]
    return max((RUNGS.index(name) for name in names if name in RUNGS), default=-1)


def first_step_at(code: str, since_at: datetime, due_at: datetime) -> datetime:
    """When the clock must look at a new promise: needs no ladder."""
    planned = warnings(code, since_at, due_at)
    return planned[0][1] if planned else max(broken_at(due_at), since_at)


def next_step(facts: Facts) -> Step | None:
    """The step that comes next, due or not; None when the promise has ended or all is done."""
    if facts.state != State.OPEN or "missed" in facts.done:
        return None
    rungs = present(facts.ladder)
    nearest = rungs[0] if rungs else Rung("")
    for name, at in warnings(facts.kind, facts.since_at, facts.due_at):
        if f"warned:{name}" not in facts.done:
            return Step(f"warned:{name}", "warned", name, nearest.user_ids, at)
    passed_at = max(broken_at(facts.due_at), facts.since_at)
    if facts.climbed_at is None:
        return Step(f"overdue:{nearest.name}", "overdue", nearest.name, nearest.user_ids, passed_at)
    if not rungs and "unanswered" not in facts.done:
        return Step("unanswered", "unanswered", "", (), facts.climbed_at)
    step = _climb(facts, rungs, facts.climbed_at)
    missed_at = max(facts.due_at + EXPIRES_AFTER, facts.climbed_at)
    return step if step.planned_at < missed_at else Step("missed", "missed", "", (), missed_at)


def _climb(facts: Facts, rungs: list[Rung], last_at: datetime) -> Step:
    """The next higher rung that holds somebody new, or the highest once more."""
    reached = rung_index(facts.done)
    told = {user for rung in rungs if RUNGS.index(rung.name) <= reached for user in rung.user_ids}
    for rung in rungs:
        if RUNGS.index(rung.name) > reached and not told.issuperset(rung.user_ids):
            key = f"escalated:{rung.name}"
            return Step(key, "escalated", rung.name, rung.user_ids, last_at + gap(facts.rank))
    top = rungs[-1] if rungs else Rung("")
    count = 1 + sum(key.startswith("repeat:") for key in facts.done)
    code = "escalated" if top.user_ids else "unanswered"
    return Step(f"repeat:{count}", code, top.name, top.user_ids, last_at + HOUR)


def hurried(climbed_at: datetime | None, rank: int, now: datetime) -> datetime | None:
    """`climbed_at` after severity rose to `rank`: the next rung is not planned before `now`."""
    return None if climbed_at is None else max(climbed_at, now - gap(rank))


def after(facts: Facts, step: Step) -> Facts:
    """The facts once `step` was taken."""
    state = State.MISSED if step.code == "missed" else facts.state
    climbed_at = facts.climbed_at if step.code == "warned" else step.planned_at
    return replace(facts, done=(*facts.done, step.key), state=state, climbed_at=climbed_at)


def due_steps(facts: Facts, now: datetime) -> list[Step]:
    """Every step whose time has come, oldest first, each with the moment at which it should have been taken."""
    steps: list[Step] = []
    while (step := next_step(facts)) is not None and step.planned_at <= now:
        steps.append(step)
        facts = after(facts, step)
    return steps


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a promise stands once all due steps were taken, and when the clock must look again (None: never)."""

    steps: tuple[Step, ...]
    done: tuple[str, ...]
    climbed_at: datetime | None
    rung: int
    unanswered: bool | None  # None: no step was taken that could tell
    next_at: datetime | None


@lru_cache(maxsize=256)  # thousands that fall due together are alike but for a few owners
def standing(facts: Facts, now: datetime) -> Standing:
    """Take every due step and say where that leads."""
    steps = due_steps(facts, now)
    for step in steps:
        facts = after(facts, step)
    heard = [bool(step.user_ids) for step in steps if step.code != "missed"]
    coming = next_step(facts)
    return Standing(
        steps=tuple(steps), done=facts.done, climbed_at=facts.climbed_at, rung=rung_index(facts.done),
        unanswered=not heard[-1] if heard else None, next_at=coming.planned_at if coming else None,
    )  # fmt: skip
