"""What people did at the sender, and what was changed out there: kept beside the signals, deciding nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tomei.customers import queries as customers
from tomei.signals import rules
from tomei.signals.actions.bundles import Delivery
from tomei.signals.models import Change, Remark, Source

AGAIN = timedelta(hours=1)  # the same words without a moment of their own, within this time, are one delivery repeated


def keep(received_ids: Sequence[int], deliveries: Sequence[Delivery], *, now: datetime) -> None:
    """Remarks and changes of these deliveries, each once however often it was delivered. No state, no promise moves."""
    for received_id, one in zip(received_ids, deliveries, strict=True):
        if one.parsed is None:
            continue
        for remark in one.parsed.remarks:
            _remark(one.source, received_id, remark, now)
        for change in one.parsed.changes:
            _change(one.source, received_id, change, now)


def _remark(source: Source, received_id: int, given: rules.Remark, now: datetime) -> None:
    same = Remark.objects.filter(
        source=source, group_key=given.group_key, kind=given.kind, who=given.who, text=given.text, at=given.at
    )
    if (same if given.at else same.filter(known_at__gt=now - AGAIN)).exists():
        return
    Remark.objects.create(
        source=source, received_id=received_id, group_key=given.group_key, kind=given.kind, who=given.who,
        text=given.text, at=given.at, known_at=now,
    )  # fmt: skip


def _change(source: Source, received_id: int, given: rules.Change, now: datetime) -> None:
    same = Change.objects.filter(source=source, title=given.title, origin=given.origin, url=given.url)
    if (same.filter(at=given.at) if given.at else same.filter(known_at__gt=now - AGAIN)).exists():
        return
    part = customers.components_by_slug([given.component]).get(given.component) if given.component else None
    Change.objects.create(
        source=source, received_id=received_id, component_id=part.id if part else source.component_id,
        title=given.title, origin=given.origin, text=given.text, url=given.url, labels=dict(given.labels),
        at=given.at or now, known_at=now,
    )  # fmt: skip
