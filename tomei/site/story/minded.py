"""What the story minds by itself: a nightly backup with a heartbeat, and a probe that rests, so that it reaches nobody."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tomei.clock.handlers import JobFacts
from tomei.kernel.text import Text
from tomei.kernel.time import zone
from tomei.signals import actions as signals
from tomei.signals import door
from tomei.signals.actions.probing import Looked
from tomei.signals.rules.beating import Schedule
from tomei.signals.rules.probing import Found, Setting
from tomei.site.story.cast import Cast

NIGHTS = 5
SLOW = (9, 24, 41)  # of the looks: those that failed, never two in a row, so that nothing is declared
LOOKS = 60
ZONE = "Asia/Tokyo"


@transaction.atomic
def mind(cast: Cast, now: datetime) -> None:
    """All at once: the clock sees neither before the probe rests."""
    _backup(cast, now)
    _desk(cast, now)


def _backup(cast: Cast, now: datetime) -> None:
    began = now - timedelta(days=NIGHTS + 1)
    schedule = Schedule(None, "0 2 * * *", ZONE, 7200)
    name = Text("夜間バックアップ", "Nightly backup")
    _pk, key = signals.add_heartbeat(name, schedule, by=cast.actors["saeki"], now=began)
    here = now.astimezone(zone(ZONE))
    last = here.replace(hour=2, minute=0, second=0, microsecond=0) - timedelta(days=int(here.hour < 3))
    for night in range(NIGHTS):
        at = last - timedelta(days=NIGHTS - 1 - night)
        door.receive("heartbeat", key, b"", at, "start")
        done = at + timedelta(minutes=21, seconds=7 * night)
        door.receive("heartbeat", key, f"{84 + night}.{night} GB, 0 errors".encode(), done, "0")


def _desk(cast: Cast, now: datetime) -> None:
    by, began = cast.actors["saeki"], now - timedelta(hours=LOOKS + 1)
    setting = Setting("http", "https://orders.asagiri.example/health", every_s=3600, must="ok")
    name = Text("受注ポータルの窓口", "Order portal")
    pk = signals.add_probe(name, setting, cast.components["orders"], by=by, now=began)
    for turn in range(LOOKS):
        at = began + timedelta(hours=turn + 1)
        job = JobFacts(0, signals.PROBE, None, 6, at, {"probe_id": pk}, 0, 0)
        found = (
            Found("ok", "200") if turn not in SLOW else Found("wrong_status", "503") if turn < 20 else Found("timeout")
        )
        signals.settle_probe(job, Looked(found, 5000 if found.outcome == "timeout" else 90 + turn * 37 % 120, 1), at)
    signals.pause_probe(pk, by=by, now=now)
