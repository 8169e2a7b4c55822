"""`/api/v1/me/contact-methods`: how the person behind the token is reached."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from tomei.accounts.doors import actor_of
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.oncall import actions, queries

router = Router(tags=["On call"])
Id = Annotated[int, Field(ge=0, le=2**63 - 1)]


class MethodOut(Schema):
    """`hint` is the mail address, or the host of a webhook: its URL is never shown again."""

    id: int
    kind: str
    template: str
    hint: str
    label: str
    position: int
    tested_at: datetime | None


class MethodPage(Schema):
    items: list[MethodOut]
    next: str | None = None


class MethodIn(Schema):
    """A mail address (`address`), or a webhook (`template`, `url`, and `secret` where the tool takes one)."""

    kind: Literal["mail", "webhook"]
    address: str = ""
    template: str = ""
    url: str = ""
    secret: str = ""
    label: str = ""


class TestOut(Schema):
    message_id: int
    state: str
    last_error: str


def _now(request: HttpRequest) -> datetime:
    moment: datetime = request.now  # type: ignore[attr-defined]
    return moment


def _me(by: Actor) -> int:
    if by.user_id is None:
        raise Refused("rights.missing", verb="me.edit")
    return by.user_id


@router.get(
    "/me/contact-methods", response=MethodPage, operation_id="list_contact_methods", summary="My contact methods"
)
def methods(request: HttpRequest) -> Any:
    return {"items": queries.methods_of(_me(actor_of(request)))}


@router.post(
    "/me/contact-methods", response={201: MethodOut}, operation_id="add_contact_method", summary="Add a contact method"
)
def add(request: HttpRequest, body: MethodIn) -> Any:
    by, now = actor_of(request), _now(request)
    if body.kind == "mail":
        made = actions.add_mail(body.address, label=body.label, by=by, now=now)
    else:
        made = actions.add_webhook(body.template, body.url, secret=body.secret, label=body.label, by=by, now=now)
    return Status(201, queries.facts(queries.own(made, _me(by))))


@router.delete(
    "/me/contact-methods/{method_id}", response={204: None}, operation_id="remove_contact_method", summary="Remove it"
)
def remove(request: HttpRequest, method_id: Id) -> Any:
    actions.remove(method_id, by=actor_of(request), now=_now(request))
    return Status(204, None)


@router.post(
    "/me/contact-methods/{method_id}/test", response=TestOut, operation_id="test_contact_method", summary="Send a test"
)
def test(request: HttpRequest, method_id: Id) -> Any:
    made = actions.test(method_id, by=actor_of(request), now=_now(request))
    sent = queries.test_of(method_id)
    return {
        "message_id": made,
        "state": sent.state if sent else "waiting",
        "last_error": sent.last_error if sent else "",
    }
