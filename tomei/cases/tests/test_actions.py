"""Verbs against rows: what holds afterwards, what is refused, and that a refusal changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.people import NOW, person
from tomei.accounts import doors
from tomei.cases import actions, queries, timeline
from tomei.cases.models import Case, Entry, Incident
from tomei.cases.tests.factories import MINUTE, component, declared, organisation, product
from tomei.kernel import events
from tomei.kernel.errors import Missing, Refused, Stale
from tomei.promises import actions as promise_actions
from tomei.promises import queries as promises

pytestmark = pytest.mark.django_db


def kinds(incident_id):
    return sorted(f"{one.kind} {one.about}".strip() for one in promises.open_of(incident_id))


def heads():
    return list(Incident.objects.order_by("pk").values_list("state", "severity", "owner_id", "seq", "head"))


@pytest.fixture
def heard(monkeypatch):
    """Names and facts of the events that were emitted."""
    found = []
    real = events.emit

    def emit(name, *, now, **facts):
        found.append((name, facts))
        real(name, now=now, **facts)

    monkeypatch.setattr(events, "emit", emit)
    return found


@pytest.fixture
def burning(house, by_lead, lead):
    """SEV2 with two customers, one component, owned by the lead."""
    towa, kitahama = organisation("東和精機"), organisation("北浜フーズ")
    part = component(product(owner=lead, top_tier=lead), used_by=[towa, kitahama])
    return declared(by_lead, component_ids=[part.pk])


def test_the_way_to_closed(burning, by_lead, heard):
    at = NOW + MINUTE
    for move, state in (("identify", "identified"), ("mitigate", "mitigating"), ("monitor", "monitoring")):
        burning = actions.move(burning.id, move, seen=burning.state_v, by=by_lead, now=at)
        assert burning.state == state
    with pytest.raises(Refused, match=r"incident\.no_proof"):
        actions.move(burning.id, "restore", seen=burning.state_v, by=by_lead, now=at)
    back = actions.restore(burning.id, proof="失敗 0 件が10分", seen=burning.state_v, by=by_lead, now=at + MINUTE)
    assert (back.state, back.restored_at, back.mitigated_at) == ("restored", at + MINUTE, at)
    assert [one.until_at for one in queries.components_of(back.id)] == [at + MINUTE]
    assert kinds(back.id) == ["first_notice"]  # what only a running failure owes is gone
    with pytest.raises(Refused) as refused:
        actions.close(back.id, by=by_lead, now=at + MINUTE)
    assert (refused.value.code, refused.value.facts) == ("incident.open_cases", {"count": 2, "promises": 1})
    first, second = queries.cases_of(back.id)
    actions.resume_case(first.id, by=by_lead, now=at + 2 * MINUTE)
    actions.close_case(first.id, line="受け入れ", by=by_lead, now=at + 3 * MINUTE)
    actions.hand_on_case(second.id, remaining_owner="高橋", by=by_lead, now=at + 3 * MINUTE)
    with pytest.raises(Refused) as refused:
        actions.close(back.id, by=by_lead, now=at + 4 * MINUTE)
    assert refused.value.code == "incident.open_promises"
    promise_actions.keep("first_notice", incident_id=back.id, now=at + 4 * MINUTE, by=by_lead)
    done = actions.close(back.id, by=by_lead, now=at + 5 * MINUTE)
    assert (done.state, done.closed_at, done.next_due_at, done.overdue) == ("closed", at + 5 * MINUTE, None, 0)
    assert timeline.verify(done.id).holds
    said = [name for name, _ in heard if name.startswith("incident.")]
    assert said == ["incident.moved"] * 4 + ["incident.restored", "incident.moved", "incident.closed"]


def test_a_told_report_does_not_hold_the_incident_open(burning, house, by_lead):
    actions.restore(burning.id, proof="ok", by=by_lead, now=NOW + MINUTE)
    promise_actions.keep("first_notice", incident_id=burning.id, now=NOW + MINUTE, by=by_lead)
    for case in queries.cases_of(burning.id):
        actions.close_case(case.id, by=by_lead, now=NOW + MINUTE)
    due = NOW + timedelta(days=5)
    promise_actions.make("report", incident_id=burning.id, owed_by=house.pk, rank=2, due_at=due, told=True, by=by_lead,
                         now=NOW + MINUTE)  # fmt: skip
    assert actions.close(burning.id, by=by_lead, now=NOW + 2 * MINUTE).state == "closed"
    assert kinds(burning.id) == ["report"]


def test_reopening_starts_the_clocks_again(burning, by_lead):
    actions.restore(burning.id, proof="ok", by=by_lead, now=NOW + MINUTE)
    with pytest.raises(Refused, match=r"incident\.no_reason"):
        actions.move(burning.id, "reopen", by=by_lead, now=NOW + 2 * MINUTE)
    again = actions.reopen(burning.id, reason="再発", by=by_lead, now=NOW + 2 * MINUTE)
    assert (again.state, again.restored_at) == ("investigating", None)
    assert kinds(again.id) == [
        "first_notice",
        "role_filled role:commander",
        "role_filled role:communications",
        "role_filled role:scribe",
        "silence",
        "silence",
        "top_tier",
    ]
    assert [one.until_at for one in queries.components_of(again.id)] == [NOW + MINUTE, None]


def test_reopening_leaves_alone_what_was_taken_off(burning, by_lead):
    """Found by the walk of `test_history`: every component that ever hurt came back."""
    actions.edit_affected(burning.id, components={}, by=by_lead, now=NOW + MINUTE)
    actions.restore(burning.id, proof="ok", by=by_lead, now=NOW + 2 * MINUTE)
    actions.reopen(burning.id, reason="再発", by=by_lead, now=NOW + 3 * MINUTE)
    assert [one.until_at for one in queries.components_of(burning.id)] == [NOW + MINUTE]


def test_declared_in_error_says_who_was_told(burning, by_lead, heard):
    first, second = queries.cases_of(burning.id)
    actions.spoke(burning.id, [first.organisation_id], line="影響あり", by=by_lead, now=NOW + MINUTE)
    gone = actions.dismiss(burning.id, reason="試験環境だった", by=by_lead, now=NOW + 2 * MINUTE)
    assert (gone.state, kinds(gone.id), queries.cases_of(gone.id)) == ("dismissed", [], [])
    [facts] = [facts for name, facts in heard if name == "incident.dismissed"]
    assert facts["told_organisation_ids"] == [first.organisation_id]
    back = actions.reopen(gone.id, reason="本番だった", by=by_lead, now=NOW + 3 * MINUTE)
    assert [case.id for case in queries.cases_of(back.id)] == [first.id, second.id]


def test_two_commanders_the_second_is_told_who_was_first(burning, by_lead):
    second = doors.actor(person("山田 桜", "second@tomei.test", "commander"))
    actions.move(burning.id, "mitigate", seen=0, by=by_lead, now=NOW + MINUTE)
    before = heads()
    with pytest.raises(Stale) as stale:
        actions.move(burning.id, "identify", seen=0, by=second, now=NOW + 2 * MINUTE)
    assert (stale.value.code, stale.value.facts["who"], stale.value.facts["value"]) == (
        "incident.changed_meanwhile",
        "佐藤 明",
        "mitigating",
    )
    actions.set_severity(burning.id, "SEV1a", seen=0, by=second, now=NOW + 2 * MINUTE)
    with pytest.raises(Stale) as stale:
        actions.set_severity(burning.id, "SEV1b", seen=0, by=by_lead, now=NOW + 3 * MINUTE)
    assert (stale.value.facts["who"], stale.value.facts["value"]) == ("山田 桜", "SEV1a")
    assert before != heads() and queries.incident(burning.id).severity == "SEV1a"


def test_raising_shortens_what_is_owed_and_told_times_stand(burning, house, by_lead):
    told = promise_actions.make("next_update", incident_id=burning.id, owed_by=house.pk, audience="public", rank=2,
                                due_at=NOW + 30 * MINUTE, told=True, by=by_lead, now=NOW)  # fmt: skip
    at = NOW + MINUTE
    up = actions.set_severity(burning.id, "SEV1a", seen=0, by=by_lead, now=at)
    due = {(one.kind, one.about): one.due_at for one in promises.open_of(up.id)}
    assert due == {
        ("first_notice", ""): at + 5 * MINUTE,
        ("silence", ""): at + 15 * MINUTE,
        ("role_filled", "role:commander"): at + 5 * MINUTE,
        ("role_filled", "role:communications"): at + 10 * MINUTE,
        ("role_filled", "role:scribe"): at + 15 * MINUTE,
        ("role_filled", "role:sponsor"): NOW + 30 * MINUTE,
        ("top_tier", ""): NOW + 120 * MINUTE,
        ("next_update", ""): NOW + 30 * MINUTE,
    }
    assert promises.by_ids([told])[told].told
    assert up.next_due_at == at + 5 * MINUTE
    assert {one.rank for one in promises.open_of(up.id)} == {0}


def test_lowering_lengthens_nothing(burning, by_lead):
    owed = {one.id: one.due_at for one in promises.open_of(burning.id)}
    for case in queries.cases_of(burning.id):
        actions.set_case_severity(case.id, "SEV4", reason="回避策", by=by_lead, now=NOW + MINUTE)
    down = actions.set_severity(burning.id, "SEV4", seen=0, reason="回避策あり", by=by_lead, now=NOW + MINUTE)
    assert (down.severity, {one.id: one.due_at for one in promises.open_of(down.id)}) == ("SEV4", owed)


def test_a_case_lifts_its_incident(burning, by_lead, by_colleague):
    case = queries.cases_of(burning.id)[0]
    actions.set_case_severity(case.id, "SEV1a", by=by_colleague, now=NOW + MINUTE)
    assert queries.incident(burning.id).severity == "SEV1a"
    with pytest.raises(Refused) as refused:
        actions.set_severity(burning.id, "SEV2", reason="r", by=by_lead, now=NOW + MINUTE)
    assert refused.value.code == "incident.below_case"
    codes = list(Entry.objects.filter(incident=burning.id).order_by("seq").values_list("code", flat=True))
    assert codes == ["declared", "case.severity", "severity.raised"]


def test_a_slip_in_severity_is_undone(burning, by_lead, by_colleague):
    before = kinds(burning.id)
    due = sorted(one.due_at for one in promises.open_of(burning.id))
    actions.set_severity(burning.id, "SEV1a", seen=0, by=by_lead, now=NOW)
    with pytest.raises(Refused, match=r"undo\.nothing"):
        actions.undo(burning.id, by=by_colleague, now=NOW)
    with pytest.raises(Refused, match=r"undo\.too_late"):
        actions.undo(burning.id, by=by_lead, now=NOW + timedelta(seconds=11))
    back = actions.undo(burning.id, "severity", by=by_lead, now=NOW + timedelta(seconds=10))
    assert (back.severity, back.rank, kinds(back.id)) == ("SEV2", 2, before)
    assert sorted(one.due_at for one in promises.open_of(burning.id)) == due
    with pytest.raises(Refused, match=r"undo\.overtaken"):
        actions.undo(burning.id, by=by_lead, now=NOW + timedelta(seconds=10))
    assert timeline.verify(back.id).holds


def test_roles_and_the_one_who_is_accountable(burning, by_lead, by_colleague, by_watcher, colleague, lead):
    with pytest.raises(Refused, match=r"rights\.missing"):
        actions.take_role(burning.id, "scribe", by=by_watcher, now=NOW)
    taken = actions.take_role(burning.id, "commander", seen=0, by=by_colleague, now=NOW)
    assert (taken.owner_id, queries.holders(taken.id)) == (colleague.pk, {"commander": [colleague.pk]})
    assert "role_filled role:commander" not in kinds(taken.id)
    assert {one.owner_id for one in promises.open_of(taken.id) if one.kind != "top_tier"} == {colleague.pk}
    with pytest.raises(Stale) as stale:
        actions.take_role(burning.id, "commander", seen=0, by=by_lead, now=NOW)
    assert "Anna Kovač" in stale.value.facts["value"]
    actions.take_role(burning.id, "scribe", seen=0, by=by_lead, now=NOW)  # another role: not stale
    third = doors.actor(person("三田 光", "third@tomei.test", "responder"))
    with pytest.raises(Refused, match=r"rights\.missing"):
        actions.take_role(burning.id, "commander", by=third, now=NOW)
    over = actions.take_role(burning.id, "commander", by=by_lead, now=NOW)
    assert (over.owner_id, queries.holders(over.id)["commander"]) == (lead.pk, [lead.pk])
    actions.take_role(burning.id, "deputy", by=third, now=NOW)
    left = actions.leave_role(burning.id, "commander", by=by_lead, now=NOW + MINUTE)
    assert left.owner_id == third.id
    assert "role_filled role:commander" in kinds(left.id)
    last = actions.leave_role(burning.id, "deputy", by=third, now=NOW + MINUTE)
    assert last.owner_id == lead.pk  # the product's owner


def test_undo_of_a_role_gives_it_back(burning, by_lead, by_colleague, colleague, lead):
    actions.take_role(burning.id, "commander", by=by_colleague, now=NOW)
    actions.take_role(burning.id, "commander", by=by_lead, now=NOW + MINUTE)
    back = actions.undo(burning.id, "role", by=by_lead, now=NOW + MINUTE)
    assert (back.owner_id, queries.holders(back.id)) == (colleague.pk, {"commander": [colleague.pk]})


def test_who_leaves_us_hands_over(burning, by_colleague, by_lead, colleague, lead):
    actions.take_role(burning.id, "commander", by=by_colleague, now=NOW)
    actions.take_role(burning.id, "expert", by=by_colleague, now=NOW)
    type(colleague).objects.filter(pk=colleague.pk).update(is_active=False)
    assert actions.person_left(colleague.pk, lead.pk, now=NOW + MINUTE) == [burning.id]
    assert queries.holders(burning.id) == {"commander": [lead.pk], "expert": [lead.pk]}
    assert queries.incident(burning.id).owner_id == lead.pk


def test_a_word_keeps_silence_and_begins_it_anew(burning, by_lead, heard):
    first, second = queries.cases_of(burning.id)
    at = NOW + 3 * MINUTE
    actions.spoke(burning.id, [first.organisation_id], with_whom="山本様", line="状況を説明", by=by_lead, now=at)
    silent = {one.owed_to_id: one.due_at for one in promises.open_of(burning.id) if one.kind == "silence"}
    assert silent == {first.organisation_id: at + 30 * MINUTE, second.organisation_id: NOW + 30 * MINUTE}
    kept = [one for one in promises.of_incident(burning.id) if one.kind == "silence" and one.state == "kept"]
    assert [one.owed_to_id for one in kept] == [first.organisation_id]
    facts = queries.incident(burning.id)
    assert (facts.last_word_at, facts.first_notice_at) == (at, at)
    assert "first_notice" in kinds(burning.id)  # one of two was told
    assert actions.word_to(None, burning.id, at + MINUTE) == [first.organisation_id, second.organisation_id]
    assert "first_notice" not in kinds(burning.id)
    rows = queries.silence_rows(by_lead)
    assert [(row.organisation_id, row.due_at, row.limit_s) for row in rows] == [
        (first.organisation_id, at + 31 * MINUTE, 1800),
        (second.organisation_id, at + 31 * MINUTE, 1800),
    ]
    assert [name for name, _ in heard if name == "customer.spoken_to"] == ["customer.spoken_to"]
    with pytest.raises(Refused, match=r"spoke\.not_affected"):
        actions.spoke(burning.id, [999], by=by_lead, now=at)
    with pytest.raises(Refused, match=r"spoke\.nobody"):
        actions.spoke(burning.id, [], by=by_lead, now=at)


def test_notes_files_and_their_audience(burning, by_lead, by_watcher):
    one = actions.note(burning.id, "山本様は落ち着いている", by=by_lead, now=NOW + MINUTE)
    assert (one.code, one.audience, one.seq) == ("note.note", "internal", 2)
    two = actions.note(burning.id, "CSV で出荷できます", audience="customer", kind="fact", by=by_lead, now=NOW + MINUTE)
    assert (two.code, two.audience) == ("note.fact", "customer")
    for given, code in (
        ({"body": " "}, "field.missing"),
        ({"body": "x", "file_ids": [7]}, "note.unknown_file"),
        ({"body": "x", "kind": "poem"}, "note.unknown_kind"),
        ({"body": "x", "audience": "press"}, "timeline.unknown_audience"),
        ({"body": "x", "at": NOW + timedelta(days=1)}, "time.in_future"),
    ):
        with pytest.raises(Refused) as refused:
            actions.note(burning.id, **given, by=by_lead, now=NOW + MINUTE)
        assert refused.value.code == code
    with pytest.raises(Refused, match=r"rights\.missing"):
        actions.note(burning.id, "x", by=by_watcher, now=NOW)
    assert queries.incident(burning.id).seq == 3


def test_a_threat_alerts_the_account_owner(burning, by_lead, lead, heard):
    case = queries.cases_of(burning.id)[0]
    type(lead).objects.get(pk=lead.pk)
    actions.threat(case.id, "解約も検討する", by=by_lead, now=NOW + MINUTE)
    assert queries.case(case.id).threatened_at == NOW + MINUTE
    [facts] = [facts for name, facts in heard if name == "customer.threatened"]
    assert (facts["organisation_id"], facts["account_owner_id"]) == (case.organisation_id, None)


def test_stamps_are_corrected_by_an_entry(burning, by_lead):
    began = NOW - 10 * MINUTE
    actions.stamp(burning.id, "began", at=began, by=by_lead, now=NOW)
    after = actions.stamp(burning.id, "began", at=began - MINUTE, by=by_lead, now=NOW)
    assert after.began_at == began - MINUTE
    assert [one.since_at for one in queries.components_of(after.id)] == [began - MINUTE]
    last = Entry.objects.filter(incident=burning.id).order_by("-seq")[0]
    assert (last.code, list(last.data["was"]["stamps"])) == ("stamped", ["began"])
    for name, at, code in (
        ("lunch", NOW, "stamp.unknown"),
        ("restored", NOW, "stamp.by_verb"),
        ("began", NOW + MINUTE, "time.in_future"),
    ):
        with pytest.raises(Refused) as refused:
            actions.stamp(burning.id, name, at=at, by=by_lead, now=NOW)
        assert refused.value.code == code


def test_restricted_is_found_by_role_holders_and_administrators_only(
    burning, by_lead, by_colleague, by_admin, by_watcher, colleague
):
    hidden = actions.set_restricted(burning.id, True, by=by_lead, now=NOW)
    case = queries.cases_of(hidden.id)[0]
    assert queries.by_number(1, by_lead).id == queries.by_number("inc-1", by_admin).id == hidden.id
    for outside in (by_colleague, by_watcher):
        for door in (
            lambda by: queries.by_number(1, by),
            lambda by: queries.case_by_number(case.number, by),
            lambda by: actions.note(hidden.id, "x", by=by_colleague, now=NOW),
        ):
            with pytest.raises(Missing):
                door(outside)
        assert queries.open_incidents(outside) == [] == queries.silence_rows(outside)
        assert queries.page(queries.Filters("all"), outside).items == []
    actions.take_role(hidden.id, "expert", user_id=colleague.pk, by=by_lead, now=NOW)
    assert queries.by_number(1, by_colleague).id == hidden.id
    assert queries.held_restricted(colleague.pk) == {hidden.id}
    assert {one.restricted for one in promises.open_of(hidden.id)} == {True}


def test_cases_alone_and_linked(burning, by_lead, by_colleague):
    alone = actions.add_case(
        None, organisation("三崎物流").pk, severity="SEV1a", words="注文が届かない", by=by_lead, now=NOW
    )
    assert (alone.key, alone.incident_id) == ("CASE-3", None)
    [owed] = promises.open_of_case(alone.id)
    assert (owed.kind, owed.due_at) == ("acknowledgement", NOW + 5 * MINUTE)
    linked = actions.link_case(alone.id, burning.id, by=by_lead, now=NOW + MINUTE)
    assert (linked.incident_id, queries.incident(burning.id).severity) == (burning.id, "SEV1a")
    actions.acknowledge_case(alone.id, by=by_lead, now=NOW + MINUTE)
    assert promises.open_of_case(alone.id) == []
    with pytest.raises(Refused, match=r"case\.linked_already"):
        actions.link_case(alone.id, burning.id, by=by_lead, now=NOW + MINUTE)
    with pytest.raises(Refused, match=r"case\.there_already"):
        actions.add_case(burning.id, alone.organisation_id, by=by_lead, now=NOW + MINUTE)
    assert timeline.verify(case_id=alone.id).holds and timeline.verify(burning.id).holds


def test_the_affected_are_edited_until_they_were_told(burning, by_lead):
    first, _ = queries.cases_of(burning.id)
    new = organisation("三崎物流").pk
    actions.edit_affected(burning.id, organisation_ids=[first.organisation_id, new], by=by_lead, now=NOW)
    assert [case.organisation_id for case in queries.cases_of(burning.id)] == [first.organisation_id, new]
    assert {one.owed_to_id for one in promises.open_of(burning.id) if one.kind == "silence"} == {
        first.organisation_id,
        new,
    }
    actions.spoke(burning.id, [new], by=by_lead, now=NOW)
    before = heads()
    with pytest.raises(Refused) as refused:
        actions.edit_affected(burning.id, organisation_ids=[first.organisation_id], by=by_lead, now=NOW)
    assert (refused.value.code, heads()) == ("case.told_already", before)
    part = queries.components_of(burning.id)[0].component_id
    actions.edit_affected(burning.id, components={part: "degraded"}, by=by_lead, now=NOW + MINUTE)
    assert [(one.impact, one.until_at) for one in queries.components_of(burning.id)] == [
        ("partial", NOW + MINUTE),
        ("degraded", None),
    ]


def test_a_duplicate_gives_its_cases_to_the_original(burning, by_lead):
    first, _ = queries.cases_of(burning.id)
    new = organisation("三崎物流").pk
    twin = declared(by_lead, organisation_ids=[first.organisation_id, new], severity="SEV1b")
    gone = actions.duplicate(twin.id, burning.id, by=by_lead, now=NOW + MINUTE)
    assert (gone.state, gone.duplicate_of_id, kinds(gone.id)) == ("dismissed", burning.id, [])
    assert sorted(case.organisation_id for case in queries.cases_of(burning.id))[-1] == new
    assert len(queries.cases_of(burning.id)) == 3
    assert queries.incident(burning.id).severity == "SEV1b"
    for one in (twin.id, burning.id):
        assert timeline.verify(one).holds
    for case in queries.cases_of(burning.id, withdrawn=True):
        assert timeline.verify(case_id=case.id).holds
    with pytest.raises(Refused, match=r"incident\.duplicate_circle"):
        actions.duplicate(burning.id, burning.id, by=by_lead, now=NOW)


def test_a_drill_may_be_marked_until_somebody_was_told(burning, by_lead):
    actions.set_drill(burning.id, True, by=by_lead, now=NOW)
    assert {one.drill for one in promises.open_of(burning.id)} == {True}
    actions.set_drill(burning.id, False, by=by_lead, now=NOW)
    actions.word_to(None, burning.id, NOW)
    with pytest.raises(Refused, match=r"incident\.told_already"):
        actions.set_drill(burning.id, True, by=by_lead, now=NOW)


def test_a_slower_cadence_is_agreed_and_stretches_silence(burning, by_lead):
    actions.set_severity(burning.id, "SEV1b", by=by_lead, now=NOW)
    with pytest.raises(Refused, match=r"cadence\.not_agreed"):
        actions.announce_cadence(burning.id, 86400, by=by_lead, now=NOW)
    actions.announce_cadence(burning.id, 86400, agreed=True, by=by_lead, now=NOW)
    actions.word_to(None, burning.id, NOW + MINUTE)
    assert {one.due_at for one in promises.open_of(burning.id) if one.kind == "silence"} == {
        NOW + MINUTE + timedelta(days=1)
    }


def test_erasing_the_words_of_a_customer_takes_them_from_the_case_too(burning, by_lead, by_admin):
    [case, *others] = queries.cases_of(burning.id)
    actions.describe_case(case.id, words="山田様より", stop="出荷", by=by_lead, now=NOW)
    [entry] = Entry.objects.filter(case=case.id, code="case.described")
    timeline.erase(None, entry.seq, case_id=case.id, reason="本人の請求", by=by_admin, now=NOW + MINUTE)
    row = Case.objects.get(pk=case.id)
    assert (row.words, row.stop) == ("", "")
    assert queries.cases_of(burning.id)[1:] == others


def test_erasure_takes_the_body_and_leaves_the_chain(burning, by_lead, by_admin):
    one = actions.note(burning.id, "個人名を含む", by=by_lead, now=NOW)
    with pytest.raises(Refused, match=r"rights\.missing"):
        timeline.erase(burning.id, one.seq, reason="請求", by=by_lead, now=NOW)
    timeline.erase(burning.id, one.seq, reason="本人の請求", by=by_admin, now=NOW + MINUTE)
    row = Entry.objects.get(incident=burning.id, seq=one.seq)
    assert (row.body, row.salt, row.body_hash) == ("", "", one.body_hash)
    assert timeline.verify(burning.id).holds
    with pytest.raises(Refused, match=r"timeline\.nothing_to_erase"):
        timeline.erase(burning.id, one.seq, reason="again", by=by_admin, now=NOW + MINUTE)
    Entry.objects.filter(pk=row.pk).update(code="note.fact")
    assert timeline.verify(burning.id).broken_at == one.seq
