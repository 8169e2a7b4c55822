"""`/api/v1/incidents/{key}/brief`, `…/measures` and `…/presence`: who joins, what was done, what changed after."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import AwareDatetime

from tomei.accounts.doors import actor_of
from tomei.cases import actions, brief, queries
from tomei.cases.queries import measures
from tomei.cases.queries.measures import Measure
from tomei.cases.shapes import Id
from tomei.kernel import time
from tomei.ui.parts import language

router = Router(tags=["incidents"])


class BriefOut(Schema):
    """At most 120 words, in the reader's language; times in UTC."""

    text: str


class MeasureIn(Schema):
    kind: Literal["people", "executive", "vendor", "other"]
    what: str
    expected: str = ""
    at: AwareDatetime | None = None


class JudgeIn(Schema):
    outcome: Literal["helped", "none", "harmed", "unknown"]
    line: str = ""


class MeasureOut(Schema):
    """`seq` names the entry to judge; `outcome` empty until somebody said what changed."""

    seq: int
    kind: str
    what: str
    expected: str
    at: AwareDatetime
    by_id: int | None
    outcome: str
    changed: str


class PresenceIn(Schema):
    """`line`: what the person can do, or why they leave."""

    verb: Literal["join", "go"]
    line: str = ""


def shown(one: Measure) -> dict[str, Any]:
    return {
        "seq": one.taken.seq, "kind": one.kind, "what": one.what, "expected": one.expected, "at": one.taken.at,
        "by_id": one.taken.actor_id, "outcome": one.outcome, "changed": one.judged.body if one.judged else "",
    }  # fmt: skip


@router.get("/incidents/{key}/brief", response=BriefOut, summary="The joining brief")
def joining(request: HttpRequest, key: str) -> Any:
    return {"text": brief.build(queries.by_number(key, actor_of(request)), time.now(), language(), "UTC").text}


@router.get("/incidents/{key}/measures", response=list[MeasureOut], summary="Measures taken and what changed after")
def listed(request: HttpRequest, key: str) -> Any:
    return [shown(one) for one in measures.measures(queries.by_number(key, actor_of(request)).id)]


@router.post("/incidents/{key}/measures", response={201: MeasureOut}, summary="Record a measure")
def take(request: HttpRequest, key: str, body: MeasureIn) -> Any:
    by = actor_of(request)
    one = queries.by_number(key, by)
    given = body.model_dump()
    entry = actions.take_measure(one.id, given.pop("kind"), given.pop("what"), **given, by=by, now=time.now())
    return Status(201, shown(Measure(entry)))


@router.post("/incidents/{key}/measures/{of}", response=list[MeasureOut], summary="Say what changed after a measure")
def judge(request: HttpRequest, key: str, of: Id, body: JudgeIn) -> Any:
    by = actor_of(request)
    one = queries.by_number(key, by)
    actions.judge_measure(one.id, of, body.outcome, body.line, by=by, now=time.now())
    return [shown(found) for found in measures.measures(one.id)]


@router.post("/incidents/{key}/presence", response=dict[str, int], summary="Say that you join or leave")
def presence(request: HttpRequest, key: str, body: PresenceIn) -> Any:
    by = actor_of(request)
    one = queries.by_number(key, by)
    act = actions.join if body.verb == "join" else actions.go
    return {"seq": act(one.id, body.line, by=by, now=time.now()).seq}
