"""Rows of the features that cases stand on, and incidents as people make them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.apps import apps

from tests.people import NOW
from tomei.cases import actions
from tomei.cases.facts import IncidentFacts
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text

MINUTE = timedelta(minutes=1)


def rows(app: str, model: str) -> Any:
    return apps.get_model(app, model).objects


def organisation(name: str = "東和精機", **columns: Any) -> Any:
    return rows("customers", "Organisation").create(
        **{"kind": "customer", "name": {"ja": name, "en": name}, "created_at": NOW, **columns}
    )


def product(**columns: Any) -> Any:
    return rows("customers", "Product").create(**{"name": {"ja": "受注", "en": "Orders"}, **columns})


def component(of: Any, slug: str = "shipping", used_by: Any = (), **columns: Any) -> Any:
    made = rows("customers", "Component").create(
        product=of, name={"ja": slug, "en": slug}, slug=slug, created_at=NOW, **columns
    )
    for one in used_by:
        rows("customers", "Use").create(organisation=one, component=made)
    return made


def declared(by: Actor, **given: Any) -> IncidentFacts:
    """An incident as a person would declare it; NOW unless told otherwise."""
    values: dict[str, Any] = {"title": Text("出荷できない", "Shipping fails"), "severity": "SEV2", "now": NOW}
    return actions.declare(**{**values, **given}, by=by)
