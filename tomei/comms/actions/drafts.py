"""What is being written: saved while typing, never lost, never overwritten in silence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from tomei.accounts import queries as accounts
from tomei.comms import queries
from tomei.comms.actions.plan import seen as incident_seen
from tomei.comms.facts import DraftFacts
from tomei.comms.models import Draft
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused, Stale

FIELDS, LONGEST = 80, 20_000


@transaction.atomic
def save_draft(
    incident_id: int,
    data: Mapping[str, Any],
    *,
    seen: int | None = None,
    draft_id: int | None = None,
    by: Actor,
    now: datetime,
) -> DraftFacts:
    """Keep what is typed. `seen` is the version it grew from; another one is `Stale`, which names who saved and when.

    `draft_id` names another person's draft (a reviewer mends it); by default one's own, made when there is none.
    """
    by.require("update.draft")
    incident_seen(incident_id, by)
    kept = _clean(data)
    row = _row(incident_id, draft_id, by, now)
    wanted = row.version if seen is None else seen
    changed = Draft.objects.filter(pk=row.pk, version=wanted).update(
        data=kept, version=wanted + 1, saved_at=now, saved_by_id=by.user_id
    )
    if not changed:
        row.refresh_from_db()
        raise Stale("draft.stale", who=_who(row), at=row.saved_at.isoformat(timespec="seconds"), version=row.version)
    row.refresh_from_db()
    return queries.draft_facts(row)


def _row(incident_id: int, draft_id: int | None, by: Actor, now: datetime) -> Draft:
    if draft_id is not None:
        row = Draft.objects.filter(pk=draft_id, incident=incident_id).first()
        if row is None:
            raise Missing(f"draft {draft_id}")
        return row
    if by.user_id is None:
        raise Refused("rights.missing", verb="update.draft")
    mine = {"incident_id": incident_id, "author_id": by.user_id}
    row = Draft.objects.filter(**mine).first()
    if row is not None:
        return row
    try:
        with transaction.atomic():
            return Draft.objects.create(**mine, saved_at=now)
    except IntegrityError:
        return Draft.objects.get(**mine)  # two keystrokes at once: the other one made it


def _clean(data: Mapping[str, Any]) -> dict[str, Any]:
    """Text by field name, measured; nothing that no database keeps."""
    if len(data) > FIELDS:
        raise Refused("field.too_many", count=len(data), limit=FIELDS)
    kept: dict[str, Any] = {}
    for name, value in data.items():
        values = value if isinstance(value, list) else [value]
        texts = [str(one).replace("\x00", "").encode("utf-8", "replace").decode() for one in values]
        if any(len(text) > LONGEST for text in texts):
            raise Refused("update.too_long", part=name[:40], language="", length=max(map(len, texts)), limit=LONGEST)
        kept[name[:80]] = texts if isinstance(value, list) else texts[0]
    return kept


def _who(row: Draft) -> str:
    known = accounts.people([row.saved_by_id]) if row.saved_by_id else {}
    return known[row.saved_by_id].name if row.saved_by_id in known else "–"


@transaction.atomic
def drop_draft(incident_id: int, *, by: Actor, now: datetime) -> None:
    """The author throws their own draft away."""
    by.require("update.draft")
    incident_seen(incident_id, by)
    Draft.objects.filter(incident=incident_id, author=by.user_id).delete()
