"""`/api/v1/incidents/…/evidence`: what the pages do, by the same actions. Chunks are taken by the front."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Field, Router, Schema, Status
from pydantic import AwareDatetime

from tomei.accounts.doors import actor_of
from tomei.cases import queries as cases
from tomei.cases.evidence import actions, doors, queries, rules
from tomei.cases.evidence.queries import EvidenceFacts
from tomei.cases.shapes import Id, Words
from tomei.kernel import time
from tomei.kernel.errors import Missing

_BYTES = {
    kind: {"schema": {"type": "string", "format": "binary"}} for kind in ("text/plain", "application/octet-stream")
}
router = Router(tags=["evidence"])


class UploadIn(Schema):
    """`fresh` gives up an upload of the same name and size that broke off. `organisation_id`: who gives it."""

    name: Annotated[str, Field(min_length=1, max_length=1000)]
    size: Annotated[int, Field(ge=0, le=2**53)]
    organisation_id: Id | None = None
    fresh: bool = False


class UploadOut(Schema):
    """Send each chunk that is not in `have` with PUT `…/uploads/{key}/{number}` and its hash in X-Chunk-SHA256."""

    key: str
    name: str
    size: int
    chunk: int
    chunks: int
    have: list[int]
    state: str


class AboutIn(Schema):
    source: Annotated[str, Field(max_length=300)] = ""
    covers_from: AwareDatetime | None = None
    covers_until: AwareDatetime | None = None
    zone: Annotated[str, Field(max_length=60)] = ""
    note: Annotated[str, Field(max_length=4000)] = ""


class EvidenceFindingOut(Schema):
    kind: str
    count: int
    lines: list[int]


class MemberOut(Schema):
    name: str
    size: int
    warning: str


class EvidenceOut(Schema):
    id: int
    incident_key: str
    organisation_id: int
    organisation: Words
    name: str
    size: int
    digest: str
    source: str
    covers_from: datetime | None
    covers_until: datetime | None
    zone: str
    note: str
    given_by_kind: str
    given_by_id: int | None
    given_by: str
    given_at: datetime
    shared: bool
    state: str
    why: str
    kind: str
    encoding: str
    lines: int
    masked_size: int
    masked_digest: str
    findings: list[EvidenceFindingOut]
    members: list[MemberOut]
    members_count: int
    members_more: bool
    released_by_id: int | None
    released_at: datetime | None
    release_reason: str
    hold_reason: str
    erased_at: datetime | None


class ReadingOut(Schema):
    by: str
    by_kind: str
    copy_: str = Field(serialization_alias="copy")
    reason: str
    at: datetime


class EvidenceVerbIn(Schema):
    """`share`, `unshare`: nothing. `release`, `hold`: a reason. `unhold`: nothing."""

    verb: Literal["share", "unshare", "release", "hold", "unhold"]
    reason: Annotated[str, Field(max_length=2000)] = ""


def _out(one: EvidenceFacts, key: str) -> dict[str, Any]:
    names = set(EvidenceOut.model_fields) - {"incident_key", "organisation", "findings", "members"}
    return {name: getattr(one, name) for name in names} | {
        "incident_key": key,
        "organisation": one.organisation.as_json(),
        "findings": [{"kind": kind, "count": count, "lines": list(lines)} for kind, count, lines in one.findings],
        "members": [{"name": name, "size": size, "warning": warning} for name, size, warning in one.members],
    }


_HERE = "/incidents/{key}/evidence"


@router.get(_HERE, response=list[EvidenceOut], summary="Evidence of an incident, newest first; `before` is an id")
def listed(request: HttpRequest, key: str, before: Annotated[int, Field(ge=0, le=2**62)] = 0) -> Any:
    by = actor_of(request)
    incident = cases.by_number(key, by)
    return [_out(one, incident.key) for one in queries.of_incident(incident.id, by, before=before)]


@router.post(f"{_HERE}/uploads", response={201: UploadOut}, summary="Begin an upload, or go on with one")
def begin(request: HttpRequest, key: str, body: UploadIn) -> Any:
    by = actor_of(request)
    found = actions.begin(
        cases.by_number(key, by).id, body.name, body.size, organisation_id=body.organisation_id, fresh=body.fresh,
        by=by, now=time.now(),
    )  # fmt: skip
    return Status(201, doors.state_of(found))


@router.get(f"{_HERE}/uploads/{{upload_key}}", response=UploadOut, summary="Which chunks are there")
def have(request: HttpRequest, key: str, upload_key: str) -> Any:
    by = actor_of(request)
    return doors.state_of(actions.coming(cases.by_number(key, by).id, upload_key, by))


@router.put(f"{_HERE}/uploads/{{upload_key}}/{{int:number}}", response={204: None}, summary="One chunk, 8 MiB of bytes")
def chunk(request: HttpRequest, key: str, upload_key: str, number: int) -> Any:
    by = actor_of(request)
    doors.take(request, cases.by_number(key, by).id, upload_key, number, by=by, now=time.now())
    return Status(204, None)


@router.post(f"{_HERE}/uploads/{{upload_key}}", response={201: EvidenceOut}, summary="Every chunk is there: take it")
def finish(request: HttpRequest, key: str, upload_key: str, body: AboutIn) -> Any:
    by = actor_of(request)
    incident = cases.by_number(key, by)
    pk = actions.give(incident.id, upload_key, said=body.dict(), by=by, now=time.now())
    return Status(201, _out(queries.evidence(pk, incident.id, by), incident.key))


@router.get(f"{_HERE}/{{int:pk}}", response=EvidenceOut, summary="One piece of evidence")
def one(request: HttpRequest, key: str, pk: int) -> Any:
    by = actor_of(request)
    incident = cases.by_number(key, by)
    return _out(queries.evidence(pk, incident.id, by), incident.key)


@router.patch(f"{_HERE}/{{int:pk}}", response=EvidenceOut, summary="Where it comes from and which times it covers")
def describe(request: HttpRequest, key: str, pk: int, body: AboutIn) -> Any:
    by = actor_of(request)
    incident = cases.by_number(key, by)
    actions.describe(pk, incident.id, body.dict(), by=by, now=time.now())
    return _out(queries.evidence(pk, incident.id, by), incident.key)


@router.post(f"{_HERE}/{{int:pk}}/verbs", response=EvidenceOut, summary="Share, release or hold it")
def verb(request: HttpRequest, key: str, pk: int, body: EvidenceVerbIn) -> Any:
    by, now = actor_of(request), time.now()
    incident = cases.by_number(key, by)
    if body.verb in ("share", "unshare"):
        actions.share(pk, incident.id, shared=body.verb == "share", by=by, now=now)
    elif body.verb == "release":
        actions.release(pk, incident.id, reason=body.reason, by=by, now=now)
    else:
        actions.hold(pk, incident.id, reason=body.reason if body.verb == "hold" else "", by=by, now=now)
    return _out(queries.evidence(pk, incident.id, by), incident.key)


@router.get(f"{_HERE}/{{int:pk}}/readings", response=list[ReadingOut], by_alias=True, summary="Who read it")
def readings(request: HttpRequest, key: str, pk: int) -> Any:
    by = actor_of(request)
    queries.evidence(pk, cases.by_number(key, by).id, by)
    return [
        {"by": row.by, "by_kind": row.by_kind, "copy_": row.copy, "reason": row.reason, "at": row.at}
        for row in queries.readings(pk)
    ]


@router.get(
    f"{_HERE}/{{int:pk}}/content", summary="The bytes: the masked copy; the original with a reason",
    openapi_extra={"responses": {200: {"description": "The bytes, whole or a range", "content": _BYTES},
                                 206: {"description": "A range of the bytes", "content": _BYTES}}},
)  # fmt: skip
def content(
    request: HttpRequest, key: str, pk: int, which: str = "", reason: Annotated[str, Field(max_length=2000)] = ""
) -> HttpResponseBase | HttpResponse:
    by = actor_of(request)
    found = queries.evidence(pk, cases.by_number(key, by).id, by)
    wanted = which or rules.copy_of(found.standing)
    if wanted not in rules.COPIES:
        raise Missing(wanted[:20])
    return doors.hand_out(request, found, copy=wanted, reason=reason, by=by, now=time.now())
