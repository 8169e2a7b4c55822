"""Credit terms as frozen facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tomei.customers.credit.models import CreditExclusion, CreditVersion
from tomei.customers.rules import credit


@dataclass(frozen=True, slots=True)
class VersionFacts:
    contract_id: int
    number: int
    starts_on: date
    terms: credit.CreditTerms
    made_by_id: int | None
    made_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ExclusionFacts:
    id: int
    month: date
    minutes: int
    reason: str
    made_by_id: int | None
    made_at: datetime
    ended_at: datetime | None
    ended_reason: str


def versions(contract_id: int) -> list[VersionFacts]:
    """Newest first."""
    rows = CreditVersion.objects.filter(contract=contract_id).order_by("-number")
    return [
        VersionFacts(row.contract_id, row.number, row.starts_on, credit.of_json(row.terms), row.made_by_id,
                     row.made_at, row.reason)
        for row in rows
    ]  # fmt: skip


def in_force(of: list[VersionFacts], month: date) -> VersionFacts | None:
    """The version that counts for a month: the latest written of those that had begun on its first day."""
    begun = [one for one in of if one.starts_on <= month.replace(day=1)]
    return max(begun, key=lambda one: (one.starts_on, one.number), default=None)


def exclusions(contract_id: int, month: date | None = None, *, ended: bool = False) -> list[ExclusionFacts]:
    """Minutes excluded by hand, in the order they were written; those taken back only when asked."""
    rows = CreditExclusion.objects.filter(contract=contract_id).order_by("id")
    rows = rows.filter(month=month.replace(day=1)) if month is not None else rows
    return [
        ExclusionFacts(row.pk, row.month, row.minutes, row.reason, row.made_by_id, row.made_at, row.ended_at,
                       row.ended_reason)
        for row in (rows if ended else rows.filter(ended_at=None))
    ]  # fmt: skip
