"""How a person is reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tomei.delivery import queries as delivery
from tomei.delivery.queries import MessageFacts
from tomei.kernel.errors import Missing
from tomei.oncall.models import ContactMethod


@dataclass(frozen=True, slots=True)
class MethodFacts:
    """`hint` is what may be shown: the mail address, or the host of a webhook."""

    id: int
    user_id: int
    kind: str
    template: str
    hint: str
    label: str
    position: int
    tested_at: datetime | None


def facts(row: ContactMethod) -> MethodFacts:
    return MethodFacts(
        row.pk, row.user_id, row.kind, row.template, row.hint, row.label, row.position, row.tested_at
    )  # fmt: skip


def rows_of(user_id: int) -> list[ContactMethod]:
    return list(ContactMethod.objects.filter(user_id=user_id).order_by("position", "pk"))


def rows_of_many(user_ids: Iterable[int]) -> dict[int, list[ContactMethod]]:
    """The methods of each of these people in their order, in one query; who has none is not named."""
    found: dict[int, list[ContactMethod]] = {}
    for row in ContactMethod.objects.filter(user_id__in=set(user_ids)).order_by("position", "pk"):
        found.setdefault(row.user_id, []).append(row)
    return found


def methods_of(user_id: int) -> list[MethodFacts]:
    """The contact methods of this person in their order; empty means: mail to the address of the account."""
    return [facts(row) for row in rows_of(user_id)]


def own(method_id: int, user_id: int) -> ContactMethod:
    """A contact method of this very person, or `Missing`: nobody reads or tests another's."""
    row = ContactMethod.objects.filter(pk=method_id, user_id=user_id).first()
    if row is None:
        raise Missing(str(method_id))
    return row


def test_of(method_id: int) -> MessageFacts | None:
    """The newest test message of this method: what became of it."""
    return delivery.latest(f"contact:{method_id}", "test")
