"""The only writers of questions: written, asked, answered, used, not used, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from tomei.accounts import audit
from tomei.accounts import settings as house
from tomei.cases import actions as case_actions
from tomei.cases import queries as cases
from tomei.cases import timeline
from tomei.cases.facts import CaseFacts, IncidentFacts
from tomei.cases.rules import words as word_rules
from tomei.customers import queries as customers
from tomei.diagnosis import mail, owing, queries, words
from tomei.diagnosis.facts import QuestionFacts
from tomei.diagnosis.models import Answer, Question
from tomei.diagnosis.rules import asking
from tomei.kernel import events
from tomei.kernel.actor import CLOCK, Actor
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text

_LONGEST = 2000  # characters of one part


@transaction.atomic
def write(
    case_id: int, parts: Mapping[str, Text], *, due_at: datetime | None = None, next_at: datetime | None = None,
    by: Actor, now: datetime,
) -> QuestionFacts:  # fmt: skip
    """A draft to the organisation of this case, owned by who wrote it. Refuses a case that is over."""
    by.require("question.work")
    case = _case(case_id, by)
    if case.state not in ("open", "resumed"):
        raise Refused("question.not_affected")
    row = Question(
        organisation_id=case.organisation_id, case_id=case.id, owner_id=by.user_id, due_at=due_at, next_at=next_at,
        made_at=now, made_by_id=by.user_id, **_parts(parts),
    )  # fmt: skip
    if not row.what["ja"] and not row.what["en"]:
        raise Refused("field.missing", field="what")
    row.save()
    return queries.facts_of(Question.objects.select_related("case__incident").get(pk=row.pk))


def _case(case_id: int, by: Actor) -> CaseFacts:
    found = cases.case(case_id)
    if found.incident_id is not None and not cases.may_read(found.incident_id, by):
        raise Missing(f"case {case_id}")
    return found


def _parts(parts: Mapping[str, Text]) -> dict[str, dict[str, str]]:
    return {
        name: Text(*(word_rules.body(side, field=name, limit=_LONGEST) for side in (text.ja, text.en))).as_json()
        for name, text in ((one, parts.get(one, Text())) for one in asking.PARTS)
    }


def _locked(question_id: int) -> tuple[Question, IncidentFacts | None]:
    """The question, locked after the incident of its case, as it is now."""
    hangs_on = Question.objects.filter(pk=question_id).values_list("case__incident_id", flat=True).first()
    if hangs_on is not None:
        case_actions.lock([hangs_on])
    row = Question.objects.select_for_update(of=("self",)).select_related("case__incident").filter(pk=question_id)
    found = row.first()
    if found is None:
        raise Missing(f"question {question_id}")
    return found, cases.incident(hangs_on) if hangs_on is not None else None


def _subject(question_id: int, by: Actor) -> tuple[Question, IncidentFacts | None]:
    """For our people: `Missing` when it is not there or not for this actor."""
    by.require("question.work")
    if not queries.visible(by).filter(pk=question_id).exists():
        raise Missing(f"question {question_id}")
    return _locked(question_id)


def _move(row: Question, move: str, **values: Any) -> None:
    """Whoever comes second is told how it stands now and changes nothing."""
    asking.check_move(move, row.state)
    if not Question.objects.filter(pk=row.pk, state=row.state).update(**values):
        raise Refused("question.no_such_move", move=move, state=Question.objects.get(pk=row.pk).state)
    for name, value in values.items():
        setattr(row, name, value)


def _write(
    row: Question, incident: IncidentFacts | None, code: str, by: Actor, now: datetime, **data: Any
) -> QuestionFacts:
    """On the chains of the case and its incident; then whoever listens hears of it."""
    about = {"question": row.pk, "organisation_id": row.organisation_id, **data}
    entries = [timeline.NewEntry(code, by, now, now, case_id=row.case_id, data=about)]
    if incident is not None:
        entries.append(timeline.NewEntry(code, by, now, now, incident.id, data=about | {"case_id": row.case_id}))
    timeline.add_many(entries)
    facts = queries.facts_of(row, answers=True)
    events.emit(
        code, now=now, question_id=row.pk, incident_id=incident.id if incident else None, case_id=row.case_id,
        organisation_id=row.organisation_id, owner_id=row.owner_id, rank=_rank(incident),
        what=row.what, key=facts.key, url=facts.url, minutes=data.get("minutes", 0),
    )  # fmt: skip
    return facts


def _rank(incident: IncidentFacts | None) -> int:
    return incident.rank if incident else 3


def _tell(facts: QuestionFacts, code: str, incident: IncidentFacts | None, now: datetime) -> None:
    """Mails to the contacts. Nothing of a restricted incident stands in the room: its mails have no link."""
    mail.tell(facts, code, rank=_rank(incident), with_link=not facts.restricted, now=now)


@transaction.atomic
def edit(
    question_id: int, parts: Mapping[str, Text], *, due_at: datetime | None, next_at: datetime | None, by: Actor,
    now: datetime,
) -> QuestionFacts:  # fmt: skip
    """Other words and times of a draft."""
    row, _incident = _subject(question_id, by)
    _move(row, "edit", due_at=due_at, next_at=next_at, **_parts(parts))
    return queries.facts_of(row)


@transaction.atomic
def ask(question_id: int, *, again_reason: str = "", by: Actor, now: datetime) -> QuestionFacts:
    """It goes to the contacts; their answer is owed to us from now on.

    Refuses a part that is not there in the customer's language, times that do not fit, and, without a reason, what
    the same organisation answered here already.
    """
    row, incident = _subject(question_id, by)
    asking.check_move("ask", row.state)
    language = customers.organisations([row.organisation_id])[row.organisation_id].language
    asking.check_parts({name: Text.of(getattr(row, name)) for name in asking.PARTS}, language)
    asking.check_times(row.due_at, row.next_at, now)
    reason = word_rules.line(again_reason, field="again_reason", limit=500)
    alike = queries.answered_alike(row)
    if alike and not reason:
        raise Refused("question.answered_already", keys=", ".join(one.key for one in alike))
    _move(
        row, "ask", state="asked", asked_at=now, asked_by_id=by.user_id, waits_until=row.due_at,
        reply_promise_id=owing.reply(row, incident, by, now), again_id=alike[0].id if alike else None,
        again_reason=reason if alike else "",
    )  # fmt: skip
    facts = _write(row, incident, "question.asked", by, now, due_at=row.due_at, again=row.again_id)
    _tell(facts, "asked", incident, now)
    return facts


@transaction.atomic
def type_answer(
    question_id: int, said: str, *, is_whole: bool = True, said_by: str, channel: str, said_at: datetime, by: Actor,
    now: datetime,
) -> QuestionFacts:  # fmt: skip
    """What the customer answered by another channel, typed by one of us: who said it, how and when."""
    row, incident = _subject(question_id, by)
    asking.check_move("answer", row.state)
    if channel not in words.BY_HAND:
        raise Refused("question.unknown_channel", channel=channel[:40])
    assert row.asked_at is not None  # asked
    asking.check_said(said_at, row.asked_at, now)
    who = word_rules.line(said_by, field="said_by", limit=200, needed=True)
    answer = Answer(said_by=who, channel=channel, said_at=said_at, made_by_id=by.user_id)
    return _answered(row, incident, answer, said, is_whole, by, now)


@transaction.atomic
def answer(question_id: int, said: str, *, is_whole: bool = True, by: Actor, now: datetime) -> QuestionFacts:
    """A contact answers in the room. Refused to who only reads; `Missing` for what is not theirs to see."""
    by.require("room.answer")
    row, incident = _locked(question_id)
    hidden = incident is not None and (incident.drill or incident.restricted)
    if by.kind != "contact" or row.organisation_id != by.organisation_id or row.asked_at is None or hidden:
        raise Missing(f"question {question_id}")
    answer = Answer(said_by=by.name, channel="room", said_at=now, contact_id=by.id)
    return _answered(row, incident, answer, said, is_whole, by, now)


def _answered(
    row: Question, incident: IncidentFacts | None, answer: Answer, said: str, is_whole: bool, by: Actor, now: datetime
) -> QuestionFacts:
    """A further version. The first one starts our promise; a whole one keeps theirs."""
    asking.check_move("answer", row.state)
    answer.question, answer.number, answer.is_whole, answer.made_at = row, row.answers.count() + 1, is_whole, now
    answer.words = word_rules.body(said, field="words", limit=10_000, needed=True)
    answer.save()
    values: dict[str, Any] = {"state": "answered" if is_whole or row.state == "answered" else "partly"}
    if row.answered_at is None:
        minutes = queries.idle_minutes()[str(incident.severity if incident else Severity.SEV3)]
        values |= {"answered_at": now} | owing.feedback(row, incident, minutes, answer.said_at, by, now)
    if values["state"] == "answered":
        values["waits_until"] = values.get("waits_until") or owing.feedback_due(row)
        owing.replied(row, by, answer.said_at)
    elif "waits_until" in values:
        values["waits_until"] = row.due_at  # the rest is still theirs to send
    _move(row, "answer", **values)
    code = "question.answered" if values["state"] == "answered" else "question.partly"
    return _write(row, incident, code, by, now, said_by=answer.said_by, answer=answer.number)


@transaction.atomic
def use(question_id: int, *, outcome: Text, by: Actor, now: datetime) -> QuestionFacts:
    """What became of the answer is told to the customer: our promise is kept, or late."""
    return _end(question_id, "use", "used", outcome, by, now)


@transaction.atomic
def leave_unused(question_id: int, *, reason: Text, by: Actor, now: datetime) -> QuestionFacts:
    """The answer was of no use; the customer is told why."""
    return _end(question_id, "unused", "unused", reason, by, now)


@transaction.atomic
def withdraw(question_id: int, *, notice: Text, by: Actor, now: datetime) -> QuestionFacts:
    """It is needed no more, and who was asked is told so; a draft goes without a word."""
    return _end(question_id, "withdraw", "withdrawn", notice, by, now)


def _end(question_id: int, move: str, state: str, told: Text, by: Actor, now: datetime) -> QuestionFacts:
    row, incident = _subject(question_id, by)
    asking.check_move(move, row.state)
    was_draft = row.state == "draft"
    outcome = Text(*(word_rules.body(side, field="outcome", limit=_LONGEST) for side in (told.ja, told.en)))
    language = customers.organisations([row.organisation_id])[row.organisation_id].language
    if not was_draft and not (outcome.en if language == "en" else outcome.ja):
        raise Refused("question.no_outcome", language=language)
    _move(row, move, state=state, outcome=outcome.as_json(), ended_at=now, ended_by_id=by.user_id, waits_until=None)
    owing.ended(row, state, outcome, by, now)
    if was_draft:
        return queries.facts_of(row)
    facts = _write(row, incident, f"question.{state}", by, now)
    _tell(facts, state, incident, now)
    return facts


@transaction.atomic
def set_idle_minutes(minutes: Mapping[str, int], *, by: Actor, now: datetime) -> None:
    """Per severity, how long an answer may lie unused before its owner is called; for answers still to come."""
    by.require("house.configure")
    found = {str(one): minutes.get(str(one), asking.IDLE) for one in Severity}
    if any(not 1 <= value <= asking.LONGEST_IDLE for value in found.values()):
        raise Refused("question.idle_minutes", most=asking.LONGEST_IDLE)
    house.put(queries.IDLE_SETTING, found, by=by, now=now)
    audit.record("question.idle_minutes", by=by, now=now, **found)


@transaction.atomic
def alarm(question_id: int, now: datetime) -> None:
    """The clock: an answer lies unused. Once; whoever used it in the meantime hears nothing."""
    row, incident = _locked(question_id)
    waiting = Question.objects.filter(pk=question_id, state__in=("partly", "answered"), alarmed_at=None)
    if row.answered_at is None or not waiting.update(alarmed_at=now):
        return
    row.alarmed_at = now
    minutes = int((now - row.answered_at).total_seconds() // 60)
    _write(row, incident, "question.idle", CLOCK, now, minutes=minutes)
