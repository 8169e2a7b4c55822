"""Decisions of the clock, pure: back-off, jumps, next runs of periodic work."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from cronsim import CronSim

from tomei.kernel.time import zone

BACKOFF_S = (1, 5, 15, 60, 120, 300, 600, 1800, 3600)
ATTEMPTS = len(BACKOFF_S) + 1  # a job that failed this often is dead
STANDSTILL_S = 60.0  # a longer time without a tick is recorded and its pages are bundled
JUMP_S = 5.0  # a larger difference between wall and monotonic clock is a jump
STILL_S = 30.0  # a pulse older than this is shown as standing still
BEAT_S = 5.0
BATCH = 100
SMALLEST = 10
TRANSACTION_S = 0.1  # no writing transaction should last longer; at half of it a promise step costs 1.8 times as much


def backoff(attempts: int) -> timedelta | None:
    """How long to wait after the `attempts`-th failure (1 is the first); None when the job is dead."""
    if attempts >= ATTEMPTS:
        return None
    return timedelta(seconds=BACKOFF_S[attempts - 1])


def next_batch(size: int, seconds: float) -> int:
    """Half as many jobs when their work took too long, more again when it did not.

    `seconds` is without the commit: waiting for the disk costs the same for few as for many.
    """
    if seconds > TRANSACTION_S:
        return max(size // 2, SMALLEST)
    return min(size * 2, BATCH)


def next_run(cron: str, zone_name: str, after: datetime) -> datetime:
    """The first moment after `after` that `cron` (five fields) names on the wall clock of `zone_name`, in UTC.

    A run in the hour that spring skips happens right after the gap; in the hour that autumn repeats it happens once.
    """
    return next(CronSim(cron, after.astimezone(zone(zone_name)))).astimezone(UTC)


def jump_s(wall_s: float, monotonic_s: float) -> float:
    """By how much the wall clock jumped over a span that both clocks measured; 0.0 for less than `JUMP_S`."""
    difference = wall_s - monotonic_s
    return difference if abs(difference) > JUMP_S else 0.0


def unknown_migrations(applied: Iterable[tuple[str, str]], known: Iterable[tuple[str, str]]) -> list[str]:
    """Migrations that the database has and this code has not: a newer Tomei has been here."""
    return sorted(f"{app}.{name}" for app, name in set(applied) - set(known))
