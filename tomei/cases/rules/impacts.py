"""Which interval of harm a change closes and which it opens, and what times an interval may have. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tomei.kernel.errors import Refused

IMPACTS = ("degraded", "partial", "major", "maintenance")
NONE = "none"  # it works again, or was never hurt
EARLIEST = timedelta(days=30)  # before the incident began; what is older is another incident
MOST = 200


@dataclass(frozen=True, slots=True)
class Interval:
    """Harm that stands; `until_at` is None while it lasts. `id` 0: not written yet."""

    id: int
    component_id: int
    impact: str
    since_at: datetime
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody says of one component. `impact` empty: as it is. Without `since_at`: from now, or from the
    incident's begin when it is the component's first harm."""

    component_id: int
    impact: str = ""
    since_at: datetime | None = None
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """`over`: the incident has ended, or ends with what is told now."""

    began_at: datetime
    now: datetime
    over: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """`closes` ends at `closes_at`; `replaces` is void from now on and gives way to `opens`."""

    component_id: int
    closes: int | None = None
    closes_at: datetime | None = None
    replaces: int | None = None
    opens: Interval | None = None


def decide(change: Change, standing: Sequence[Interval], ground: Ground) -> Step | None:
    """What a change does to the intervals of its component in this incident; None when it says what stands.

    Refuses an unknown impact, times alone, times in the future, before the running interval, too early, an end before
    the start, overlaps with what stands, and harm without an end once the incident is over.
    """
    if change.impact not in ("", NONE, *IMPACTS):
        raise Refused("incident.unknown_impact")
    _not_future(ground.now, change.since_at, change.until_at)
    running = next((one for one in standing if one.until_at is None), None)
    if not change.impact:
        return _as_it_is(change, running)
    if change.impact == NONE:
        return _works(change, running, ground.now)
    if running is not None and running.impact == change.impact and change.since_at is None:
        return _ended(running, change.until_at) if change.until_at is not None else None
    return _hurt(change, running, standing, ground)


def _as_it_is(change: Change, running: Interval | None) -> Step | None:
    if change.since_at is None and change.until_at is None:
        return None
    if running is None or change.since_at is not None or change.until_at is None:
        raise Refused("impact.times_alone")
    return _ended(running, change.until_at)


def _works(change: Change, running: Interval | None, now: datetime) -> Step | None:
    if change.since_at is not None and change.until_at is not None:
        raise Refused("impact.works_until")
    return _ended(running, change.since_at or change.until_at or now) if running is not None else None


def _ended(running: Interval, at: datetime) -> Step:
    if at <= running.since_at:
        raise Refused("impact.ends_before", at=said(running.since_at))
    return Step(running.component_id, closes=running.id, closes_at=at)


def _hurt(change: Change, running: Interval | None, standing: Sequence[Interval], ground: Ground) -> Step:
    first = ground.began_at if not standing else ground.now
    since = change.since_at or min(first, ground.now)
    if running is not None:
        since = same_minute(since, running.since_at)
        if since < running.since_at:
            raise Refused("impact.before_running", at=said(running.since_at))
        if running.impact == change.impact:
            raise Refused("impact.runs_already", at=said(running.since_at))
    opens = Interval(0, change.component_id, change.impact, since, change.until_at)
    check(opens, [one for one in standing if one is not running], ground)
    if running is None:
        return Step(change.component_id, opens=opens)
    if since == running.since_at:
        return Step(change.component_id, replaces=running.id, opens=opens)
    return Step(change.component_id, closes=running.id, closes_at=since, opens=opens)


def check(one: Interval, others: Iterable[Interval], ground: Ground) -> None:
    """The times of an interval: not in the future, not too early, an end after the start, no overlap within the
    incident (over several incidents intervals may overlap: uptime counts their union)."""
    _not_future(ground.now, one.since_at, one.until_at)
    if one.until_at is None and ground.over:
        raise Refused("impact.incident_over")
    if one.until_at is not None and one.until_at <= one.since_at:
        raise Refused("impact.ends_before", at=said(one.since_at))
    if one.since_at < ground.began_at - EARLIEST:
        raise Refused("impact.too_early", days=EARLIEST.days, at=said(ground.began_at))
    for other in others:
        if _overlap(one, other):
            raise Refused("impact.overlaps", at=said(other.since_at))


def _overlap(one: Interval, other: Interval) -> bool:
    return (other.until_at is None or one.since_at < other.until_at) and (
        one.until_at is None or one.until_at > other.since_at
    )


def corrected(
    old: Interval, impact: str, since_at: datetime | None, until_at: datetime | None, others: Iterable[Interval],
    ground: Ground,
) -> Interval | None:  # fmt: skip
    """The version that takes the place of `old`, None when it was no harm at all. Forms know minutes: a time in the
    minute of the old one is the old one."""
    if impact == NONE:
        return None
    if impact not in IMPACTS:
        raise Refused("incident.unknown_impact")
    since = same_minute(since_at or old.since_at, old.since_at)
    until = same_minute(until_at, old.until_at) if until_at is not None and old.until_at is not None else until_at
    new = Interval(0, old.component_id, impact, since, until)
    if (new.impact, new.since_at, new.until_at) == (old.impact, old.since_at, old.until_at):
        raise Refused("impact.nothing_changed")
    check(new, others, ground)
    return new


def same_minute(moment: datetime, known: datetime) -> datetime:
    """The known moment when both lie in one minute."""
    return known if moment.replace(second=0, microsecond=0) == known.replace(second=0, microsecond=0) else moment


def _not_future(now: datetime, *moments: datetime | None) -> None:
    for moment in moments:
        if moment is not None and moment > now:
            raise Refused("time.in_future", at=moment.isoformat(timespec="minutes"))


def said(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
