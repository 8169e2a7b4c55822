"""Promises dressed for people: what they hang on, to whom, whose. Names are asked for once per list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tomei.accounts import queries as accounts
from tomei.customers import queries as customers
from tomei.kernel.text import Text
from tomei.promises import hooks
from tomei.promises.facts import Named, PromiseFacts


@dataclass(frozen=True, slots=True)
class Row:
    """`on` is None where nobody lends a name; `owner` is empty when only the role owns it."""

    facts: PromiseFacts
    on: Named | None
    owed_by: Text
    owed_to: Text
    owner: str
    owner_gone: bool = False

    @property
    def url(self) -> str:
        return f"/promises/{self.facts.id}/"


def dressed(found: Sequence[PromiseFacts]) -> list[Row]:
    """The rows of `found`, in its order."""
    named = _names(found)
    organisations = customers.organisations(_ids(facts.owed_to_id for facts in found)
                                            | _ids(facts.owed_by_id for facts in found)
                                            | _ids(facts.customer_id for facts in found))  # fmt: skip
    people = accounts.people(_ids(facts.owner_id for facts in found))
    rows = []
    for facts in found:
        owner = people.get(facts.owner_id or 0)
        rows.append(
            Row(
                facts=facts,
                on=_hangs_on(facts, named) or _customer(facts, {pk: one.name for pk, one in organisations.items()}),
                owed_by=organisations[facts.owed_by_id].name if facts.owed_by_id in organisations else Text(),
                owed_to=organisations[facts.owed_to_id].name if facts.owed_to_id in organisations else Text(),
                owner=owner.name if owner else "",
                owner_gone=owner is not None and not owner.is_active,
            )
        )
    return rows


def _ids(found: Iterable[int | None]) -> set[int]:
    return {pk for pk in found if pk is not None}


def _names(found: Sequence[PromiseFacts]) -> dict[tuple[str, int], Named]:
    incidents = sorted(_ids(facts.incident_id for facts in found))
    cases = sorted(_ids(facts.case_id for facts in found))
    groups = sorted(_ids(facts.signal_group_id for facts in found))
    works = sorted(_ids(facts.maintenance_id for facts in found))
    return hooks.names(incidents, cases, groups, works) if incidents or cases or groups or works else {}


def _hangs_on(facts: PromiseFacts, named: dict[tuple[str, int], Named]) -> Named | None:
    roots = (("incident", facts.incident_id), ("case", facts.case_id), ("group", facts.signal_group_id),
             ("maintenance", facts.maintenance_id))  # fmt: skip
    return next((named[(root, pk)] for root, pk in roots if pk is not None and (root, pk) in named), None)


def _customer(facts: PromiseFacts, names: dict[int, Text]) -> Named | None:
    if facts.customer_id is None or facts.customer_id not in names:
        return None
    return Named("", names[facts.customer_id], f"/customers/{facts.customer_id}/")
