"""What a customer says of the end: business runs again or not, closed, open again, and the three questions after it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tomei.cases.actions import cases, rows
from tomei.cases.facts import CaseFacts
from tomei.cases.models import Case, Incident
from tomei.cases.queries import about_cases
from tomei.cases.rules import CaseMove, CaseState, next_case_state
from tomei.cases.rules import words as word_rules
from tomei.cases.waiting.models import ClosingAnswer, CustomerWord
from tomei.cases.waiting.rules import closing as rules
from tomei.customers import queries as customers
from tomei.kernel.actor import CLOCK, Actor
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text
from tomei.promises import actions as promises
from tomei.promises import queries as promise_queries


def own(case_id: int, by: Actor, right: str) -> tuple[Case, Incident]:
    """The case of the contact who acts; `Missing` for another's, a withdrawn one, and what was not told to them."""
    by.require(right)
    if by.kind != "contact" or by.organisation_id is None:
        raise Refused("rights.missing", verb=right)
    case, incident = rows.case_subject(case_id, CLOCK)  # a contact reads no incident: the organisation decides below
    hidden = incident is None or incident.drill or incident.restricted or not incident.updates
    if case.organisation_id != by.organisation_id or case.state == "withdrawn" or hidden or incident is None:
        raise Missing(f"case {case_id}")
    return case, incident


@transaction.atomic
def resumed(case_id: int, *, at: datetime | None = None, line: str = "", by: Actor, now: datetime) -> CaseFacts:
    """Their business runs again since `at`: said by a contact of theirs, and not the same as a restored system."""
    case, incident = own(case_id, by, "room.answer")
    at = _moment(case, at, now)
    facts = cases.carry(case, incident, CaseMove.RESUME, reason=line, stamps={"resumed_at": at}, by=by, now=now,
                        said="customer")  # fmt: skip
    _keep(case, "resumed", by, at, now)
    return facts


@transaction.atomic
def record_resumed(
    case_id: int, *, at: datetime | None = None, told_by: str, line: str = "", seen: int | None = None, by: Actor,
    now: datetime,
) -> CaseFacts:  # fmt: skip
    """The same as told to one of us, by whom; marked as recorded by us."""
    by.require("incident.work")
    case, incident = rows.case_subject(case_id, by)
    told_by = word_rules.line(told_by, field="told_by", limit=200, needed=True)
    at = _moment(case, at, now)
    facts = cases.carry(case, incident, CaseMove.RESUME, seen=seen, reason=line, stamps={"resumed_at": at}, by=by,
                        now=now, said="told")  # fmt: skip
    _keep(case, "resumed", by, at, now, told_by)
    return facts


def _moment(case: Case, at: datetime | None, now: datetime) -> datetime:
    if at is not None and at > now:
        raise Refused("time.in_future", at=at.isoformat(timespec="minutes"))
    return at or now


@transaction.atomic
def not_yet(case_id: int, *, line: str, by: Actor, now: datetime) -> CaseFacts:
    """Restored or not, their business stands: a word on the timeline, and we promise to answer it."""
    case, incident = own(case_id, by, "room.answer")
    if case.state != CaseState.OPEN:
        raise Refused("case.no_such_move", state=case.state, move="not_yet")
    return _said(case, incident, "not_yet", line, by, now)


@transaction.atomic
def keep_open(case_id: int, *, line: str, by: Actor, now: datetime) -> CaseFacts:
    """Not to be closed yet, and why. A hand-on to somebody else that they did not accept ends with it."""
    case, incident = own(case_id, by, "room.answer")
    if case.state not in about_cases.OPEN:
        raise Refused("case.no_such_move", state=case.state, move="keep_open")
    Case.objects.filter(pk=case.pk).update(remaining_owner="")
    case.remaining_owner = ""
    return _said(case, incident, "keep_open", line, by, now)


def _said(case: Case, incident: Incident, code: str, line: str, by: Actor, now: datetime) -> CaseFacts:
    body = word_rules.body(line, field="line", limit=2000, needed=True)
    rows.write_case(case, incident, f"case.{code}", by=by, now=now, body=body,
                    own={"organisation_id": case.organisation_id})  # fmt: skip
    _keep(case, code, by, now, now)
    _owe_answer(case, incident, by, now)
    cases.emit("case.described", case, incident, now)
    return about_cases.facts_of(case)


@transaction.atomic
def close(case_id: int, *, line: str, by: Actor, now: datetime) -> CaseFacts:
    """The customer closes their part, says why, and accepts who is named as its remaining owner."""
    case, incident = own(case_id, by, "room.answer")
    line = word_rules.body(line, field="line", limit=2000, needed=True)
    facts = cases.carry(case, incident, CaseMove.CLOSE, reason=line, stamps={"closed_at": now}, by=by, now=now,
                        said="customer")  # fmt: skip
    _keep(case, "closed", by, now, now)
    return facts


@transaction.atomic
def reopen(case_id: int, *, line: str, by: Actor, now: datetime) -> CaseFacts:
    """It was not over, within the days that are theirs; we promise to answer."""
    case, incident = own(case_id, by, "room.answer")
    line = word_rules.body(line, field="line", limit=2000)
    next_case_state(CaseState(case.state), CaseMove.REOPEN, reason=line)
    rules.check_reopening(case.closed_at, now)
    stamps = {"resumed_at": None, "closed_at": None, "remaining_owner": ""}
    facts = cases.carry(case, incident, CaseMove.REOPEN, reason=line, stamps=stamps, by=by, now=now, said="customer")
    _keep(case, "reopened", by, now, now)
    _owe_answer(case, incident, by, now)
    return facts


def _keep(case: Case, code: str, by: Actor, at: datetime, now: datetime, told_by: str = "") -> None:
    CustomerWord.objects.create(
        case=case, code=code, contact_id=by.id if by.kind == "contact" else None, told_by=told_by,
        recorded_by_id=by.user_id, at=at, made_at=now,
    )  # fmt: skip


def _owe_answer(case: Case, incident: Incident, by: Actor, now: datetime) -> None:
    """One open answer at a time, in the time of an acknowledgement."""
    about = f"closing:{case.pk}"
    if any(one.about == about for one in promise_queries.open_of(incident.pk)):
        return
    policy, level = customers.policy_version(case.policy_version_id), Severity(case.severity)
    promises.make(
        "answer", incident_id=incident.pk, owed_by=customers.ours().id, owed_to=case.organisation_id, about=about,
        text=Text("お客様の言葉への回答", "Answer to what they said"), owner_id=incident.owner_id, rank=case.rank,
        due_at=policy.due(level, policy.terms.of(level).acknowledge_s, now), told=True, by=by, now=now,
    )  # fmt: skip


@transaction.atomic
def answer(case_id: int, *, answers: Mapping[str, str], words: str = "", by: Actor, now: datetime) -> None:
    """The three questions, once per contact, after the case is closed."""
    case, incident = own(case_id, by, "room.read")
    rules.check_answers(answers)
    words = word_rules.body(words, field="words", limit=2000)
    if case.state != CaseState.CLOSED:
        raise Refused("closing.not_closed")
    if ClosingAnswer.objects.filter(case=case, contact=by.id).exists():
        raise Refused("closing.answered_already")
    ClosingAnswer.objects.create(case=case, contact_id=by.id, words=words, made_at=now, **answers)
    rows.write_case(case, incident, "case.asked_after", by=by, now=now,
                    own={"organisation_id": case.organisation_id})  # fmt: skip
