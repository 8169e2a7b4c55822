"""How the bodies of a generic source are read: versions, of which the newest is in force."""

from __future__ import annotations

from collections.abc import Mapping as Table
from datetime import datetime

from django.db import transaction

from tomei.accounts import audit
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused, Stale
from tomei.signals.models import Mapping, Source
from tomei.signals.rules import GENERIC, mapping


@transaction.atomic
def save_mapping(
    source_id: int, paths: Table[str, str], tables: Table[str, str], *, seen: int, by: Actor, now: datetime
) -> int:
    """A new version, in force for what comes from now on; without any expression the fixed shape counts again.

    Refuses what cannot be read, and `mapping.stale` when somebody saved since version `seen`. Returns the version.
    """
    by.require("house.configure")
    read = mapping.checked(paths, tables)
    data = read.as_json() if read else {}
    row = Source.objects.filter(pk=source_id).first()
    if row is None:
        raise Missing(f"source {source_id}")
    if row.kind != GENERIC:
        raise Refused("mapping.not_generic", kind=row.kind)
    same = Source.objects.filter(pk=source_id, mapping_version=seen)
    if not same.update(mapping=data, mapping_version=seen + 1):
        raise _stale(source_id)
    Mapping.objects.create(
        source_id=source_id, version=seen + 1, data=data, saved_at=now, saved_by_id=by.user_id, saved_by=by.name
    )
    audit.record("source.mapped", by=by, now=now, source_id=source_id, version=seen + 1, mapping=data)
    return seen + 1


def _stale(source_id: int) -> Stale:
    last = Mapping.objects.filter(source=source_id).order_by("-version").first()
    who, at = (last.saved_by, last.saved_at.isoformat(timespec="seconds")) if last else ("", "")
    return Stale("mapping.stale", who=who or "–", at=at or "–", version=last.version if last else 0)
