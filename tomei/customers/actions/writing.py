"""How every verb here replaces a row: under the version that the writer saw."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.contrib.auth import get_user_model
from django.db.models import F

from tomei.customers.models import Edited
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused, Stale

Row = TypeVar("Row", bound=Edited)


def replace(kind: type[Row], pk: int, *, seen: int, by: Actor, now: datetime, **values: Any) -> Row:
    """Write `values` when the row still is at version `seen`; else `Stale` says who changed it and when.

    Correct on both databases because the condition stands in the UPDATE itself.
    """
    rows = kind._default_manager.filter(pk=pk)
    done = rows.filter(version=seen).update(version=F("version") + 1, changed_by=by.name, changed_at=now, **values)
    row = rows.first()
    if row is None:
        raise Missing(f"{kind.__name__} {pk}")
    if not done:
        raise Stale(
            "customers.stale", who=row.changed_by or "–", at=row.changed_at.isoformat() if row.changed_at else "–"
        )
    return row


def row_of(kind: type[Row], pk: int) -> Row:
    """The row, or `Missing`."""
    row = kind._default_manager.filter(pk=pk).first()
    if row is None:
        raise Missing(f"{kind.__name__} {pk}")
    return row


def known_people(**fields: int | None) -> None:
    """Refuse `field.person_unknown` when a field names nobody of ours, or somebody who has left."""
    wanted = {pk for pk in fields.values() if pk is not None}
    if not wanted:
        return
    present = set(get_user_model()._default_manager.filter(pk__in=wanted, is_active=True).values_list("pk", flat=True))
    for field, pk in fields.items():
        if pk is not None and pk not in present:
            raise Refused("field.person_unknown", field=field)
