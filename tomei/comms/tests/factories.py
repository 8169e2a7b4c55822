"""Rows of the features that updates stand on: an incident with two customers, their contacts, a product with a team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps

from tests.people import NOW
from tomei.cases import actions as cases
from tomei.cases.facts import IncidentFacts
from tomei.comms.facts import UpdateInput
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text

MINUTE = timedelta(minutes=1)


def rows(app: str, model: str) -> Any:
    return apps.get_model(app, model).objects


@dataclass(frozen=True)
class World:
    """東和 (three contacts, one an executive who reads English) and 青葉 (no contact) use the shipping component."""

    towa: Any
    aoba: Any
    product: Any
    component: Any
    incident: IncidentFacts


def organisation(name: str, english: str, **columns: Any) -> Any:
    return rows("customers", "Organisation").create(
        **{"kind": "customer", "name": {"ja": name, "en": english}, "created_at": NOW, **columns}
    )


def contact(organisation: Any, mail: str, **columns: Any) -> Any:
    return rows("customers", "Contact").create(
        **{"organisation": organisation, "name": mail.split("@")[0], "mail": mail, "language": "ja", **columns}
    )


def catalogue(*users: Any, owner: Any = None) -> tuple[Any, Any]:
    product = rows("customers", "Product").create(name={"ja": "受注クラウド", "en": "Order Cloud"}, owner=owner)
    component = rows("customers", "Component").create(
        product=product, name={"ja": "出荷", "en": "Shipping"}, group={"ja": "受注", "en": "Orders"}, slug="shipping",
        created_at=NOW - timedelta(days=200),
    )  # fmt: skip
    for user in users:
        rows("customers", "Use").create(organisation=user, component=component)
    return product, component


def world(by: Actor, *, owner: Any = None, severity: str = "SEV1a", now: datetime = NOW, **given: Any) -> World:
    towa, aoba = (
        organisation("東和物流", "Towa Logistics"),
        organisation("青葉食品", "Aoba Foods", zone="Europe/Berlin"),
    )
    contact(towa, "it@towa.test")
    contact(towa, "ops@towa.test", language="en")
    contact(towa, "ceo@towa.test", language="en", is_executive=True)
    product, component = catalogue(towa, aoba, owner=owner)
    values = {"title": Text("出荷できない", "Shipping fails"), "severity": severity, "component_ids": [component.pk]}
    incident = cases.declare(**{**values, **given}, by=by, now=now)
    return World(towa, aoba, product, component, incident)


def words(
    ja: str = "出荷の6割が失敗しています。", en: str = "60 % of shipments fail.", **more: Text
) -> dict[str, Text]:
    return {"effect": Text(ja, en), **more}


def update(now: datetime = NOW, **given: Any) -> UpdateInput:
    """An update to the affected customers, next time in 15 minutes."""
    values: dict[str, Any] = {
        "parts": words(), "state": "investigating", "audiences": ("affected", "internal"),
        "next_at": now + 15 * MINUTE,
    }  # fmt: skip
    return UpdateInput(**{**values, **given})
