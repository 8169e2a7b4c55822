"""`/api/v1/incidents/INC-12/drafts/5/…`: comment, ask for other words, approve; what went out unapproved."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from pydantic import AwareDatetime

from tomei.accounts import settings as house
from tomei.accounts.doors import actor_of
from tomei.cases import queries as cases
from tomei.comms import actions, queries, reviews
from tomei.comms.facts import ReviewFacts
from tomei.kernel import time
from tomei.kernel.actor import Actor

router = Router(tags=["updates"])
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


class CommentIn(Schema):
    """`part` and `language` say what the comment is about; empty: the whole text."""

    text: Annotated[str, Field(max_length=5000)]
    part: Annotated[str, Field(max_length=40)] = ""
    language: Literal["", "ja", "en"] = ""


class ReviewChangeIn(Schema):
    """`seen` is the version of the draft that was read."""

    text: Annotated[str, Field(max_length=5000)]
    seen: Annotated[int, Field(ge=0, le=2**31 - 1)]


class ApproveIn(Schema):
    seen: Annotated[int, Field(ge=0, le=2**31 - 1)]


class ReviewOut(Schema):
    id: int
    draft_id: int
    kind: Literal["asked", "comment", "change", "approved"]
    part: str
    language: str
    body: str
    author_id: int
    author: str
    said_at: AwareDatetime


class ChangedOut(Schema):
    """Words that went and came since the approval."""

    part: str
    language: str
    gone: str
    came: str


class StandingOut(Schema):
    """`approved` covers the draft as it is now; `voided` held until an edit, and `changes` says which words."""

    approved: ReviewOut | None
    voided: ReviewOut | None
    changes: list[ChangedOut]
    said: list[ReviewOut]


class UnapprovedOut(Schema):
    incident: str
    number: int
    author: str
    published_at: AwareDatetime
    liability: bool
    looked_by_id: int | None
    looked_at: AwareDatetime | None


class UnapprovedPage(Schema):
    items: list[UnapprovedOut]
    next: str


@router.get("incidents/{key}/drafts/{int:draft_id}/review", response=StandingOut, summary="How a draft stands")
def standing(request: HttpRequest, key: str, draft_id: Number) -> Any:
    by = actor_of(request)
    by.require("update.draft")
    incident = cases.by_number(key, by)
    draft = queries.draft_by_id(draft_id, incident.id)
    said = reviews.of_draft(incident.id, draft.id)
    now = reviews.standing(draft, said, state=incident.state, zone=_zone())
    return {
        "approved": _out(now.approved) if now.approved else None,
        "voided": _out(now.voided) if now.voided else None,
        "changes": [
            {"part": one.part, "language": one.language, "gone": one.gone, "came": one.came} for one in now.changes
        ],
        "said": [_out(one) for one in said],
    }


@router.post("incidents/{key}/drafts/{int:draft_id}/comments", response={201: ReviewOut}, summary="Comment on a draft")
def comment(request: HttpRequest, key: str, draft_id: Number, body: CommentIn) -> Any:
    by = actor_of(request)
    made = actions.comment(
        _incident(key, by), draft_id, body.text, part=body.part, language=body.language, by=by, now=time.now()
    )
    return Status(201, _out(made))


@router.post("incidents/{key}/drafts/{int:draft_id}/change", response={201: ReviewOut}, summary="Ask for other words")
def ask_change(request: HttpRequest, key: str, draft_id: Number, body: ReviewChangeIn) -> Any:
    by = actor_of(request)
    made = actions.ask_change(
        _incident(key, by), draft_id, body.text, seen=body.seen, zone=_zone(), by=by, now=time.now()
    )
    return Status(201, _out(made))


@router.post(
    "incidents/{key}/drafts/{int:draft_id}/approve", response={201: ReviewOut}, summary="Approve the exact version"
)
def approve(request: HttpRequest, key: str, draft_id: Number, body: ApproveIn) -> Any:
    """Both languages at once. Times of an estimate are read in the zone of the house."""
    by = actor_of(request)
    made = actions.approve(_incident(key, by), draft_id, seen=body.seen, zone=_zone(), by=by, now=time.now())
    return Status(201, _out(made))


@router.post("incidents/{key}/updates/{int:number}/looked", response={204: None}, summary="Looked at afterwards")
def looked(request: HttpRequest, key: str, number: Number) -> Any:
    by = actor_of(request)
    actions.look_after(_incident(key, by), number, by=by, now=time.now())
    return Status(204, None)


@router.get("updates/unapproved", response=UnapprovedPage, summary="Updates sent without approval, newest first")
def unapproved(request: HttpRequest, after: Annotated[str, Query(max_length=20)] = "", looked: bool = False) -> Any:
    by = actor_of(request)
    by.require("read")
    found, following = reviews.unapproved(by, after=after, looked=looked)
    known = cases.incidents({one.incident_id for one in found})
    items = [
        {
            "incident": known[one.incident_id].key, "number": one.number, "author": one.author_name,
            "published_at": one.published_at, "liability": any(item["guard"] == "liability" for item in one.overruled),
            "looked_by_id": one.looked_by_id, "looked_at": one.looked_at,
        }
        for one in found
    ]  # fmt: skip
    return {"items": items, "next": following}


def _incident(key: str, by: Actor) -> int:
    by.require("read")
    return cases.by_number(key, by).id


def _zone() -> str:
    return str(house.get("zone", "Asia/Tokyo"))


def _out(one: ReviewFacts) -> dict[str, Any]:
    return {
        "id": one.id, "draft_id": one.draft_id, "kind": one.kind, "part": one.part, "language": one.language,
        "body": one.body, "author_id": one.author_id, "author": one.author_name, "said_at": one.said_at,
    }  # fmt: skip
