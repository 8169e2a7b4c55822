"""The only reader of the clock. Everywhere else `now` is handed down from the door (law 10)."""

from __future__ import annotations

import time as _time
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from tomei.kernel.errors import Refused

__all__ = ["UTC", "at_least_utc", "monotonic", "now", "parse_local", "parse_moment", "span_seconds", "zone"]


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Return seconds on a clock that never jumps; only differences mean anything."""
    return _time.monotonic()


@lru_cache(maxsize=1)
def _known_zones() -> frozenset[str]:
    """Reading the zone folder takes milliseconds, and every request asks."""
    return frozenset(available_timezones())


def zone(name: str) -> ZoneInfo:
    """Return the zone called `name` (IANA), or refuse `time.unknown_zone`."""
    try:
        if name not in _known_zones():
            raise ZoneInfoNotFoundError(name)
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Refused("time.unknown_zone", zone=name[:60]) from error


def parse_moment(text: str) -> datetime:
    """Read an ISO 8601 moment with offset or `Z` and return it in UTC.

    Refuses `time.unreadable` (not ISO 8601) and `time.no_zone` (no offset: it could mean any of 38 moments).
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Refused("time.unreadable", text=text[:60]) from error
    if moment.tzinfo is None:
        raise Refused("time.no_zone", text=text[:60])
    return at_least_utc(moment)


def parse_local(text: str, zone_name: str) -> datetime:
    """Read `2026-11-18T14:13` as wall time in `zone_name`; refuse a time that the clock skips or shows twice.

    Refuses `time.unreadable`, `time.skipped` (spring gap) and `time.twice` (autumn fold).
    """
    place = zone(zone_name)
    try:
        wall = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Refused("time.unreadable", text=text[:60]) from error
    if wall.tzinfo is not None:
        return at_least_utc(wall)
    first, second = wall.replace(tzinfo=place, fold=0), wall.replace(tzinfo=place, fold=1)
    if first.utcoffset() != second.utcoffset():
        there_and_back = at_least_utc(first).astimezone(place).replace(tzinfo=None)
        raise Refused("time.twice" if there_and_back == wall else "time.skipped", text=text[:60], zone=zone_name)
    return at_least_utc(first)


def at_least_utc(moment: datetime) -> datetime:
    """Return `moment` in UTC; refuse `time.unreadable` when it falls outside the years a database keeps."""
    try:
        return moment.astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise Refused("time.unreadable", text=str(moment)[:60]) from error


def span_seconds(span: timedelta) -> int:
    """Whole seconds of a span, rounded down."""
    return int(span.total_seconds() // 1)
