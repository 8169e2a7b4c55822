"""The first run: five steps, each skippable and re-enterable. What is done is seen in the data, not remembered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from tomei.accounts import settings as house
from tomei.customers import actions as customers
from tomei.customers import queries as catalogue
from tomei.delivery import queries as delivery
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text
from tomei.signals import actions as signals
from tomei.signals import queries as sources
from tomei.ui import forms

STEPS = ("house", "address", "mail", "catalogue", "signal")
BEGUN = "setup.begun"


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    title: str
    is_done: bool
    url: str


def is_begun() -> bool:
    """A demo is a house set up long ago: its first click leads to the incident, not to a form."""
    return settings.DEMO or bool(house.get(BEGUN))


def begin(by: Actor, now: datetime) -> None:
    house.put(BEGUN, True, by=by, now=now)


def steps() -> list[Step]:
    """The five steps with what is already there."""
    done = {
        "house": bool(house.get("setup.house")),
        "address": not settings.TOMEI_URL.startswith("http://127.0.0.1") or bool(house.get("setup.address")),
        "mail": delivery.mail_is_set(),
        "catalogue": bool(catalogue.components_all()) and bool(catalogue.customers_all()),
        "signal": any(source.first_received_at for source in sources.sources()),
    }
    titles = {
        "house": _("Name, zone, languages"),
        "address": _("Address"),
        "mail": _("Mail"),
        "catalogue": _("First product and customer"),
        "signal": _("First signal"),
    }
    return [Step(name, titles[name], done[name], f"/setup/{name}/") for name in STEPS]


def following(name: str) -> str:
    """The address after this step; after the last one the now board."""
    at = STEPS.index(name)
    return f"/setup/{STEPS[at + 1]}/" if at + 1 < len(STEPS) else "/"


def save_house(request: HttpRequest, by: Actor, now: datetime) -> None:
    """Our own name, zone and language."""
    post: QueryDict = request.POST
    ours = catalogue.ours()
    customers.edit_organisation(
        ours.id,
        name=forms.both(post, "name", 200, True, label=_("Name"), many_lines=False),
        zone=forms.text(post, "zone", 60, True),
        language=forms.choice(post, "language", ("ja", "en")),
        account_owner_id=None,
        seen=forms.number(post, "seen", required=True) or 0,
        by=by,
        now=now,
    )
    house.put("zone", forms.text(post, "zone", 60, True), by=by, now=now)
    house.put("setup.house", True, by=by, now=now)


def save_address(request: HttpRequest, by: Actor, now: datetime) -> None:
    house.put("setup.address", True, by=by, now=now)


def save_catalogue(request: HttpRequest, by: Actor, now: datetime) -> None:
    """One product with one component, one customer who uses it, one contact who hears of it."""
    post = request.POST
    product_id = customers.add_product(
        forms.both(post, "product", 200, True, label=_("Product"), many_lines=False),
        owner_id=by.user_id,
        by=by,
        now=now,
    )
    component_id = customers.add_component(
        product_id,
        name=forms.both(post, "component", 200, True, label=_("Component"), many_lines=False),
        declares=forms.ticked(post, "declares"),
        by=by,
        now=now,
    )
    if not (post.get("customer.ja") or post.get("customer.en") or "").strip():
        return
    name: Text = forms.both(post, "customer", 200, True, label=_("Customer"), many_lines=False)
    customer = customers.add_organisation("customer", name=name, account_owner_id=by.user_id, by=by, now=now)
    customers.set_uses(customer.id, [component_id], by=by, now=now)
    mail = forms.text(post, "mail", 254)
    if mail:
        person = forms.text(post, "contact", 200) or mail
        customers.add_contact(customer.id, name=person, mail=mail, by=by, now=now)


def save_signal(request: HttpRequest, by: Actor, now: datetime) -> None:
    """A source of its own; its page shows the line to copy."""
    components = catalogue.components_all()
    signals.add_source(
        kind="alertmanager", name=forms.text(request.POST, "name", 100) or "Alertmanager",
        component_id=components[0].id if components else None, by=by, now=now,
    )  # fmt: skip


SAVERS = {"house": save_house, "address": save_address, "catalogue": save_catalogue, "signal": save_signal}


def context(name: str) -> dict[str, Any]:
    """What the page of one step shows."""
    found: dict[str, Any] = {"step": name, "steps": steps(), "next": following(name)}
    if name == "house":
        found |= {"ours": catalogue.ours(), "seen": catalogue.version_of(catalogue.ours().id)}
    if name == "address":
        found["address"] = settings.TOMEI_URL
    if name == "mail":
        found |= {"mail_is_set": delivery.mail_is_set(), "demo": settings.DEMO}
    if name == "catalogue":
        found |= {"components": catalogue.components_all(), "customers": catalogue.customers_all()}
    if name == "signal":
        found["sources"] = [sources.shown(source.id) for source in sources.sources()]
    return found
