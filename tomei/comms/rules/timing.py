"""The next time: an absolute moment, in the future, within the policy's interval, until the end. No overrule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tomei.comms.rules.kinds import ENDED
from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity

LONGEST_CADENCE_S = 7 * 86400


@dataclass(frozen=True, slots=True)
class Cadence:
    """A slower interval that this update announces; where business stopped the customer agreed to it (`agreed_by`)."""

    seconds: int
    agreed_by: str = ""


def check_next(next_at: datetime | None, *, state: str, now: datetime, latest: datetime) -> None:
    """Refuses `update.no_next_time`, `update.next_in_past` and `update.next_too_late`, each with the latest time.

    `state` is what the update says; after the end a next time is free, but never in the past.
    """
    if next_at is None:
        if state not in ENDED:
            raise Refused("update.no_next_time", latest=spoken(latest))
        return
    if next_at <= now:
        raise Refused("update.next_in_past", next=spoken(next_at), latest=spoken(latest))
    if state not in ENDED and next_at > latest:
        raise Refused("update.next_too_late", next=spoken(next_at), latest=spoken(latest))


def check_cadence(cadence: Cadence | None, *, severity: Severity, update_s: int) -> None:
    """A slower cadence holds from the next update on. Refuses `update.cadence_not_slower`, `update.cadence_too_slow`
    and, where business stopped, `update.cadence_not_agreed`."""
    if cadence is None:
        return
    if cadence.seconds <= update_s:
        raise Refused("update.cadence_not_slower", interval_s=update_s)
    if cadence.seconds > LONGEST_CADENCE_S:
        raise Refused("update.cadence_too_slow", limit_s=LONGEST_CADENCE_S)
    if severity.stops_business and not cadence.agreed_by.strip():
        raise Refused("update.cadence_not_agreed", severity=severity.value)


def offers(now: datetime, latest: datetime) -> list[datetime]:
    """Next times to tap: half, two thirds and the whole of the interval, on round minutes and never beyond `latest`."""
    whole = (latest - now).total_seconds()
    step = 60 if whole <= 1800 else 300 if whole <= 4 * 3600 else 1800
    found = {_round_down(now + timedelta(seconds=whole * part), step) for part in (1 / 2, 2 / 3, 1)}
    return sorted(one for one in found if now + timedelta(seconds=60) <= one <= latest)


def _round_down(moment: datetime, step_s: int) -> datetime:
    stamp = int(moment.timestamp()) // step_s * step_s
    return datetime.fromtimestamp(stamp, UTC)


def spoken(moment: datetime) -> str:
    """A moment as a fact of a refusal: ISO 8601 in UTC; the door says it in the reader's zone."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
