from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tomei.clock import rules


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_back_off_grows_and_ends():
    waits = [rules.backoff(attempts) for attempts in range(1, rules.ATTEMPTS)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=1)
    assert rules.backoff(rules.ATTEMPTS) is None


@pytest.mark.parametrize(
    ("size", "seconds", "following"), [(100, 0.2, 50), (100, 0.01, 100), (40, 0.01, 80), (12, 9, 10)]
)
def test_batches_keep_transactions_short(size, seconds, following):
    assert rules.next_batch(size, seconds) == following


def test_a_jump_is_a_difference_between_both_clocks():
    assert rules.jump_s(1.0, 1.0) == 0.0
    assert rules.jump_s(6.0, 1.5) == 0.0
    assert rules.jump_s(7.0, 1.0) == 6.0
    assert rules.jump_s(-3600.0, 1.0) == -3601.0
    assert rules.jump_s(90.0, 90.0) == 0.0  # a stand-still, no jump


def test_periodic_work_follows_the_wall_clock_of_the_house():
    assert rules.next_run("30 2 * * *", "Asia/Tokyo", moment("2026-11-20T17:30")) == moment("2026-11-21T17:30")


def test_the_hour_that_spring_skips_is_run_once_right_after():
    # 29 March 2026, Berlin: 02:00 becomes 03:00 at 01:00 UTC.
    first = rules.next_run("30 2 * * *", "Europe/Berlin", moment("2026-03-28T12:00"))
    assert first == moment("2026-03-29T01:00")
    assert rules.next_run("30 2 * * *", "Europe/Berlin", first) == moment("2026-03-30T00:30")


def test_the_hour_that_autumn_repeats_is_run_once():
    # 25 October 2026, Berlin: 03:00 becomes 02:00 at 01:00 UTC.
    first = rules.next_run("30 2 * * *", "Europe/Berlin", moment("2026-10-24T12:00"))
    assert first == moment("2026-10-25T00:30")
    assert rules.next_run("30 2 * * *", "Europe/Berlin", first) == moment("2026-10-26T01:30")


def test_unknown_migrations_are_named():
    assert rules.unknown_migrations([("a", "0001"), ("a", "0002")], [("a", "0001"), ("b", "0001")]) == ["a.0002"]
