"""When a group changes its state too often to call people each time: four changes within thirty minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

CHANGES = 4
WINDOW = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Flaps:
    """The newest changes, at most `CHANGES` of them, oldest first; since when it flaps and how often it changed."""

    moments: tuple[datetime, ...] = ()
    since: datetime | None = None
    count: int = 0

    @property
    def ends_at(self) -> datetime | None:
        """When fewer than `CHANGES` lie in the window, if no other comes; None while it does not flap."""
        return self.moments[-CHANGES] + WINDOW if self.since and len(self.moments) >= CHANGES else None


def changed(flaps: Flaps, at: datetime) -> Flaps:
    """After one more change of state."""
    before = tuple(moment for moment in flaps.moments if moment > at - WINDOW)
    moments = (*before, at)[-CHANGES:]
    if flaps.since is not None:
        return Flaps(moments, flaps.since, flaps.count + 1)
    if len(moments) < CHANGES:
        return Flaps(moments)
    return Flaps(moments, moments[0], CHANGES)


def is_over(flaps: Flaps, now: datetime) -> bool:
    """Whether it flapped and has calmed down: fewer than `CHANGES` within the window up to `now`."""
    return flaps.since is not None and (flaps.ends_at is None or now >= flaps.ends_at)


def calmed(flaps: Flaps, now: datetime) -> Flaps:
    return Flaps(tuple(moment for moment in flaps.moments if moment > now - WINDOW))


def written(moments: tuple[datetime, ...]) -> str:
    """As the row keeps them: microseconds since 1970."""
    return " ".join(str(int(moment.timestamp()) * 1_000_000 + moment.microsecond) for moment in moments)


def read(text: str) -> tuple[datetime, ...]:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return tuple(epoch + timedelta(microseconds=int(one)) for one in text.split())
