"""Rows that many tests stand on, made through the same verbs as in use."""

from __future__ import annotations

from tests.people import NOW
from tomei.customers import actions, queries
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text

MASTER = Actor("user", 1, "Master", rights=frozenset({"customer.edit", "house.configure"}))


def customer(name: str = "東和精機", kind: str = "customer", by: Actor = MASTER) -> int:
    return actions.add_organisation(kind, name=Text(name, ""), by=by, now=NOW).id


def component(slug: str = "orders", by: Actor = MASTER, **columns: object) -> int:
    product_id = actions.add_product(Text("受注", "Orders"), by=by, now=NOW)
    return actions.add_component(product_id, name=Text("受注API", "Order API"), slug=slug, by=by, now=NOW, **columns)  # type: ignore[arg-type]


def default_policy_id() -> int:
    return queries.default_policy().policy_id
