"""`/api/v1/heartbeats` and `/api/v1/probes`: what the pages do. Rights are in the actions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from tomei.accounts.doors import actor_of
from tomei.kernel import time
from tomei.kernel.text import Text
from tomei.signals import actions, minded
from tomei.signals.facts import HeartbeatFacts, ProbeFacts
from tomei.signals.rules import probing
from tomei.signals.rules.beating import Schedule

router = Router(tags=["signals"])
Limit = Annotated[int, Query(ge=1, le=200)]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Small = Annotated[int, Field(ge=0, le=2**31 - 1)]


class MindedName(Schema):
    """One language is enough."""

    ja: str = ""
    en: str = ""


class HeartbeatSettingIn(Schema):
    """Either `period_s`, or `cron` (five fields) on the wall clock of `zone`."""

    name: MindedName
    period_s: Small | None = None
    cron: str = ""
    zone: str = "UTC"
    grace_s: Small = 3600
    component_id: Id | None = None


class HeartbeatEdit(HeartbeatSettingIn):
    """`seen` is the version that was read."""

    seen: Small


class HeartbeatOut(Schema):
    """`stands`: new, up, late, running, down, paused. `address` is empty for who may not configure the house."""

    id: int
    name: MindedName
    component_id: int | None
    period_s: int | None
    cron: str
    zone: str
    grace_s: int
    stands: Literal["new", "up", "late", "running", "down", "paused"]
    reason: Literal["", "missed", "failed", "overran"]
    last_at: datetime | None
    started_at: datetime | None
    expected_at: datetime | None
    due_at: datetime | None
    paused_at: datetime | None
    paused_by: str
    version: int
    address: str
    url: str


class HeartbeatList(Schema):
    items: list[HeartbeatOut]
    next: str | None = None


class PingOut(Schema):
    """`word`: start, fail, an exit status; empty is a success."""

    id: int
    at: datetime
    word: str
    text: str
    is_good: bool


class PingPage(Schema):
    items: list[PingOut]
    next: str | None


class ProbeSetting(Schema):
    """`target`: a URL for http, `host:port` for tcp, `host` or `host:port` for tls."""

    kind: Literal["http", "tcp", "tls"]
    target: str
    every_s: Small = 60
    timeout_s: Small = 5
    failures: Small = 2
    successes: Small = 1
    method: Literal["GET", "HEAD"] = "GET"
    status_from: Small = 200
    status_to: Small = 299
    must: str = ""
    must_not: str = ""
    warn_days: Small = 21
    critical_days: Small = 7


class ProbeIn(ProbeSetting):
    name: MindedName
    component_id: Id | None = None


class ProbeEdit(ProbeIn):
    """`seen` is the version that was read."""

    seen: Small


class ProbeOut(Schema):
    """`stands`: new, up, failing (not yet often enough to fire), down, paused."""

    id: int
    name: MindedName
    component_id: int | None
    setting: ProbeSetting
    stands: Literal["new", "up", "failing", "down", "paused"]
    severity: str
    outcome: str
    last_at: datetime | None
    next_at: datetime | None
    paused_at: datetime | None
    paused_by: str
    version: int
    url: str


class ProbeList(Schema):
    items: list[ProbeOut]
    next: str | None = None


class ProbeResultOut(Schema):
    """`outcome` is ok, or the code of what was wrong; `detail` what was seen."""

    id: int
    at: datetime
    is_good: bool
    outcome: str
    detail: str
    ms: int


class ProbeDetail(ProbeOut):
    """`day` and `week` are the shares of good looks, from 0 to 1; null where none was."""

    day: float | None
    week: float | None
    results: list[ProbeResultOut]


def _name(given: MindedName) -> Text:
    return Text(given.ja, given.en)


def _schedule(given: HeartbeatSettingIn) -> Schedule:
    return Schedule(None if given.cron.strip() else given.period_s, given.cron, given.zone, given.grace_s)


def _setting(given: ProbeSetting) -> probing.Setting:
    return probing.Setting(**{name: getattr(given, name) for name in ProbeSetting.model_fields})


def _beat(facts: HeartbeatFacts) -> dict[str, Any]:
    return {n: getattr(facts, n) for n in HeartbeatOut.model_fields} | {"name": facts.name.as_json()}


def _heartbeat(request: HttpRequest, pk: int) -> dict[str, Any]:
    return _beat(minded.heartbeat(pk, time.now(), actor_of(request)))


def _look(facts: ProbeFacts) -> dict[str, Any]:
    shown = {name: getattr(facts, name) for name in ProbeOut.model_fields} | {"name": facts.name.as_json()}
    shown["setting"] = {name: getattr(facts.setting, name) for name in ProbeSetting.model_fields}
    return shown


def _probe(pk: int) -> dict[str, Any]:
    facts = minded.probe(pk, time.now())
    return _look(facts) | {"day": facts.day, "week": facts.week, "results": minded.results(pk)}


@router.get("/heartbeats", response=HeartbeatList, operation_id="heartbeats_list")
def list_heartbeats(request: HttpRequest) -> dict[str, Any]:
    """All of them, those that are down first, without their addresses."""
    actor_of(request).require("read")
    return {"items": [_beat(one) for one in minded.heartbeats(time.now())]}


@router.post("/heartbeats", response={201: HeartbeatOut}, operation_id="heartbeats_add")
def add_heartbeat(request: HttpRequest, body: HeartbeatSettingIn) -> Status[dict[str, Any]]:
    """A new one with its address; it fires for nothing before its first ping."""
    by = actor_of(request)
    by.require("house.configure")
    pk, _key = actions.add_heartbeat(_name(body.name), _schedule(body), body.component_id, by=by, now=time.now())
    return Status(201, _heartbeat(request, pk))


@router.get("/heartbeats/{int:pk}", response=HeartbeatOut, operation_id="heartbeats_get")
def get_heartbeat(request: HttpRequest, pk: int) -> dict[str, Any]:
    actor_of(request).require("read")
    return _heartbeat(request, pk)


@router.put("/heartbeats/{int:pk}", response=HeartbeatOut, operation_id="heartbeats_edit")
def edit_heartbeat(request: HttpRequest, pk: int, body: HeartbeatEdit) -> dict[str, Any]:
    """All of its settings anew; under a new schedule it gets at least its grace from now."""
    actions.edit_heartbeat(
        pk, name=_name(body.name), schedule=_schedule(body), component_id=body.component_id, seen=body.seen,
        by=actor_of(request), now=time.now(),
    )  # fmt: skip
    return _heartbeat(request, pk)


@router.get("/heartbeats/{int:pk}/pings", response=PingPage, operation_id="heartbeats_pings")
def list_pings(request: HttpRequest, pk: int, after: int | None = None, limit: Limit = 50) -> dict[str, Any]:
    """What came to its address, newest first."""
    actor_of(request).require("read")
    minded.heartbeat(pk, time.now())
    rows = minded.pings(pk, before=after, limit=limit + 1)
    return {"items": rows[:limit], "next": str(rows[limit - 1].id) if len(rows) > limit else None}


@router.post("/heartbeats/{int:pk}/pause", response=HeartbeatOut, operation_id="heartbeats_pause")
def pause_heartbeat(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Its silence says nothing until it is resumed; what it fires is over."""
    actions.pause_heartbeat(pk, by=actor_of(request), now=time.now())
    return _heartbeat(request, pk)


@router.post("/heartbeats/{int:pk}/resume", response=HeartbeatOut, operation_id="heartbeats_resume")
def resume_heartbeat(request: HttpRequest, pk: int) -> dict[str, Any]:
    actions.resume_heartbeat(pk, by=actor_of(request), now=time.now())
    return _heartbeat(request, pk)


@router.post("/heartbeats/{int:pk}/key", response=HeartbeatOut, operation_id="heartbeats_renew_key")
def renew_heartbeat_key(request: HttpRequest, pk: int) -> dict[str, Any]:
    """A new address; the old one opens nothing any more."""
    minded.heartbeat(pk, time.now())
    actions.renew_key(pk, by=actor_of(request), now=time.now())
    return _heartbeat(request, pk)


@router.delete("/heartbeats/{int:pk}", response={204: None}, operation_id="heartbeats_delete")
def delete_heartbeat(request: HttpRequest, pk: int) -> Status[None]:
    actions.delete_heartbeat(pk, by=actor_of(request), now=time.now())
    return Status(204, None)


@router.get("/probes", response=ProbeList, operation_id="probes_list")
def list_probes(request: HttpRequest) -> dict[str, Any]:
    """All of them, those that are down first."""
    actor_of(request).require("read")
    return {"items": [_look(one) for one in minded.probes()]}


@router.post("/probes", response={201: ProbeDetail}, operation_id="probes_add")
def add_probe(request: HttpRequest, body: ProbeIn) -> Status[dict[str, Any]]:
    """A new one; it looks for the first time at once."""
    by = actor_of(request)
    pk = actions.add_probe(_name(body.name), _setting(body), body.component_id, by=by, now=time.now())
    return Status(201, _probe(pk))


@router.get("/probes/{int:pk}", response=ProbeDetail, operation_id="probes_get")
def get_probe(request: HttpRequest, pk: int) -> dict[str, Any]:
    """One of them with its newest results."""
    actor_of(request).require("read")
    return _probe(pk)


@router.put("/probes/{int:pk}", response=ProbeDetail, operation_id="probes_edit")
def edit_probe(request: HttpRequest, pk: int, body: ProbeEdit) -> dict[str, Any]:
    """All of its settings anew; with another question it begins anew, at once."""
    actions.edit_probe(
        pk, name=_name(body.name), setting=_setting(body), component_id=body.component_id, seen=body.seen,
        by=actor_of(request), now=time.now(),
    )  # fmt: skip
    return _probe(pk)


@router.post("/probes/{int:pk}/try", response=ProbeDetail, operation_id="probes_try")
def try_probe(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Look once, now; the result stands in `results` a moment later."""
    actions.try_probe(pk, by=actor_of(request), now=time.now())
    return _probe(pk)


@router.post("/probes/{int:pk}/pause", response=ProbeDetail, operation_id="probes_pause")
def pause_probe(request: HttpRequest, pk: int) -> dict[str, Any]:
    """It looks no more until it is resumed; what it fires is over."""
    actions.pause_probe(pk, by=actor_of(request), now=time.now())
    return _probe(pk)


@router.post("/probes/{int:pk}/resume", response=ProbeDetail, operation_id="probes_resume")
def resume_probe(request: HttpRequest, pk: int) -> dict[str, Any]:
    actions.resume_probe(pk, by=actor_of(request), now=time.now())
    return _probe(pk)


@router.delete("/probes/{int:pk}", response={204: None}, operation_id="probes_delete")
def delete_probe(request: HttpRequest, pk: int) -> Status[None]:
    actions.delete_probe(pk, by=actor_of(request), now=time.now())
    return Status(204, None)
