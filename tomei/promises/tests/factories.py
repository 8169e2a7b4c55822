"""Rows that promises hang on, for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.apps import apps

from tomei.kernel.actor import CLOCK, Actor
from tomei.promises import actions
from tomei.promises.models import Promise

NOW = datetime(2026, 11, 18, 5, 0, tzinfo=UTC)


def incident(house: Any, number: int = 12, rank: int = 0, **columns: Any) -> int:
    """An incident that is going on; gives its id."""
    version = apps.get_model("customers", "PolicyVersion").objects.get()
    row = apps.get_model("cases", "Incident").objects.create(
        number=number, title={"ja": "出荷停止", "en": "No shipping"}, severity="SEV1a", rank=rank,
        policy_version=version, declared_at=NOW, declared_by_kind="user", **columns,
    )  # fmt: skip
    return int(row.pk)


def customer(name: str = "東和精機") -> int:
    row = apps.get_model("customers", "Organisation").objects.create(
        kind="customer", name={"ja": name, "en": "Towa Seiki"}, created_at=NOW
    )
    return int(row.pk)


def promise(house: Any, incident_id: int, kind: str = "next_update", **columns: Any) -> Promise:
    """An open promise, due in 15 minutes unless said otherwise."""
    values: dict[str, Any] = {"due_at": NOW + timedelta(minutes=15), "rank": 0, "by": CLOCK, "now": NOW} | columns
    return Promise.objects.get(pk=actions.make(kind, incident_id=incident_id, owed_by=house.pk, **values))


def worker(*rights: str, user_id: int | None = None) -> Actor:
    return Actor("user", id=user_id, name="somebody", user_id=user_id, rights=frozenset(rights))
