"""`/api/v1/silences`: what calls nobody for a while."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import AwareDatetime

from tomei.accounts.doors import actor_of
from tomei.kernel import time
from tomei.signals import actions, silences

router = Router(tags=["signals"])


class SilenceIn(Schema):
    """`matchers`: one per line, `component = orders`, `env != test`, `host = web-*`; all must hold."""

    matchers: str
    until: AwareDatetime
    reason: str


class SilenceOut(Schema):
    id: int
    matchers: str
    until: datetime
    reason: str
    created_at: datetime
    created_by: str
    ended_at: datetime | None
    ended_by: str
    is_open: bool


class SilenceList(Schema):
    """`firing` groups fire and are held back."""

    items: list[SilenceOut]
    firing: int
    next: str | None = None


def _all() -> dict[str, Any]:
    now = time.now()
    return {"items": silences.listed(now), "firing": silences.firing_in_silence(now)}


@router.get("/silences", response=SilenceList, operation_id="silences_list")
def list_silences(request: HttpRequest) -> dict[str, Any]:
    """Open ones first."""
    actor_of(request).require("read")
    return _all()


@router.post("/silences", response={201: SilenceList}, operation_id="silences_add")
def add_silence(request: HttpRequest, body: SilenceIn) -> Status[dict[str, Any]]:
    """At most 30 days; when it ends, what still fires is proposed."""
    actions.add_silence(body.matchers, body.until, body.reason, by=actor_of(request), now=time.now())
    return Status(201, _all())


@router.post("/silences/{int:pk}/end", response=SilenceList, operation_id="silences_end")
def end_silence(request: HttpRequest, pk: int) -> dict[str, Any]:
    """It ends now."""
    actions.end_silence(pk, by=actor_of(request), now=time.now())
    return _all()
