"""Where the time went: moves of the ball to spans that sum to the elapsed time exactly. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

US, CUSTOMER, VENDOR, NOBODY = "us", "customer", "vendor", "nobody"
PARTIES = (US, CUSTOMER, VENDOR, NOBODY)
REASONS: dict[str, tuple[str, ...]] = {
    US: ("diagnosing", "fixing", "checking", "deciding", "other"),
    CUSTOMER: ("answer", "access", "test", "window", "approval", "other"),
    VENDOR: ("answer", "fix", "part", "access", "other"),
    NOBODY: ("observing", "window", "other"),
}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has to act. `organisation_id` names a customer or a vendor; us and nobody have none."""

    party: str
    organisation_id: int | None = None


OURS = Holder(US)


@dataclass(frozen=True, slots=True)
class Move:
    """From `since` on `holder` has to act, because of `reason`. `flagged`: set by the party that profits."""

    since: datetime
    holder: Holder
    reason: str = ""
    flagged: bool = False
    id: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    start: datetime
    end: datetime
    holder: Holder
    reason: str = ""
    flagged: bool = False
    move_id: int = 0  # 0: from the opening on, before anybody said anything

    @property
    def length(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Share:
    """How long one party had it for one reason, in how many spans, and how much of that is flagged."""

    holder: Holder
    reason: str
    length: timedelta
    count: int
    flagged: timedelta


def spans(start: datetime, end: datetime, moves: Iterable[Move]) -> list[Span]:
    """The time from `start` to `end` without gap or overlap; it lies with us until the first move.

    The later move counts from its moment on; of two for one moment the one that was written later. Moves outside are
    cut to the edges. Spans without length are left out. Nothing when `end` is not after `start`.
    """
    if end <= start:
        return []
    now = Move(start, OURS)
    found: list[Span] = []
    for move in sorted(moves, key=lambda one: (one.since, one.id)):
        at = min(max(move.since, start), end)
        _add(found, now, at)
        now = Move(at, move.holder, move.reason, move.flagged, move.id)
    _add(found, now, end)
    return found


def _add(found: list[Span], held: Move, end: datetime) -> None:
    if end > held.since:
        found.append(Span(held.since, end, held.holder, held.reason, held.flagged, held.id))


def shares(found: Iterable[Span]) -> list[Share]:
    """Per party and reason, the longest first."""
    sums: dict[tuple[Holder, str], list[Span]] = {}
    for one in found:
        sums.setdefault((one.holder, one.reason), []).append(one)
    made = [
        Share(holder, reason, total(several), len(several), total(one for one in several if one.flagged))
        for (holder, reason), several in sums.items()
    ]
    return sorted(made, key=lambda one: (-one.length, one.holder.party, one.holder.organisation_id or 0, one.reason))


def total(found: Iterable[Span]) -> timedelta:
    return sum((one.length for one in found), timedelta())


def net(found: Iterable[Span]) -> timedelta:
    """What lay with us: gross without the pauses."""
    return total(one for one in found if one.holder.party == US)


def paused(found: Iterable[Span]) -> timedelta:
    return total(one for one in found if one.holder.party != US)


def flagged(found: Iterable[Span]) -> timedelta:
    return total(one for one in found if one.flagged)


def profits(to: Holder, mover: str, *, promised: bool) -> bool:
    """Whether who moves the ball profits from it: we do by every pause that their own promise does not show."""
    return mover == US and to.party != US and not promised


def holders(found: Sequence[Span]) -> list[Holder]:
    """Who had it, one after the other; the same party for another reason is no hand-off."""
    named: list[Holder] = []
    for one in found:
        if not named or named[-1] != one.holder:
            named.append(one.holder)
    return named
