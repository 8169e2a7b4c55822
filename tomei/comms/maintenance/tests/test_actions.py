"""Planned, told, moved, begun, overrun, ended: what each promises, keeps and says; a refusal changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps

from tests.people import NOW
from tomei.clock.handlers import JobFacts
from tomei.comms.maintenance import actions, queries
from tomei.comms.maintenance.facts import MaintenanceFacts, PlanInput
from tomei.comms.tests.factories import catalogue, contact, organisation, rows
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text
from tomei.promises import queries as promises

pytestmark = pytest.mark.django_db
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
START = datetime.fromisoformat("2026-11-30T22:00:00+09:00")
TITLE, TEXT = Text("基盤の更新", "Platform upgrade"), Text("出荷の画面が止まります。", "Shipping will stop.")
GO_ON = Text("2台目の更新が終わり、3台目に進んでいます。", "The second of three servers is done.")


@pytest.fixture
def part(house: Any) -> Any:
    towa = organisation("東和物流", "Towa Logistics")
    contact(towa, "it@towa.test")
    contact(towa, "ops@towa.test", language="en")
    return catalogue(towa)[1]


def wanted(part: Any, **given: Any) -> PlanInput:
    values = {"title": TITLE, "text": TEXT, "components": ((part.pk, "major"),), "starts_at": START}
    return PlanInput(**{**values, "ends_at": START + 2 * HOUR, **given})


def told(part: Any, by: Actor, at: datetime = NOW, **given: Any) -> MaintenanceFacts:
    made = actions.plan(wanted(part, **given), by=by, now=at)
    actions.tell(made.id, by=by, now=at)
    return queries.one(made.id)


def owed(pk: int) -> list[tuple[str, str]]:
    return [(one.kind, one.state) for one in promises.of_maintenance(pk)]


def everything() -> dict[str, Any]:
    names = [("comms", "Maintenance"), ("comms", "Notice"), ("promises", "Promise"), ("delivery", "Message")]
    return {name: sorted(map(repr, apps.get_model(app, name).objects.values_list())) for app, name in names}


def refuses(code: str, call: Any, *args: Any, **named: Any) -> None:
    before = everything()
    with pytest.raises(Refused) as said:
        call(*args, **named)
    assert said.value.code == code
    assert everything() == before


def test_planned_it_is_owed_to_be_told_and_nobody_outside_knows(part: Any, by_lead: Actor) -> None:
    made = actions.plan(wanted(part), by=by_lead, now=NOW)
    assert (made.key, made.state, made.in_time) == (f"MNT-{made.id}", "planned", None)
    assert [one.due_at for one in promises.of_maintenance(made.id)] == [made.notice_due_at]
    assert made.notice_due_at.isoformat() == "2026-11-20T09:00:00+00:00"  # 23 November is a holiday
    assert owed(made.id) == [("maintenance_notice", "open")]
    assert rows("delivery", "Message").count() == 0
    assert queries.public(since=NOW - DAY) == []


def test_told_in_time_the_window_is_promised_and_everybody_hears(part: Any, by_lead: Actor) -> None:
    one = told(part, by_lead)
    assert (one.state, one.in_time, one.covered_until) == ("scheduled", True, START + 2 * HOUR)
    assert owed(one.id) == [
        ("maintenance_notice", "kept"), ("maintenance_start", "open"), ("maintenance_end", "open"),
    ]  # fmt: skip
    dues = {row.kind: row.due_at for row in promises.of_maintenance(one.id)}
    assert dues["maintenance_start"] == START + timedelta(seconds=59)
    assert dues["maintenance_end"] == START + 2 * HOUR
    sent = {row.address: row for row in rows("delivery", "Message").all()}
    assert set(sent) == {"it@towa.test", "ops@towa.test"}
    assert sent["it@towa.test"].subject == f"[{one.key}] 計画メンテナンスのお知らせ: 基盤の更新"
    assert "2026年11月30日(月) 22:00 JST から 2026年12月1日(火) 00:00 JST まで" in sent["it@towa.test"].text
    assert "Mon 30 Nov 2026, 22:00 JST to Tue 1 Dec 2026, 00:00 JST" in sent["ops@towa.test"].text


def test_told_late_it_goes_out_and_the_lateness_stays(part: Any, by_lead: Actor) -> None:
    one = told(part, by_lead, at=START - 2 * DAY)
    assert (one.state, one.in_time, one.covered_until) == ("scheduled", False, None)
    assert owed(one.id)[0] == ("maintenance_notice", "late")
    assert queries.notices(one.id)[0].in_time is False
    assert "お約束の期限より遅れた" in rows("delivery", "Message").get(address="it@towa.test").text


def test_moved_the_told_times_are_withdrawn_with_notice_and_told_anew(part: Any, by_lead: Actor) -> None:
    one = told(part, by_lead)
    later = START + 2 * DAY
    actions.move(one.id, later, later + HOUR, Text("部品の入荷が2日遅れます。", "A part comes two days late."),
                 by=by_lead, now=NOW + DAY)  # fmt: skip
    after = queries.one(one.id)
    assert (after.starts_at, after.ends_at, after.in_time) == (later, later + HOUR, True)
    ends = [(row.kind, row.state, row.reason) for row in promises.of_maintenance(one.id) if row.state == "withdrawn"]
    assert ends == [("maintenance_start", "withdrawn", "部品の入荷が2日遅れます。"),
                    ("maintenance_end", "withdrawn", "部品の入荷が2日遅れます。")]  # fmt: skip
    assert queries.notices(one.id)[0].was == (START, START + 2 * HOUR)
    refuses("maintenance.same_window", actions.move, one.id, later, later + HOUR, GO_ON, by=by_lead, now=NOW + DAY)


def test_begun_updated_verified_and_completed_every_promise_is_kept(part: Any, by_lead: Actor) -> None:
    one = told(part, by_lead)
    refuses("maintenance.too_early", actions.start, one.id, by=by_lead, now=START - MINUTE)
    actions.start(one.id, by=by_lead, now=START)
    assert queries.one(one.id).next_at == START + 2 * HOUR
    refuses("maintenance.no_next", actions.update, one.id, GO_ON, next_at=None, by=by_lead, now=START + MINUTE)
    actions.update(one.id, GO_ON, next_at=START + HOUR, by=by_lead, now=START + 30 * MINUTE)
    actions.update(one.id, Text("全台の更新が終わり、動作を確かめています。", "All done; checking."), verifying=True,
                   next_at=START + 90 * MINUTE, by=by_lead, now=START + HOUR)  # fmt: skip
    actions.complete(one.id, by=by_lead, now=START + 80 * MINUTE)
    after = queries.one(one.id)
    assert (after.state, after.ended_at, after.next_at) == ("completed", START + 80 * MINUTE, None)
    states = [state for _kind, state in owed(one.id)]
    assert sorted(set(states)) == ["kept"]
    assert [row.kind for row in queries.notices(one.id)] == ["completed", "verifying", "update", "started", "scheduled"]


def test_begun_late_is_late(part: Any, by_lead: Actor) -> None:
    one = told(part, by_lead)
    actions.start(one.id, by=by_lead, now=START + 5 * MINUTE)
    assert ("maintenance_start", "late") in owed(one.id)


def test_an_overrun_is_announced_and_its_old_end_withdrawn(part: Any, by_lead: Actor) -> None:
    one = told(part, by_lead)
    actions.start(one.id, by=by_lead, now=START)
    end = START + 2 * HOUR
    refuses("maintenance.end_passed", actions.update, one.id, GO_ON, next_at=end + HOUR, by=by_lead,
            now=end + MINUTE)  # fmt: skip
    actions.update(one.id, GO_ON, next_at=end, ends_at=end + HOUR, by=by_lead, now=end - 10 * MINUTE)
    ends = [(row.due_at, row.state) for row in promises.of_maintenance(one.id) if row.kind == "maintenance_end"]
    assert ends == [(end, "withdrawn"), (end + HOUR, "open")]
    after = queries.one(one.id)
    assert (after.ends_at, after.covered_until) == (end + HOUR, end)  # told two hours ahead, not five days
    assert queries.notices(one.id)[0].kind == "extended"


def test_an_end_that_passed_is_missed_when_a_new_one_is_named(part: Any, by_lead: Actor) -> None:
    one = told(part, by_lead)
    actions.start(one.id, by=by_lead, now=START)
    end = START + 2 * HOUR
    actions.update(one.id, GO_ON, next_at=end + 30 * MINUTE, ends_at=end + HOUR, by=by_lead, now=end + MINUTE)
    ends = [(row.due_at, row.state) for row in promises.of_maintenance(one.id) if row.kind == "maintenance_end"]
    assert ends == [(end, "missed"), (end + HOUR, "open")]
    assert queries.notices(one.id)[0].in_time is False


def test_called_off_everybody_who_was_told_hears_it(part: Any, by_lead: Actor) -> None:
    one = told(part, by_lead)
    actions.cancel(one.id, Text("別の方法で直りました。", "It was mended in another way."), by=by_lead, now=NOW + DAY)
    assert queries.one(one.id).state == "cancelled"
    assert {state for _kind, state in owed(one.id)} == {"kept", "withdrawn"}
    assert rows("delivery", "Message").count() == 4
    refuses("maintenance.not_now", actions.start, one.id, by=by_lead, now=START)


def test_a_plan_that_nobody_knows_ends_in_silence(part: Any, by_lead: Actor) -> None:
    made = actions.plan(wanted(part), by=by_lead, now=NOW)
    actions.cancel(made.id, Text("不要になりました。", ""), by=by_lead, now=NOW)
    assert owed(made.id) == [("maintenance_notice", "withdrawn")]
    assert (queries.notices(made.id), rows("delivery", "Message").count()) == ([], 0)


def test_by_itself_it_begins_at_its_time_and_not_when_it_moved(part: Any, by_lead: Actor) -> None:
    one = told(part, by_lead, starts_itself=True)
    job = rows("clock", "Job").get(kind=actions.BEGIN)
    assert job.due_at == START
    given = JobFacts(1, actions.BEGIN, job.key, 5, START, {"id": one.id}, 0, 1)
    actions.begin_due([given], START - MINUTE)
    assert queries.one(one.id).state == "scheduled"
    actions.begin_due([given], START)
    assert queries.one(one.id).state == "in_progress"
    assert ("maintenance_start", "kept") in owed(one.id)
    actions.begin_due([given], START + MINUTE)
    assert len(queries.notices(one.id)) == 2


def test_the_second_language_is_owed_and_follows(part: Any, by_lead: Actor) -> None:
    one = told(part, by_lead, title=Text("基盤の更新", ""), text=Text("出荷の画面が止まります。", ""))
    assert ("translation", "open") in owed(one.id)
    refuses("maintenance.no_words", actions.translate, one.id, 1, "Shipping will stop.", by=by_lead, now=NOW)
    actions.translate(one.id, 1, "Shipping will stop.", title="Upgrade", by=by_lead, now=NOW + MINUTE)
    assert ("translation", "kept") in owed(one.id)
    after = queries.one(one.id)
    assert (after.title, after.text) == (Text("基盤の更新", "Upgrade"), TEXT)
    late = rows("delivery", "Message").order_by("-pk").first()
    assert (late.address, late.subject) == ("ops@towa.test", f"[{one.key}] Maintenance scheduled: Upgrade")
    refuses("maintenance.translated", actions.translate, one.id, 1, "Again.", by=by_lead, now=NOW + MINUTE)


def test_the_guards_read_it(part: Any, by_lead: Actor) -> None:
    made = actions.plan(wanted(part, text=Text("まもなく終わります。", "It will be over soon.")), by=by_lead, now=NOW)
    refuses("update.guard", actions.tell, made.id, by=by_lead, now=NOW)
    with pytest.raises(Refused) as said:
        actions.tell(made.id, by=by_lead, now=NOW)
    reasons = {one["key"]: "the customer asked for these words" for one in said.value.facts["findings"]}
    actions.tell(made.id, overrules=reasons, by=by_lead, now=NOW)
    assert [one["reason"] for one in queries.notices(made.id)[0].overruled] == list(reasons.values())


def test_who_may_not_tell_may_plan(part: Any, by_lead: Actor, by_colleague: Actor) -> None:
    made = actions.plan(wanted(part), by=by_colleague, now=NOW)
    refuses("rights.missing", actions.tell, made.id, by=by_colleague, now=NOW)
    refuses("rights.missing", actions.plan, wanted(part), by=replace(by_colleague, rights=frozenset()), now=NOW)
    actions.tell(made.id, by=by_lead, now=NOW)
    actions.start(made.id, by=by_colleague, now=START)
    refuses("rights.missing", actions.update, made.id, GO_ON, next_at=START + HOUR, ends_at=START + 3 * HOUR,
            by=by_colleague, now=START + MINUTE)  # fmt: skip


def test_it_becomes_an_incident_and_each_leads_to_the_other(part: Any, by_lead: Actor) -> None:
    one = told(part, by_lead)
    actions.start(one.id, by=by_lead, now=START)
    incident = actions.declare(one.id, "SEV2", by=by_lead, now=START + 20 * MINUTE)
    assert incident.title == Text("基盤の更新 (メンテナンス中に発生)", "Platform upgrade (during maintenance)")
    assert queries.one(one.id).incident_id == incident.id
    found = queries.of_incident(incident.id)
    assert found is not None and found.id == one.id
    codes = list(rows("cases", "Entry").filter(incident=incident.id).values_list("code", flat=True))
    assert "maintenance.became" in codes
    refuses("maintenance.incident_already", actions.declare, one.id, "SEV2", by=by_lead, now=START + HOUR)


def test_alerts_of_its_components_are_silenced_until_the_told_end(part: Any, by_lead: Actor) -> None:
    one = told(part, by_lead, silence=True)
    actions.start(one.id, by=by_lead, now=START)
    silence = rows("signals", "Silence").get()
    assert (silence.matchers, silence.until) == ([["component", True, "shipping"]], START + 2 * HOUR)
    actions.complete(one.id, by=by_lead, now=START + HOUR)
    silence.refresh_from_db()
    assert silence.ended_at == START + HOUR


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"components": ()}, "maintenance.no_component"),
        ({"components": ((999, "major"),)}, "maintenance.unknown_component"),
        ({"components": "explodes"}, "maintenance.unknown_impact"),
        ({"audiences": ()}, "maintenance.no_audience"),
        ({"audiences": ("everybody",)}, "maintenance.no_audience"),
        ({"organisation_ids": (999,)}, "maintenance.unknown_organisation"),
        ({"title": Text("", "")}, "maintenance.no_words"),
        ({"starts_at": NOW}, "maintenance.in_past"),
        ({"ends_at": START}, "maintenance.ends_first"),
    ],
)
def test_what_cannot_be_planned(part: Any, by_lead: Actor, given: dict[str, Any], code: str) -> None:
    if given.get("components") == "explodes":
        given = {"components": ((part.pk, "explodes"),)}
    refuses(code, actions.plan, wanted(part, **given), by=by_lead, now=NOW)
