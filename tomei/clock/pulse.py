"""The heartbeat row, and the record of times in which nobody ticked."""

from __future__ import annotations

import os
import platform
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Max

from tomei.clock import claims, rules, schema
from tomei.clock.models import WAITING, Job, Pulse, Standstill
from tomei.kernel import events

_LOCK = 7_268_221  # advisory lock of PostgreSQL: two engines that start together record one stand-still
FORGET = timedelta(days=1)


@dataclass(slots=True)
class Look:
    """Both clocks at one moment."""

    wall: datetime
    monotonic: float


class Heart:
    """Of one engine. `look` comes before each tick: a stand-still is on record before what it delayed runs."""

    def __init__(self, instance: str, kinds: Collection[str]) -> None:
        self.instance, self._kinds = instance, list(kinds)
        self._last: Look | None = None
        self._beat: float | None = None
        self._catching_up = True  # until the rows say otherwise
        self.ticks = 0

    def look(self, now: datetime, monotonic: float) -> bool:
        """Record a stand-still since the last look, beat if it is time; True when it beat.

        A look that the database fails does not count as one: a database that was away shows as a stand-still.
        """
        look = Look(now, monotonic)
        if self._last is None:
            self._start(now)
        else:
            self._compare(self._last, look)
        self.ticks += 1
        beats = self._beat is None or monotonic - self._beat >= rules.BEAT_S
        if beats:
            self._write(now)
            self._beat = monotonic
        self._last = look
        return beats

    def _start(self, now: datetime) -> None:
        with transaction.atomic():
            _only_one()
            last = Pulse.objects.aggregate(last=Max("beat_at"))["last"]
            if last is not None and (now - last).total_seconds() > rules.STANDSTILL_S:
                self._record("stopped", last, now, (now - last).total_seconds(), now)
            elif last is not None and (last - now).total_seconds() > rules.JUMP_S:
                self._record("jumped", last, now, (now - last).total_seconds(), now)
                Pulse.objects.filter(beat_at__gt=now).update(beat_at=now)
            Pulse.objects.filter(beat_at__lt=now - FORGET).delete()
            claims.take_over(now, self._dead_owners())
            self._write(now)

    def _compare(self, before: Look, after: Look) -> None:
        wall_s = (after.wall - before.wall).total_seconds()
        jump = rules.jump_s(wall_s, after.monotonic - before.monotonic)
        if not jump and wall_s <= rules.STANDSTILL_S:
            return
        with transaction.atomic():
            _only_one()
            if jump:
                self._record("jumped", before.wall, after.wall, jump, after.wall)
                return
            others = Pulse.objects.exclude(pk=self.instance).aggregate(last=Max("beat_at"))["last"]
            began = max(before.wall, others) if others else before.wall
            silent_s = (after.wall - began).total_seconds()
            if silent_s > rules.STANDSTILL_S:  # otherwise another engine ticked meanwhile
                self._record("stopped", began, after.wall, silent_s, after.wall)

    def _record(self, kind: str, began_at: datetime, ended_at: datetime, seconds: float, now: datetime) -> None:
        near = timedelta(seconds=rules.BEAT_S)
        if Standstill.objects.filter(kind=kind, ended_at__range=(ended_at - near, ended_at + near)).exists():
            return  # another engine saw the same
        row = Standstill.objects.create(kind=kind, began_at=began_at, ended_at=ended_at, seconds=seconds)
        self._catching_up = True
        self._beat = None  # so that the row tells the new time at once
        _tell("clock.stood_still", row, now)

    def _write(self, now: datetime) -> None:
        changed = Pulse.objects.filter(pk=self.instance).update(beat_at=now, ticks=self.ticks)
        if not changed:
            Pulse.objects.create(
                instance=self.instance,
                host=platform.node(),
                pid=os.getpid(),
                schema=schema.newest(),
                started_at=now,
                beat_at=now,
                ticks=self.ticks,
            )

    def _dead_owners(self) -> list[str]:
        """Instances of this host whose process is gone: their leases need not run out first."""
        mine = Pulse.objects.filter(host=platform.node()).exclude(pk=self.instance).values_list("instance", "pid")
        return [instance for instance, pid in mine if not _lives(instance, pid)]

    def catch_up(self, now: datetime) -> None:
        """Say `clock.caught_up` once nothing is left that fell due before the end of a stand-still."""
        if not self._catching_up:
            return
        for row in Standstill.objects.filter(caught_up_at=None):
            late = Job.objects.filter(state=WAITING, due_at__lte=row.ended_at, kind__in=self._kinds)
            if late.exists():
                return
            with transaction.atomic():
                if Standstill.objects.filter(pk=row.pk, caught_up_at=None).update(caught_up_at=now):
                    _tell("clock.caught_up", row, now)
        self._catching_up = False

    def end(self) -> None:
        """A clean stop keeps the row: the next start must see when the last tick was."""
        Pulse.objects.filter(pk=self.instance).update(ticks=F("ticks"), pid=0)


def _tell(name: str, row: Standstill, now: datetime) -> None:
    events.emit(
        name,
        now=now,
        standstill_id=row.pk,
        kind=row.kind,
        began_at=row.began_at.isoformat(),
        ended_at=row.ended_at.isoformat(),
        seconds=row.seconds,
    )


def _only_one() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _lives(instance: str, pid: int) -> bool:
    """Whether an instance of this host may still run. Instances of our own process are known by its start mark."""
    if pid == 0:  # it ended cleanly
        return False
    if pid == os.getpid():
        return instance.split("/")[0] == process_mark()
    with suppress(PermissionError):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True


_MARK = os.urandom(4).hex()


def process_mark() -> str:
    """The same for all engines of this process and different after a restart, even with the same pid (containers)."""
    return f"{platform.node()}:{os.getpid()}:{_MARK}"
