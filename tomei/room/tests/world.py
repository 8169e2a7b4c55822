"""Two customers whose records carry marked words, and incidents of every kind between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client

from tests.people import NOW
from tomei.cases import actions as cases
from tomei.clock.handlers import JobFacts
from tomei.comms import actions as comms
from tomei.comms.facts import UpdateInput
from tomei.customers import actions as customers
from tomei.customers import queries
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text
from tomei.room import actions
from tomei.room.door import COOKIE
from tomei.room.models import SignIn

MINUTE = timedelta(minutes=1)
LATER = NOW + 5 * MINUTE
EDITOR = Actor("user", None, "Editor", rights=frozenset({"customer.edit", "house.configure"}))
OURS, THEIRS = "Quokka", "Wombat"  # marked words of the two customers
SECRETS = ("Zebrafinch", "Narwhal", "Axolotl")  # restricted, drill, internal


@dataclass
class Rooms:
    """`a` and `b` are organisations; keys name incidents."""

    a: int = 0
    b: int = 0
    contacts: dict[str, int] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)


def build(lead: Actor) -> Rooms:
    """By verbs of the house, as of NOW: organisation a uses `orders`, b uses `edi`, both use `shared`."""
    made = Rooms()
    product = customers.add_product(Text("製品", "Product"), owner_id=lead.id, by=EDITOR, now=NOW)
    parts = {
        slug: customers.add_component(product, name=Text(slug, slug), slug=slug, by=EDITOR, now=NOW, is_public=public)
        for slug, public in ((f"orders-{OURS}".lower(), False), (f"edi-{THEIRS}".lower(), False), ("shared", True))
    }
    own, other, shared = parts.values()
    for name, word, used in (("a", OURS, own), ("b", THEIRS, other)):
        pk = customers.add_organisation("customer", name=Text(word, word), language="en", by=EDITOR, now=NOW).id
        customers.set_uses(pk, [used, shared], by=EDITOR, now=NOW)
        policy = queries.default_policy().policy_id
        customers.add_contract(pk, policy_id=policy, number=f"C-{word}", by=EDITOR, now=NOW)
        setattr(made, name, pk)
        made.contacts[name] = customers.add_contact(
            pk, name=f"{word} Person", mail=f"{word}@customer.test", language="en", by=EDITOR, now=NOW
        )
    stories: tuple[tuple[str, str, int, dict[str, Any]], ...] = (
        ("a", f"{OURS} orders fail", own, {}),
        ("b", f"{THEIRS} edi fails", other, {}),
        ("both", "Both suffer", shared, {}),
        ("restricted", SECRETS[0], shared, {"restricted": True}),
        ("drill", SECRETS[1], shared, {"drill": True}),
        ("untold", f"{OURS} untold", own, {}),
    )
    for name, title, component, flags in stories:
        incident = cases.declare(
            title=Text(title, title), severity="SEV2", product_id=product, component_ids=[component], words=title,
            by=lead, now=NOW, **flags,
        )  # fmt: skip
        made.keys[name], made.ids[name] = incident.key, incident.id
        cases.take_role(incident.id, "commander", by=lead, now=NOW)
        cases.note(incident.id, f"{SECRETS[2]} in a note", by=lead, now=NOW)
        if name != "untold":
            tell(made, name, title, lead)
    tell(made, "both", f"for {OURS} alone", lead, audiences=(f"customer:{made.a}",), minute=3)
    tell(made, "both", f"for {THEIRS} alone", lead, audiences=(f"customer:{made.b}",), minute=4)
    return made


def tell(
    made: Rooms,
    name: str,
    words: str,
    lead: Actor,
    audiences: tuple[str, ...] = ("affected", "internal"),
    minute: int = 2,
) -> Any:
    told = UpdateInput(
        parts={
            "effect": Text(f"{words}：注文の6割が失敗しています。", f"{words}: 60 % of orders fail."),
            "internal": Text(SECRETS[2], SECRETS[2]),
        },
        state="investigating", audiences=audiences, next_at=NOW + (13 + minute) * MINUTE,
    )  # fmt: skip
    return comms.publish(made.ids[name], told, by=lead, now=NOW + minute * MINUTE, confirmed=True)


def enter(contact_id: int, client: Client | None = None) -> Client:
    """A browser in which this contact is signed in."""
    found = queries.guest(contact_id)
    assert found is not None
    entered = actions.open_for([found[0]], keep=True, name="Test", via="test", now=LATER)
    client = client or Client(headers={"Accept-Language": "en"})
    client.cookies[COOKIE] = entered.secret
    return client


def mailed(row: SignIn) -> tuple[str, str]:
    """What the mail of this sign-in says: the secret of its link and the code."""
    return actions._token(row.salt), actions._code(row.salt)


def job(row: SignIn) -> JobFacts:
    return JobFacts(1, actions.MAIL, None, 2, LATER, {"sign_in": row.pk}, 0, 1)
