"""Making, keeping, replacing, withdrawing: every verb with its rows, its clock job and its event."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from tomei.kernel.actor import CLOCK
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import Text
from tomei.promises import actions, hooks, queries
from tomei.promises.facts import New
from tomei.promises.models import Promise
from tomei.promises.tests.factories import NOW, customer, incident, promise, worker

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def inc(house):
    return incident(house)


def jobs() -> Any:
    return dict(apps.get_model("clock", "Job").objects.values_list("key", "due_at"))


def state(row: Promise) -> tuple[Any, ...]:
    row.refresh_from_db()
    return row.state, row.ended_at, row.late_s, row.reason


def names(heard) -> list[str]:
    return [event.name for event in heard]


OPEN = ("open", None, None, "")


def test_make(house, inc, heard, monkeypatch):
    shown = []
    monkeypatch.setattr(hooks, "changed", lambda ids, now: shown.append((ids, now)))
    made = promise(house, inc, text=Text("続報", "Update"), about="update:4", audience="affected", told=True)
    assert jobs() == {f"promise:{made.pk}": NOW + 10 * MINUTE}
    assert (made.state, made.role, made.next_step_at) == ("open", "communications", NOW + 10 * MINUTE)
    assert names(heard) == ["promise.made"]
    assert heard[0]["promise_id"] == made.pk
    assert heard[0]["due_at"] == (NOW + 15 * MINUTE).isoformat()
    assert shown == [([inc], NOW)]


def test_many_are_made_at_once_or_not_at_all(house, inc, heard):
    news = [New("first_notice", house.pk, NOW + 5 * MINUTE, 0, incident_id=inc), New("nonsense", house.pk, NOW, 0)]
    with pytest.raises(Refused) as refused:
        actions.make_many(news, by=CLOCK, now=NOW)
    assert refused.value.code == "promise.unknown_kind"
    assert (Promise.objects.count(), jobs(), heard) == (0, {}, [])
    ids = actions.make_many([news[0], news[0]], by=CLOCK, now=NOW)
    assert [row.id for row in queries.open_of(inc)] == ids
    assert len(jobs()) == 2


@pytest.mark.parametrize("roots", [{}, {"incident_id": 1, "case_id": 1}, {"customer_id": 1, "signal_group_id": 1}])
def test_a_promise_hangs_on_exactly_one_thing(house, roots):
    with pytest.raises(Refused) as refused:
        actions.make("answer", owed_by=house.pk, rank=0, due_at=NOW, by=CLOCK, now=NOW, **roots)
    assert refused.value.code == "promise.hangs_on_one"


def test_a_due_time_needs_a_zone(house, inc):
    with pytest.raises(Refused) as refused:
        promise(house, inc, due_at=NOW.replace(tzinfo=None))
    assert refused.value.code == "time.no_zone"


def test_kept_in_the_due_second(house, inc, heard):
    row = promise(house, inc)
    at = row.due_at + timedelta(milliseconds=900)
    assert actions.keep("next_update", incident_id=inc, by=CLOCK, now=at, act="update:5") == [row.pk]
    assert state(row) == ("kept", at, 0.0, "")
    assert names(heard) == ["promise.made", "promise.kept"]
    assert jobs() == {f"reach:{row.pk}": at + 5 * MINUTE}


def test_late_by_so_many_seconds(house, inc, heard):
    row = promise(house, inc)
    at = row.due_at + timedelta(seconds=61.5)
    assert actions.keep("next_update", incident_id=inc, by=CLOCK, now=at) == [row.pk]
    assert state(row) == ("late", at, 61.5, "")
    assert heard[-1].name == "promise.late"
    assert heard[-1]["late_s"] == 61.5


def test_keep_ends_only_what_matches(house, inc):
    towa, aoba = customer(), customer("青葉医療")
    mine = promise(house, inc, audience="affected", owed_to=towa, about="a")
    others = [
        promise(house, inc, audience="public", owed_to=towa, about="a"),
        promise(house, inc, audience="affected", owed_to=aoba, about="a"),
        promise(house, inc, audience="affected", owed_to=towa, about="b"),
        promise(house, inc, kind="scope_notice", audience="affected", owed_to=towa, about="a"),
        promise(house, incident(house, 13), audience="affected", owed_to=towa, about="a"),
    ]
    kept = actions.keep("next_update", incident_id=inc, audience="affected", owed_to=towa, about="a", by=CLOCK, now=NOW)
    assert kept == [mine.pk]
    assert [state(row) for row in others] == [OPEN] * 5
    assert (
        actions.keep("next_update", incident_id=inc, audience="affected", about="a", owed_to=towa, by=CLOCK, now=NOW)
        == []
    )


def test_keep_asks_what_it_hangs_on(house):
    with pytest.raises(Refused) as refused:
        actions.keep("next_update", by=CLOCK, now=NOW)
    assert refused.value.code == "promise.hangs_on_one"


def test_a_successor_replaces_what_was_not_told_and_misses_what_is_overdue(house, inc, heard):
    soon = promise(house, inc, kind="role_filled")
    broken = promise(house, inc, kind="role_filled", due_at=NOW + MINUTE)
    at = NOW + 2 * MINUTE
    assert actions.supersede("role_filled", incident_id=inc, by=CLOCK, now=at) == [soon.pk, broken.pk]
    assert state(soon) == ("withdrawn", at, 0.0, "superseded")
    assert state(broken) == ("missed", at, 60.0, "superseded")
    assert names(heard)[2:] == ["promise.withdrawn", "promise.missed"]
    assert jobs() == {}


def test_a_told_time_is_not_replaced_in_silence(house, inc, heard):
    told, untold = promise(house, inc, told=True), promise(house, inc)
    with pytest.raises(Refused) as refused:
        actions.supersede("next_update", incident_id=inc, by=CLOCK, now=NOW + MINUTE)
    assert refused.value.code == "promise.told"
    assert [state(told), state(untold)] == [OPEN, OPEN]
    assert len(jobs()) == 2
    assert names(heard) == ["promise.made"] * 2


def test_closing_settles_all_but_what_outlives_it(house, inc):
    overdue = promise(house, inc, due_at=NOW + MINUTE, told=True)
    silent = promise(house, inc, kind="silence")
    report = promise(house, inc, kind="report", told=True, due_at=NOW + timedelta(days=5))
    at = NOW + 2 * MINUTE
    assert actions.settle_for_close(inc, by=CLOCK, now=at) == [overdue.pk, silent.pk]
    assert state(overdue) == ("missed", at, 60.0, "closed")
    assert state(silent) == ("withdrawn", at, 0.0, "closed")
    assert state(report) == OPEN


def test_closing_over_a_told_time_needs_notice(house, inc):
    told, silent = promise(house, inc, told=True), promise(house, inc, kind="silence")
    with pytest.raises(Refused) as refused:
        actions.settle_for_close(inc, by=CLOCK, now=NOW)
    assert refused.value.code == "promise.told"
    assert [state(told), state(silent)] == [OPEN, OPEN]
    assert actions.settle_for_close(inc, notice="told in update 9", by=CLOCK, now=NOW) == [told.pk, silent.pk]
    assert state(told) == ("withdrawn", NOW, 0.0, "told in update 9")


def test_a_declaration_in_error_settles_everything(house, inc):
    report = promise(house, inc, kind="report", told=True)
    assert actions.settle_for_close(inc, notice="told as such", everything=True, by=CLOCK, now=NOW) == [report.pk]


def test_withdraw_with_notice(house, inc, heard):
    row = promise(house, inc, told=True)
    boss = worker("promise.withdraw")
    assert actions.withdraw(row.pk, reason=" moved at their request ", by=boss, now=NOW) == "withdrawn"
    assert state(row) == ("withdrawn", NOW, 0.0, "moved at their request")
    assert heard[-1].name == "promise.withdrawn"
    assert heard[-1]["reason"] == "moved at their request"


@pytest.mark.parametrize(
    ("told", "rights", "reason", "code"),
    [
        (True, ["promise.work"], "because", "rights.missing"),
        (False, ["promise.withdraw"], "because", "rights.missing"),
        (True, ["promise.withdraw"], "  ", "promise.no_reason"),
        (True, ["promise.withdraw"], "あ" * 2001, "promise.reason_too_long"),
    ],
)
def test_withdrawing_is_refused(house, inc, heard, told, rights, reason, code):
    row = promise(house, inc, told=told)
    with pytest.raises(Refused) as refused:
        actions.withdraw(row.pk, reason=reason, by=worker(*rights), now=NOW)
    assert refused.value.code == code
    assert (state(row), len(jobs()), names(heard)) == (OPEN, 1, ["promise.made"])


def test_withdrawing_mends_nothing_that_is_broken(house, inc):
    row = promise(house, inc, told=True)
    late = row.due_at + timedelta(seconds=30)
    assert actions.withdraw(row.pk, reason="no longer wanted", by=CLOCK, now=late) == "missed"
    assert state(row) == ("missed", late, 30.0, "no longer wanted")


def test_nothing_ends_twice(house, inc, heard):
    row = promise(house, inc)
    actions.keep("next_update", incident_id=inc, by=CLOCK, now=NOW)
    with pytest.raises(Refused) as refused:
        actions.withdraw(row.pk, reason="because", by=CLOCK, now=NOW)
    assert refused.value.code == "promise.ended"
    assert actions.keep("next_update", incident_id=inc, by=CLOCK, now=NOW + timedelta(hours=1)) == []
    assert state(row) == ("kept", NOW, 0.0, "")
    assert names(heard) == ["promise.made", "promise.kept"]
    with pytest.raises(Missing):
        actions.withdraw(row.pk + 999, reason="because", by=CLOCK, now=NOW)


def test_take_over_and_inherit(house, inc, lead, colleague, heard):
    row, role = promise(house, inc, owner_id=lead.pk), promise(house, inc, kind="silence")
    with pytest.raises(Refused):
        actions.reown(row.pk, owner_id=colleague.pk, by=worker("read"), now=NOW)
    actions.reown(row.pk, owner_id=colleague.pk, by=worker("promise.work"), now=NOW)
    assert actions.reown_role(inc, role="liaison", owner_id=lead.pk, by=CLOCK, now=NOW) == [role.pk]
    assert actions.reown_role(inc, role="liaison", owner_id=lead.pk, by=CLOCK, now=NOW) == []
    assert actions.inherit(colleague.pk, to_user_id=lead.pk, by=CLOCK, now=NOW) == [row.pk]
    assert set(Promise.objects.values_list("owner_id", flat=True)) == {lead.pk}
    assert [(event["old_owner_id"], event["owner_id"]) for event in heard if event.name == "promise.reowned"] == [
        (lead.pk, colleague.pk), (None, lead.pk), (colleague.pk, lead.pk),
    ]  # fmt: skip


def test_raising_severity_brings_forward_what_was_not_told(house, inc, heard):
    told = promise(house, inc, rank=3, told=True, due_at=NOW + timedelta(hours=2))
    scope = promise(house, inc, kind="scope_notice", rank=3, due_at=NOW + timedelta(hours=1))
    other = promise(house, inc, kind="silence", rank=3, due_at=NOW + timedelta(hours=1))
    at = NOW + timedelta(minutes=30)
    due = {"scope_notice": at + 10 * MINUTE, "next_update": at + 15 * MINUTE, "silence": at + timedelta(hours=3)}
    assert actions.shorten(inc, rank=0, due=due, by=CLOCK, now=at) == [scope.pk]
    rows = {row.id: row for row in queries.open_of(inc)}
    assert [rows[pk].due_at for pk in (told.pk, scope.pk, other.pk)] == [
        NOW + timedelta(hours=2), at + 10 * MINUTE, NOW + timedelta(hours=1),
    ]  # fmt: skip
    assert {row.rank for row in rows.values()} == {0}
    assert jobs()[f"hurry:{scope.pk}"] == at + 5 * MINUTE  # five before; two thirds lies under two minutes off
    assert heard[-1].name == "promise.shortened"
    assert heard[-1]["old_due_at"] == (NOW + timedelta(hours=1)).isoformat()


def test_told_times_are_marked_and_then_stand(house, inc):
    row = promise(house, inc)
    assert actions.tell([row.pk], by=CLOCK, now=NOW) == 1
    assert actions.tell([row.pk], by=CLOCK, now=NOW) == 0
    assert actions.shorten(inc, rank=0, due={"next_update": NOW + MINUTE}, by=CLOCK, now=NOW) == []


def test_drill_and_restricted_follow_the_incident(house, inc):
    row = promise(house, inc)
    assert actions.mark(inc, drill=True, restricted=True, by=CLOCK, now=NOW) == 1
    row.refresh_from_db()
    assert (row.drill, row.restricted) == (True, True)
    assert actions.mark(inc, by=CLOCK, now=NOW) == 0


def test_reached_is_the_first_acceptance_and_the_first_per_organisation(house, inc):
    towa, aoba = customer(), customer("青葉医療")
    shared, single = promise(house, inc), promise(house, inc, kind="scope_notice", owed_to=aoba)
    for kind in ("next_update", "scope_notice"):
        actions.keep(kind, incident_id=inc, by=CLOCK, now=NOW, act="update:5")
    one, two = NOW + MINUTE, NOW + 2 * MINUTE
    assert actions.reached(act="update:5", incident_id=inc, organisation_id=towa, now=one) == [shared.pk]
    assert actions.reached(act="update:5", incident_id=inc, organisation_id=towa, now=two) == []
    assert actions.reached(act="update:5", incident_id=inc, organisation_id=aoba, now=two) == [single.pk]
    assert actions.reached(single.pk, now=two) == []
    assert actions.reached(now=two) == []
    assert queries.by_ids([shared.pk, single.pk])[shared.pk].reached_at == one
    assert queries.by_ids([single.pk])[single.pk].reached_at == two
    assert queries.reached_of(shared.pk) == [(towa, one), (aoba, two)]


def test_what_an_incident_shows(house, inc):
    first = promise(house, inc, due_at=NOW + MINUTE)
    promise(house, inc)
    other = incident(house, 13)
    shown = queries.shown([inc, other], NOW + 2 * MINUTE)
    assert shown == {inc: queries.Shown(first.due_at, 1), other: queries.Shown(None, 0)}


def test_a_vendors_answer_is_kept_by_hand_and_an_update_is_not(house, inc, lead):
    """What no verb of ours keeps, a person may say was done; everything else is kept by the act itself."""
    by = worker("read", "promise.work", user_id=lead.pk)
    vendor = promise(house, inc, kind="vendor", told=True)
    assert actions.fulfil(vendor.pk, line="SR-884213: cable", by=by, now=NOW + MINUTE) == "kept"
    assert state(vendor) == ("kept", NOW + MINUTE, 0.0, "SR-884213: cable")
    update = promise(house, inc)
    with pytest.raises(Refused) as refused:
        actions.fulfil(update.pk, by=by, now=NOW + MINUTE)
    assert (refused.value.code, state(update)) == ("promise.kept_by_act", OPEN)
