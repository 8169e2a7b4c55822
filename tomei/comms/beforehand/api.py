"""`/api/v1/first-texts` and `/incidents/{key}/first`: what may go out by itself, and holding it back."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from pydantic import AwareDatetime

from tomei.accounts.doors import actor_of
from tomei.cases import queries as cases
from tomei.comms.beforehand import actions, queries, rules
from tomei.kernel import time
from tomei.kernel.errors import Missing
from tomei.kernel.text import Text

router = Router(tags=["updates"])

Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Seen = Annotated[int, Field(ge=0, le=2**31 - 1)]
Key = Annotated[str, Field(max_length=60)]


class FirstWords(Schema):
    ja: Annotated[str, Field(max_length=5000)] = ""
    en: Annotated[str, Field(max_length=5000)] = ""

    def text(self) -> Text:
        return Text(self.ja, self.en)


class FirstTextIn(Schema):
    """`parts`: effect, known, doing, ask, workaround, in both languages, with places in braces as in templates; the
    time of the next update must stand in it. Empty `severities`, `products`, `components`: all. `seen` is the
    version that it grew from, 0 for a new one. `overrules` maps the key of a finding to a reason."""

    name: FirstWords
    parts: dict[str, FirstWords]
    severities: Annotated[list[Annotated[str, Field(max_length=20)]], Field(max_length=10)] = []
    products: Annotated[list[Number], Field(max_length=500)] = []
    components: Annotated[list[Number], Field(max_length=2000)] = []
    public: bool = False
    seen: Seen = 0
    overrules: dict[str, Annotated[str, Field(max_length=1000)]] = {}


class FirstTextNew(FirstTextIn):
    key: Key


class SeenIn(Schema):
    """`seen` is the version that was read; another one is refused as stale."""

    seen: Seen


class HoldIn(Schema):
    reason: Annotated[str, Field(max_length=2000)]


class FirstTextOut(Schema):
    """`may_go`: approved by somebody else in this very version, and in use."""

    key: str
    version: int
    name: FirstWords
    parts: dict[str, FirstWords]
    severities: list[str]
    products: list[int]
    components: list[int]
    public: bool
    is_archived: bool
    may_go: bool
    made_by_id: int | None
    made_by: str
    made_at: AwareDatetime | None
    approved_by_id: int | None
    approved_by: str
    approved_at: AwareDatetime | None


class FirstNoticeOut(Schema):
    """`why`: the reason of who held it back, or the code of why a person is asked instead."""

    state: Literal["waiting", "sent", "spoken", "held", "dropped", "asked"]
    due_at: AwareDatetime
    why: str
    by: str
    at: AwareDatetime | None
    update_id: int | None


@router.get("first-texts", response=list[FirstTextOut], summary="Texts that may go out by themselves")
def list_first_texts(request: HttpRequest) -> Any:
    actor_of(request).require("read")
    return [_out(one) for one in queries.everything()]


@router.post("first-texts", response={201: FirstTextOut}, summary="Write a text that may go out by itself")
def add_first_text(request: HttpRequest, body: FirstTextNew) -> Any:
    """It goes out once somebody else has approved it, where the policy switches it on."""
    return Status(201, _saved(request, body.key, body))


@router.get("first-texts/{slug:text}", response=FirstTextOut, summary="One text, newest version")
def get_first_text(request: HttpRequest, text: str) -> Any:
    actor_of(request).require("read")
    return _out(queries.one(text))


@router.put("first-texts/{slug:text}", response=FirstTextOut, summary="Change a text; its approval ends")
def put_first_text(request: HttpRequest, text: str, body: FirstTextIn) -> Any:
    actor_of(request).require("template.edit")
    queries.one(text)
    return _saved(request, text, body)


@router.post("first-texts/{slug:text}/approve", response=FirstTextOut, summary="Approve the exact version")
def approve_first_text(request: HttpRequest, text: str, body: SeenIn) -> Any:
    """By a commander who did not write it."""
    by = actor_of(request)
    by.require("update.publish")
    return _out(actions.approve_text(text, seen=body.seen, by=by, now=time.now()))


@router.post("first-texts/{slug:text}/archive", response=FirstTextOut, summary="Use a text no more")
def archive_first_text(request: HttpRequest, text: str, body: SeenIn) -> Any:
    by = actor_of(request)
    by.require("template.edit")
    return _out(actions.archive_text(text, seen=body.seen, by=by, now=time.now()))


@router.get("incidents/{key}/first", response=FirstNoticeOut, summary="What goes out by itself, or how it ended")
def get_first_notice(request: HttpRequest, key: str) -> Any:
    by = actor_of(request)
    by.require("read")
    found = queries.of_incident(cases.by_number(key, by).id)
    if found is None:
        raise Missing("first notice")
    return _notice(found)


@router.post("incidents/{key}/first/hold", response=FirstNoticeOut, summary="Hold the first notice back")
def hold_first_notice(request: HttpRequest, key: str, body: HoldIn) -> Any:
    by = actor_of(request)
    by.require("read")
    incident = cases.by_number(key, by)
    return _notice(actions.hold_back(incident.id, body.reason, by=by, now=time.now()))


def _saved(request: HttpRequest, key: str, body: FirstTextIn) -> dict[str, Any]:
    text = rules.FirstText(
        key, body.name.text(), {name[:40]: said.text() for name, said in body.parts.items()}, tuple(body.severities),
        tuple(body.products), tuple(body.components), body.public,
    )  # fmt: skip
    by = actor_of(request)
    return _out(actions.save_text(text, seen=body.seen, overrules=body.overrules, by=by, now=time.now()))


def _out(one: rules.FirstText) -> dict[str, Any]:
    return {
        "key": one.key, "version": one.version, "name": one.name.as_json(),
        "parts": {name: text.as_json() for name, text in one.parts.items()}, "severities": list(one.severities),
        "products": list(one.products), "components": list(one.components), "public": one.public,
        "is_archived": one.is_archived, "may_go": one.may_go, "made_by_id": one.made_by_id,
        "made_by": one.made_by_name, "made_at": one.made_at, "approved_by_id": one.approved_by_id,
        "approved_by": one.approved_by_name, "approved_at": one.approved_at,
    }  # fmt: skip


def _notice(one: queries.NoticeFacts) -> dict[str, Any]:
    return {
        "state": one.state, "due_at": one.due_at, "why": one.why, "by": one.who, "at": one.at,
        "update_id": one.update_id,
    }  # fmt: skip
