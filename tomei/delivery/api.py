"""`/api/v1/outbox/…` and `/api/v1/held/…`: what the pages do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from tomei.accounts.doors import actor_of
from tomei.delivery import actions, hold, mending, mending_pages, queries
from tomei.delivery.endpoints.api import router as endpoints
from tomei.delivery.inbound import actions as inbound
from tomei.delivery.inbound import queries as came_in
from tomei.delivery.requests import now_of, number
from tomei.kernel.actor import Actor
from tomei.ui import forms

router = Router(tags=["Delivery"])
Limit = Annotated[int, Query(ge=1, le=200)]
Id = Annotated[int, Field(ge=0, le=2**63 - 1)]


class MessageOut(Schema):
    id: int
    channel: str
    template: str
    to: str
    purpose: str
    subject: str
    state: str
    attempts: int
    created_at: datetime
    next_try_at: datetime | None
    accepted_at: datetime | None
    ended_at: datetime | None
    via: str
    last_error: str
    incident_id: int | None
    organisation_id: int | None
    promise_id: int | None
    user_id: int | None
    about: str


class MessagePage(Schema):
    items: list[MessageOut]
    next: str | None


class HoldOut(Schema):
    held: bool
    reason: str = ""
    began_at: datetime | None = None
    waiting: int = 0


class DropIn(Schema):
    """`ids` of held messages; `all` drops every one and ends the hold."""

    ids: list[Id] = []
    all: bool = False


class Counted(Schema):
    messages: int


class InboundOut(Schema):
    """A mail that came in. `sender` is what it claims; `confirmed_by` is who, signed in, has vouched for it."""

    id: int
    at: datetime
    via: str
    source_id: int | None
    kind: str
    verdict: str
    detail: str
    sender: str
    sender_name: str
    subject: str
    text: str
    attachments: int
    size: int
    is_cut: bool
    message_id: int | None
    incident_id: int | None
    group_id: int | None
    answered_at: datetime | None
    confirmed_at: datetime | None
    confirmed_by: str


class InboundPage(Schema):
    items: list[InboundOut]
    next: str | None


def _page(rows: Sequence[object], after: int | None) -> dict[str, Any]:
    return {"items": rows, "next": str(after) if after else None}


class Filtered(Schema):
    """`channel`: mail, webhook, slack, teams, mattermost, ntfy, pagerduty. `reason`: how the answer begins."""

    state: Annotated[str, Field(max_length=20)] = ""
    purpose: Annotated[str, Field(max_length=40)] = ""
    channel: Annotated[str, Field(max_length=20)] = ""
    reason: Annotated[str, Field(max_length=200)] = ""
    organisation_id: Id | None = None
    incident: Annotated[str, Field(max_length=40)] = ""


class BulkOut(Schema):
    """How many failed, or wait for their next try; `upto` goes back with what is to be done to them."""

    count: int
    upto: int


class BulkIn(Filtered):
    """`verb`: retry or give_up, done little by little to what was counted (`upto`)."""

    verb: Literal["retry", "give_up"]
    upto: Id


def _filters(given: Filtered, by: Actor) -> mending.Filters:
    return mending.Filters(
        given.state if given.state in queries.STATES else "", forms.clean(given.purpose), forms.clean(given.channel),
        forms.clean(given.reason), given.organisation_id, mending_pages.incident(forms.clean(given.incident), by),
    )  # fmt: skip


@router.get("/outbox", response=MessagePage, operation_id="list_outbox", summary="Messages, newest first")
def outbox(request: HttpRequest, given: Query[Filtered], after: str = "", limit: Limit = 50) -> Any:
    """`purpose`: page, update, notice (to subscribers), event, confirm, … ; an unknown one has no messages."""
    by = actor_of(request)
    by.require("delivery.release")
    return _page(*queries.filtered(_filters(given, by), before=number(after), limit=limit))


@router.get("/outbox/bulk", response=BulkOut, operation_id="count_outbox", summary="How many could be tried again")
def counted(request: HttpRequest, given: Query[Filtered]) -> Any:
    by = actor_of(request)
    by.require("delivery.release")
    return mending.counted(_filters(given, by), now_of(request))


@router.post("/outbox/bulk", response=Counted, operation_id="mend_outbox", summary="Try again or give up, together")
def bulk(request: HttpRequest, body: BulkIn) -> Any:
    by = actor_of(request)
    by.require("delivery.release")
    return {"messages": mending.begin(body.verb, _filters(body, by), upto=body.upto, by=by, now=now_of(request))}


@router.get("/outbox/{message_id}", response=MessageOut, operation_id="get_message", summary="What became of a message")
def message(request: HttpRequest, message_id: Id) -> Any:
    actor_of(request).require("delivery.release")
    return queries.message(message_id)


@router.post("/outbox/{message_id}/retry", response=MessageOut, operation_id="retry_message", summary="Try once more")
def retry(request: HttpRequest, message_id: Id) -> Any:
    actions.retry(message_id, by=actor_of(request), now=now_of(request))
    return queries.message(message_id)


@router.get("/held", response=HoldOut, operation_id="get_hold", summary="Is sending held, and why")
def held(request: HttpRequest) -> Any:
    actor_of(request).require("delivery.release")
    state = hold.state()
    if state is None:
        return {"held": False}
    return {"held": True, "reason": state.reason, "began_at": state.began_at, "waiting": state.waiting}


@router.get("/held/messages", response=MessagePage, operation_id="list_held", summary="What would leave")
def held_messages(request: HttpRequest, after: str = "", limit: Limit = 50) -> Any:
    actor_of(request).require("delivery.release")
    return _page(*queries.page(states=("held",), before=number(after), limit=limit))


@router.post("/held/release", response=Counted, operation_id="release_hold", summary="End the hold; all of it leaves")
def release(request: HttpRequest) -> Any:
    return {"messages": hold.release(by=actor_of(request), now=now_of(request))}


@router.post("/held/drop", response=Counted, operation_id="drop_held", summary="Drop held messages")
def drop(request: HttpRequest, body: DropIn) -> Any:
    chosen = None if body.all else list(body.ids)
    return {"messages": hold.drop(chosen, by=actor_of(request), now=now_of(request))}


@router.get("/incoming", response=InboundPage, operation_id="list_incoming", summary="Mail that came in, newest first")
def incoming(request: HttpRequest, after: str = "", limit: Limit = 50) -> Any:
    actor_of(request).require("delivery.release")
    return _page(*came_in.page(before=number(after), limit=limit))


@router.get("/incoming/{inbound_id}", response=InboundOut, operation_id="get_incoming", summary="One mail that came in")
def one_incoming(request: HttpRequest, inbound_id: Id) -> Any:
    by = actor_of(request)
    by.require("read")
    found = came_in.one(inbound_id)
    if found.kind != "declaration":
        by.require("delivery.release")
    return found


@router.post(
    "/incoming/{inbound_id}/confirm",
    response=InboundOut,
    operation_id="confirm_incoming",
    summary="Say that a mail is from whom it claims",
)
def confirm_incoming(request: HttpRequest, inbound_id: Id) -> Any:
    inbound.confirm(inbound_id, by=actor_of(request), now=now_of(request))
    return came_in.one(inbound_id)


router.add_router("", endpoints)
