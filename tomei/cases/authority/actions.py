"""The only writer of authority cards: the next version, or the proposal adopted as the first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from tomei.accounts import audit
from tomei.accounts import queries as accounts
from tomei.cases.authority import queries, rules
from tomei.cases.authority.models import AuthorityVersion
from tomei.cases.authority.queries import Card
from tomei.cases.authority.rules import Line
from tomei.cases.rules import words
from tomei.customers import queries as customers
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused, Stale


@transaction.atomic
def save_card(
    lines: Sequence[Line], *, product_id: int | None = None, seen: int | None = None, reason: str = "", by: Actor,
    now: datetime,
) -> Card:  # fmt: skip
    """A new version of the card; every incident of the product reads it from now on.

    `Stale` when a version came after `seen`. Nothing is written when no line changed, but for the proposal: saving it
    as it is adopts it. Refuses as `rules.check` does, an unknown product and a person who is not there.
    """
    by.require("playbook.edit")
    if product_id is not None and product_id not in customers.products([product_id]):
        raise Refused("incident.unknown_product")
    mine = queries.versions(product_id)
    number = mine[0].number if mine else 0
    if seen is not None and seen != number:
        raise Stale("authority.changed_meanwhile", number=number)
    kept = rules.check(lines)
    _there(kept)
    if number and mine[0].lines == kept:
        return mine[0]
    reason = words.line(reason, field="reason")
    try:
        with transaction.atomic():
            row = AuthorityVersion.objects.create(
                product_id=product_id, number=number + 1, lines=[one.as_json() for one in kept], reason=reason,
                made_at=now, made_by_id=by.user_id,
            )  # fmt: skip
    except IntegrityError:  # two saved the same next number at once
        raise Stale("authority.changed_meanwhile", number=number + 1) from None
    audit.record("authority.saved", by=by, now=now, product=product_id, number=row.number)
    return queries.facts_of(row)


def _there(lines: Sequence[Line]) -> None:
    wanted = {one.person_id for one in lines if one.person_id is not None}
    if wanted - set(accounts.people(wanted)):
        raise Refused("authority.unknown_person")
