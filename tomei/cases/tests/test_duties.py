"""The question about personal data, the duties that follow, how they end; operators' own rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.people import NOW
from tomei.accounts.doors import actor
from tomei.cases import actions as case_actions
from tomei.cases import history, timeline
from tomei.cases.duties import actions, queries
from tomei.cases.duties.models import Duty, DutyRule, Exposure
from tomei.cases.duties.rules.applying import Answer
from tomei.cases.models import Entry
from tomei.cases.tests.factories import declared, organisation
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import Text
from tomei.promises import actions as promises
from tomei.promises.models import Promise

HOUR = timedelta(hours=1)
YES = Answer("yes", NOW, ("eu",))


@pytest.fixture
def actors(house, lead, colleague, watcher, admin):
    return {name: actor(user) for name, user in
            {"lead": lead, "colleague": colleague, "watcher": watcher, "admin": admin}.items()}  # fmt: skip


@pytest.fixture
def second(actors):
    """Another commander, who did not ask."""
    from tests.people import person  # rows need the database

    return actor(person("高橋", "second@tomei.test", "commander"))


def answered(actors, given=YES, **more):
    one = declared(actors["lead"], **more)
    return one, actions.answer(one.id, given, by=actors["colleague"], now=NOW + HOUR)


def counts():
    return Exposure.objects.count(), Duty.objects.count(), Promise.objects.count(), Entry.objects.count()


def promise_of(duty):
    return Promise.objects.get(pk=Duty.objects.get(pk=duty.id).promise_id)


def test_yes_makes_the_promises_with_their_times_and_the_commander_owns_them(actors):
    incident = declared(actors["lead"])
    case_actions.take_role(incident.id, "commander", by=actors["lead"], now=NOW)
    [duty] = actions.answer(incident.id, YES, by=actors["colleague"], now=NOW + HOUR)
    promise = promise_of(duty)
    assert (promise.kind, promise.owed_to_id, promise.about, promise.due_at) == (
        "authority_notice", None, f"duty:{duty.id}", NOW + 72 * HOUR,
    )  # fmt: skip
    assert (promise.owner_id, promise.role) == (actors["lead"].user_id, "commander")
    codes = list(Entry.objects.filter(incident=incident.id).order_by("-seq").values_list("code", flat=True)[:2])
    assert codes == ["duty.made", "exposure.yes"]
    assert timeline.verify(incident.id).holds
    lines = history.page(incident.id, language="en", zone="UTC").items[:2]
    assert [line.sentence.partition(" (")[0] for line in lines] == [
        "Duty by law: Notice to the supervisory authority", "Personal data exposed: yes",
    ]  # fmt: skip
    assert all("05:00 UTC" in line.sentence for line in lines)


def test_no_makes_none_and_a_later_answer_is_kept_beside_it(actors):
    incident, found = answered(actors, Answer("no"))
    assert found == []
    with pytest.raises(Refused) as refused:
        actions.answer(incident.id, YES, by=actors["colleague"], now=NOW + HOUR)
    assert refused.value.code == "field.missing"  # the second answer wants a reason
    found = actions.answer(incident.id, YES, reason="ログに氏名", by=actors["colleague"], now=NOW + 2 * HOUR)
    assert ([one.answer for one in queries.exposures(incident.id)], len(found)) == (["yes", "no"], 1)


def test_answering_no_again_ends_no_duty(actors):
    incident, [duty] = answered(actors)
    actions.answer(incident.id, Answer("no"), reason="違った", by=actors["colleague"], now=NOW + 2 * HOUR)
    assert (queries.duty(duty.id, incident.id).state, promise_of(duty).state) == ("open", "open")


def test_another_start_moves_the_time_and_says_so(actors):
    incident, [duty] = answered(actors)
    first = promise_of(duty).pk
    earlier = replace(YES, aware_at=NOW - 10 * HOUR)
    [moved] = actions.answer(incident.id, earlier, reason="前日の通報", by=actors["colleague"], now=NOW + 2 * HOUR)
    assert (moved.id, moved.due_at, promise_of(moved).due_at) == (duty.id, NOW + 62 * HOUR, NOW + 62 * HOUR)
    assert Promise.objects.get(pk=first).state == "withdrawn"


def test_controllers_are_the_customers_affected(actors):
    one, other = organisation(), organisation("他社")
    _, found = answered(actors, replace(YES, capacity="processor"), organisation_ids=[one.pk, other.pk])
    assert sorted((duty.organisation_id, promise_of(duty).owed_to_id) for duty in found) == [
        (one.pk, one.pk), (other.pk, other.pk),
    ]  # fmt: skip


def test_fulfilled_with_a_reference_by_somebody_at_a_moment(actors):
    _, [duty] = answered(actors)
    done = actions.fulfil(duty.id, at=NOW + 70 * HOUR, reference="BfDI-1", by=actors["colleague"], now=NOW + 80 * HOUR)
    assert (done.state, done.was_late, done.reference, done.ended_by_id) == (
        "fulfilled", False, "BfDI-1", actors["colleague"].user_id,
    )  # fmt: skip
    assert (promise_of(duty).state, promise_of(duty).ended_at) == ("kept", NOW + 70 * HOUR)


def test_a_late_one_wants_its_reasons_and_is_late_even_when_the_promise_was_missed(actors):
    incident, [duty] = answered(actors)
    late, before = {"at": NOW + 100 * HOUR, "reference": "1", "now": NOW + 101 * HOUR}, counts()
    with pytest.raises(Refused) as refused:
        actions.fulfil(duty.id, **late, by=actors["colleague"])
    assert (refused.value.code, counts(), promise_of(duty).state) == ("duty.late_without_reason", before, "open")
    Promise.objects.filter(pk=promise_of(duty).pk).update(state="missed", ended_at=NOW + 96 * HOUR, late_s=1.0)
    done = actions.fulfil(duty.id, **late, late_reason="ログが暗号化されていた", by=actors["colleague"])
    assert (done.was_late, done.late_reason, promise_of(duty).state) == (True, "ログが暗号化されていた", "missed")
    assert Entry.objects.filter(incident=incident.id, code="duty.late").count() == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "duty.no_proof"),
        ({"reference": "1", "at": NOW + 9 * HOUR}, "time.in_future"),
        ({"reference": "1", "at": NOW - HOUR}, "duty.too_early"),
        ({"link": "javascript:alert(1)"}, "duty.link_unreadable"),
        ({"link": 'https://x.test/ " onclick'}, "duty.link_unreadable"),
        ({"reference": "a\x00"}, "field.control_characters"),
        ({"reference": "x" * 201}, "field.too_long"),
    ],
)
def test_a_fulfilment_that_cannot_be_is_refused(actors, given, code):
    _, [duty] = answered(actors)
    before = counts()
    with pytest.raises(Refused) as refused:
        actions.fulfil(duty.id, **{"at": NOW + HOUR, "now": NOW + 2 * HOUR, **given}, by=actors["colleague"])
    assert (refused.value.code, counts(), promise_of(duty).state) == (code, before, "open")


def test_withdrawing_takes_two_people_and_a_reason(actors, second):
    _, [duty] = answered(actors)
    for act in (
        lambda: actions.withdraw(duty.id, by=second, now=NOW + HOUR),
        lambda: actions.ask_withdrawal(duty.id, reason=" ", by=actors["lead"], now=NOW + HOUR),
        lambda: actions.ask_withdrawal(duty.id, reason="x", by=actors["colleague"], now=NOW + HOUR),
    ):
        with pytest.raises(Refused):
            act()
    actions.ask_withdrawal(duty.id, reason="個人データは含まれない", by=actors["lead"], now=NOW + HOUR)
    with pytest.raises(Refused) as refused:
        actions.withdraw(duty.id, by=actors["lead"], now=NOW + HOUR)
    assert (refused.value.code, promise_of(duty).state) == ("duty.own_withdrawal", "open")
    gone = actions.withdraw(duty.id, by=second, now=NOW + 2 * HOUR)
    assert (gone.state, gone.asked_reason, promise_of(duty).state) == (
        "withdrawn",
        "個人データは含まれない",
        "withdrawn",
    )
    with pytest.raises(Refused) as refused:
        actions.fulfil(duty.id, at=NOW + HOUR, reference="1", by=actors["lead"], now=NOW + 3 * HOUR)
    assert refused.value.code == "duty.ended"


def test_a_withdrawal_may_be_turned_down(actors, second):
    _, [duty] = answered(actors)
    actions.ask_withdrawal(duty.id, reason="x", by=actors["lead"], now=NOW + HOUR)
    kept = actions.keep_on(duty.id, reason="氏名が含まれる", by=second, now=NOW + HOUR)
    assert (kept.state, kept.asked_reason, promise_of(duty).state) == ("open", "", "open")


def test_neither_the_ledger_nor_the_end_of_the_incident_ends_a_duty(actors):
    incident, [duty] = answered(actors)
    with pytest.raises(Refused) as refused:
        promises.withdraw(promise_of(duty).pk, reason="x", by=actors["lead"], now=NOW + HOUR)
    assert refused.value.code == "promise.guarded"
    case_actions.dismiss(incident.id, reason="false alarm", by=actors["lead"], now=NOW + 2 * HOUR)
    assert (promise_of(duty).state, queries.duty(duty.id, incident.id).state) == ("open", "open")


def test_an_incident_closes_while_a_duty_runs_on(actors):
    incident, [duty] = answered(actors)
    case_actions.restore(incident.id, proof="ok", by=actors["lead"], now=NOW + 2 * HOUR)
    for one in Promise.objects.filter(incident=incident.id, state="open").exclude(pk=promise_of(duty).pk):
        promises.drop_one(one.pk, reason="x", by=actors["lead"], now=NOW + 2 * HOUR)
    closed = case_actions.close(incident.id, by=actors["lead"], now=NOW + 3 * HOUR)
    assert (closed.state, promise_of(duty).state) == ("closed", "open")


def test_an_outsider_of_a_restricted_incident_answers_nothing(actors):
    incident, [duty] = answered(actors)
    case_actions.set_restricted(incident.id, True, by=actors["lead"], now=NOW + HOUR)
    assert promise_of(duty).restricted
    before = counts()
    for act in (
        lambda: actions.answer(incident.id, YES, reason="x", by=actors["colleague"], now=NOW + HOUR),
        lambda: actions.fulfil(duty.id, at=NOW, reference="1", by=actors["colleague"], now=NOW + HOUR),
    ):
        with pytest.raises(Missing):
            act()
    assert counts() == before
    assert queries.due_soon(actors["colleague"], NOW + 60 * HOUR) == []
    assert [one.id for one in queries.due_soon(actors["lead"], NOW + 60 * HOUR)] == [duty.id]


def test_only_the_next_day_and_what_is_overdue_stands_on_the_board(actors):
    _, [duty] = answered(actors)

    def found(hours):
        return [one.id for one in queries.due_soon(actors["watcher"], NOW + hours * HOUR)]

    assert (found(47), found(48), found(100)) == ([], [duty.id], [duty.id])


def test_a_drill_stands_on_no_board(actors):
    _, [duty] = answered(actors, drill=True)
    assert promise_of(duty).drill
    assert queries.due_soon(actors["watcher"], NOW + 60 * HOUR) == []


def test_rights_and_stale_answers(actors):
    incident, before = declared(actors["lead"]), counts()
    with pytest.raises(Refused) as refused:
        actions.answer(incident.id, YES, by=actors["watcher"], now=NOW + HOUR)
    assert refused.value.code == "rights.missing"
    with pytest.raises(Refused) as refused:
        actions.answer(incident.id, YES, seen=1, by=actors["colleague"], now=NOW + HOUR)
    assert refused.value.code == "duty.answered_meanwhile"
    assert (Exposure.objects.count(), Duty.objects.count()) == before[:2]


# -- operators' own rules -------------------------------------------------------------------------------------------

RULE = {"kind": "authority_notice", "name": Text("業法の報告", "Sector report"), "source": "業法 第1条", "amount": 24,
        "unit": "hours"}  # fmt: skip


def test_an_own_rule_is_versioned_and_changes_no_duty_that_runs(actors):
    assert actions.add_rule("sector", **RULE, by=actors["admin"], now=NOW) == 1
    incident, [duty] = answered(actors, Answer("yes", NOW, ("own:sector",)))
    assert actions.add_rule("sector", **{**RULE, "amount": 12}, by=actors["admin"], now=NOW + HOUR) == 2
    again = queries.duty(duty.id, incident.id)
    assert (again.version, again.due_at, [law.amount for law in queries.own_rules()]) == (1, NOW + 24 * HOUR, [12])
    actions.end_rule("sector", by=actors["admin"], now=NOW + 2 * HOUR)
    assert (queries.own_rules(), DutyRule.objects.count(), queries.jurisdictions().keys()) == ([], 3, {"jp", "eu"})


def test_a_rule_of_a_contract_needs_no_tick(actors):
    one = organisation()
    rule = {**RULE, "kind": "controller_notice", "organisation_id": one.pk}
    actions.add_rule("towa", **rule, by=actors["admin"], now=NOW)
    _, found = answered(actors, replace(YES, jurisdictions=()), organisation_ids=[one.pk])
    assert [(duty.rule, promise_of(duty).owed_to_id) for duty in found] == [("own:towa", one.pk)]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "party"}, "duty.unknown_rule"),
        ({"unit": "weeks"}, "duty.unknown_rule"),
        ({"amount": 0}, "field.not_a_number"),
        ({"amount": 9000}, "field.not_a_number"),
        ({"zone": "Mars/Base"}, "time.unknown_zone"),
        ({"name": Text()}, "field.missing"),
        ({"source": ""}, "field.missing"),
        ({"organisation_id": 999999}, "incident.unknown_organisation"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(actors, given, code):
    with pytest.raises(Refused) as refused:
        actions.add_rule("sector", **{**RULE, **given}, by=actors["admin"], now=NOW)
    assert (refused.value.code, DutyRule.objects.count()) == (code, 0)
    with pytest.raises(Refused):
        actions.add_rule("Bad Code", **RULE, by=actors["admin"], now=NOW)
    with pytest.raises(Refused):
        actions.add_rule("sector", **RULE, by=actors["lead"], now=NOW)
