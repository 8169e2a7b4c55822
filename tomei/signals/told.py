"""What is asked of what senders told beside their alerts: remarks, changes, and a request by the key it came with."""

from __future__ import annotations

import zlib
from datetime import datetime

from tomei.kernel.text import Text
from tomei.signals.facts import ChangeFacts, GroupFacts, MappingFacts, ReceivedFacts, RemarkFacts
from tomei.signals.models import Change, Mapping, Received, Remark

LIMIT = 20


def remarks_of(group: GroupFacts, limit: int = LIMIT) -> list[RemarkFacts]:
    """What people did with it at the sender, newest first."""
    rows = Remark.objects.filter(source=group.source_id, group_key=group.key).order_by("-id")[:limit]
    return [RemarkFacts(row.pk, row.kind, row.who, row.text, row.at, row.known_at) for row in rows]


def acknowledged(group: GroupFacts, remarks: list[RemarkFacts]) -> RemarkFacts | None:
    """Who acknowledged it at the sender since it fires; an older word counts for an older alert."""
    if group.state != "firing":
        return None
    since = group.fired_at
    return next((one for one in remarks if one.kind == "acknowledged" and (not since or one.known_at >= since)), None)


def changes_of(source_id: int, limit: int = LIMIT) -> list[ChangeFacts]:
    """What a source told of changes, newest first."""
    rows = Change.objects.select_related("component").filter(source=source_id).order_by("-id")[:limit]
    return [_change(row) for row in rows]


def changes_between(start: datetime, end: datetime, limit: int = 200) -> list[ChangeFacts]:
    """What was changed from `start` to before `end`, newest first: where a diagnosis begins."""
    rows = Change.objects.select_related("component").filter(at__gte=start, at__lt=end).order_by("-at", "-id")[:limit]
    return [_change(row) for row in rows]


def _change(row: Change) -> ChangeFacts:
    return ChangeFacts(
        id=row.pk,
        source_id=row.source_id,
        title=row.title,
        origin=row.origin,
        text=row.text,
        url=row.url,
        labels=row.labels,
        component_id=row.component_id,
        component=Text.of(row.component.name) if row.component else None,
        at=row.at,
        known_at=row.known_at,
    )


def kept_by_key(kind: str, key_digest: str, received_id: int) -> tuple[ReceivedFacts, bytes] | None:
    """A request of the source that this key opens, and its body; None for every other."""
    row = Received.objects.filter(
        pk=received_id, source__kind=kind, source__key_digest=key_digest, source__archived_at=None
    ).first()
    if row is None:
        return None
    facts = ReceivedFacts(row.pk, row.source_id, row.at, row.size, row.verdict, row.error, row.events)
    return facts, zlib.decompress(bytes(row.body)) if row.body else b""


def unread_of(source_id: int, limit: int = 20) -> tuple[int, list[int]]:
    """How many requests of a source were kept and not understood, and the newest of them."""
    rows = Received.objects.filter(source=source_id, verdict="not_understood").exclude(body=b"")
    return rows.count(), list(rows.order_by("-pk").values_list("pk", flat=True)[:limit])


def mapping_of(source_id: int) -> MappingFacts | None:
    """What is in force; None where nobody has saved one."""
    return next(iter(mappings_of(source_id, 1)), None)


def mappings_of(source_id: int, limit: int = 20) -> list[MappingFacts]:
    """The versions of a source's mapping, newest first."""
    rows = Mapping.objects.filter(source=source_id).order_by("-version")[:limit]
    return [MappingFacts(row.version, row.data, row.saved_at, row.saved_by) for row in rows]
