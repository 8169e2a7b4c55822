"""Every way a promise can end, decided to the second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tomei.kernel.errors import Refused
from tomei.promises import rules
from tomei.promises.rules import State

DUE = datetime(2026, 11, 18, 5, 15, tzinfo=UTC)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("seconds", "state", "late_s"),
    [
        (-3600, State.KEPT, 0.0),
        (-0.000001, State.KEPT, 0.0),
        (0, State.KEPT, 0.0),
        (0.5, State.KEPT, 0.0),
        (0.999999, State.KEPT, 0.0),
        (1, State.LATE, 1.0),
        (1.25, State.LATE, 1.25),
        (61, State.LATE, 61.0),
    ],
)
def test_the_due_second_is_kept_and_the_next_is_late(seconds, state, late_s):
    assert rules.kept(DUE, DUE + timedelta(seconds=seconds)) == rules.Ending(state, late_s)


def test_a_due_time_inside_a_second_gives_that_second():
    due = DUE.replace(microsecond=700_000)
    assert rules.kept(due, DUE.replace(microsecond=999_999)).state == State.KEPT
    assert rules.kept(due, DUE + timedelta(seconds=1)) == rules.Ending(State.LATE, 0.3)
    assert rules.broken_at(due) == DUE + timedelta(seconds=1)


BEFORE, AFTER = DUE - timedelta(minutes=1), DUE + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("event", "told", "at", "expected"),
    [
        ("superseded", False, BEFORE, (State.WITHDRAWN, 0.0)),
        ("superseded", True, BEFORE, "promise.told"),
        ("superseded", False, AFTER, (State.MISSED, 60.0)),
        ("superseded", True, AFTER, (State.MISSED, 60.0)),
        ("closed", False, BEFORE, (State.WITHDRAWN, 0.0)),
        ("closed", True, BEFORE, "promise.told"),
        ("closed", False, AFTER, (State.MISSED, 60.0)),
        ("closed", True, AFTER, (State.MISSED, 60.0)),
        ("closed with notice", False, BEFORE, (State.WITHDRAWN, 0.0)),
        ("closed with notice", True, BEFORE, (State.WITHDRAWN, 0.0)),
        ("closed with notice", False, AFTER, (State.MISSED, 60.0)),
        ("closed with notice", True, AFTER, (State.MISSED, 60.0)),
        ("withdrawn", False, BEFORE, (State.WITHDRAWN, 0.0)),
        ("withdrawn", True, BEFORE, (State.WITHDRAWN, 0.0)),
        ("withdrawn", False, AFTER, (State.MISSED, 60.0)),
        ("withdrawn", True, AFTER, (State.MISSED, 60.0)),
        ("withdrawn without reason", True, BEFORE, "promise.no_reason"),
        ("withdrawn without reason", False, AFTER, "promise.no_reason"),
    ],
)
def test_every_other_ending(event, told, at, expected):
    ends = {
        "superseded": lambda: rules.superseded(DUE, told=told, at=at),
        "closed": lambda: rules.closed(DUE, told=told, noticed=False, at=at),
        "closed with notice": lambda: rules.closed(DUE, told=told, noticed=True, at=at),
        "withdrawn": lambda: rules.withdrawn(DUE, reason="moved to 17:00 at their request", at=at),
        "withdrawn without reason": lambda: rules.withdrawn(DUE, reason=" \n", at=at),
    }
    if isinstance(expected, str):
        with pytest.raises(Refused) as refused:
            ends[event]()
        assert refused.value.code == expected
    else:
        assert ends[event]() == rules.Ending(*expected)


def test_a_day_overdue_is_missed():
    assert rules.expired(DUE) == rules.Ending(State.MISSED, 86400.0)


SOONER, LATER = DUE - timedelta(minutes=5), DUE + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("wanted", "told", "now", "expected"),
    [
        (SOONER, False, DUE - timedelta(minutes=10), SOONER),
        (SOONER, True, DUE - timedelta(minutes=10), None),
        (LATER, False, DUE - timedelta(minutes=10), None),
        (DUE, False, DUE - timedelta(minutes=10), None),
        (SOONER, False, DUE - timedelta(minutes=1), DUE - timedelta(minutes=1)),  # never due in the past
        (SOONER, False, AFTER, None),  # what is broken stays broken at its own time
    ],
)
def test_raising_severity_only_brings_untold_times_forward(wanted, told, now, expected):
    assert rules.shortened(DUE, wanted, told=told, now=now) == expected


@given(due=moments, at=moments)
def test_kept_and_late_divide_all_moments(due, at):
    ending = rules.kept(due, at)
    assert (ending.state == State.LATE) == rules.is_overdue(due, at) == (at >= rules.broken_at(due))
    assert (ending.late_s > 0) == (ending.state == State.LATE)


@given(due=moments, now=moments)
def test_the_sql_twin_of_overdue_agrees(due, now):
    assert rules.is_overdue(due, now) == (due < rules.due_second(now))


def test_an_unknown_kind_is_refused():
    with pytest.raises(Refused) as refused:
        rules.kind("coffee")
    assert refused.value.code == "promise.unknown_kind"


def test_a_report_never_climbs_by_minutes():
    assert rules.rank_for("report", 0) == 3
    assert rules.rank_for("next_update", 0) == 0
    assert rules.rank_for("report", 4) == 4


def test_every_kind_is_said_in_both_languages():
    assert [kind.code for kind in rules.KINDS.values() if kind.words.missing] == []
    assert list(rules.KINDS) == [
        "triage", "first_notice", "scope_notice", "acknowledgement", "next_update", "translation", "role_filled",
        "hand_over", "top_tier", "maintenance_notice", "maintenance_start", "maintenance_end", "report", "silence",
        "vendor", "reply", "answer", "severity_answer", "claim_answer", "deadline", "authority_notice",
        "person_concerned", "controller_notice",
    ]  # fmt: skip
