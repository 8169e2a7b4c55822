"""A catalogue with one component and two customers who use it, and a source of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from tests.people import NOW
from tomei.customers import actions as customers
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text
from tomei.signals import actions, door

MASTER = Actor("user", 1, "Master", rights=frozenset({"customer.edit", "house.configure"}))


@dataclass(frozen=True)
class World:
    product_id: int
    component_id: int
    customer_ids: list[int]
    alertmanager: int
    alertmanager_key: str
    generic: int
    generic_key: str

    def send(self, body: bytes, now: datetime = NOW, kind: str = "alertmanager") -> door.Reply:
        return door.receive(kind, self.alertmanager_key if kind == "alertmanager" else self.generic_key, body, now)


@pytest.fixture
def world(house: Any, lead: Any) -> World:
    product = customers.add_product(Text("受注", "Orders"), owner_id=lead.pk, by=MASTER, now=NOW)
    part = customers.add_component(product, name=Text("受注", "Orders"), slug="orders", by=MASTER, now=NOW)
    users = [
        customers.add_organisation("customer", name=Text(name), by=MASTER, now=NOW).id for name in ("東和", "北浜")
    ]
    for pk in users:
        customers.set_uses(pk, [part], by=MASTER, now=NOW)
    one, key = actions.add_source("alertmanager", "本番", by=MASTER, now=NOW)
    two, other = actions.add_source("generic", "監視", part, by=MASTER, now=NOW)
    return World(product, part, users, one.id, key, two.id, other)
