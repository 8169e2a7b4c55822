"""`/api/v1/incidents/{key}/hand-overs`: a role on its way from one person to another."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import AwareDatetime

from tomei.accounts.doors import actor_of
from tomei.cases import actions, queries, spoken_pack
from tomei.cases.facts import HandOverFacts
from tomei.cases.queries import hand_overs
from tomei.cases.shapes import Id
from tomei.kernel import time
from tomei.ui.parts import language

router = Router(tags=["incidents"])


class HandOverOut(Schema):
    """`from_id` answers until `state` is accepted."""

    id: int
    role: str
    state: str
    from_id: int
    to_id: int
    started_at: AwareDatetime
    started_by_id: int | None
    decide_at: AwareDatetime | None
    ended_at: AwareDatetime | None


class HandOverIn(Schema):
    """`from_id` null: one's own role. For another's, `reason` says why."""

    role: str
    to_id: Id
    from_id: Id | None = None
    reason: str = ""


class HandOverVerbIn(Schema):
    """`text` is the reason, the question or the answer; `of` the entry of the question; `words` by part."""

    verb: Literal["ask", "describe", "answer", "accept", "decline", "withdraw"]
    text: str = ""
    of: Id = 1
    words: dict[Literal["changes", "mood", "hypotheses", "more"], str] = {}
    decide_at: AwareDatetime | None = None


def shown(one: HandOverFacts) -> dict[str, Any]:
    return {name: getattr(one, name) for name in HandOverOut.model_fields}


@router.get("/incidents/{key}/hand-overs", response=list[HandOverOut], summary="Hand-overs, the open ones first")
def listed(request: HttpRequest, key: str) -> Any:
    return [shown(one) for one in hand_overs.of_incident(queries.by_number(key, actor_of(request)).id)]


@router.post("/incidents/{key}/hand-overs", response={201: HandOverOut}, summary="Begin a hand-over")
def start(request: HttpRequest, key: str, body: HandOverIn) -> Any:
    by = actor_of(request)
    one = queries.by_number(key, by)
    return Status(201, shown(actions.start_hand_over(one.id, **body.model_dump(), by=by, now=time.now())))


@router.get("/incidents/{key}/hand-overs/{pk}", response=dict[str, Any], summary="A hand-over with its whole pack")
def pack(request: HttpRequest, key: str, pk: Id) -> Any:
    incident = queries.by_number(key, actor_of(request))
    one = hand_overs.one(incident.id, pk)
    return spoken_pack.as_plain(spoken_pack.whole(incident, one, time.now(), language(), "UTC"))


@router.post("/incidents/{key}/hand-overs/{pk}", response=HandOverOut, summary="Describe, ask, answer, accept, end")
def verb(request: HttpRequest, key: str, pk: Id, body: HandOverVerbIn) -> Any:
    by = actor_of(request)
    incident = queries.by_number(key, by)
    who: dict[str, Any] = {"by": by, "now": time.now()}
    where, said = (incident.id, pk), body.text
    verbs = {
        "describe": lambda: actions.describe_hand_over(
            *where, {str(part): text for part, text in body.words.items()}, decide_at=body.decide_at, **who
        ),
        "ask": lambda: actions.ask_hand_over(*where, said, **who),
        "answer": lambda: actions.answer_hand_over(*where, said, of=body.of, **who),
        "accept": lambda: actions.accept_hand_over(*where, reason=said, **who),
        "decline": lambda: actions.decline_hand_over(*where, reason=said, **who),
        "withdraw": lambda: actions.withdraw_hand_over(*where, reason=said, **who),
    }
    return shown(verbs[body.verb]())
