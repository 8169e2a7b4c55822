"""`/api/v1/sources/{pk}/mapping` and `/replay`: how a generic source is read, and reading again what it sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from tomei.accounts.doors import actor_of
from tomei.kernel import time
from tomei.signals import actions, queries, told
from tomei.signals.rules import mapping

router = Router(tags=["signals"])


class MappingIn(Schema):
    """`paths`: JMESPath by field (events, title, status, key, severity, component, at, url, text, labels). `tables`:
    for status, severity and component, the sender's value and ours."""

    paths: dict[str, str]
    tables: dict[str, dict[str, str]] = {}


class MappingSave(MappingIn):
    """`seen` is the version that was read, 0 where there is none."""

    seen: int


class MappingOut(MappingIn):
    version: int
    saved_at: datetime | None
    saved_by: str
    not_understood: int


class MappingTry(MappingIn):
    body: str


class MappingTried(Schema):
    """One event: what each field says, the fields that are missing and what stood there."""

    understood: bool
    said: dict[str, str]
    missing: dict[str, str]


class MappingResult(Schema):
    items: list[MappingTried]
    next: str | None = None


class Replaying(Schema):
    count: int


def _out(pk: int) -> dict[str, Any]:
    last, (count, _newest) = told.mapping_of(pk), told.unread_of(pk, 0)
    data = last.data if last else {}
    return {
        "paths": data.get("paths", {}),
        "tables": data.get("tables", {}),
        "version": last.version if last else 0,
        "saved_at": last.saved_at if last else None,
        "saved_by": last.saved_by if last else "",
        "not_understood": count,
    }


def _tables(given: MappingIn) -> dict[str, str]:
    return {name: mapping.lines(one) for name, one in given.tables.items()}


@router.get("/sources/{int:pk}/mapping", response=MappingOut, operation_id="sources_mapping_get")
def get_mapping(request: HttpRequest, pk: int) -> dict[str, Any]:
    """The mapping in force."""
    actor_of(request).require("read")
    queries.source(pk)
    return _out(pk)


@router.put("/sources/{int:pk}/mapping", response=MappingOut, operation_id="sources_mapping_save")
def save_mapping(request: HttpRequest, pk: int, body: MappingSave) -> dict[str, Any]:
    """A new version; without paths the fixed shape counts again."""
    actions.save_mapping(pk, body.paths, _tables(body), seen=body.seen, by=actor_of(request), now=time.now())
    return _out(pk)


@router.post("/sources/{int:pk}/mapping/try", response=MappingResult, operation_id="sources_mapping_try")
def try_mapping(request: HttpRequest, pk: int, body: MappingTry) -> dict[str, Any]:
    """What a mapping makes of a body; nothing is kept."""
    actor_of(request).require("house.configure")
    queries.source(pk)
    read = mapping.checked(body.paths, _tables(body))
    tried = mapping.try_out(read, body.body.encode("utf-8", "replace")) if read else ()
    return {
        "items": [
            {"understood": one.event is not None, "said": dict(one.said), "missing": dict(one.missing)} for one in tried
        ]
    }


@router.post("/sources/{int:pk}/replay", response={202: Replaying}, operation_id="sources_replay")
def replay(request: HttpRequest, pk: int) -> Status[dict[str, int]]:
    """The clock reads again what was not understood; each counts once and keeps the time at which it came."""
    return Status(202, {"count": actions.replay(pk, by=actor_of(request), now=time.now())})
