"""Flapping: four changes within thirty minutes, one promise, and a calm end by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.people import NOW
from tomei.clock.models import Job
from tomei.kernel.actor import Actor
from tomei.promises.models import Promise
from tomei.signals import actions
from tomei.signals.models import Group, Signal
from tomei.signals.rules import flapping
from tomei.signals.rules.flapping import Flaps
from tomei.signals.tests.bodies import generic
from tomei.signals.tests.conftest import World
from tomei.wiring import engine

BY = Actor("user", 1, "Lead", rights=frozenset({"signal.triage"}))


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def changed(*minutes: float) -> Flaps:
    flaps = Flaps()
    for one in minutes:
        flaps = flapping.changed(flaps, at(one))
    return flaps


# Rules


def test_three_changes_are_none_and_the_fourth_is() -> None:
    assert changed(0, 1, 2) == Flaps((at(0), at(1), at(2)))
    assert changed(0, 1, 2, 3) == Flaps((at(0), at(1), at(2), at(3)), at(0), 4)


@pytest.mark.parametrize(("last", "flaps"), [(29.99, True), (30, False), (31, False)])
def test_the_window_is_half_an_hour_to_the_moment(last: float, flaps: bool) -> None:
    assert (changed(0, 1, 2, last).since is not None) is flaps


def test_it_ends_when_fewer_than_four_lie_in_the_window() -> None:
    flaps = changed(0, 1, 2, 3)
    assert flaps.ends_at == at(30)
    assert (flapping.is_over(flaps, at(29.99)), flapping.is_over(flaps, at(30))) == (False, True)
    more = flapping.changed(flaps, at(10))
    assert (more.since, more.count, more.ends_at) == (at(0), 5, at(31))
    assert flapping.calmed(more, at(31)) == Flaps((at(2), at(3), at(10)))
    assert not flapping.is_over(Flaps(), at(0))


def test_a_change_long_after_leaves_it_to_end() -> None:
    late = flapping.changed(changed(0, 1, 2, 3), at(90))
    assert (late.count, late.ends_at, flapping.is_over(late, at(90))) == (5, None, True)


def test_what_is_written_is_read_back_to_the_microsecond() -> None:
    moments = (NOW, NOW + timedelta(microseconds=1), NOW + timedelta(seconds=0.333333))
    assert flapping.read(flapping.written(moments)) == moments
    assert flapping.read("") == ()


# What follows


def say(world: World, minutes: float, status: str, severity: str = "critical") -> Group:
    world.send(generic(key="flip", status=status, severity=severity), at(minutes), kind="generic")
    return Group.objects.get()


def flip(world: World, *minutes: float, severity: str = "critical") -> Group:
    for turn, one in enumerate(minutes):
        say(world, one, "resolved" if turn % 2 else "firing", severity)
    return Group.objects.get()


def owed() -> tuple[int, int]:
    """How many promises of triage were ever made, and how many are open."""
    rows = Promise.objects.filter(kind="triage")
    return rows.count(), rows.filter(state="open").count()


@pytest.mark.django_db
def test_the_promise_that_is_open_stays_the_only_one(world: World) -> None:
    group = flip(world, 0, 1, 2)
    assert (group.flapping_at, owed()) == (None, (2, 1))
    group = flip(world, 3)  # fires already: repeated, no change
    assert (group.flapping_at, group.flaps) == (None, 0)
    group = say(world, 4, "resolved")
    assert (group.flapping_at, group.flaps, group.state, group.triage, owed()) == (
        at(0),
        4,
        "resolved",
        "proposed",
        (2, 1),
    )
    for minute in range(5, 12):
        group = say(world, minute, "firing" if minute % 2 else "resolved")
    assert (group.flaps, group.triage, owed()) == (11, "proposed", (2, 1))
    assert Signal.objects.count() == 11


@pytest.mark.django_db
def test_the_clock_ends_it_resolved_and_its_triage_has_passed(world: World) -> None:
    group = flip(world, 0, 1, 2, 3)
    assert Job.objects.get(key=f"flap:{group.pk}").due_at == at(30)
    actions.run_watches([], at(29.9))
    assert (Group.objects.get().flapping_at, owed()) == (at(0), (2, 1))
    engine().drain(at(30))
    group = Group.objects.get()
    assert (group.flapping_at, group.flaps, group.triage, owed()) == (None, 0, "passed", (2, 0))


@pytest.mark.django_db
def test_the_clock_ends_it_firing_and_it_is_proposed_again(world: World) -> None:
    group = flip(world, 0, 1, 2)
    actions.dismiss(group.pk, "known", by=BY, now=at(2.5))
    say(world, 3, "resolved")
    group = say(world, 4, "firing")
    assert (group.flapping_at, group.triage, owed()) == (at(0), "dismissed", (2, 0))
    actions.run_watches([], at(31))
    group = Group.objects.get()
    assert (group.flapping_at, group.triage, group.reason, owed()) == (None, "proposed", "", (3, 1))


@pytest.mark.django_db
def test_what_is_proposed_when_it_calms_down_firing_is_owed_once(world: World) -> None:
    flip(world, 0, 1, 2, 3, 4)
    assert owed() == (2, 1)
    actions.run_watches([], at(31))
    assert (Group.objects.get().triage, owed()) == ("proposed", (2, 1))


@pytest.mark.django_db
def test_a_warning_that_flaps_calls_nobody_until_it_is_critical_once(world: World) -> None:
    group = flip(world, 0, 1, 2, 3, severity="warning")
    assert (group.flapping_at, group.triage, owed()) == (at(0), "none", (0, 0))
    say(world, 4, "firing")
    say(world, 5, "resolved")
    group = say(world, 6, "firing")
    assert (group.triage, owed()) == ("proposed", (1, 1))


@pytest.mark.django_db
def test_silenced_it_calls_nobody_when_it_calms_down(world: World) -> None:
    actions.add_silence("source = 監視", at(120), "Move", by=BY, now=NOW)
    flip(world, 0, 1, 2, 3, 4)
    actions.run_watches([], at(31))
    assert (Group.objects.get().flapping_at, Group.objects.get().triage, owed()) == (None, "none", (0, 0))


@pytest.mark.django_db
def test_a_job_that_met_other_hands_is_made_up_by_the_next_minute(world: World) -> None:
    flip(world, 0, 1, 2, 3)
    Job.objects.all().delete()
    actions.run_watches([], at(30))
    assert Group.objects.get().flapping_at is None


@pytest.mark.django_db
def test_it_may_flap_again(world: World) -> None:
    flip(world, 0, 1, 2, 3)
    actions.run_watches([], at(30))
    group = flip(world, 60, 61, 62)
    assert (group.flapping_at, group.triage) == (None, "proposed")
    assert say(world, 63, "resolved").flapping_at == at(60)
