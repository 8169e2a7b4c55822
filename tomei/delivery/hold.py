"""The hold: nothing leaves until an administrator has seen the list and released or dropped it.

It begins after a restore, and when a data folder finds itself somewhere else than it was: a copy of production that
is started on a laptop must not write to customers.
"""

from __future__ import annotations

import platform
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from tomei.accounts import audit
from tomei.delivery import jobs
from tomei.delivery.models import Hold, Instance, Message
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused

BATCH = 200


@dataclass(frozen=True, slots=True)
class HoldFacts:
    id: int
    reason: str
    data: dict[str, Any]
    began_at: datetime
    waiting: int


def on() -> bool:
    """Is sending held? One indexed read: asked before every sending."""
    return Hold.objects.filter(released_at=None).exists()


def state() -> HoldFacts | None:
    """The hold in force with the number of messages behind it, or None."""
    row = Hold.objects.filter(released_at=None).order_by("-id").first()
    if row is None:
        return None
    waiting = Message.objects.filter(state__in=["held", "waiting"]).count()
    return HoldFacts(row.pk, row.reason, row.data, row.began_at, waiting)


@transaction.atomic
def begin(reason: str, *, now: datetime, **data: Any) -> None:
    """From now on nothing leaves; what waits is shown as held. A second reason while held adds nothing."""
    if not on():
        Hold.objects.create(reason=reason, data=data, began_at=now)
    Message.objects.filter(state="waiting").update(state="held", next_try_at=None)


@transaction.atomic
def release(*, by: Actor, now: datetime) -> int:
    """The hold is over and what it held goes out, the clock waking a batch at a time. Returns how many.

    Refuses `rights.missing` and `delivery.not_held`.
    """
    by.require("delivery.release")
    _end(by, now)
    count = Message.objects.filter(state="held").count()
    jobs.sweep("held", now=now)
    audit.record("delivery.released", by=by, now=now, messages=count)
    return count


@transaction.atomic
def drop(ids: Sequence[int] | None, *, by: Actor, now: datetime) -> int:
    """Drop the held messages `ids`, or with None all of them, which ends the hold. Dropped ones never leave.

    Refuses `rights.missing`, `delivery.not_held`, and `delivery.nothing_chosen` for an empty choice.
    """
    by.require("delivery.release")
    if ids is None:
        _end(by, now)
    elif not on():
        raise Refused("delivery.not_held")
    elif not ids:
        raise Refused("delivery.nothing_chosen")
    rows = Message.objects.filter(state="held")
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    count = rows.update(state="dropped", ended_at=now, next_try_at=None)
    audit.record("delivery.dropped", by=by, now=now, messages=count, all=ids is None)
    return count


def _end(by: Actor, now: datetime) -> None:
    ended = Hold.objects.filter(released_at=None).update(released_at=now, released_by_id=by.user_id)
    if not ended:
        raise Refused("delivery.not_held")


def wake(after: int, now: datetime) -> None:
    """Give one batch of held messages back to the clock; runs again until none is left."""
    if on():
        return
    rows = list(Message.objects.filter(state="held", pk__gt=after).order_by("pk")[:BATCH])
    Message.objects.filter(pk__in=[row.pk for row in rows], state="held").update(
        state="waiting", tried_from=None, next_try_at=now
    )
    jobs.send_many([(row.pk, row.rank) for row in rows], now=now)
    if len(rows) == BATCH:
        jobs.sweep("held", after=rows[-1].pk, now=now)


@transaction.atomic
def check_instance(now: datetime) -> None:
    """Compare this folder with where it was; a difference begins the hold, and the new place becomes the known one.

    The first start writes what it finds. `TOMEI_HOST` names the house where host names change by themselves
    (containers) or several hosts serve one database.
    """
    path = settings.DATA / "instance.id"
    row = Instance.objects.filter(pk=1).first()
    host = getattr(settings, "TOMEI_HOST", "") or platform.node()
    if row is None:
        Instance.objects.create(pk=1, uuid=_read(path) or _write(path), host=host, address=settings.TOMEI_URL)
        return
    found = {"instance": _read(path), "host": host, "address": settings.TOMEI_URL}
    known = {"instance": row.uuid, "host": row.host, "address": row.address}
    changed = [name for name in known if known[name] != found[name]]
    if not changed:
        return
    if "instance" in changed:
        row.uuid = _write(path)
    row.host, row.address = host, settings.TOMEI_URL
    row.save()
    data = {name: {"was": known[name], "is": found[name]} for name in changed if name != "instance"}
    begin(f"{changed[0]}_changed", now=now, **data)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _write(path: Path) -> str:
    """A new id, beside the database and not in it, so that a copy of either alone is noticed."""
    fresh = str(uuid.uuid4())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(fresh + "\n", encoding="ascii")
    return fresh
