"""`/api/v1/endpoints`: what the pages of the settings do, for administrators' tokens."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from pydantic import AwareDatetime

from tomei.accounts.doors import actor_of
from tomei.delivery.endpoints import actions, queries
from tomei.delivery.endpoints.actions import EndpointIn
from tomei.delivery.requests import now_of, number

router = Router(tags=["Endpoints"])
HOUSE = ("house",)
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Kind = Literal["webhook", "slack", "teams", "mattermost"]
Named = Annotated[str, Field(max_length=80)]
Url = Annotated[str, Field(max_length=2000)]


class EndpointBody(Schema):
    """`language` of notes in a chat; empty: Japanese. `drills`: also hear of drills."""

    name: Named = ""
    events: Annotated[list[str], Field(max_length=100)]
    drills: bool = False
    language: Literal["", "ja", "en"] = ""


class EndpointNew(EndpointBody):
    kind: Kind
    url: Url


class EndpointChange(EndpointBody):
    """`url` empty or left out keeps the address. `version` refuses a change that did not see the newest."""

    url: Url = ""
    version: Id | None = None


class EndpointOut(Schema):
    """`host` is all that is shown of the address. `off_why`: gone, failing, person; empty while it is on."""

    id: int
    kind: str
    name: str
    host: str
    events: list[str]
    drills: bool
    language: str
    mail_too: bool
    version: int
    created_at: AwareDatetime
    old_secret_until: AwareDatetime | None
    last_accepted_at: AwareDatetime | None
    failing_since: AwareDatetime | None
    failures: int
    last_error: str
    off_at: AwareDatetime | None
    off_why: str

    @staticmethod
    def resolve_host(found: Any) -> str:
        return str(found["hint"] if isinstance(found, dict) else found.hint)


class MadeOut(Schema):
    """`secret` is shown here and nowhere else; empty for a chat."""

    endpoint: EndpointOut
    secret: str


class SecretOut(Schema):
    secret: str


class DeliveryOut(Schema):
    """`answer`: status and the beginning of the body of the last attempt."""

    id: int
    type: str
    purpose: str
    state: str
    attempts: int
    created_at: AwareDatetime
    accepted_at: AwareDatetime | None
    next_try_at: AwareDatetime | None
    answer: str
    last_error: str


class DeliveryPage(Schema):
    items: list[DeliveryOut]
    next: str | None


def given(body: Any) -> EndpointIn:
    return EndpointIn(
        body.name, getattr(body, "url", ""), tuple(getattr(body, "events", ())), getattr(body, "drills", False),
        body.language, getattr(body, "mail_too", True),
    )  # fmt: skip


@router.get("/endpoints", response=list[EndpointOut], operation_id="list_endpoints", summary="Our endpoints")
def listed(request: HttpRequest) -> Any:
    actor_of(request).require("house.configure")
    return queries.of("house")


@router.post("/endpoints", response=MadeOut, operation_id="add_endpoint", summary="Add an endpoint; its secret, once")
def add(request: HttpRequest, body: EndpointNew) -> Any:
    made, secret = actions.add("house", body.kind, given(body), by=actor_of(request), now=now_of(request))
    return {"endpoint": made, "secret": secret}


@router.get("/endpoints/{endpoint_id}", response=EndpointOut, operation_id="get_endpoint", summary="One endpoint")
def one(request: HttpRequest, endpoint_id: Id) -> Any:
    actor_of(request).require("house.configure")
    return queries.one(endpoint_id, HOUSE)


@router.put("/endpoints/{endpoint_id}", response=EndpointOut, operation_id="change_endpoint", summary="Change it")
def change(request: HttpRequest, endpoint_id: Id, body: EndpointChange) -> Any:
    return actions.change(
        endpoint_id, given(body), uses=HOUSE, seen=body.version, by=actor_of(request), now=now_of(request)
    )


@router.delete("/endpoints/{endpoint_id}", response={204: None}, operation_id="remove_endpoint", summary="Remove it")
def remove(request: HttpRequest, endpoint_id: Id) -> Any:
    actions.remove(endpoint_id, uses=HOUSE, by=actor_of(request), now=now_of(request))
    return Status(204, None)


@router.post(
    "/endpoints/{endpoint_id}/rotate", response=SecretOut, operation_id="rotate_endpoint",
    summary="A new secret, shown once; the old one signs beside it for a day",
)  # fmt: skip
def rotate(request: HttpRequest, endpoint_id: Id) -> Any:
    return {"secret": actions.rotate(endpoint_id, uses=HOUSE, by=actor_of(request), now=now_of(request))}


@router.get("/endpoints/{endpoint_id}/deliveries", response=DeliveryPage, operation_id="list_deliveries",
            summary="What was sent there and what was answered, newest first")  # fmt: skip
def deliveries(
    request: HttpRequest, endpoint_id: Id, after: str = "", limit: Annotated[int, Field(ge=1, le=100)] = 20
) -> Any:
    actor_of(request).require("house.configure")
    queries.one(endpoint_id, HOUSE)
    rows, more = queries.deliveries(endpoint_id, before=number(after), limit=limit)
    return {"items": rows, "next": str(more) if more else None}


@router.post("/endpoints/{endpoint_id}/{verb}", response=EndpointOut, operation_id="act_on_endpoint",
             summary="Send a test, turn it on or off")  # fmt: skip
def act(request: HttpRequest, endpoint_id: Id, verb: Literal["test", "on", "off"]) -> Any:
    by, now = actor_of(request), now_of(request)
    if verb == "test":
        actions.test(endpoint_id, uses=HOUSE, language="en", by=by, now=now)
    else:
        actions.switch(endpoint_id, verb == "on", uses=HOUSE, by=by, now=now)
    return queries.one(endpoint_id, HOUSE)
