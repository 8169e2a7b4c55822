"""The clock's batches: steps taken in time, after a stand-still, for many at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from tomei.clock.handlers import JobFacts
from tomei.kernel.actor import CLOCK
from tomei.promises import actions, hooks, queries, rows, steps
from tomei.promises.models import Promise, Step
from tomei.promises.rules import Rung
from tomei.promises.tests.factories import NOW, incident, promise

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def inc(house):
    return incident(house)


def job(row: Promise, kind: str = rows.STEP) -> JobFacts:
    key = f"promise:{row.pk}" if kind == rows.STEP else f"reach:{row.pk}"
    return JobFacts(1, kind, key, 0, NOW, {}, 0, 0)


def told(heard) -> list[dict[str, Any]]:
    return [step for event in heard if event.name == "promise.steps" for step in event["steps"]]


def next_job(row: Promise):
    return apps.get_model("clock", "Job").objects.get(key=f"promise:{row.pk}").due_at


def test_a_warning_reaches_the_owner_and_the_next_step_is_scheduled(house, inc, lead, heard):
    row = promise(house, inc, owner_id=lead.pk)
    at = NOW + 10 * MINUTE
    steps.run([job(row)], at)
    (step,) = told(heard)
    assert (step["code"], step["rung"], step["user_ids"], step["late_s"], step["catch_up"]) == (
        "warned", "two_thirds", [lead.pk], 0.0, False,
    )  # fmt: skip
    assert (step["promise_id"], step["incident_id"], step["planned_at"], step["at"]) == (
        row.pk, inc, at.isoformat(), at.isoformat(),
    )  # fmt: skip
    assert next_job(row) == row.due_at + timedelta(seconds=1)
    steps.run([job(row)], at)
    assert len(told(heard)) == 1


def test_the_ladder_is_climbed_and_shown(house, inc, lead, colleague, admin, heard, monkeypatch):
    row = promise(house, inc, owner_id=lead.pk)
    ladder = [Rung("owner", (lead.pk,)), Rung("every_commander", (colleague.pk, admin.pk))]
    monkeypatch.setattr(hooks, "ladder", lambda found, now: {facts.id: ladder for facts in found})
    shown = []
    monkeypatch.setattr(hooks, "changed", lambda ids, now: shown.append(ids))
    for minutes in (10, 15.1, 17.1):
        steps.run([job(row)], NOW + timedelta(minutes=minutes))
    assert [(step["code"], step["rung"], step["user_ids"]) for step in told(heard)] == [
        ("warned", "two_thirds", [lead.pk]),
        ("overdue", "owner", [lead.pk]),
        ("escalated", "every_commander", [colleague.pk, admin.pk]),
    ]
    assert queries.by_ids([row.pk])[row.pk].rung == 5
    assert [(step.code, step.user_ids) for step in queries.steps_of(row.pk)] == [
        ("warned", (lead.pk,)), ("overdue", (lead.pk,)), ("escalated", (colleague.pk, admin.pk)),
    ]  # fmt: skip
    assert shown == [[inc]] * 3


def test_a_ladder_that_finds_nobody_is_red_until_somebody_comes(house, inc, lead, heard):
    row = promise(house, inc)
    steps.run([job(row)], NOW + 16 * MINUTE)
    assert [step["code"] for step in told(heard)] == ["warned", "overdue", "unanswered"]
    assert queries.by_ids([row.pk])[row.pk].unanswered
    assert Step.objects.filter(promise=row, user=None).count() == 3
    actions.reown(row.pk, owner_id=lead.pk, by=CLOCK, now=NOW + 17 * MINUTE)
    steps.run([job(row)], NOW + timedelta(minutes=80))
    assert not queries.by_ids([row.pk])[row.pk].unanswered


def test_after_a_stand_still_each_step_has_its_true_lateness(house, inc, lead, heard):
    row = promise(house, inc, owner_id=lead.pk)
    at = NOW + timedelta(hours=2)
    steps.run([job(row)], at)
    assert [(step["code"], step["late_s"], step["catch_up"]) for step in told(heard)] == [
        ("warned", 110 * 60.0, True), ("overdue", 105 * 60 - 1.0, True), ("escalated", 45 * 60 - 1.0, True),
    ]  # fmt: skip
    assert [(step.planned_at, step.at) for step in queries.steps_of(row.pk)] == [
        (NOW + 10 * MINUTE, at), (row.due_at + timedelta(seconds=1), at), (row.due_at + timedelta(seconds=3601), at),
    ]  # fmt: skip
    assert len([event for event in heard if event.name == "promise.steps"]) == 1


def test_a_day_overdue_ends_missed(house, inc, lead, heard):
    row = promise(house, inc, owner_id=lead.pk)
    at = row.due_at + timedelta(hours=24)
    steps.run([job(row)], at)
    row.refresh_from_db()
    assert (row.state, row.ended_at, row.late_s, row.reason, row.next_step_at) == (
        "missed",
        at,
        86400.0,
        "expired",
        None,
    )
    assert heard[-1].name == "promise.missed"
    assert apps.get_model("clock", "Job").objects.count() == 0


def test_what_ended_meanwhile_is_left_alone(house, inc, heard):
    row = promise(house, inc)
    actions.keep("next_update", incident_id=inc, by=CLOCK, now=NOW)
    steps.run([job(row)], NOW + timedelta(hours=1))
    assert told(heard) == []
    assert Step.objects.count() == 0


def test_kept_but_reaching_nobody_is_an_alarm(house, inc, heard):
    row, other = promise(house, inc), promise(house, inc, kind="first_notice")
    for kind in ("next_update", "first_notice"):
        actions.keep(kind, incident_id=inc, by=CLOCK, now=NOW, act=kind)
    actions.reached(act="first_notice", now=NOW + MINUTE)
    steps.run_reach([job(row, rows.REACH), job(other, rows.REACH)], NOW + 5 * MINUTE)
    assert [event["promise_id"] for event in heard if event.name == "promise.unreached"] == [row.pk]


def test_a_drill_reaches_nobody_by_design(house, inc):
    promise(house, inc, drill=True)
    actions.keep("next_update", incident_id=inc, by=CLOCK, now=NOW)
    assert apps.get_model("clock", "Job").objects.count() == 0


def test_a_batch_costs_the_same_number_of_queries_however_many(
    house, inc, lead, django_assert_num_queries, django_assert_max_num_queries
):
    few = [promise(house, inc, owner_id=lead.pk) for _ in range(3)]
    many = [promise(house, inc, owner_id=lead.pk) for _ in range(60)]
    with django_assert_max_num_queries(9) as small:
        steps.run([job(row) for row in few], NOW + 16 * MINUTE)
    with django_assert_num_queries(len(small.captured_queries)):
        steps.run([job(row) for row in many], NOW + 16 * MINUTE)
