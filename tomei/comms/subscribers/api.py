"""`/api/v1/subscribers`: the same as the page of the settings, for administrators' tokens."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from pydantic import AwareDatetime

from tomei.accounts.doors import actor_of
from tomei.comms.subscribers import actions, queries
from tomei.kernel import time

router = Router(tags=["subscribers"])


class CountsOut(Schema):
    """`components` by id, of those who chose some; `everything`: chose none and hear of all."""

    all: int
    everything: int
    components: dict[int, int]
    languages: dict[str, int]
    suppressed: int
    channels: dict[str, int]
    stopped: int


class SoughtIn(Schema):
    """Letters of the address."""

    address: Annotated[str, Field(min_length=1, max_length=300)]


class SubscriberOut(Schema):
    """`components` are ids; empty means all. `address` of a webhook or chat is its host."""

    id: int
    channel: Literal["mail", "webhook", "slack", "teams", "mattermost"]
    address: str
    language: Literal["ja", "en"]
    components: list[int]
    confirmed_at: AwareDatetime


@router.get("subscribers", response=CountsOut, summary="How many get public updates, by which channel")
def counts(request: HttpRequest) -> Any:
    actor_of(request).require("house.configure")
    return queries.counts()


@router.post("subscribers/search", response=list[SubscriberOut], summary="Subscribers by address; is audited")
def search(request: HttpRequest, body: SoughtIn) -> Any:
    return actions.search(body.address, by=actor_of(request), now=time.now())


@router.delete("subscribers/{int:subscriber_id}", response={204: None}, summary="Remove a subscriber")
def remove(request: HttpRequest, subscriber_id: Annotated[int, Field(ge=1, le=2**63 - 1)]) -> Any:
    actions.remove(subscriber_id, by=actor_of(request), now=time.now())
    return Status(204, None)
