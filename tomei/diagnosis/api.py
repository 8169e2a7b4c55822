"""`/api/v1/questions`: what the pages do, by the same actions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from pydantic import AwareDatetime

from tomei.accounts.doors import actor_of
from tomei.cases.shapes import Id, Limit, Words
from tomei.diagnosis import actions, queries, reading
from tomei.diagnosis.facts import QuestionFacts
from tomei.kernel import time
from tomei.kernel.text import Text

router = Router(tags=["questions"])
Which = Literal["open", "theirs", "ours", "idle", "draft", "ended", "all"]


class AnswerVersionOut(Schema):
    number: int
    words: str
    is_whole: bool
    said_at: datetime
    said_by: str
    channel: str
    contact_id: int | None
    made_by_id: int | None
    made_at: datetime


class QuestionOut(Schema):
    """`turn` is theirs, ours or empty; `waits_until` is when whoever has it should have acted."""

    key: str
    url: str
    organisation_id: int
    case_id: int
    incident_id: int | None
    owner_id: int | None
    state: str
    turn: str
    what: Words
    why: Words
    use: Words
    following: Words
    due_at: datetime | None
    next_at: datetime | None
    waits_until: datetime | None
    again_id: int | None
    again_reason: str
    reply_promise_id: int | None
    feedback_promise_id: int | None
    made_at: datetime
    asked_at: datetime | None
    answered_at: datetime | None
    idle_at: datetime | None
    alarmed_at: datetime | None
    outcome: Words
    ended_at: datetime | None
    drill: bool
    answers: list[AnswerVersionOut]


class QuestionsPage(Schema):
    items: list[QuestionOut]
    next: str | None


class PartsIn(Schema):
    """A draft may lack parts; asking needs all four in the customer's language and both times."""

    what: Words
    why: Words = Words()
    use: Words = Words()
    following: Words = Words()
    due_at: AwareDatetime | None = None
    next_at: AwareDatetime | None = None


class QuestionIn(PartsIn):
    case_id: Id


class AskIn(Schema):
    """`again_reason`: why what was answered already is asked again."""

    again_reason: Annotated[str, Field(max_length=500)] = ""


class SaidIn(Schema):
    """What the customer said by another channel than their room."""

    words: Annotated[str, Field(max_length=10_000)]
    is_whole: bool = True
    said_by: Annotated[str, Field(max_length=200)]
    channel: Literal["phone", "mail", "chat", "meeting"]
    said_at: AwareDatetime | None = None


class QuestionEndIn(Schema):
    """`outcome`: what became of the answer, why it was not used, or why it is needed no more, as they are told."""

    verb: Literal["use", "unused", "withdraw"]
    outcome: Words


def _text(given: Words) -> Text:
    return Text(given.ja, given.en)


def _parts(body: PartsIn) -> dict[str, Any]:
    parts = {name: _text(getattr(body, name)) for name in ("what", "why", "use", "following")}
    return {"parts": parts, "due_at": body.due_at, "next_at": body.next_at}


def _one(request: HttpRequest, key: str) -> QuestionFacts:
    return queries.by_key(key, actor_of(request))


@router.get("/questions", response=QuestionsPage, summary="Questions to customers, by whose turn it is")
def questions(
    request: HttpRequest,
    which: Which = "open",
    organisation_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    incident_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    after: str = "",
    limit: Limit = 50,
) -> Any:
    """Answers are read with each question by its own address; here `answers` is empty."""
    sought = queries.Filters(which, organisation_id, incident_id)
    page = queries.page(sought, actor_of(request), after=after[:80], limit=limit)
    return {"items": [reading.shown(one) for one in page.items], "next": page.next or None}


@router.post("/questions", response={201: QuestionOut}, summary="Write the draft of a question")
def write(request: HttpRequest, body: QuestionIn) -> Any:
    made = actions.write(body.case_id, **_parts(body), by=actor_of(request), now=time.now())
    return Status(201, reading.shown(made))


@router.get("/questions/{key}", response=QuestionOut, summary="One question with its answers")
def question(request: HttpRequest, key: str) -> Any:
    return reading.shown(_one(request, key))


@router.put("/questions/{key}", response=QuestionOut, summary="Other words and times of a draft")
def edit(request: HttpRequest, key: str, body: PartsIn) -> Any:
    one = _one(request, key)
    return reading.shown(actions.edit(one.id, **_parts(body), by=actor_of(request), now=time.now()))


@router.get(
    "/questions/{key}/alike", response=list[QuestionOut], summary="What they answered already to such a question"
)
def alike(request: HttpRequest, key: str) -> Any:
    return [reading.shown(one) for one in queries.alike(_one(request, key).id)]


@router.post("/questions/{key}/ask", response=QuestionOut, summary="Ask it: their answer is owed from now on")
def ask(request: HttpRequest, key: str, body: AskIn) -> Any:
    one = _one(request, key)
    return reading.shown(actions.ask(one.id, again_reason=body.again_reason, by=actor_of(request), now=time.now()))


@router.post("/questions/{key}/answers", response=QuestionOut, summary="Type an answer for the customer")
def type_answer(request: HttpRequest, key: str, body: SaidIn) -> Any:
    one, now = _one(request, key), time.now()
    given = body.model_dump() | {"said_at": body.said_at or now}
    return reading.shown(actions.type_answer(one.id, given.pop("words"), **given, by=actor_of(request), now=now))


@router.post("/questions/{key}/end", response=QuestionOut, summary="Used, not used, or withdrawn: they are told")
def end(request: HttpRequest, key: str, body: QuestionEndIn) -> Any:
    one, by, now, told = _one(request, key), actor_of(request), time.now(), _text(body.outcome)
    if body.verb == "use":
        return reading.shown(actions.use(one.id, outcome=told, by=by, now=now))
    if body.verb == "unused":
        return reading.shown(actions.leave_unused(one.id, reason=told, by=by, now=now))
    return reading.shown(actions.withdraw(one.id, notice=told, by=by, now=now))
