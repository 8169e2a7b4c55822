"""What a deadline and a workaround may be, and what a workaround has cost by now. Pure; amounts are decimals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from tomei.customers.rules import credit
from tomei.kernel import time
from tomei.kernel.errors import Refused

KINDS = ("legal", "batch", "market", "other")
FURTHEST = timedelta(days=366)
MOST = 12  # deadlines that run for one customer
PEOPLE = 100_000


class Runs(Protocol):
    """What the meter reads of a workaround."""

    @property
    def per_hour(self) -> Decimal | None: ...
    @property
    def currency(self) -> str: ...
    @property
    def since_at(self) -> datetime: ...
    @property
    def until_at(self) -> datetime | None: ...


def deadline(at: datetime, kind: str, now: datetime) -> None:
    """Refuses a moment that has passed, one more than a year ahead, and an unknown kind."""
    if kind not in KINDS:
        raise Refused("deadline.unknown_kind", kind=kind[:40])
    if at <= now:
        raise Refused("deadline.passed")
    if at > now + FURTHEST:
        raise Refused("deadline.too_far")


def zone(name: str) -> str:
    """The name of a time zone that is known; `time.unknown_zone` otherwise."""
    time.zone(name)
    return name


def money(amount: str, currency: str) -> tuple[str, str]:
    """Both or neither; plain digits of that currency, as for claims."""
    if not amount.strip():
        return "", ""
    code = credit.currency_of(currency)
    return str(credit.amount(amount, "per_hour", code)), code


def people(count: int | None) -> int | None:
    if count is not None and not 0 <= count <= PEOPLE:
        raise Refused("workaround.people", limit=PEOPLE)
    return count


def began(since_at: datetime, last: datetime | None, now: datetime) -> datetime:
    """When it began: not in the future, and not before the one that it takes the place of."""
    if since_at > now:
        raise Refused("time.in_future", at=since_at.isoformat(timespec="minutes"))
    if last is not None and since_at < last:
        raise Refused("workaround.before_last")
    return since_at


def cost(found: Iterable[Runs], now: datetime) -> dict[str, Decimal]:
    """What they have cost until `now`, a sum for each currency: exact, then rounded once to its minor unit."""
    exact: dict[str, Decimal] = {}
    for one in found:
        if one.per_hour is None:
            continue
        until = min(one.until_at or now, now)
        spent = Decimal(max(0, (until - one.since_at) // timedelta(seconds=1)))
        exact[one.currency] = exact.get(one.currency, Decimal(0)) + one.per_hour * spent
    return {code: _rounded(total / 3600, code) for code, total in sorted(exact.items())}


def rate(found: Iterable[Runs]) -> dict[str, Decimal]:
    """What those that run cost by the hour, a sum for each currency."""
    rates: dict[str, Decimal] = {}
    for one in found:
        if one.per_hour is not None and one.until_at is None:
            rates[one.currency] = rates.get(one.currency, Decimal(0)) + one.per_hour
    return dict(sorted(rates.items()))


def _rounded(value: Decimal, currency: str) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-credit.minor_units(currency)), rounding=ROUND_HALF_UP)
