"""`/api/v1/organisations/{pk}/channels`: what the page of a customer's channels does."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from tomei.accounts.doors import actor_of
from tomei.comms.channels import owners
from tomei.customers import queries as customers
from tomei.delivery.endpoints import actions
from tomei.delivery.endpoints.api import EndpointOut, Id, Kind, Named, SecretOut, Url, given
from tomei.delivery.requests import now_of

router = Router(tags=["Channels"])


class ChannelBody(Schema):
    """`language` empty: that of the organisation or contact. `mail_too` false: mail only while the channel fails."""

    name: Named = ""
    language: Literal["", "ja", "en"] = ""
    mail_too: bool = True


class ChannelNew(ChannelBody):
    """`contact_id`: whose channel it is; left out for the whole organisation."""

    kind: Kind
    url: Url
    contact_id: Id | None = None


class ChannelChange(ChannelBody):
    url: Url = ""
    version: Id | None = None


class ChannelOut(EndpointOut):
    """`use` is organisation or contact, `owner_id` the id of it."""

    use: str
    owner_id: int


class ChannelMade(Schema):
    channel: ChannelOut
    secret: Annotated[str, Field(description="Shown here and nowhere else; empty for a chat")]


@router.get("/organisations/{pk}/channels", response=list[ChannelOut], operation_id="list_channels",
            summary="Channels of notices under a contract")  # fmt: skip
def listed(request: HttpRequest, pk: Id) -> Any:
    actor_of(request).require("customer.edit")
    return owners.of(customers.organisation(pk).id)


@router.post("/organisations/{pk}/channels", response=ChannelMade, operation_id="add_channel", summary="Add a channel")
def add(request: HttpRequest, pk: Id, body: ChannelNew) -> Any:
    by = actor_of(request)
    by.require("customer.edit")
    use, owner_id = owners.read(pk, str(body.contact_id or ""))
    made, secret = actions.add(use, body.kind, given(body), owner_id=owner_id, by=by, now=now_of(request))
    return {"channel": made, "secret": secret}


@router.put("/organisations/{pk}/channels/{endpoint_id}", response=ChannelOut, operation_id="change_channel",
            summary="Change a channel")  # fmt: skip
def change(request: HttpRequest, pk: Id, endpoint_id: Id, body: ChannelChange) -> Any:
    by = actor_of(request)
    by.require("customer.edit")
    owners.one(pk, endpoint_id)
    return actions.change(endpoint_id, given(body), uses=owners.USES, seen=body.version, by=by, now=now_of(request))


@router.delete("/organisations/{pk}/channels/{endpoint_id}", response={204: None}, operation_id="remove_channel",
               summary="Remove a channel")  # fmt: skip
def remove(request: HttpRequest, pk: Id, endpoint_id: Id) -> Any:
    by = actor_of(request)
    by.require("customer.edit")
    owners.one(pk, endpoint_id)
    actions.remove(endpoint_id, uses=owners.USES, by=by, now=now_of(request))
    return Status(204, None)


@router.post("/organisations/{pk}/channels/{endpoint_id}/rotate", response=SecretOut, operation_id="rotate_channel",
             summary="A new secret, shown once")  # fmt: skip
def rotate(request: HttpRequest, pk: Id, endpoint_id: Id) -> Any:
    by = actor_of(request)
    by.require("customer.edit")
    owners.one(pk, endpoint_id)
    return {"secret": actions.rotate(endpoint_id, uses=owners.USES, by=by, now=now_of(request))}


@router.post("/organisations/{pk}/channels/{endpoint_id}/{verb}", response=ChannelOut, operation_id="act_on_channel",
             summary="Send a test, turn it on or off")  # fmt: skip
def act(request: HttpRequest, pk: Id, endpoint_id: Id, verb: Literal["test", "on", "off"]) -> Any:
    by, now = actor_of(request), now_of(request)
    by.require("customer.edit")
    found = owners.one(pk, endpoint_id)
    if verb == "test":
        actions.test(found.id, uses=owners.USES, language=customers.organisation(pk).language, by=by, now=now)
    else:
        actions.switch(found.id, verb == "on", uses=owners.USES, by=by, now=now)
    return owners.one(pk, endpoint_id)
