"""Verbs of questions with the database: promises on both sides, versions, alarms, what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps

from tests.people import NOW
from tomei.cases import actions as case_actions
from tomei.cases import timeline
from tomei.cases.tests import factories as cases
from tomei.diagnosis import actions, queries, watch
from tomei.diagnosis.models import Answer, Question
from tomei.diagnosis.tests import factories
from tomei.diagnosis.tests.factories import DUE, MINUTE, NEXT, WHAT
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import Text

pytestmark = [pytest.mark.django_db, pytest.mark.wired]
TOLD = Text("14:02の変更と一致しました", "It matched the change at 14:02")


def rows(app: str, model: str) -> Any:
    return apps.get_model(app, model).objects


def promise(pk: int) -> Any:
    return rows("promises", "Promise").get(pk=pk)


def state() -> tuple[Any, ...]:
    """Everything that a refusal must leave alone."""
    return (
        list(Question.objects.order_by("pk").values()), Answer.objects.count(),
        list(rows("promises", "Promise").order_by("pk").values_list("pk", "state")),
        rows("cases", "Entry").count(), rows("delivery", "Message").count(),
    )  # fmt: skip


def refused(call: Any, *args: Any, **given: Any) -> str:
    before = state()
    with pytest.raises(Refused) as error:
        call(*args, **given)
    assert state() == before
    return error.value.code


def said(asked: Any, by: Any, minute: int = 10, **given: Any) -> Any:
    at = NOW + minute * MINUTE
    given = {"said_by": "山本", "channel": "phone", "said_at": at, **given}
    return actions.type_answer(asked.id, "ログは14:02で止まっています", by=by, now=at, **given)


def test_asking_makes_their_promise_and_a_mail_with_four_parts(incident: Any, towa: Any, by_lead: Any) -> None:
    from_them = cases.rows("customers", "Contact")
    from_them.create(organisation=towa, name="山本", mail="it@towa.test", language="ja")
    one = factories.asked(incident, towa.pk, by_lead)
    assert one.reply_promise_id is not None
    reply = promise(one.reply_promise_id)
    assert (reply.kind, reply.owed_by_id, reply.due_at, reply.about, reply.incident_id) == (
        "reply", towa.pk, DUE, f"question:{one.id}", incident.id,
    )  # fmt: skip
    mail = rows("delivery", "Message").get(about=f"question:{one.id}")
    for words in (WHAT.ja, "停止した時刻を絞るため", "変更の時刻と照合します", "照合の結果をお伝えします", "15:00",
                  f"/room/questions/{one.key}/"):  # fmt: skip
        assert words in mail.text
    assert (one.state, one.waits_until, one.turn) == ("asked", DUE, "theirs")
    codes = [entry.code for entry in rows("cases", "Entry").filter(code="question.asked")]
    assert codes == ["question.asked"] * 2  # on the case and on its incident
    assert timeline.verify(incident.id).holds


def test_an_answer_starts_our_promise_and_its_use_keeps_it(asked: Any, by_lead: Any) -> None:
    one = said(asked, by_lead)
    assert one.feedback_promise_id is not None and one.reply_promise_id is not None
    ours = promise(one.feedback_promise_id)
    assert (ours.kind, ours.due_at, ours.owed_to_id, ours.state) == ("answer", NEXT, asked.organisation_id, "open")
    assert promise(one.reply_promise_id).state == "kept"
    assert (one.state, one.waits_until, one.turn) == ("answered", NEXT, "ours")
    done = actions.use(one.id, outcome=TOLD, by=by_lead, now=NOW + 20 * MINUTE)
    assert (done.state, done.outcome, done.waits_until) == ("used", TOLD, None)
    assert promise(one.feedback_promise_id).state == "kept"


def test_use_after_its_time_is_late(asked: Any, by_lead: Any) -> None:
    one = said(asked, by_lead)
    actions.use(one.id, outcome=TOLD, by=by_lead, now=NEXT + MINUTE)
    assert promise(one.feedback_promise_id).state == "late"


def test_an_answer_in_part_leaves_the_rest_with_them(asked: Any, by_lead: Any) -> None:
    one = said(asked, by_lead, is_whole=False)
    assert (one.state, one.waits_until, promise(one.reply_promise_id).state) == ("partly", DUE, "open")
    whole = said(asked, by_lead, 12)
    assert (whole.state, whole.waits_until, promise(one.reply_promise_id).state) == ("answered", NEXT, "kept")
    assert [(each.number, each.is_whole) for each in whole.answers] == [(2, True), (1, False)]
    assert rows("promises", "Promise").filter(kind="answer").count() == 1


def test_using_a_part_ends_what_they_still_owed(asked: Any, by_lead: Any) -> None:
    one = said(asked, by_lead, is_whole=False)
    actions.leave_unused(one.id, reason=TOLD, by=by_lead, now=NOW + 20 * MINUTE)
    assert promise(one.reply_promise_id).state == "withdrawn"
    assert promise(one.feedback_promise_id).state == "kept"


def test_withdrawing_tells_them(asked: Any, by_lead: Any) -> None:
    assert refused(actions.withdraw, asked.id, notice=Text("", "English only"), by=by_lead, now=NOW) == (
        "question.no_outcome"
    )
    one = actions.withdraw(asked.id, notice=TOLD, by=by_lead, now=NOW + MINUTE)
    assert one.reply_promise_id is not None
    assert (one.state, promise(one.reply_promise_id).state) == ("withdrawn", "withdrawn")


def test_what_is_refused_changes_nothing(incident: Any, towa: Any, by_lead: Any, by_watcher: Any) -> None:
    no_why = factories.draft(incident, towa.pk, by_lead, why=Text())
    assert refused(actions.ask, no_why.id, by=by_lead, now=NOW) == "question.no_why"
    foreign = factories.draft(incident, towa.pk, by_lead, use=Text("", "English only"))
    assert refused(actions.ask, foreign.id, by=by_lead, now=NOW) == "question.part_missing"
    timeless = factories.draft(incident, towa.pk, by_lead, due_at=None)
    assert refused(actions.ask, timeless.id, by=by_lead, now=NOW) == "question.no_time"
    assert refused(actions.ask, timeless.id, by=by_watcher, now=NOW) == "rights.missing"
    assert refused(actions.use, timeless.id, outcome=TOLD, by=by_lead, now=NOW) == "question.no_such_move"
    assert refused(said, timeless, by_lead) == "question.no_such_move"


def test_hostile_answers_are_refused(asked: Any, by_lead: Any) -> None:
    early = {"said_at": NOW - 5 * MINUTE}
    assert refused(said, asked, by_lead, **early) == "question.said_before_asked"
    assert refused(said, asked, by_lead, said_at=NOW + 99 * MINUTE) == "question.said_in_future"
    assert refused(said, asked, by_lead, channel="pigeon") == "question.unknown_channel"
    assert refused(said, asked, by_lead, said_by=" ") == "field.missing"
    for words in ("a\x00b", "", "x" * 10_001):
        by = factories.guest(asked.organisation_id, 1)
        assert refused(actions.answer, asked.id, words, by=by, now=NOW).startswith("field.")


def test_what_was_answered_is_asked_again_only_with_a_reason(
    incident: Any, towa: Any, kitahama: Any, asked: Any, by_lead: Any
) -> None:
    said(asked, by_lead)
    again = factories.draft(incident, towa.pk, by_lead, what=Text("出荷サーバーのログをもう一度", ""))
    assert [one.id for one in queries.alike(again.id)] == [asked.id]
    assert refused(actions.ask, again.id, by=by_lead, now=NOW) == "question.answered_already"
    one = actions.ask(again.id, again_reason="消えていました", by=by_lead, now=NOW)
    assert (one.again_id, one.again_reason) == (asked.id, "消えていました")
    assert queries.alike(factories.draft(incident, kitahama.pk, by_lead).id) == []  # another customer said nothing


def test_an_unused_answer_is_an_alarm_once(asked: Any, by_lead: Any, lead: Any) -> None:
    actions.set_idle_minutes({"SEV2": 20}, by=by_lead.__class__(**{
        **{name: getattr(by_lead, name) for name in by_lead.__slots__}, "rights": frozenset({"house.configure"}),
    }), now=NOW)  # fmt: skip
    one = said(asked, by_lead)
    watch.run([], NOW + 29 * MINUTE)
    assert not rows("cases", "Entry").filter(code="question.idle").exists()
    assert queries.idle(by_lead) == []
    watch.run([], NOW + 30 * MINUTE)
    watch.run([], NOW + 31 * MINUTE)
    assert rows("cases", "Entry").filter(code="question.idle").count() == 2  # case and incident
    assert [found.id for found in queries.idle(by_lead)] == [one.id]
    assert queries.standing(one.incident_id or 0) == queries.Standing(theirs=0, ours=1, idle=1)
    actions.use(one.id, outcome=TOLD, by=by_lead, now=NOW + 40 * MINUTE)
    assert queries.idle(by_lead) == []


def test_a_used_answer_alarms_nobody(asked: Any, by_lead: Any) -> None:
    actions.use(said(asked, by_lead).id, outcome=TOLD, by=by_lead, now=NOW + 20 * MINUTE)
    watch.run([], NOW + 999 * MINUTE)
    assert not rows("cases", "Entry").filter(code="question.idle").exists()


def test_a_guest_answers_the_own_questions_only(asked: Any, kitahama: Any, by_lead: Any) -> None:
    own, other = factories.guest(asked.organisation_id, 7), factories.guest(kitahama.pk, 8)
    before = state()
    with pytest.raises(Missing):
        actions.answer(asked.id, "x", by=other, now=NOW)
    reader = factories.guest(asked.organisation_id, 7, rights=("room.read",))
    assert refused(actions.answer, asked.id, "x", by=reader, now=NOW) == "rights.missing"
    assert state() == before
    one = actions.answer(asked.id, "ログです", by=own, now=NOW + MINUTE)
    assert [(each.said_by, each.channel, each.contact_id) for each in one.answers] == [("山本", "room", 7)]


@pytest.mark.parametrize("flag", ["drill", "restricted"])
def test_drills_and_restricted_incidents_stay_out_of_the_room(
    flag: str, towa: Any, kitahama: Any, by_lead: Any, by_colleague: Any
) -> None:
    cases.rows("customers", "Contact").create(organisation=towa, name="山本", mail="it@towa.test")
    part = cases.component(cases.product(), used_by=(towa,))
    hidden = cases.declared(by_lead, product_id=part.product_id, component_ids=[part.pk], words="x", **{flag: True})
    case_actions.take_role(hidden.id, "commander", by=by_lead, now=NOW)
    one = factories.asked(hidden, towa.pk, by_lead)
    mails = list(rows("delivery", "Message").filter(about=f"question:{one.id}"))
    assert len(mails) == (0 if flag == "drill" else 1)
    assert not any("/room/" in mail.text for mail in mails)
    with pytest.raises(Missing):
        actions.answer(one.id, "x", by=factories.guest(towa.pk, 7), now=NOW)
    if flag == "restricted":
        with pytest.raises(Missing):
            queries.by_key(one.key, by_colleague)
        with pytest.raises(Missing):
            said(one, by_colleague)
        assert queries.page(queries.Filters("all"), by_colleague).items == []


def test_lists_go_on_by_keys(incident: Any, towa: Any, by_lead: Any) -> None:
    made = [
        factories.asked(incident, towa.pk, by_lead, due_at=DUE + n * MINUTE, next_at=NEXT + n * MINUTE).id
        for n in range(3)
    ]
    first = queries.page(queries.Filters(), by_lead, limit=2)
    rest = queries.page(queries.Filters(), by_lead, after=first.next, limit=2)
    assert [one.id for one in (*first.items, *rest.items)] == made and rest.next == ""
    for cursor in ("x", "1", "2026-01-01~1", "~", f"{NOW.isoformat()}~x", "9" * 70):
        assert refused(queries.page, queries.Filters(), by_lead, after=cursor) == "list.unreadable_cursor"
    assert refused(queries.page, queries.Filters("mine"), by_lead) == "list.unknown_filter"
