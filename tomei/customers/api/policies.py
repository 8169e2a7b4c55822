"""`/api/v1/policies` and `/api/v1/calendars`: the times that we promise, and when they count."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from tomei.accounts.doors import actor_of
from tomei.customers import actions, hooks, listing, rules
from tomei.customers.api.shapes import Seen
from tomei.customers.models import Calendar, Policy
from tomei.kernel import time

router = Router()


class PolicyIn(Schema):
    name: str
    calendar_id: int | None = None
    terms: dict[str, Any] | None = None


class PolicyVersionIn(Schema):
    """`seen` is the number of the version that you changed."""

    terms: dict[str, Any]
    calendar_id: int | None = None
    reason: str
    seen: int


class PolicyVersionOut(Schema):
    id: int
    number: int
    terms: dict[str, Any]
    calendar_id: int | None
    made_by_id: int | None
    made_at: datetime
    reason: str


class PolicyOut(Schema):
    id: int
    name: str
    is_default: bool
    archived_at: datetime | None
    versions: list[PolicyVersionOut]


class PolicyList(Schema):
    items: list[PolicyOut]
    next: str | None = None


class RunningOut(Schema):
    """An incident under an older version; `changes`: kind, old and new due time, and whether it stands as told."""

    incident_id: int
    key: str
    version_number: int
    changes: list[dict[str, Any]]


class RunningList(Schema):
    items: list[RunningOut]
    next: str | None = None


class CalendarIn(Schema):
    """`hours`: weekday `"0"` (Monday) to `"6"` -> [["09:00", "18:00"], …]. `closed_on`: dates, or MM-DD every year."""

    name: str
    zone: str = "Asia/Tokyo"
    country: str = "JP"
    hours: dict[str, list[list[str]]]
    closed_on: list[str] = []


class CalendarEdit(CalendarIn, Seen):
    pass


class CalendarOut(CalendarIn):
    id: int
    version: int
    is_default: bool
    archived_at: datetime | None


class CalendarList(Schema):
    items: list[CalendarOut]
    next: str | None = None


def _policy(row: Policy) -> dict[str, Any]:
    names = tuple(name for name in PolicyVersionOut.model_fields)
    versions = [{name: getattr(one, name) for name in names} for one in row.versions.all()]
    same = ("id", "name", "is_default", "archived_at")
    return {name: getattr(row, name) for name in same} | {"versions": versions}


@router.get("/policies", response=PolicyList, operation_id="policies_list")
def list_policies(request: HttpRequest) -> dict[str, Any]:
    """Every policy with its versions, newest first."""
    actor_of(request).require("read")
    return {"items": [_policy(row) for row in listing.policies()]}


@router.post("/policies", response={201: PolicyOut}, operation_id="policies_add")
def add_policy(request: HttpRequest, body: PolicyIn) -> Status[dict[str, Any]]:
    """Without `terms` it begins with the standard times."""
    terms = rules.Terms.of_json(body.terms) if body.terms is not None else None
    made = actions.add_policy(
        body.name, terms=terms, calendar_id=body.calendar_id, by=actor_of(request), now=time.now()
    )
    return Status(201, _policy(listing.policy(made.policy_id)))


@router.post("/policies/{int:pk}/versions", response={201: PolicyOut}, operation_id="policies_add_version")
def add_version(request: HttpRequest, pk: int, body: PolicyVersionIn) -> Status[dict[str, Any]]:
    """The next version. Running incidents keep theirs until it is applied to each."""
    terms = rules.Terms.of_json(body.terms)
    actions.add_version(
        pk, terms=terms, calendar_id=body.calendar_id, reason=body.reason, seen=body.seen, by=actor_of(request),
        now=time.now(),
    )  # fmt: skip
    return Status(201, _policy(listing.policy(pk)))


@router.get("/policies/{int:pk}/running", response=RunningList, operation_id="policies_running")
def list_running(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Incidents under an older version, and what the version in force would change for each."""
    actor_of(request).require("read")
    listing.policy(pk)
    items = [
        {
            "incident_id": one.incident_id,
            "key": one.key,
            "version_number": one.version_number,
            "changes": [asdict(change) for change in one.changes],
        }
        for one in hooks.running(pk)
    ]
    return {"items": items}


@router.post("/policies/{int:pk}/running/{int:incident_id}", response=RunningList, operation_id="policies_apply")
def apply_policy(request: HttpRequest, pk: int, incident_id: int) -> dict[str, Any]:
    """One running incident takes the version in force; told times stand. Answers what still runs under an older one."""
    actions.apply_to(pk, incident_id, by=actor_of(request), now=time.now())
    return list_running(request, pk)


@router.post("/policies/{int:pk}/default", response=PolicyOut, operation_id="policies_default")
def make_default(request: HttpRequest, pk: int) -> dict[str, Any]:
    actions.make_default(pk, by=actor_of(request), now=time.now())
    return _policy(listing.policy(pk))


@router.post("/policies/{int:pk}/archive", response=PolicyOut, operation_id="policies_archive")
def archive_policy(request: HttpRequest, pk: int) -> dict[str, Any]:
    actions.archive_policy(pk, by=actor_of(request), now=time.now())
    return _policy(listing.policy(pk))


def _calendar(row: Calendar) -> dict[str, Any]:
    return {name: getattr(row, name) for name in CalendarOut.model_fields}


@router.get("/calendars", response=CalendarList, operation_id="calendars_list")
def list_calendars(request: HttpRequest) -> dict[str, Any]:
    actor_of(request).require("read")
    return {"items": [_calendar(row) for row in listing.calendars()]}


@router.post("/calendars", response={201: CalendarOut}, operation_id="calendars_add")
def add_calendar(request: HttpRequest, body: CalendarIn) -> Status[dict[str, Any]]:
    made = actions.add_calendar(**body.dict(), by=actor_of(request), now=time.now())
    return Status(201, _calendar(listing.calendar(made)))


@router.put("/calendars/{int:pk}", response=CalendarOut, operation_id="calendars_edit")
def edit_calendar(request: HttpRequest, pk: int, body: CalendarEdit) -> dict[str, Any]:
    """Due times already set do not move."""
    actions.edit_calendar(pk, **body.dict(), by=actor_of(request), now=time.now())
    return _calendar(listing.calendar(pk))


@router.post("/calendars/{int:pk}/archive", response=CalendarOut, operation_id="calendars_archive")
def archive_calendar(request: HttpRequest, pk: int, body: Seen) -> dict[str, Any]:
    actions.archive_calendar(pk, seen=body.seen, by=actor_of(request), now=time.now())
    return _calendar(listing.calendar(pk))
