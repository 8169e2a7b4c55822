"""Which card a product has, now or at a moment, and whom its lines name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tomei.accounts import queries as accounts
from tomei.cases import words
from tomei.cases.authority import rules, shipped
from tomei.cases.authority.models import AuthorityVersion
from tomei.cases.authority.rules import Line


@dataclass(frozen=True, slots=True)
class Card:
    """`number` 0 is a proposal that nobody adopted; `product_id` None: for every product."""

    product_id: int | None
    number: int
    lines: list[Line]
    reason: str = ""
    made_at: datetime | None = None
    made_by_id: int | None = None

    @property
    def is_proposal(self) -> bool:
        return self.number == 0

    def of(self, level: str) -> list[Line]:
        return [one for one in self.lines if one.level == level]


def facts_of(row: AuthorityVersion) -> Card:
    lines = [rules.read(one) for one in row.lines]
    return Card(row.product_id, row.number, lines, row.reason, row.made_at, row.made_by_id)


PROPOSAL = Card(None, 0, shipped.LINES)


def versions(product_id: int | None = None) -> list[Card]:
    """Newest first, the proposal at the end (a product's own begins where the general card stood)."""
    rows = AuthorityVersion.objects.filter(product=product_id).order_by("-number")
    return [*(facts_of(row) for row in rows), *([PROPOSAL] if product_id is None else [])]


def card(product_id: int | None, at: datetime | None = None) -> Card:
    """The product's own as it stood at `at` (None: now), else the one for every product, else the proposal."""
    rows = AuthorityVersion.objects.filter(Q(product=None) | Q(product=product_id or 0))
    rows = rows.filter(made_at__lte=at) if at is not None else rows
    found = [facts_of(row) for row in rows.order_by("number")]
    own = [one for one in found if one.product_id is not None]
    return (own or found or [PROPOSAL])[-1]


def named(lines: Iterable[Line], language: str) -> dict[int, str]:
    """Key of each line that asks to whom it sends, as a page says it: role, person, or both."""
    found = list(lines)
    people = accounts.people(one.person_id for one in found if one.person_id is not None)
    return {one.key: _whom(one, people.get(one.person_id or 0), language) for one in found if one.level == rules.ASK}


def _whom(one: Line, person: accounts.Person | None, language: str) -> str:
    role = words.ROLES[one.role].said_in(language) if one.role in words.ROLES else ""
    return " / ".join(filter(None, (role, person.name if person else "")))
