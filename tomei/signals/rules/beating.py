"""When a heartbeat is expected, what a ping changes, and when its absence is the alarm. Never before the first ping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from cronsim import CronSim, CronSimError

from tomei.clock.rules import next_run
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text
from tomei.kernel.time import zone

HEARTBEAT = "heartbeat"
LEAST_S, MOST_S = 60, 365 * 86400
LONGEST_CRON = 100
START, FAIL = "start", "fail"
TITLES: Mapping[str, Text] = {
    "missed": Text("「{name}」から通知が来ません", "No ping from {name}"),
    "failed": Text("「{name}」が失敗を知らせました", "{name} reported a failure"),
    "overran": Text("「{name}」が始まったまま終わりません", "{name} started and did not end"),
}


@dataclass(frozen=True, slots=True)
class Schedule:
    """Every `period_s`, or as `cron` says on the wall clock of `zone`; a ping may come `grace_s` later than that."""

    period_s: int | None
    cron: str
    zone: str
    grace_s: int

    def after(self, at: datetime) -> datetime:
        """When the next ping is expected after one at `at`."""
        if self.period_s is not None:
            return at + timedelta(seconds=self.period_s)
        return next_run(self.cron, self.zone, at)

    @property
    def grace(self) -> timedelta:
        return timedelta(seconds=self.grace_s)


@dataclass(frozen=True, slots=True)
class Beat:
    """How a heartbeat stands. `state`: new (no ping yet), up, down with `reason`; `due_at` is when silence fires."""

    state: str = "new"
    reason: str = ""
    last_at: datetime | None = None
    started_at: datetime | None = None
    expected_at: datetime | None = None
    due_at: datetime | None = None


def word_of(text: str) -> str | None:
    """What stands behind the key in the address: nothing, `start`, `fail` or an exit status; None for all else."""
    if text in ("", START, FAIL):
        return text
    known = text.isascii() and text.isdecimal() and len(text) <= 3 and int(text) <= 255
    return str(int(text)) if known else None


def is_good(word: str) -> bool:
    return word in ("", "0")


def heard(beat: Beat, schedule: Schedule, word: str, at: datetime) -> Beat:
    """After a ping. A run that began has the grace to end in; one that failed is down until one succeeds."""
    if word == START:
        ends_by = at + schedule.grace
        due_at = min(beat.due_at or ends_by, ends_by) if beat.state != "down" else None
        return replace(beat, state="up" if beat.state == "new" else beat.state, started_at=at, due_at=due_at)
    expected_at = schedule.after(at)
    if is_good(word):
        return Beat("up", "", at, None, expected_at, expected_at + schedule.grace)
    return Beat("down", "failed", at, None, expected_at, None)


def silent(beat: Beat) -> Beat:
    """Its due moment has passed: either a run did not end, or nothing came at all."""
    return replace(beat, state="down", reason="overran" if beat.started_at else "missed", due_at=None)


def resumed(beat: Beat, schedule: Schedule, now: datetime) -> Beat:
    """Watched from `now` on, after a pause or under a new schedule: it gets at least its grace from now."""
    if beat.last_at is None:
        return Beat()
    expected_at = schedule.after(beat.last_at)
    if expected_at + schedule.grace < now + schedule.grace:
        expected_at = schedule.after(now) if schedule.period_s is None else now
    return replace(beat, state="up", reason="", started_at=None, expected_at=expected_at,
                   due_at=expected_at + schedule.grace)  # fmt: skip


def spared_until(schedule: Schedule, awake_since: datetime | None) -> datetime | None:
    """While Tomei itself stood still pings may have been lost: its grace begins anew when Tomei is back."""
    return awake_since + schedule.grace if awake_since else None


def checked(period_s: int | None, cron: str, zone_name: str, grace_s: int) -> Schedule:
    """A schedule that can be kept; refuses `heartbeat.period`, `.grace`, `.cron`, `.never` and an unknown zone."""
    if not LEAST_S <= grace_s <= MOST_S:
        raise Refused("heartbeat.grace", field="grace")
    zone(zone_name)  # refuses a zone that is not known
    text = " ".join(cron.split())
    if text:
        return Schedule(None, _cron(text), zone_name, grace_s)
    if period_s is None or not LEAST_S <= period_s <= MOST_S:
        raise Refused("heartbeat.period", field="period")
    return Schedule(period_s, "", zone_name, grace_s)


def _cron(text: str) -> str:
    if len(text) > LONGEST_CRON or len(text.split(" ")) != 5:
        raise Refused("heartbeat.cron", field="cron", text=text[:60])
    try:
        next(CronSim(text, datetime(2026, 1, 1, tzinfo=UTC)))
    except (CronSimError, ValueError) as error:
        raise Refused("heartbeat.cron", field="cron", text=text[:60]) from error
    except StopIteration as error:
        raise Refused("heartbeat.never", field="cron", text=text[:60]) from error
    return text
