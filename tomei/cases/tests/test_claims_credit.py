"""Credit by hand-computed examples, and the union of intervals by its laws."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tomei.cases.claims.rules import credit
from tomei.customers.rules import credit as terms_rules
from tomei.kernel.errors import Refused

START = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2027, 6, 1, tzinfo=UTC)


def terms(**given):
    values = {
        "monthly_fee": "1000000", "currency": "JPY", "target": "99.9", "tiers": [("99.9", "10"), ("99.0", "25")],
        "cap": "100", "zone": "UTC",
    }  # fmt: skip
    return terms_rules.checked(**{**values, **given})


def spell(since, until, impact="major", incident=1, component=1):
    return credit.Spell(incident, component, impact, since, until)


def june(minutes=0.0, hours=0.0, day=10):
    return datetime(2026, 6, day, tzinfo=UTC) + timedelta(hours=hours, minutes=minutes)


def reckon(*spells, month=date(2026, 6, 1), now=LATER, excluded=timedelta(0), **given):
    return credit.reckon(terms(**given), month, spells, excluded=excluded, now=now)


# -- by hand --------------------------------------------------------------------------------------------------------


def test_exactly_the_target_gives_nothing_and_a_second_more_gives_the_first_tier():
    whole = reckon(spell(june(), june() + timedelta(minutes=43, seconds=12)))  # 99.9 % of 30 days
    assert (whole.availability, whole.tier, whole.amount, whole.is_met) == (Fraction(999, 1000), None, Decimal(0), True)
    more = reckon(spell(june(), june() + timedelta(minutes=43, seconds=13)))
    assert (more.percent, more.amount, more.is_met) == (Decimal(10), Decimal(100000), False)
    assert str(more.availability_percent) == "99.8999"  # rounded down: never reads as kept


def test_the_deepest_tier_counts_and_the_cap_holds_it():
    day = reckon(spell(june(), june(hours=24)))  # 1/30 of June: 96.67 %
    assert (day.percent, day.amount) == (Decimal(25), Decimal(250000))
    capped = reckon(spell(june(), june(hours=24)), cap="15")
    assert (capped.percent, capped.amount, capped.is_capped) == (Decimal(15), Decimal(150000), True)


def test_two_components_at_once_are_one_downtime():
    found = reckon(spell(june(), june(60)), spell(june(30), june(90), component=2))
    assert (found.summed, found.overlap, found.downtime) == (
        timedelta(minutes=120), timedelta(minutes=30), timedelta(minutes=90),
    )  # fmt: skip


def test_maintenance_and_minutes_by_hand_are_taken_off_once():
    found = reckon(
        spell(june(), june(120)), spell(june(60), june(180), "maintenance", incident=2), excluded=timedelta(minutes=20)
    )
    assert (found.maintenance, found.excluded, found.downtime) == (
        timedelta(minutes=60), timedelta(minutes=20), timedelta(minutes=40),
    )  # fmt: skip
    kept = reckon(spell(june(), june(120)), spell(june(60), june(180), "maintenance"), excludes_maintenance=False)
    assert kept.downtime == timedelta(minutes=120)
    assert reckon(spell(june(), june(10)), excluded=timedelta(hours=5)).downtime == timedelta(0)


def test_degraded_counts_only_when_the_terms_say_so():
    hurt = spell(june(), june(120), "degraded")
    assert [reckon(hurt).downtime, reckon(hurt, impacts=["degraded"]).downtime] == [timedelta(0), timedelta(hours=2)]
    assert reckon(hurt).counted[0].why == "impact"


def test_what_is_still_open_counts_until_now_and_is_preliminary():
    running = reckon(spell(june(), None), now=june(90))
    assert (running.downtime, running.is_preliminary) == (timedelta(minutes=90), True)
    assert reckon(spell(june(), june(5)), now=LATER).is_preliminary is False
    over_the_end = reckon(spell(datetime(2026, 6, 30, 23, tzinfo=UTC), None), now=LATER)
    assert (over_the_end.downtime, over_the_end.is_preliminary) == (timedelta(hours=1), True)


@pytest.mark.parametrize(
    ("month", "zone", "hours"),
    [
        (date(2026, 2, 1), "Asia/Tokyo", 28 * 24),
        (date(2028, 2, 1), "Asia/Tokyo", 29 * 24),
        (date(2026, 12, 9), "Asia/Tokyo", 31 * 24),
        (date(2026, 3, 1), "Europe/Berlin", 31 * 24 - 1),
        (date(2026, 10, 1), "Europe/Berlin", 31 * 24 + 1),
        (date(2026, 4, 1), "Australia/Lord_Howe", 30 * 24 + 0.5),
    ],
)
def test_a_month_has_the_hours_it_has(month, zone, hours):
    since, until = credit.month_bounds(month, zone)
    assert until - since == timedelta(hours=hours)


def test_the_edges_of_a_month_are_those_of_the_contracts_zone():
    hurt = spell(datetime(2026, 5, 31, 14, 0, tzinfo=UTC), datetime(2026, 5, 31, 16, 0, tzinfo=UTC))  # 23:00 – 01:00
    tokyo = [reckon(hurt, month=month, zone="Asia/Tokyo").downtime for month in (date(2026, 5, 1), date(2026, 6, 1))]
    assert tokyo == [timedelta(hours=1), timedelta(hours=1)]


@pytest.mark.parametrize(
    ("currency", "fee", "percent", "amount"),
    [("JPY", "333333", "10", "33333"), ("EUR", "1234.55", "10", "123.46"), ("KWD", "10.005", "10", "1.001"),
     ("JPY", "5", "10", "1")],
)  # fmt: skip
def test_money_is_rounded_half_up_to_the_minor_unit(currency, fee, percent, amount):
    found = terms(currency=currency, monthly_fee=fee)
    assert str(credit.amount(found, Decimal(percent))) == amount


# -- the laws of the union ------------------------------------------------------------------------------------------

minutes = st.integers(0, 2000)
intervals = st.lists(
    st.tuples(minutes, minutes).map(
        lambda pair: (START + timedelta(minutes=min(pair)), START + timedelta(minutes=max(pair)))
    ),
    max_size=12,
)


@given(intervals)
def test_the_union_covers_the_same_minutes_and_none_twice(found):
    joined = credit.union(found)
    covered = {
        m for s, u in found for m in range(int((s - START).total_seconds()), int((u - START).total_seconds()), 60)
    }
    assert credit.length(joined) == timedelta(seconds=60 * len(covered))
    assert all(a[1] < b[0] for a, b in pairwise(joined))
    assert credit.union(joined) == joined


@given(intervals, st.randoms())
def test_the_order_does_not_matter(found, chance):
    mixed = list(found)
    chance.shuffle(mixed)
    assert credit.union(mixed) == credit.union(found)


@given(intervals, intervals)
def test_more_harm_is_never_less_downtime_and_never_more_than_the_sum(found, more):
    one, both = credit.length(credit.union(found)), credit.length(credit.union([*found, *more]))
    assert one <= both <= one + credit.length(more)
    assert credit.shared(found, more) == credit.length(credit.union(found)) + credit.length(credit.union(more)) - both


@given(intervals)
def test_downtime_stays_within_the_month(found):
    whole = reckon(*(spell(s, u) for s, u in found), month=date(2026, 1, 1))
    assert timedelta(0) <= whole.downtime <= whole.agreed
    assert 0 <= whole.availability <= 1
    assert whole.summed - whole.overlap - whole.maintenance - whole.excluded == whole.downtime


# -- terms ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"monthly_fee": "NaN"}, "field.not_an_amount"),
        ({"monthly_fee": "1e9"}, "field.not_an_amount"),
        ({"monthly_fee": "-1"}, "field.not_an_amount"),
        ({"monthly_fee": "0.5"}, "field.not_an_amount"),
        ({"monthly_fee": ""}, "field.missing"),
        ({"currency": "yen!"}, "credit.currency"),
        ({"currency": "円円円"}, "credit.currency"),
        ({"target": "101"}, "field.not_an_amount"),
        ({"tiers": []}, "credit.tiers"),
        ({"tiers": [("99.95", "10")]}, "credit.tiers"),
        ({"tiers": [("99.9", "25"), ("99", "10")]}, "credit.tiers"),
        ({"tiers": [("99.9", "10"), ("99.9", "20")]}, "credit.tiers"),
        ({"tiers": [("99.9", "0")]}, "credit.tiers"),
        ({"tiers": [(str(90 - n), str(n + 1)) for n in range(11)]}, "credit.tiers"),
        ({"zone": "Mars/Base"}, "time.unknown_zone"),
        ({"impacts": ["maintenance"]}, "field.not_a_choice"),
        ({"impacts": []}, "field.missing"),
    ],
)
def test_terms_that_cannot_be_are_refused(wrong, code):
    with pytest.raises(Refused) as refused:
        terms(**wrong)
    assert refused.value.code == code


def test_terms_come_back_from_their_row_as_they_were():
    made = terms(monthly_fee="1,234,567", cap="30", impacts=["partial", "major"])
    assert terms_rules.of_json(made.as_json()) == made
    assert made.impacts == ("major", "partial")


def test_tiers_are_typed_one_a_line():
    assert terms_rules.tiers_of("99.9% 10%\n\n99.0：25\n") == [("99.9", "10"), ("99.0", "25")]
    with pytest.raises(Refused) as refused:
        terms_rules.tiers_of("below 99.9 give 10")
    assert refused.value.code == "credit.tier_unreadable"
