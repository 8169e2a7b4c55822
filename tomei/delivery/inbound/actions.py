"""Take a mail durably, confirm who wrote it, forget raw mail: writers beside `settling`."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from tomei.accounts import audit
from tomei.clock.handlers import JobFacts
from tomei.delivery import jobs
from tomei.delivery.inbound import reading
from tomei.delivery.models import Inbound
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Stale

KEPT = timedelta(days=30)


def store(raw: bytes, *, source_id: int | None, via: str, now: datetime, is_cut: bool = False) -> tuple[int, bool]:
    """The mail is durable when this returns, and the clock will read it. Its id, and whether it was known already.

    The same message again, by whichever door, is known by its fingerprint and taken once.
    """
    mark = reading.fingerprint(raw)
    row = Inbound(
        source_id=source_id, via=via, at=now, fingerprint=mark, raw=zlib.compress(raw, 1), size=len(raw), is_cut=is_cut
    )  # fmt: skip
    with transaction.atomic():
        known = _known(mark)
        if known is not None:
            return known, True
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            return Inbound.objects.values_list("pk", flat=True).get(fingerprint=mark), True  # another door was first
        jobs.read(row.pk, now=now)
        events.emit("mail.taken", now=now, inbound_id=row.pk, source_id=source_id)
    return row.pk, False


def _known(mark: str) -> int | None:
    return Inbound.objects.filter(fingerprint=mark).values_list("pk", flat=True).first()


@transaction.atomic
def confirm(inbound_id: int, *, by: Actor, now: datetime) -> None:
    """`by`, signed in, says that this mail is from whom it claims; refuses `inbound.confirmed` the second time."""
    by.require("signal.triage")
    row = Inbound.objects.select_for_update().filter(pk=inbound_id, kind="declaration").first()
    if row is None:
        raise Missing(f"mail {inbound_id}")
    if row.confirmed_at is not None:
        raise Stale("inbound.confirmed", who=row.confirmed_by)
    row.confirmed_at, row.confirmed_by_id, row.confirmed_by = now, by.user_id, by.name
    row.save(update_fields=["confirmed_at", "confirmed_by_id", "confirmed_by"])
    audit.record("mail.confirmed", by=by, now=now, inbound_id=row.pk, group_id=row.group_id)
    events.emit("mail.confirmed", now=now, inbound_id=row.pk, group_id=row.group_id, who=by.name)


@transaction.atomic
def declared(inbound_id: int, group_id: int) -> None:
    """This mail became a signal of that group."""
    Inbound.objects.filter(pk=inbound_id).update(group_id=group_id, verdict="signal")


def forget(batch: Sequence[JobFacts], now: datetime) -> None:
    """Clock effect: raw mail is kept for 30 days, as what came through the other doors."""
    Inbound.objects.filter(at__lt=now - KEPT, state="read").exclude(raw=None).update(raw=None)
