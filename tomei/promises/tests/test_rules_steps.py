"""Who is told when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tomei.promises import rules
from tomei.promises.rules import Facts, Rung

T0 = datetime(2026, 11, 18, 5, 0, tzinfo=UTC)
FULL = tuple(Rung(name, (10 + place,)) for place, name in enumerate(rules.RUNGS))


def facts(minutes: float = 15, kind: str = "next_update", rank: int = 0, ladder: tuple[Rung, ...] = FULL) -> Facts:
    return Facts(kind=kind, rank=rank, since_at=T0, due_at=T0 + timedelta(minutes=minutes), ladder=ladder)


def plan(given: Facts, now: datetime | None = None) -> list[tuple[str, str, float]]:
    """(code, rung, seconds after T0) of what is due at `now`, or of everything."""
    steps = rules.due_steps(given, now or T0 + timedelta(days=60))
    return [(step.code, step.rung, (step.planned_at - T0).total_seconds()) for step in steps]


@pytest.mark.parametrize(
    ("kind", "minutes", "expected"),
    [
        ("next_update", 60, [("two_thirds", 40), ("five_minutes", 55)]),
        ("next_update", 20, [("two_thirds", 40 / 3)]),  # 1 min 40 s apart: one, at the earlier
        ("next_update", 21, [("two_thirds", 14), ("five_minutes", 16)]),  # two minutes apart: two
        ("next_update", 15, [("two_thirds", 10)]),
        ("next_update", 12, [("two_thirds", 7)]),  # five before comes first, one minute apart
        ("next_update", 6, [("five_minutes", 1), ("two_thirds", 4)]),
        ("triage", 5, [("two_thirds", 10 / 3)]),  # five minutes before would be at once
        ("first_notice", 5, [("at_once", 0), ("half", 2.5)]),
        ("first_notice", 60, [("at_once", 0), ("half", 30)]),
        ("next_update", 0, []),
        ("next_update", -5, []),
        ("first_notice", 0, []),
    ],
)
def test_warnings(kind, minutes, expected):
    due = T0 + timedelta(minutes=minutes)
    found = [(name, (at - T0).total_seconds() / 60) for name, at in rules.warnings(kind, T0, due)]
    assert found == [(name, pytest.approx(at)) for name, at in expected]


@pytest.mark.parametrize(("rank", "minutes"), [(0, 2), (1, 2), (2, 5), (3, 15), (4, 60), (5, 60)])
def test_the_ladder_is_climbed_at_the_pace_of_the_severity(rank, minutes):
    climbed = [step for step in plan(facts(rank=rank)) if step[0] in ("overdue", "escalated")][:6]
    start, pace = 15 * 60 + 1, minutes * 60
    assert climbed == [
        ("overdue", "owner", start),
        ("escalated", "deputy", start + pace),
        ("escalated", "team_lead", start + 2 * pace),
        ("escalated", "commander", start + 3 * pace),
        ("escalated", "sponsor", start + 4 * pace),
        ("escalated", "every_commander", start + 5 * pace),
    ]


def test_the_last_rung_is_told_each_hour_until_a_day_is_over():
    told = plan(facts())
    repeats = [step for step in told if step[1] == "every_commander"]
    top = 15 * 60 + 1 + 600
    assert [at for _, _, at in repeats] == [top + 3600 * hour for hour in range(24)]
    assert told[-1] == ("missed", "", 15 * 60 + 86400)
    assert len(told) == 1 + 1 + 4 + 24 + 1  # one merged warning, passing, four rungs, commanders and repeats, the end


def test_missing_rungs_are_skipped_without_waiting_for_them():
    ladder = (Rung("every_commander", (1, 2)), Rung("deputy", ()), Rung("commander", (9,)))
    assert plan(facts(ladder=ladder), T0 + timedelta(minutes=20))[1:] == [
        ("overdue", "commander", 901),
        ("escalated", "every_commander", 1021),
    ]


def test_a_rung_that_holds_only_people_already_told_is_skipped():
    ladder = (Rung("owner", (1,)), Rung("commander", (1,)), Rung("sponsor", (2,)), Rung("every_commander", (1, 2)))
    told = plan(facts(ladder=ladder), T0 + timedelta(hours=2))
    assert told[1:4] == [
        ("overdue", "owner", 901),
        ("escalated", "sponsor", 1021),
        ("escalated", "every_commander", 4621),
    ]


def test_a_ladder_that_finds_nobody_says_so_each_hour():
    told = plan(facts(ladder=()), T0 + timedelta(hours=2, minutes=20))
    assert told == [
        ("warned", "two_thirds", 600),
        ("overdue", "", 901),
        ("unanswered", "", 901),
        ("unanswered", "", 901 + 3600),
        ("unanswered", "", 901 + 7200),
    ]


def test_somebody_who_comes_later_is_found():
    alone = facts(ladder=())
    for step in rules.due_steps(alone, T0 + timedelta(minutes=16)):
        alone = rules.after(alone, step)
    step = rules.next_step(replace(alone, ladder=(Rung("commander", (7,)),)))
    assert (step.code, step.rung, step.user_ids) == ("escalated", "commander", (7,))
    assert step.planned_at == T0 + timedelta(seconds=901 + 120)


def test_severity_that_rises_while_overdue_climbs_from_now_on():
    slow = facts(rank=3)
    at = T0 + timedelta(minutes=29)
    for step in rules.due_steps(slow, at):
        slow = rules.after(slow, step)
    assert rules.next_step(slow).planned_at == T0 + timedelta(minutes=30, seconds=1)
    fast = replace(slow, rank=0, climbed_at=rules.hurried(slow.climbed_at, 0, at))
    assert rules.next_step(fast).planned_at == at
    assert rules.hurried(None, 0, at) is None


def test_a_promise_born_overdue_goes_straight_to_the_ladder():
    told = plan(facts(minutes=-5), T0 + timedelta(minutes=1))
    assert told == [("overdue", "owner", 0)]
    assert plan(facts(minutes=-60 * 48), T0 + timedelta(minutes=1))[-1] == ("missed", "", 0)


def test_unknown_rungs_are_not_climbed():
    assert plan(facts(ladder=(Rung("janitor", (3,)),)), T0 + timedelta(minutes=16))[1][1:] == ("", 901)


def test_first_step_needs_no_ladder():
    assert rules.first_step_at("next_update", T0, T0 + timedelta(minutes=15)) == T0 + timedelta(minutes=10)
    assert rules.first_step_at("next_update", T0, T0) == T0 + timedelta(seconds=1)
    assert rules.first_step_at("next_update", T0, T0 - timedelta(hours=1)) == T0


def test_catch_up_begins_after_a_minute():
    assert not rules.is_catch_up(T0, T0 + timedelta(seconds=60))
    assert rules.is_catch_up(T0, T0 + timedelta(seconds=60, microseconds=1))


ladders = st.lists(
    st.builds(Rung, st.sampled_from(rules.RUNGS), st.lists(st.integers(1, 6), max_size=3).map(tuple)),
    max_size=6, unique_by=lambda rung: rung.name,
).map(tuple)  # fmt: skip
promises = st.builds(
    Facts,
    kind=st.sampled_from(list(rules.KINDS)),
    rank=st.integers(0, 9),
    since_at=st.just(T0),
    due_at=st.integers(-3600, 40 * 86400).map(lambda s: T0 + timedelta(seconds=s)),
    ladder=ladders,
)


@given(promises)
def test_steps_are_in_time_bounded_and_never_before_the_promise(given):
    steps = rules.due_steps(given, T0 + timedelta(days=365))
    planned = [step.planned_at for step in steps]
    assert planned == sorted(planned)
    assert planned[0] >= T0
    assert len(steps) <= 2 + 1 + 1 + 6 + 24 + 1
    assert len({step.key for step in steps}) == len(steps)
    assert [step.code for step in steps].count("missed") == 1
    assert steps[-1].code == "missed"
    assert all(step.planned_at < rules.broken_at(given.due_at) for step in steps if step.code == "warned")
    assert all(step.planned_at >= rules.broken_at(given.due_at) for step in steps if step.code != "warned"
               and step.code != "missed")  # fmt: skip


@given(promises, st.integers(0, 50 * 86400))
def test_catching_up_takes_the_very_steps_that_a_steady_clock_takes(given, seconds):
    now, steady, taken = T0 + timedelta(seconds=seconds), given, []
    while (step := rules.next_step(steady)) is not None and step.planned_at <= now:
        taken.append(step)
        steady = rules.after(steady, step)
    assert rules.due_steps(given, now) == taken
    assert rules.due_steps(steady, now) == []


@given(promises, st.sampled_from(["kept", "late", "missed", "withdrawn"]))
def test_what_has_ended_has_no_next_step(given, state):
    assert rules.next_step(replace(given, state=state)) is None
    assert rules.due_steps(replace(given, state=state), T0 + timedelta(days=365)) == []
