"""How a promise ends. Whole seconds decide: what happens within the due second is kept, without grace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from tomei.kernel.errors import Refused

SECOND = timedelta(seconds=1)
EXPIRES_AFTER = timedelta(hours=24)


class State(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    LATE = "late"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Ending:
    state: State
    late_s: float  # seconds past due, 0 when the due second had not passed


def due_second(moment: datetime) -> datetime:
    """The whole second in which `moment` lies."""
    return moment.replace(microsecond=0)


def is_overdue(due_at: datetime, now: datetime) -> bool:
    """True from the first second after the due second; SQL says the same with `due_at < due_second(now)`."""
    return due_second(now) > due_second(due_at)


def broken_at(due_at: datetime) -> datetime:
    """The first moment at which an open promise counts as broken."""
    return due_second(due_at) + SECOND


def _late_s(due_at: datetime, at: datetime) -> float:
    return max(0.0, (at - due_at).total_seconds()) if is_overdue(due_at, at) else 0.0


def kept(due_at: datetime, at: datetime) -> Ending:
    """The act is done at `at`: kept within the due second, else late by so many seconds."""
    late_s = _late_s(due_at, at)
    return Ending(State.LATE if is_overdue(due_at, at) else State.KEPT, late_s)


def _told(due_at: datetime) -> Refused:
    return Refused("promise.told", due_at=f"{due_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC")


def superseded(due_at: datetime, *, told: bool, at: datetime) -> Ending:
    """Its successor comes first: missed when overdue, else replaced; refuses to move a told time in silence."""
    if is_overdue(due_at, at):
        return Ending(State.MISSED, _late_s(due_at, at))
    if told:
        raise _told(due_at)
    return Ending(State.WITHDRAWN, 0.0)


def closed(due_at: datetime, *, told: bool, noticed: bool, at: datetime) -> Ending:
    """The closing comes first: missed when overdue, else no longer owed; a told time only with notice."""
    if is_overdue(due_at, at):
        return Ending(State.MISSED, _late_s(due_at, at))
    if told and not noticed:
        raise _told(due_at)
    return Ending(State.WITHDRAWN, 0.0)


def withdrawn(due_at: datetime, *, reason: str, at: datetime) -> Ending:
    """Taken back with notice and reason. Past its due second it was broken: it ends missed, the reason is kept."""
    if not reason.strip():
        raise Refused("promise.no_reason")
    if is_overdue(due_at, at):
        return Ending(State.MISSED, _late_s(due_at, at))
    return Ending(State.WITHDRAWN, 0.0)


def expired(due_at: datetime) -> Ending:
    """Twenty-four hours past due: missed."""
    return Ending(State.MISSED, EXPIRES_AFTER.total_seconds())


def shortened(due_at: datetime, wanted_at: datetime, *, told: bool, now: datetime) -> datetime | None:
    """The new due time after severity rose, or None when the old one stands.

    Told times stand, later never wins, what is already broken stays so, and nothing falls due in the past.
    """
    if told or is_overdue(due_at, now):
        return None
    sooner = max(wanted_at, now)
    return sooner if sooner < due_at else None
