"""What a contract would give for one month, reckoned from intervals, with every step kept so that it can be shown.

Downtime is the *union* of intervals (overlaps are counted once), cut to the month, less announced maintenance, less
minutes excluded by hand. The agreed time is the whole calendar month in the contract's zone, with the hour that summer
time takes or gives. Availability is compared exactly, as a fraction: at the target there is no credit, only below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from tomei.customers.rules.credit import CreditTerms, Tier
from tomei.kernel import time

Interval = tuple[datetime, datetime]
NOTHING = timedelta(0)
MICROSECOND = timedelta(microseconds=1)
MAINTENANCE = "maintenance"


@dataclass(frozen=True, slots=True)
class Spell:
    """One component was hurt in one incident; `until_at` None: it still is."""

    incident_id: int
    component_id: int
    impact: str
    since_at: datetime
    until_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counted:
    """A spell as it was counted: cut to the month, or not counted and `why` (impact, maintenance, elsewhen)."""

    spell: Spell
    since_at: datetime | None = None
    until_at: datetime | None = None
    is_open: bool = False
    why: str = ""

    @property
    def length(self) -> timedelta:
        return self.until_at - self.since_at if self.since_at and self.until_at else NOTHING


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The whole way from intervals to money. `is_preliminary`: the month runs, or something is still open."""

    month: date
    since_at: datetime
    until_at: datetime
    terms: CreditTerms
    counted: tuple[Counted, ...]
    union: tuple[Interval, ...]
    summed: timedelta
    overlap: timedelta
    maintenance: timedelta
    excluded: timedelta
    downtime: timedelta
    availability: Fraction  # of the agreed time, 0..1
    tier: Tier | None
    percent: Decimal
    is_capped: bool
    amount: Decimal
    is_preliminary: bool

    @property
    def agreed(self) -> timedelta:
        return self.until_at - self.since_at

    @property
    def availability_percent(self) -> Decimal:
        return shown_percent(self.availability)

    @property
    def is_met(self) -> bool:
        return self.availability * 100 >= Fraction(self.terms.target)


def month_bounds(month: date, zone: str) -> Interval:
    """First moment of that calendar month and of the next one in `zone`, in UTC."""
    first = month.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return _midnight(first, zone), _midnight(after, zone)


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=time.zone(zone)).astimezone(time.UTC)


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same moments with no overlap, in order; intervals that touch become one, empty ones vanish."""
    joined: list[Interval] = []
    for since, until in sorted(one for one in intervals if one[0] < one[1]):
        if joined and since <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], until))
        else:
            joined.append((since, until))
    return joined


def length(intervals: Iterable[Interval]) -> timedelta:
    return sum((until - since for since, until in intervals), NOTHING)


def shared(one: Sequence[Interval], other: Sequence[Interval]) -> timedelta:
    """How long both are there at once."""
    mine, theirs = union(one), union(other)
    return length(mine) + length(theirs) - length(union([*mine, *theirs]))


def reckon(
    terms: CreditTerms, month: date, spells: Iterable[Spell], *, excluded: timedelta = NOTHING, now: datetime
) -> Reckoned:
    """The credit of one month as known at `now`; what is still open is counted until then."""
    since, until = month_bounds(month, terms.zone)
    counted = tuple(_counted(one, terms, since, until, now) for one in sorted(spells, key=_order))
    harm = [(one.since_at, one.until_at) for one in counted if one.since_at and one.until_at and not one.why]
    kept = [(one.since_at, one.until_at) for one in counted if one.since_at and one.until_at and one.why == MAINTENANCE]
    together = union(harm)
    maintenance = shared(together, kept) if terms.excludes_maintenance else NOTHING
    gross = length(together) - maintenance
    taken = min(excluded, gross)
    downtime = gross - taken
    availability = 1 - Fraction(downtime // MICROSECOND, (until - since) // MICROSECOND)
    tier = tier_of(terms, availability)
    percent = min(tier.percent, terms.cap) if tier else Decimal(0)
    return Reckoned(
        month.replace(day=1), since, until, terms, counted, tuple(together), length(harm),
        length(harm) - length(together), maintenance, taken, downtime, availability, tier, percent,
        bool(tier and tier.percent > terms.cap), amount(terms, percent),
        now < until or any(one.is_open for one in counted),
    )  # fmt: skip


def _order(one: Spell) -> tuple[datetime, int, int]:
    return one.since_at, one.incident_id, one.component_id


def _counted(one: Spell, terms: CreditTerms, since: datetime, until: datetime, now: datetime) -> Counted:
    """Cut to the month. Harm that the terms do not count, and maintenance, are kept with the reason."""
    start, end = max(one.since_at, since), min(one.until_at or now, until, now)
    if start >= end:
        return Counted(one, why="elsewhen")
    is_open = one.until_at is None or one.until_at > now
    why = "" if one.impact in terms.impacts else (MAINTENANCE if one.impact == MAINTENANCE else "impact")
    return Counted(one, start, end, is_open and not why, why)


def tier_of(terms: CreditTerms, availability: Fraction) -> Tier | None:
    """The tier that gives most of those whose availability lies above this one; None at or above all of them."""
    reached = [tier for tier in terms.tiers if availability * 100 < Fraction(tier.below)]
    return max(reached, key=lambda tier: tier.percent, default=None)


def amount(terms: CreditTerms, percent: Decimal) -> Decimal:
    """That share of the monthly fee, rounded half up to the currency's minor unit."""
    with localcontext() as context:
        context.prec = 50
        share = terms.monthly_fee * percent / 100
        return share.quantize(Decimal(1).scaleb(-terms.minor), rounding=ROUND_HALF_UP)


def shown_percent(availability: Fraction) -> Decimal:
    """Percent with four digits, rounded down: what fell short never reads as if it had been kept."""
    exact = availability * 100
    scaled = exact.numerator * 10**4 // exact.denominator
    return Decimal(scaled).scaleb(-4).quantize(Decimal("0.0001"), rounding=ROUND_FLOOR)
