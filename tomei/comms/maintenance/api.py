"""`/api/v1/maintenances`: plan, tell, move, run and end maintenance. Rights are decided in the actions."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Status

from tomei.accounts.doors import actor_of
from tomei.cases import queries as cases
from tomei.comms.maintenance import actions, queries
from tomei.comms.maintenance.facts import MaintenanceFacts, NoticeFacts, PlanInput
from tomei.comms.maintenance.shapes import (
    BecameOut,
    MaintenanceDeclareIn,
    MaintenanceList,
    MaintenanceMoveIn,
    MaintenanceOut,
    PlanIn,
    ProgressIn,
    StartIn,
    TellIn,
    TranslateIn,
    WordsIn,
)
from tomei.kernel import time

router = Router(tags=["maintenance"])


def _notice(one: NoticeFacts) -> dict[str, Any]:
    same = (
        "number", "kind", "state", "starts_at", "ends_at", "next_at", "in_time", "translation_due_at", "published_at",
        "author_name",
    )  # fmt: skip
    return {name: getattr(one, name) for name in same} | {
        "text": one.text.as_json(), "languages": list(one.languages), "was": list(one.was) if one.was else None,
    }  # fmt: skip


def _out(found: list[MaintenanceFacts], request: HttpRequest) -> list[dict[str, Any]]:
    now, by, told = time.now(), actor_of(request), queries.notices_of(one.id for one in found)
    same = (
        "key", "state", "version", "audiences", "organisation_ids", "starts_at", "ends_at", "notice_due_at", "told_at",
        "in_time", "covered_until", "starts_itself", "silence", "silence_ids", "started_at", "ended_at", "next_at",
        "owner_id",
    )  # fmt: skip
    incidents = cases.incidents({one.incident_id for one in found if one.incident_id is not None})
    open_to = {pk: one.key for pk, one in incidents.items() if cases.may_read(pk, by)}
    return [
        {name: getattr(one, name) for name in same}
        | {
            "title": one.title.as_json(), "text": one.text.as_json(), "overdue": one.is_overdue(now),
            "components": [{"id": pk, "impact": impact} for pk, impact in one.components],
            "incident": open_to.get(one.incident_id or 0), "notices": [_notice(row) for row in told.get(one.id, [])],
        }
        for one in found
    ]  # fmt: skip


def _one(maintenance_id: int, request: HttpRequest) -> dict[str, Any]:
    return _out([queries.one(maintenance_id)], request)[0]


def _wanted(body: PlanIn) -> PlanInput:
    chosen = tuple(body.organisation_ids) if body.organisation_ids is not None else None
    return PlanInput(
        title=body.title.text(), text=body.text.text(),
        components=tuple((one.id, one.impact) for one in body.components),
        starts_at=time.at_least_utc(body.starts_at), ends_at=time.at_least_utc(body.ends_at),
        audiences=tuple(dict.fromkeys(body.audiences)), organisation_ids=chosen, starts_itself=body.starts_itself,
        silence=body.silence,
    )  # fmt: skip


@router.get("maintenances", response=MaintenanceList, summary="Planned and running maintenance, or what is over")
def listed(
    request: HttpRequest, over: bool = False, after: str = "", limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> Any:
    """What is to come or runs, soonest first; with `over` what has ended, newest first."""
    actor_of(request).require("read")
    page = queries.listed(over=over, after=after, limit=limit)
    return {"items": _out(page.items, request), "next": page.next or None}


@router.post("maintenances", response={201: MaintenanceOut}, summary="Plan maintenance; tells nobody")
def plan(request: HttpRequest, body: PlanIn) -> Any:
    made = actions.plan(_wanted(body), by=actor_of(request), now=time.now())
    return Status(201, _one(made.id, request))


@router.get("maintenances/{work}", response=MaintenanceOut, summary="One maintenance with its notices")
def one(request: HttpRequest, work: str) -> Any:
    actor_of(request).require("read")
    return _one(queries.number(work), request)


@router.put("maintenances/{work}", response=MaintenanceOut, summary="Plan it otherwise, before it is told")
def edit(request: HttpRequest, work: str, body: PlanIn) -> Any:
    pk = queries.number(work)
    actions.edit(pk, _wanted(body), seen=body.seen, by=actor_of(request), now=time.now())
    return _one(pk, request)


@router.post("maintenances/{work}/tell", response=MaintenanceOut, summary="Tell it")
def tell(request: HttpRequest, work: str, body: TellIn) -> Any:
    pk = queries.number(work)
    actions.tell(pk, overrules=body.overrules, seen=body.seen, by=actor_of(request), now=time.now())
    return _one(pk, request)


@router.post("maintenances/{work}/move", response=MaintenanceOut, summary="Tell another window")
def move(request: HttpRequest, work: str, body: MaintenanceMoveIn) -> Any:
    pk = queries.number(work)
    actions.move(
        pk, time.at_least_utc(body.starts_at), time.at_least_utc(body.ends_at), body.text.text(),
        overrules=body.overrules, seen=body.seen, by=actor_of(request), now=time.now(),
    )  # fmt: skip
    return _one(pk, request)


@router.post("maintenances/{work}/start", response=MaintenanceOut, summary="It has begun")
def start(request: HttpRequest, work: str, body: StartIn) -> Any:
    pk = queries.number(work)
    actions.start(
        pk, body.text.text() or None, next_at=body.next_at, overrules=body.overrules, seen=body.seen,
        by=actor_of(request), now=time.now(),
    )  # fmt: skip
    return _one(pk, request)


@router.post("maintenances/{work}/update", response=MaintenanceOut, summary="How far it is")
def update(request: HttpRequest, work: str, body: ProgressIn) -> Any:
    pk = queries.number(work)
    end = time.at_least_utc(body.ends_at) if body.ends_at else None
    actions.update(
        pk, body.text.text(), next_at=body.next_at, ends_at=end, verifying=body.verifying, overrules=body.overrules,
        seen=body.seen, by=actor_of(request), now=time.now(),
    )  # fmt: skip
    return _one(pk, request)


@router.post("maintenances/{work}/complete", response=MaintenanceOut, summary="It is complete")
def complete(request: HttpRequest, work: str, body: WordsIn) -> Any:
    pk = queries.number(work)
    actions.complete(
        pk, body.text.text() or None, overrules=body.overrules, seen=body.seen, by=actor_of(request), now=time.now()
    )
    return _one(pk, request)


@router.post("maintenances/{work}/cancel", response=MaintenanceOut, summary="Call it off")
def cancel(request: HttpRequest, work: str, body: WordsIn) -> Any:
    pk = queries.number(work)
    actions.cancel(pk, body.text.text(), overrules=body.overrules, seen=body.seen, by=actor_of(request), now=time.now())
    return _one(pk, request)


@router.post("maintenances/{work}/declare", response={201: BecameOut}, summary="Declare an incident from it")
def declare(request: HttpRequest, work: str, body: MaintenanceDeclareIn) -> Any:
    made = actions.declare(queries.number(work), body.severity, by=actor_of(request), now=time.now())
    return Status(201, {"incident": made.key})


@router.post("maintenances/{work}/silence", response=MaintenanceOut, summary="Silence its alerts until the told end")
def silence(request: HttpRequest, work: str) -> Any:
    pk = queries.number(work)
    actions.silence(pk, by=actor_of(request), now=time.now())
    return _one(pk, request)


@router.post(
    "maintenances/{work}/notices/{int:number}/translate", response=MaintenanceOut, summary="Add the other language"
)
def translate(
    request: HttpRequest, work: str, number: Annotated[int, Field(ge=1, le=2**31 - 1)], body: TranslateIn
) -> Any:
    pk = queries.number(work)
    actions.translate(pk, number, body.text, title=body.title, by=actor_of(request), now=time.now())
    return _one(pk, request)
