"""`/api/v1/templates` and `/house-words`: what updates begin with, and the words that are no jargon here."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from tomei.accounts.doors import actor_of
from tomei.comms import actions, offering, queries, rules
from tomei.kernel import time
from tomei.kernel.text import Text

router = Router(tags=["updates"])

Seen = Annotated[int, Field(ge=0, le=2**31 - 1)]
Names = Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)]


class TemplateWords(Schema):
    ja: Annotated[str, Field(max_length=5000)] = ""
    en: Annotated[str, Field(max_length=5000)] = ""

    def text(self) -> Text:
        return Text(self.ja.replace("\x00", ""), self.en.replace("\x00", ""))


class TemplateIn(Schema):
    """Empty `states` or `audiences`: fits all. `seen` is the version that it grew from: 0 for a new one, and for the
    first change of a shipped one."""

    name: TemplateWords
    parts: dict[str, TemplateWords]
    states: Names = []
    audiences: Names = []
    seen: Seen = 0


class TemplateNew(TemplateIn):
    key: Annotated[str, Field(max_length=60)]


class TemplateOut(Schema):
    """`version` 0 is as shipped."""

    key: str
    version: int
    name: TemplateWords
    parts: dict[str, TemplateWords]
    states: list[str]
    audiences: list[str]
    is_archived: bool


class HouseWords(Schema):
    words: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=1000)]


@router.get("templates", response=list[TemplateOut], summary="Templates of updates, archived ones too")
def list_templates(request: HttpRequest) -> Any:
    actor_of(request).require("read")
    return [_out(one) for one in offering.everything()]


@router.post("templates", response={201: TemplateOut}, summary="Make a template")
def add_template(request: HttpRequest, body: TemplateNew) -> Any:
    return Status(201, _saved(request, body.key, body))


@router.get("templates/{slug:template}", response=TemplateOut, summary="One template, newest version")
def get_template(request: HttpRequest, template: str) -> Any:
    actor_of(request).require("read")
    return _out(offering.one(template))


@router.put("templates/{slug:template}", response=TemplateOut, summary="Change a template: a new version")
def put_template(request: HttpRequest, template: str, body: TemplateIn) -> Any:
    actor_of(request).require("template.edit")
    offering.one(template)
    return _saved(request, template, body)


@router.delete("templates/{slug:template}", response=TemplateOut, summary="Offer a template no more")
def remove_template(request: HttpRequest, template: str, seen: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0) -> Any:
    """A new version that is archived; what was sent with it keeps its name."""
    by = actor_of(request)
    by.require("template.edit")
    return _out(actions.archive_template(template, seen=seen, by=by, now=time.now()))


@router.get("house-words", response=HouseWords, summary="Words that the guard against jargon lets pass")
def get_words(request: HttpRequest) -> Any:
    actor_of(request).require("read")
    return {"words": sorted(queries.house_words())}


@router.put("house-words", response=HouseWords, summary="Set the words that are no jargon here")
def put_words(request: HttpRequest, body: HouseWords) -> Any:
    actions.save_words("\n".join(body.words).replace("\x00", ""), by=actor_of(request), now=time.now())
    return {"words": sorted(queries.house_words())}


def _saved(request: HttpRequest, key: str, body: TemplateIn) -> dict[str, Any]:
    template = rules.Template(
        key, body.name.text(), {name[:40]: said.text() for name, said in body.parts.items()}, tuple(body.states),
        tuple(body.audiences),
    )  # fmt: skip
    return _out(actions.save_template(template, seen=body.seen, by=actor_of(request), now=time.now()))


def _out(one: rules.Template) -> dict[str, Any]:
    return {
        "key": one.key, "version": one.version, "name": one.name.as_json(),
        "parts": {name: text.as_json() for name, text in one.parts.items()}, "states": list(one.states),
        "audiences": list(one.audiences), "is_archived": one.is_archived,
    }  # fmt: skip
