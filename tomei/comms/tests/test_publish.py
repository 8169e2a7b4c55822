"""Publishing: what is written, kept and promised, and that a refusal changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.people import NOW
from tomei.cases import history
from tomei.cases import queries as cases
from tomei.comms import actions, queries
from tomei.comms.rules import Cadence, Estimate
from tomei.comms.tests.factories import MINUTE, contact, rows, update, words, world
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text
from tomei.promises import queries as promises

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(house: Any, lead: Any, by_lead: Actor) -> Any:
    return world(by_lead, owner=lead)


def publish(here: Any, by: Actor, *, now: Any = NOW, confirmed: bool = True, **given: Any) -> Any:
    return actions.publish(here.incident.id, update(now, **given), by=by, now=now, confirmed=confirmed)


def mails() -> list[Any]:
    return list(rows("delivery", "Message").filter(purpose="update").order_by("address"))


def owed(here: Any, kind: str) -> list[tuple[str, str, Any]]:
    found = [one for one in promises.of_incident(here.incident.id) if one.kind == kind]
    return [(one.audience, one.state, one.due_at) for one in found]


def unchanged(here: Any) -> bool:
    return not rows("comms", "Update").exists() and not mails() and cases.incident(here.incident.id).updates == 0


def test_the_first_notice_is_kept_and_the_next_time_promised_per_audience(here: Any, by_lead: Actor) -> None:
    told = publish(here, by_lead)
    assert (told.number, told.kind, told.languages, told.unapproved) == (1, "update", ("ja", "en"), False)
    assert owed(here, "first_notice") == [("affected", "kept", NOW + 5 * MINUTE)]
    assert owed(here, "next_update") == [
        ("affected", "open", NOW + 15 * MINUTE),
        ("internal", "open", NOW + 15 * MINUTE),
    ]
    assert owed(here, "scope_notice") == [("affected", "open", NOW + 10 * MINUTE)]
    row = cases.incident(here.incident.id)
    assert (row.updates, row.first_notice_at, row.last_word_at) == (1, NOW, NOW)
    assert all(one.told for one in promises.open_of(here.incident.id) if one.kind == "next_update")


def test_every_contact_gets_one_mail_in_their_language(here: Any, by_lead: Actor, lead: Any) -> None:
    told = publish(here, by_lead)
    assert [one.address for one in mails()] == ["ceo@towa.test", "it@towa.test", lead.email, "ops@towa.test"]
    ja, en = (
        rows("delivery", "Message").get(address=address, purpose="update")
        for address in ("it@towa.test", "ops@towa.test")
    )
    assert ja.subject == "[INC-1] 出荷できない: 第1報 調査中"
    assert en.subject == "[INC-1] Shipping fails: Update 1: Investigating"
    assert "次の報告: 14:15 JST (05:15 UTC) まで" in ja.text
    assert "Next update by 14:15 JST (05:15 UTC)" in en.text
    assert en.text.index("60 % of shipments fail.") < en.text.index("出荷の6割が失敗しています。")
    assert f"記録 {told.head}" in ja.text
    assert ja.headers["References"] == en.headers["References"]
    assert ja.key == f"update:{told.id}:contact:{rows('customers', 'Contact').get(mail='it@towa.test').pk}"


def test_who_cannot_be_written_to_has_heard_nothing(here: Any, by_lead: Actor) -> None:
    told = publish(here, by_lead)
    reach = {one.organisation_id: one.messages for one in queries.reach_of([told.id])[told.id]}
    assert reach == {here.towa.pk: 3, here.aoba.pk: 0}
    heard = {one.organisation_id: one.last_word_at for one in cases.cases_of(here.incident.id)}
    assert heard == {here.towa.pk: NOW, here.aoba.pk: None}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"next_at": None}, "update.no_next_time"),
        ({"next_at": NOW}, "update.next_in_past"),
        ({"next_at": NOW + 15 * MINUTE + timedelta(seconds=1)}, "update.next_too_late"),
        ({"parts": {}}, "update.empty"),
        ({"parts": {"ask": Text("ログをください", "Send logs")}}, "update.no_effect"),
        ({"parts": {"effect": Text("止まっています", ""), "doing": Text("", "We act")}}, "update.half_translated"),
        ({"parts": {"rumour": Text("a", "a")}}, "update.unknown_part"),
        ({"parts": {"effect": Text("あ" * 5001, "a")}}, "update.too_long"),
        ({"audiences": ()}, "update.no_audience"),
        ({"audiences": ("everybody",)}, "update.unknown_audience"),
        ({"audiences": ("customer:99",)}, "update.not_affected"),
        ({"state": "restored"}, "update.no_proof"),
        ({"state": "closed"}, "update.not_now"),
        ({"state": "broken"}, "update.unknown_state"),
        ({"kind": "rumour"}, "update.unknown_kind"),
        ({"cadence": Cadence(3600)}, "update.cadence_not_agreed"),
        ({"cadence": Cadence(60)}, "update.cadence_not_slower"),
        ({"parts": words(en="We will be back soon.")}, "update.guard"),
        ({"estimate": Estimate(NOW, NOW + MINUTE, Text(), "high")}, "estimate.no_basis"),
    ],
)
def test_a_refusal_changes_nothing(here: Any, by_lead: Actor, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        publish(here, by_lead, **given)
    assert refused.value.code == code
    assert unchanged(here)


def test_too_late_names_the_latest_time(here: Any, by_lead: Actor) -> None:
    with pytest.raises(Refused) as refused:
        publish(here, by_lead, next_at=NOW + 60 * MINUTE)
    assert refused.value.facts["latest"] == "2026-11-18T05:15:00Z"


def test_a_finding_goes_out_with_a_reason_that_is_recorded(here: Any, by_lead: Actor) -> None:
    with pytest.raises(Refused) as refused:
        publish(here, by_lead, parts=words(en="We will be back soon."))
    [finding] = refused.value.facts["findings"]
    told = publish(here, by_lead, parts=words(en="We will be back soon."), overrules={finding["key"]: "They asked."})
    [kept] = told.overruled
    assert (kept["guard"], kept["language"], kept["match"], kept["reason"]) == ("vague", "en", "soon", "They asked.")


def test_the_first_send_to_many_asks_once(here: Any, by_lead: Actor) -> None:
    with pytest.raises(Refused) as refused:
        publish(here, by_lead, confirmed=False)
    facts = refused.value.facts
    assert (refused.value.code, facts["people"], facts["organisations_count"], facts["without_count"]) == (
        "update.confirm", 4, 2, 1,
    )  # fmt: skip
    assert unchanged(here)
    publish(here, by_lead)
    publish(here, by_lead, now=NOW + MINUTE, confirmed=False, parts=words("復旧を3割確認しました。", "30 % are back."))


def test_a_responder_needs_approval_until_two_minutes_before(here: Any, by_colleague: Actor) -> None:
    with pytest.raises(Refused) as refused:
        publish(here, by_colleague, now=NOW + 2 * MINUTE)
    assert (refused.value.code, refused.value.facts) == (
        "update.needs_approval",
        {"alone_from": "2026-11-18T05:03:00Z"},
    )
    assert unchanged(here)
    told = publish(here, by_colleague, now=NOW + 3 * MINUTE)
    assert told.unapproved


def test_nothing_outside_needs_no_approval_and_is_no_first_notice(here: Any, by_colleague: Actor) -> None:
    told = publish(here, by_colleague, audiences=("internal",))
    assert not told.unapproved
    assert cases.incident(here.incident.id).first_notice_at is None
    assert owed(here, "first_notice") == [("affected", "open", NOW + 5 * MINUTE)]


def test_an_observer_sends_nothing(here: Any, by_watcher: Actor) -> None:
    with pytest.raises(Refused) as refused:
        publish(here, by_watcher)
    assert (refused.value.code, unchanged(here)) == ("rights.missing", True)


def test_one_language_goes_out_and_the_other_becomes_a_promise(here: Any, by_lead: Actor, by_colleague: Actor) -> None:
    told = publish(here, by_lead, parts=words(en=""))
    due = NOW + 15 * MINUTE
    assert (told.languages, told.translation_due_at, owed(here, "translation")) == (("ja",), due, [("en", "open", due)])
    english = rows("delivery", "Message").get(address="ops@towa.test", about=f"update:{told.id}")
    assert english.text.startswith("The English text follows by 14:15 JST (05:15 UTC).")
    done = actions.translate(told.id, "en", {"effect": "60 % fail."}, by=by_colleague, now=NOW + MINUTE)
    assert (done.languages, done.kind, owed(here, "translation")) == (
        ("ja", "en"),
        "translation",
        [("en", "kept", due)],
    )
    sent = rows("delivery", "Message").filter(about=f"update:{done.id}").order_by("address")
    assert [one.address for one in sent] == ["ceo@towa.test", "ops@towa.test"]
    with pytest.raises(Refused, match=r"update\.translated"):
        actions.translate(told.id, "en", {"effect": "again"}, by=by_colleague, now=NOW + MINUTE)


def test_a_heartbeat_is_the_responders_own(here: Any, by_lead: Actor, by_colleague: Actor) -> None:
    publish(here, by_lead)
    tried = Text("中継機を再起動しました。", "We restarted the gateway.")
    at = NOW + 10 * MINUTE
    with pytest.raises(Refused, match=r"update\.no_tried"):
        actions.heartbeat(here.incident.id, Text(), next_at=at + 15 * MINUTE, by=by_colleague, now=at)
    beat = actions.heartbeat(here.incident.id, tried, next_at=at + 15 * MINUTE, by=by_colleague, now=at)
    assert (beat.kind, beat.audiences, beat.state) == ("heartbeat", ("affected", "internal"), "investigating")
    assert [(one[0], one[1]) for one in owed(here, "next_update")] == [
        ("affected", "kept"), ("internal", "kept"), ("affected", "open"), ("internal", "open"),
    ]  # fmt: skip


def test_recovery_is_told_wherever_we_told_before_and_names_the_report(here: Any, by_lead: Actor) -> None:
    publish(here, by_lead, audiences=("affected", "public"))
    at = NOW + 10 * MINUTE
    told = publish(
        here, by_lead, now=at, state="restored", proof="監視が10分間正常", next_at=None, audiences=("internal",),
        parts=words("14時05分に復旧しました。", "Restored at 14:05."),
    )  # fmt: skip
    assert (told.kind, told.audiences) == ("recovery", ("internal", "affected", "public"))
    assert told.report_due_at is not None
    assert told.report_due_at.isoformat() == "2026-11-26T09:00:00+00:00"  # 23 November is a holiday
    assert owed(here, "report") == [("", "open", told.report_due_at)]
    assert [(one[0], one[1]) for one in owed(here, "next_update")] == [("affected", "kept"), ("public", "kept")]
    assert cases.incident(here.incident.id).state == "restored"
    assert "原因と是正措置の報告書: 2026年11月26日(木) 18:00 JST" in rows("delivery", "Message").get(
        address="it@towa.test", about=f"update:{told.id}"
    ).text  # fmt: skip


def test_an_error_is_told_only_where_it_was_told(here: Any, by_lead: Actor) -> None:
    publish(here, by_lead, audiences=("affected",))
    contact(here.aoba, "new@aoba.test")
    told = publish(
        here, by_lead, now=NOW + MINUTE, state="dismissed", reason="監視の誤検知", next_at=None, audiences=("public",),
        parts=words("誤検知でした。出荷は止まっていません。", "A false alarm: shipping never stopped."),
    )  # fmt: skip
    assert (told.kind, told.audiences) == ("dismissal", ("affected", "internal"))
    assert cases.incident(here.incident.id).state == "dismissed"
    assert promises.open_of(here.incident.id) == []


def test_an_estimate_changes_only_with_a_reason(here: Any, by_lead: Actor) -> None:
    first = Estimate(NOW + 30 * MINUTE, NOW + 60 * MINUTE, Text("複写速度", "copy rate"), "high")
    later = Estimate(NOW + 60 * MINUTE, NOW + 90 * MINUTE, Text("複写速度", "copy rate"), "low")
    publish(here, by_lead, estimate=first)
    with pytest.raises(Refused, match=r"estimate\.no_reason"):
        publish(here, by_lead, now=NOW + MINUTE, estimate=later, parts=words("対処中です。3件目。", "Third server."))
    changed = Estimate(later.from_at, later.to_at, later.basis, "low", reason=Text("遅い", "slower"))
    told = publish(here, by_lead, now=NOW + MINUTE, estimate=changed, parts=words("3台目です。", "Third server."))
    assert told.estimate is not None
    assert (told.estimate.revision, told.estimate.reason.en) == (2, "slower")


def test_a_slower_cadence_holds_from_the_next_update_on(here: Any, by_lead: Actor) -> None:
    publish(here, by_lead, cadence=Cadence(3600, "東和 田村様、電話"))
    at = NOW + MINUTE
    told = publish(here, by_lead, now=at, next_at=at + 60 * MINUTE, parts=words("2件目です。", "Second part."))
    assert told.next_at == at + 60 * MINUTE


def test_a_correction_is_a_new_version_and_moves_no_time(here: Any, by_lead: Actor, by_colleague: Actor) -> None:
    told = publish(here, by_lead)
    before = owed(here, "next_update")
    with pytest.raises(Refused, match=r"update\.nothing_changed"):
        actions.correct(told.id, told.parts, reason="数字", by=by_lead, now=NOW + MINUTE)
    with pytest.raises(Refused, match=r"rights\.missing"):
        actions.correct(told.id, words("9割"), reason="数字", by=by_colleague, now=NOW + MINUTE)
    fixed = actions.correct(told.id, words("9割です。", "90 %."), reason="数字", by=by_lead, now=NOW + MINUTE)
    assert (fixed.number, fixed.kind, fixed.corrects_id) == (2, "correction", told.id)
    assert queries.update(told.id).corrected_by_id == fixed.id
    assert owed(here, "next_update") == before
    assert "This corrects update 1." in rows("delivery", "Message").get(
        address="ops@towa.test", about=f"update:{fixed.id}"
    ).text  # fmt: skip
    with pytest.raises(Refused, match=r"update\.already_corrected"):
        actions.correct(told.id, words("8割"), reason="数字", by=by_lead, now=NOW + MINUTE)


def test_a_drill_reaches_no_customer(house: Any, lead: Any, by_lead: Actor) -> None:
    here = world(by_lead, owner=lead, drill=True)
    publish(here, by_lead, audiences=("affected", "public", "executives"), confirmed=False)
    assert [one.address for one in mails()] == [lead.email]
    assert mails()[0].subject.startswith("【演習】")
    assert owed(here, "first_notice")[0][1] == "kept"


def test_what_is_restricted_never_goes_public(house: Any, lead: Any, by_lead: Actor) -> None:
    here = world(by_lead, owner=lead, restricted=True)
    with pytest.raises(Refused, match=r"update\.restricted_public"):
        publish(here, by_lead, audiences=("public",))
    assert unchanged(here)


def test_one_customer_alone(here: Any, by_lead: Actor) -> None:
    told = publish(here, by_lead, audiences=(f"customer:{here.towa.pk}",), confirmed=False)
    assert {one.address for one in mails()} == {"ceo@towa.test", "it@towa.test", "ops@towa.test"}
    entry = rows("cases", "Entry").get(incident=here.incident.id, code="update.published")
    assert entry.audience == "internal"
    assert owed(here, "next_update") == [(f"customer:{here.towa.pk}", "open", told.next_at)]


def test_an_executive_gets_the_summary(here: Any, by_lead: Actor) -> None:
    parts = words(known=Text("原因は調査中です。", "The cause is open."), doing=Text("切替中です。", "Switching over."))
    publish(here, by_lead, audiences=("affected", "executives"), parts=parts)
    ceo = rows("delivery", "Message").get(address="ceo@towa.test", purpose="update").text
    assert "Switching over." in ceo
    assert "The cause is open." not in ceo


def test_what_is_internal_stays_in_the_house(here: Any, by_lead: Actor, lead: Any) -> None:
    publish(here, by_lead, parts=words(internal=Text("候補はDB", "We suspect the DB")))
    texts = {one.address: one.text + one.html for one in mails()}
    assert "候補はDB" in texts[lead.email]
    assert [address for address, text in texts.items() if "候補はDB" in text] == [lead.email]


def test_the_ready_first_notice_owns_the_failure_and_needs_no_cause(here: Any, by_lead: Actor) -> None:
    from tomei.comms.labels import FIRST_NOTICE  # the words under test

    ready = {
        name: Text(text.ja.format(product="受注"), text.en.format(product="Orders"))
        for name, text in FIRST_NOTICE.items()
    }
    told = publish(here, by_lead, parts=ready)
    assert (told.overruled, told.languages) == ((), ("ja", "en"))


def test_the_same_words_to_somebody_else_are_news(here: Any, by_lead: Actor) -> None:
    for place, audience in enumerate(("affected", "internal", "public"), start=1):
        publish(here, by_lead, now=NOW + place * MINUTE, audiences=(audience,))
    publish(here, by_lead, now=NOW + 4 * MINUTE, audiences=("affected",))
    with pytest.raises(Refused, match=r"update\.guard"):
        publish(here, by_lead, now=NOW + 5 * MINUTE, audiences=("affected",))


def test_who_wrote_and_who_sent_are_both_named(here: Any, lead: Any, by_lead: Actor, by_colleague: Actor) -> None:
    draft = actions.save_draft(here.incident.id, {"effect.ja": "x"}, by=by_colleague, now=NOW)
    sent = publish(here, by_lead, draft_id=draft.id)
    assert (sent.author_id, sent.drafted_by_id) == (by_lead.user_id, by_colleague.user_id)
    [line] = [
        line
        for line in history.page(here.incident.id, language="en", zone="Asia/Tokyo").items
        if line.entry.code == "update.published"
    ]
    assert line.who == lead.name
    assert line.sentence.endswith("(written by Anna Kovač)")


def test_ones_own_draft_names_one_person(here: Any, by_lead: Actor) -> None:
    draft = actions.save_draft(here.incident.id, {"effect.ja": "x"}, by=by_lead, now=NOW)
    assert publish(here, by_lead, draft_id=draft.id).drafted_by_id is None


def test_the_mail_leads_to_the_update_itself(here: Any, by_lead: Actor) -> None:
    publish(here, by_lead, audiences=("public", "affected", "internal"))
    texts = {one.address: one.text for one in rows("delivery", "Message").all()}
    assert "/room/incidents/INC-1/#update-1\n" in texts["it@towa.test"]
    assert "/incidents/INC-1/updates/#update-1\n" in texts["lead@tomei.test"]
