"""The formulas against figures computed elsewhere."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tomei.promises import rules
from tomei.promises.rules import Tally


@pytest.mark.parametrize(
    ("k", "n", "rate", "low", "high"),
    [
        (9115, 24918, 36.5800, 35.9841, 37.1800),  # SLA missed in a public ServiceNow log
        (11369, 24918, 45.6257, 45.0079, 46.2447),  # reassigned at least once there
        (1220, 1326, 92.0, 90.4, 93.3),
        (37, 41, 90.2, 77.5, 96.1),
        (57, 58, 98.3, 90.9, 99.7),
    ],
)
def test_wilson_reproduces_published_figures(k, n, rate, low, high):
    digits = 4 if n > 20000 else 1
    interval = rules.wilson(k, n)
    assert round(100 * k / n, digits) == rate
    assert (round(100 * interval[0], digits), round(100 * interval[1], digits)) == (low, high)


def test_the_public_promises_of_a_cloud_vendor():
    """392 of 461 named next updates were kept: 85.0325 %; roots of the score equation, found by bisection."""
    k, n = 392, 461
    z = 1.959963984540054
    assert round(100 * k / n, 4) == 85.0325

    def score(p: float) -> float:
        return float(abs(k / n - p) - z * sqrt(p * (1 - p) / n))

    def root(inside: float, outside: float) -> float:
        for _ in range(200):
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if score(middle) < 0 else (inside, middle)
        return inside

    assert rules.wilson(k, n) == (pytest.approx(root(k / n, 0.0)), pytest.approx(root(k / n, 1.0)))


def test_of_nothing_nothing_is_said():
    assert rules.wilson(0, 0) is None
    assert (Tally().rate, Tally().interval, Tally().n) == (None, None, 0)
    assert rules.verdict(0, 0, 0.95) == "nothing"
    assert rules.percentile([], 0.5) is None


@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_rate_and_stays_in_bounds(pair):
    k, n = pair
    low, high = rules.wilson(k, n)
    assert 0 <= low <= k / n + 1e-12
    assert k / n - 1e-12 <= high <= 1


@pytest.mark.parametrize(
    ("k", "n", "target", "expected"),
    [
        (9, 9, 0.5, "too_few"),
        (10, 10, 0.5, "meets"),
        (57, 58, 0.90, "meets"),
        (33, 38, 0.95, "below"),
        (37, 41, 0.95, "not_shown"),
    ],
)
def test_a_verdict_is_given_only_when_the_whole_interval_lies_on_one_side(k, n, target, expected):
    assert rules.verdict(k, n, target) == expected


def test_percentiles_of_type_7():
    assert rules.percentile([1.0, 2.0, 3.0, 4.0], 0.5) == 2.5
    assert rules.percentile([1.0, 2.0, 3.0, 4.0, 10.0], 0.9) == pytest.approx(7.6)
    assert rules.percentile([7.0], 0.9) == 7.0


def test_what_is_overdue_counts_as_broken_and_what_was_withdrawn_does_not_count():
    tally = Tally(kept=8, late=1, missed=1, overdue=2, withdrawn=5)
    assert (tally.n, tally.broken, tally.rate, tally.is_enough) == (12, 4, pytest.approx(2 / 3), True)
    assert tally + Tally(kept=1) == Tally(9, 1, 1, 2, 5)
