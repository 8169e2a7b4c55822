"""`/api/v1/incidents` and `/api/v1/cases`: what the pages do, by the same actions."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime

from tomei.accounts.doors import actor_of
from tomei.cases import actions, brief_api, handover_api, history, impacts_api, load_api, queries
from tomei.cases import timeline as chains
from tomei.cases.authority import api as authority_api
from tomei.cases.claims import api as claims
from tomei.cases.declared import actions as declared
from tomei.cases.declared import queries as declarations
from tomei.cases.duties import actions as duty_actions
from tomei.cases.duties import api as duties
from tomei.cases.evidence import api as evidence
from tomei.cases.facts import STAMPS, CaseFacts, EntryFacts, IncidentFacts
from tomei.cases.playbooks import api as playbooks_api
from tomei.cases.queries import lists
from tomei.cases.shapes import (
    CaseIn,
    CaseOut,
    CaseVerbIn,
    ChangeIn,
    DeclarationOut,
    DeclareIn,
    DuplicateIn,
    EntryOut,
    IncidentOut,
    IncidentsPage,
    Limit,
    MoveIn,
    NoteIn,
    PromisedOut,
    PromiseIn,
    RoleIn,
    SeverityIn,
    SpokeIn,
    StampIn,
    TimelinePage,
    UndoIn,
)
from tomei.cases.stakes import api as stakes_api
from tomei.cases.waiting import api as waiting_api
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing
from tomei.kernel.text import Text
from tomei.ui.parts import language

router = Router(tags=["incidents"])
for _part in (claims, duties, evidence):
    router.add_router("", _part.router)
router.add_router("", handover_api.router)
router.add_router("", load_api.router)
router.add_router("", brief_api.router)
router.add_router("", impacts_api.router)
router.add_router("", playbooks_api.router)
router.add_router("", waiting_api.router)
router.add_router("", authority_api.router)
router.add_router("", stakes_api.router)


def shown(one: IncidentFacts) -> dict[str, Any]:
    names = set(IncidentOut.model_fields) - {"title", "severity", "stamps", "head"}
    return {
        **{name: getattr(one, name) for name in names},
        "title": one.title.as_json(),
        "severity": str(one.severity),
        "stamps": {name: getattr(one, f"{name}_at") for name in STAMPS},
        "head": one.anchor,
    }


def shown_case(one: CaseFacts) -> dict[str, Any]:
    names = set(CaseOut.model_fields) - {"severity", "head"}
    return {**{name: getattr(one, name) for name in names}, "severity": str(one.severity), "head": one.anchor}


@router.get("/incidents", response=IncidentsPage, summary="Incidents, by state, severity and product")
def incidents(
    request: HttpRequest,
    state: Literal["open", "restored", "closed", "dismissed", "all"] = "open",
    severity: str = "",
    product_id: int | None = None,
    after: str = "",
    limit: Limit = 50,
) -> Any:
    page = lists.page(lists.Filters(state, severity, product_id), actor_of(request), after=after, limit=limit)
    return {"items": [shown(one) for one in page.items], "next": page.next or None}


@router.post("/incidents", response={201: IncidentOut}, summary="Declare an incident")
def declare(request: HttpRequest, body: DeclareIn) -> Any:
    by, now = actor_of(request), time.now()
    given = body.model_dump(exclude={"exposure"}) | {"title": Text(body.title.ja, body.title.en)}
    with actions.together():
        made = actions.declare(**given, by=by, now=now)
        if body.exposure is not None:
            duty_actions.answer(made.id, body.exposure.as_answer(now), by=by, now=now)
    return Status(201, shown(queries.incident(made.id)))


@router.get("/incidents/{key}", response=IncidentOut, summary="One incident")
def incident(request: HttpRequest, key: str) -> Any:
    return shown(queries.by_number(key, actor_of(request)))


@router.patch("/incidents/{key}", response=IncidentOut, summary="Change title, who is affected, or flags")
def change(request: HttpRequest, key: str, body: ChangeIn) -> Any:
    by, now = actor_of(request), time.now()
    one = queries.by_number(key, by)
    with actions.together():
        if body.title is not None:
            actions.retitle(one.id, Text(body.title.ja, body.title.en), seen=body.seen, by=by, now=now)
        if body.organisation_ids is not None or body.components is not None:
            actions.edit_affected(
                one.id, organisation_ids=body.organisation_ids, components=body.components, by=by, now=now
            )
        if body.drill is not None:
            actions.set_drill(one.id, body.drill, by=by, now=now)
        if body.restricted is not None:
            actions.set_restricted(one.id, body.restricted, by=by, now=now)
    return shown(queries.incident(one.id))


@router.post("/incidents/{key}/move", response=IncidentOut, summary="Change the state")
def move(request: HttpRequest, key: str, body: MoveIn) -> Any:
    by = actor_of(request)
    one = queries.by_number(key, by)
    return shown(actions.move(one.id, **body.model_dump(), by=by, now=time.now()))


@router.post("/incidents/{key}/severity", response=IncidentOut, summary="Change the severity")
def severity(request: HttpRequest, key: str, body: SeverityIn) -> Any:
    by = actor_of(request)
    one = queries.by_number(key, by)
    return shown(actions.set_severity(one.id, **body.model_dump(), by=by, now=time.now()))


@router.get("/incidents/{key}/roles", response=dict[str, list[int]], summary="Who holds which role")
def roles(request: HttpRequest, key: str) -> Any:
    return queries.holders(queries.by_number(key, actor_of(request)).id)


@router.post("/incidents/{key}/roles", response=IncidentOut, summary="Take or leave a role")
def role(request: HttpRequest, key: str, body: RoleIn) -> Any:
    by = actor_of(request)
    one = queries.by_number(key, by)
    given: dict[str, Any] = {"user_id": body.user_id, "seen": body.seen, "by": by, "now": time.now()}
    if body.verb == "leave":
        return shown(actions.leave_role(one.id, body.role, **given))
    return shown(actions.take_role(one.id, body.role, reason=body.reason, **given))


@router.post("/incidents/{key}/undo", response=IncidentOut, summary="Undo a slip within ten seconds")
def undo(request: HttpRequest, key: str, body: UndoIn) -> Any:
    by = actor_of(request)
    one = queries.by_number(key, by)
    return shown(actions.undo(one.id, body.what, by=by, now=time.now()))


@router.get("/incidents/{key}/timeline", response=TimelinePage, summary="The timeline, newest first")
def timeline(
    request: HttpRequest, key: str, before: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0, limit: Limit = 50,
    at: AwareDatetime | None = None,
) -> Any:  # fmt: skip
    one = queries.by_number(key, actor_of(request))
    page = history.page(one.id, language=language(), zone="UTC", before=before, limit=limit, until=at)
    return {"items": [_entry(line) for line in page.items], "next": page.next or None, "head": one.anchor}


def _entry(line: history.Line) -> dict[str, Any]:
    one = line.entry
    return {
        "seq": one.seq, "at": one.at, "known_at": one.known_at, "actor": line.who, "actor_id": one.actor_id,
        "code": one.code, "audience": one.audience, "sentence": line.sentence, "data": dict(one.data),
        "body": one.body, "hash": one.hash,
    }  # fmt: skip


class VerdictOut(Schema):
    holds: bool
    entries: int
    broken_at: int | None


@router.get("/incidents/{key}/timeline/verify", response=VerdictOut, summary="Recompute the chain")
def verify(request: HttpRequest, key: str) -> Any:
    verdict = chains.verify(queries.by_number(key, actor_of(request)).id)
    return {"holds": verdict.holds, "entries": verdict.entries, "broken_at": verdict.broken_at}


@router.post("/incidents/{key}/notes", response={201: EntryOut}, summary="Add a note, fact or decision")
def note(request: HttpRequest, key: str, body: NoteIn) -> Any:
    by = actor_of(request)
    one = queries.by_number(key, by)
    return Status(201, _said(actions.note(one.id, **body.model_dump(), by=by, now=time.now())))


@router.post("/incidents/{key}/spoke", response={201: EntryOut}, summary="Record a word to customers")
def spoke(request: HttpRequest, key: str, body: SpokeIn) -> Any:
    by = actor_of(request)
    one = queries.by_number(key, by)
    return Status(201, _said(actions.spoke(one.id, **body.model_dump(), by=by, now=time.now())))


def _said(entry: EntryFacts) -> dict[str, Any]:
    [line] = history.said([(entry, False)], language=language(), zone="UTC")
    return _entry(line)


@router.post("/incidents/{key}/promises", response={201: PromisedOut}, summary="Write down a promise, theirs or ours")
def promise(request: HttpRequest, key: str, body: PromiseIn) -> Any:
    by = actor_of(request)
    return Status(201, _promise(body, by, incident_id=queries.by_number(key, by).id))


@router.post("/cases/{key}/promises", response={201: PromisedOut}, summary="Write down a promise at a case")
def case_promise(request: HttpRequest, key: str, body: PromiseIn) -> Any:
    by = actor_of(request)
    return Status(201, _promise(body, by, case_id=queries.case_by_number(key, by).id))


def _promise(body: PromiseIn, by: Actor, **on: int) -> dict[str, int]:
    given: dict[str, Any] = body.model_dump() | on | {"what": Text(body.what.ja, body.what.en)}
    return {"id": actions.promise(**given, by=by, now=time.now())}


@router.post("/incidents/{key}/stamps", response=IncidentOut, summary="Set or correct a stamp")
def stamp(request: HttpRequest, key: str, body: StampIn) -> Any:
    by = actor_of(request)
    one = queries.by_number(key, by)
    return shown(actions.stamp(one.id, **body.model_dump(), by=by, now=time.now()))


@router.post("/incidents/{key}/duplicate", response=IncidentOut, summary="Mark as a duplicate")
def duplicate(request: HttpRequest, key: str, body: DuplicateIn) -> Any:
    by = actor_of(request)
    one, original = queries.by_number(key, by), queries.by_number(body.of, by)
    return shown(actions.duplicate(one.id, original.id, by=by, now=time.now()))


@router.get("/incidents/{key}/cases", response=list[CaseOut], summary="The customers' parts")
def cases(request: HttpRequest, key: str) -> Any:
    return [shown_case(one) for one in queries.cases_of(queries.by_number(key, actor_of(request)).id)]


@router.post("/incidents/{key}/cases", response={201: CaseOut}, summary="Add a customer")
def add_case(request: HttpRequest, key: str, body: CaseIn) -> Any:
    by = actor_of(request)
    one = queries.by_number(key, by)
    return Status(201, shown_case(_open(one.id, body, by)))


@router.post("/cases", response={201: CaseOut}, summary="Open a case that stands alone")
def open_case(request: HttpRequest, body: CaseIn) -> Any:
    return Status(201, shown_case(_open(None, body, actor_of(request))))


def _open(incident_id: int | None, body: CaseIn, by: Any) -> CaseFacts:
    given = body.model_dump() | {"severity": body.severity or ""}
    return actions.add_case(incident_id, given.pop("organisation_id"), **given, by=by, now=time.now())


@router.get("/cases/{key}", response=CaseOut, summary="One case")
def case(request: HttpRequest, key: str) -> Any:
    return shown_case(queries.case_by_number(key, actor_of(request)))


@router.get("/cases/{key}/declaration", response=DeclarationOut, summary="What the customer declared")
def declaration(request: HttpRequest, key: str) -> Any:
    found = declarations.of_case(queries.case_by_number(key, actor_of(request)).id)
    if found is None:
        raise Missing("declaration")
    return found


@router.post("/cases/{key}", response=CaseOut, summary="A verb of a case")
def case_verb(request: HttpRequest, key: str, body: CaseVerbIn) -> Any:
    by, now = actor_of(request), time.now()
    one = queries.case_by_number(key, by)
    who: dict[str, Any] = {"by": by, "now": now}
    verbs = {
        "acknowledge": lambda: actions.acknowledge_case(one.id, **who),
        "resume": lambda: actions.resume_case(one.id, at=body.at, line=body.line, seen=body.seen, **who),
        "close": lambda: actions.close_case(one.id, line=body.line, seen=body.seen, **who),
        "reopen": lambda: actions.reopen_case(one.id, reason=body.line, seen=body.seen, **who),
        "withdraw": lambda: actions.withdraw_case(one.id, reason=body.line, seen=body.seen, **who),
        "hand_on": lambda: actions.hand_on_case(one.id, remaining_owner=body.line, **who),
        "link": lambda: actions.link_case(one.id, queries.by_number(body.incident, by).id, **who),
        "threat": lambda: actions.threat(one.id, body.line, **who),
        "tell": lambda: declared.tell(one.id, body.line, **who),
        "answer": lambda: declared.answer(one.id, body.severity or one.severity, words=body.line, **who),
    }
    return shown_case(verbs[body.verb]())
