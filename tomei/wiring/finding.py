"""What can be found by search: indexed in the transaction that changed it."""

from __future__ import annotations

from tomei.cases import queries as cases
from tomei.customers import queries as customers
from tomei.kernel.events import Event
from tomei.kernel.text import Text
from tomei.search import actions as search


def incident(event: Event) -> None:
    facts = cases.incident(event["incident_id"])
    search.index(
        f"incident:{facts.id}", kind="incident", title=facts.title, url=facts.url,
        text=f"{facts.key} {facts.severity}", now=event.at,
        audience=f"restricted:{facts.id}" if facts.restricted else "internal",
    )  # fmt: skip


def case(event: Event) -> None:
    if not event.facts.get("case_id"):
        return
    facts = cases.case(event["case_id"])
    name = customers.organisation(facts.organisation_id).name
    restricted = facts.incident_id is not None and cases.incident(facts.incident_id).restricted
    search.index(
        f"case:{facts.id}", kind="case", title=Text(f"{facts.key} {name.ja}", f"{facts.key} {name.en}"), url=facts.url,
        text=f"{facts.key} {facts.words} {facts.stop}", now=event.at,
        audience=f"restricted:{facts.incident_id}" if restricted else "internal",
    )  # fmt: skip


def organisation(event: Event) -> None:
    facts = customers.organisation(event["organisation_id"])
    if facts.kind == "ours":
        return
    contacts = " ".join(f"{contact.name} {contact.mail}" for contact in customers.contacts(facts.id))
    search.index(f"customer:{facts.id}", kind="customer", title=facts.name, url=facts.url, text=contacts, now=event.at)
