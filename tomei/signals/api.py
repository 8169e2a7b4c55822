"""`/api/v1/signals` and `/api/v1/sources`: what fires, who looks at it, who may send. Rights are in the actions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from tomei.accounts.doors import actor_of
from tomei.cases import queries as incidents
from tomei.kernel import time
from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity
from tomei.signals import actions, mapping_api, minded_api, queries, silences_api
from tomei.signals.facts import GroupFacts, SourceFacts

router = Router(tags=["signals"])
router.add_router("", mapping_api.router)
router.add_router("", silences_api.router)
router.add_router("", minded_api.router)
Limit = Annotated[int, Query(ge=1, le=200)]


class SignalWords(Schema):
    ja: str
    en: str


class SignalGroupOut(Schema):
    """`triage`: none, proposed, taken, declared, dismissed, or passed (resolved before anybody acted).

    `flapping_at` is since when it changes its state too often to call people each time, `flaps` how often since then.
    """

    id: int
    source_id: int
    source: str
    key: str
    title: SignalWords
    severity: str
    component_id: int | None
    component: SignalWords | None
    state: Literal["firing", "resolved"]
    triage: str
    triage_due_at: datetime | None
    incident_id: int | None
    triaged_by: str
    triaged_at: datetime | None
    reason: str
    first_at: datetime
    fired_at: datetime | None
    last_at: datetime
    resolved_at: datetime | None
    events: int
    labels: dict[str, str]
    link: str
    flapping_at: datetime | None
    flaps: int
    url: str


class SignalGroupPage(Schema):
    items: list[SignalGroupOut]
    next: str | None


class SignalOut(Schema):
    """One event. `is_late`: it came after a newer one and changed nothing."""

    id: int
    at: datetime
    known_at: datetime
    status: str
    title: str
    fingerprint: str
    labels: dict[str, str]
    text: str
    is_late: bool
    received_id: int | None


class SignalGroupDetail(SignalGroupOut):
    signals: list[SignalOut]


class SourceOut(Schema):
    """`address`, `curl` and `snippet` are empty for who may not configure the house: the address is the key."""

    id: int
    kind: str
    name: str
    component_id: int | None
    created_at: datetime
    first_received_at: datetime | None
    last_received_at: datetime | None
    is_archived: bool
    address: str
    curl: str
    snippet: str


class SourceList(Schema):
    items: list[SourceOut]
    next: str | None = None


class ReceivedOut(Schema):
    """A request as it came; `error` says what could not be understood."""

    id: int
    at: datetime
    size: int
    verdict: Literal["understood", "repeated", "not_understood", "unverified"]
    error: str
    events: int
    replayed_at: datetime | None


class ReceivedPage(Schema):
    items: list[ReceivedOut]
    next: str | None


class ReceivedDetail(ReceivedOut):
    body: str
    is_cut: bool


class SourceIn(Schema):
    kind: str
    name: str
    component_id: int | None = None


class SourceEdit(Schema):
    name: str
    component_id: int | None = None


class SignalReason(Schema):
    reason: str


class SignalSeverity(Schema):
    severity: str = Severity.SEV1B.value


class SignalDeclared(Schema):
    incident_id: int
    key: str
    url: str


class WatchIn(Schema):
    every_s: int


class WatchOut(Schema):
    id: int
    name: str
    source_id: int
    source: str
    group_key: str
    every_s: int
    last_at: datetime | None
    due_at: datetime | None
    is_late: bool


class WatchList(Schema):
    items: list[WatchOut]
    next: str | None = None


def _out(group: GroupFacts) -> dict[str, Any]:
    names = tuple(name for name in SignalGroupOut.model_fields if name not in ("title", "component", "url"))
    shown = {name: getattr(group, name) for name in names} | {"title": group.words.as_json(), "url": group.url}
    shown["component"] = group.component.as_json() if group.component else None
    return shown


def _one(pk: int) -> dict[str, Any]:
    return _out(queries.group(pk)) | {"signals": queries.signals_of(pk)}


@router.get("/signals", response=SignalGroupPage, operation_id="signals_list")
def list_signals(
    request: HttpRequest,
    show: Literal["", "firing", "proposed", "resolved", "dismissed", "flapping"] = "",
    source_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    q: str = "",
    after: str = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """Groups, newest first."""
    actor_of(request).require("read")
    sought = queries.Filter(show=show, source_id=source_id, q=q.replace("\x00", "")[:100], after=after[:60])
    groups, following = queries.page(sought, limit)
    return {"items": [_out(group) for group in groups], "next": following or None}


@router.get("/signals/{int:pk}", response=SignalGroupDetail, operation_id="signals_get")
def get_signal(request: HttpRequest, pk: int) -> dict[str, Any]:
    """One group with its newest events."""
    actor_of(request).require("read")
    return _one(pk)


@router.post("/signals/{int:pk}/take", response=SignalGroupDetail, operation_id="signals_take")
def take_signal(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Somebody looks into it: the triage is kept."""
    actions.take(pk, by=actor_of(request), now=time.now())
    return _one(pk)


@router.post("/signals/{int:pk}/dismiss", response=SignalGroupDetail, operation_id="signals_dismiss")
def dismiss_signal(request: HttpRequest, pk: int, body: SignalReason) -> dict[str, Any]:
    """Nothing needs to be done, and why. When it fires anew, it is proposed anew."""
    actions.dismiss(pk, body.reason, by=actor_of(request), now=time.now())
    return _one(pk)


@router.post("/signals/{int:pk}/declare", response=SignalDeclared, operation_id="signals_declare")
def declare_from_signal(request: HttpRequest, pk: int, body: SignalSeverity) -> dict[str, Any]:
    """Declare an incident with what the signal says; the users of its component are affected."""
    if body.severity not in {severity.value for severity in Severity}:
        raise Refused("field.not_a_choice", field="severity", value=body.severity[:20])
    made = actions.declare_from(pk, body.severity, by=actor_of(request), now=time.now())
    facts = incidents.incident(made.id)
    return {"incident_id": facts.id, "key": facts.key, "url": facts.url}


@router.post("/signals/{int:pk}/watch", response=WatchList, operation_id="signals_watch")
def watch_signal(request: HttpRequest, pk: int, body: WatchIn) -> dict[str, Any]:
    """From now on it must be heard at least every `every_s` seconds."""
    actions.bind_watch(pk, body.every_s, by=actor_of(request), now=time.now())
    return {"items": queries.watches()}


@router.get("/watches", response=WatchList, operation_id="watches_list")
def list_watches(request: HttpRequest) -> dict[str, Any]:
    """Alerts that must keep coming."""
    actor_of(request).require("read")
    return {"items": queries.watches()}


@router.delete("/watches/{int:pk}", response={204: None}, operation_id="watches_delete")
def loosen_watch(request: HttpRequest, pk: int) -> Status[None]:
    """Not watched any more."""
    actions.loosen_watch(pk, by=actor_of(request), now=time.now())
    return Status(204, None)


@router.get("/sources", response=SourceList, operation_id="sources_list")
def list_sources(request: HttpRequest) -> dict[str, Any]:
    """Every sender, oldest first, without its key."""
    actor_of(request).require("read")
    return {"items": [one for one in queries.sources(archived=True) if one.kind not in queries.OWN]}


@router.post("/sources", response={201: SourceOut}, operation_id="sources_add")
def add_source(request: HttpRequest, body: SourceIn) -> Status[SourceFacts]:
    """A new sender with the address of its door."""
    by = actor_of(request)
    made, _key = actions.add_source(body.kind, body.name, body.component_id, by=by, now=time.now())
    return Status(201, queries.shown(made.id, by=by))


@router.get("/sources/{int:pk}", response=SourceOut, operation_id="sources_get")
def get_source(request: HttpRequest, pk: int) -> SourceFacts:
    by = actor_of(request)
    by.require("read")
    return queries.shown(pk, by=by)


@router.patch("/sources/{int:pk}", response=SourceOut, operation_id="sources_edit")
def edit_source(request: HttpRequest, pk: int, body: SourceEdit) -> SourceFacts:
    by = actor_of(request)
    actions.edit_source(pk, name=body.name, component_id=body.component_id, by=by, now=time.now())
    return queries.shown(pk, by=by)


@router.post("/sources/{int:pk}/key", response=SourceOut, operation_id="sources_renew_key")
def renew_key(request: HttpRequest, pk: int) -> SourceFacts:
    """A new key; the old address opens nothing any more."""
    by = actor_of(request)
    actions.renew_key(pk, by=by, now=time.now())
    return queries.shown(pk, by=by)


@router.post("/sources/{int:pk}/archive", response=SourceOut, operation_id="sources_archive")
def archive_source(request: HttpRequest, pk: int) -> SourceFacts:
    """Its door is shut; what it sent stays readable."""
    by = actor_of(request)
    actions.archive_source(pk, by=by, now=time.now())
    return queries.shown(pk, by=by)


@router.get("/sources/{int:pk}/received", response=ReceivedPage, operation_id="sources_received")
def list_received(request: HttpRequest, pk: int, after: int | None = None, limit: Limit = 50) -> dict[str, Any]:
    """What came, newest first."""
    actor_of(request).require("read")
    queries.source(pk)
    rows = queries.received_of(pk, before=after, limit=limit + 1)
    more = str(rows[limit - 1].id) if len(rows) > limit else None
    return {"items": rows[:limit], "next": more}


@router.get(
    "/sources/{int:pk}/received/{int:received_id}", response=ReceivedDetail, operation_id="sources_received_get"
)
def get_received(request: HttpRequest, pk: int, received_id: int) -> dict[str, Any]:
    """One request, its body as text."""
    actor_of(request).require("read")
    row, text, is_cut = queries.received(received_id, pk)
    return {name: getattr(row, name) for name in ReceivedOut.model_fields} | {"body": text, "is_cut": is_cut}
