"""`/api/v1/incidents/INC-12/updates`: read, publish, correct, translate, draft. Rights are decided in the actions."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, File, Query, Router, Schema, Status, UploadedFile
from pydantic import AwareDatetime

from tomei.accounts.doors import actor_of
from tomei.cases import queries as cases
from tomei.cases.facts import IncidentFacts
from tomei.comms import actions, queries
from tomei.comms.beforehand.api import router as beforehand
from tomei.comms.channels.api import router as channels
from tomei.comms.facts import Attached, DraftFacts, ReachFacts, UpdateFacts, UpdateInput
from tomei.comms.impact_shapes import Impacts
from tomei.comms.maintenance.api import router as maintenance
from tomei.comms.reviewing_api import router as reviewing
from tomei.comms.rules import PARTS, Cadence, Estimate
from tomei.comms.subscribers.api import router as subscribers
from tomei.comms.templates_api import router as templates
from tomei.files import actions as files
from tomei.files.queries import FileFacts
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing
from tomei.kernel.text import Text

router = Router(tags=["updates"])

Limit = Annotated[int, Query(ge=1, le=200)]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Language = Literal["ja", "en"]
State = Literal["investigating", "identified", "mitigating", "monitoring", "restored", "closed", "dismissed"]


class UpdateWords(Schema):
    """Words in Japanese and English; an empty side is not written yet."""

    ja: Annotated[str, Field(max_length=5000)] = ""
    en: Annotated[str, Field(max_length=5000)] = ""

    def text(self) -> Text:
        return Text(self.ja, self.en)


class EstimateIn(Schema):
    """Service back between two moments; `reason` says why it differs from the estimate before."""

    from_at: AwareDatetime
    to_at: AwareDatetime
    basis: UpdateWords
    confidence: Literal["low", "medium", "high"]
    reason: UpdateWords = UpdateWords()


class CadenceIn(Schema):
    """A slower interval from the next update on; `agreed_by` is needed where business stopped."""

    seconds: Annotated[int, Field(ge=60, le=7 * 86400)]
    agreed_by: Annotated[str, Field(max_length=300)] = ""


class UpdateIn(Schema):
    """`parts` by name (effect, scope, known, tried, done, doing, ask, workaround, internal). `state` as it stands when
    left out. `audiences`: public, affected, customer:<id>, internal, executives. `overrules` maps the key of a finding
    to a reason. `file_ids` come from `POST /incidents/{key}/files`. `impacts` says what components suffer; those that
    it does not name stay as they are. `confirmed` answers the question before the first
    send to many."""

    parts: dict[str, UpdateWords]
    state: State | None = None
    audiences: Annotated[list[str], Field(max_length=50)]
    next_at: AwareDatetime | None = None
    estimate: EstimateIn | None = None
    cadence: CadenceIn | None = None
    overrules: dict[str, Annotated[str, Field(max_length=1000)]] = {}
    proof: Annotated[str, Field(max_length=4000)] = ""
    reason: Annotated[str, Field(max_length=4000)] = ""
    seen_state_v: int | None = None
    file_ids: Annotated[list[Number], Field(max_length=50)] = []
    impacts: Impacts = []
    confirmed: bool = False


class HeartbeatIn(Schema):
    """Still on it: what was tried, and when we speak next. Goes where we told before unless `audiences` says else."""

    tried: UpdateWords
    next_at: AwareDatetime
    audiences: Annotated[list[str], Field(max_length=50)] = []
    overrules: dict[str, Annotated[str, Field(max_length=1000)]] = {}
    impacts: Impacts = []


class CorrectionIn(Schema):
    """`file_ids`: which files of the old version the new one keeps, and new ones; all of the old when left out."""

    parts: dict[str, UpdateWords]
    reason: Annotated[str, Field(max_length=1000)]
    overrules: dict[str, Annotated[str, Field(max_length=1000)]] = {}
    file_ids: Annotated[list[Number], Field(max_length=50)] | None = None


class TranslationIn(Schema):
    """The words of each part in the missing language, by part."""

    language: Language
    words: dict[str, Annotated[str, Field(max_length=5000)]]
    overrules: dict[str, Annotated[str, Field(max_length=1000)]] = {}


class DraftIn(Schema):
    """What is typed, by field; `seen` is the version it grew from."""

    data: dict[str, str | list[str]]
    seen: int | None = None


class CheckIn(Schema):
    """`audiences` narrows what counts as said before to what they read. `state` is what the text says (as it stands
    when left out), `estimated` that an estimate with its basis goes with it."""

    state: State | None = None
    estimated: bool = False
    audiences: Annotated[list[str], Field(max_length=50)] = []
    parts: dict[str, UpdateWords]


class ReachOut(Schema):
    organisation_id: int
    messages: int
    reached_at: AwareDatetime | None


class AttachedOut(Schema):
    """`digest` is the SHA-256 of the bytes, which `url` gives."""

    id: int
    name: str
    content_type: str
    size: int
    digest: str
    url: str


class UpdateOut(Schema):
    id: int
    incident: str
    number: int
    kind: Literal["update", "heartbeat", "recovery", "correction", "dismissal", "translation"]
    state: State
    severity: str
    parts: dict[str, UpdateWords]
    languages: list[Language]
    audiences: list[str]
    next_at: AwareDatetime | None
    report_due_at: AwareDatetime | None
    translation_due_at: AwareDatetime | None
    estimate: dict[str, Any] | None
    corrects: int | None
    corrected_by: int | None
    overruled: list[dict[str, Any]]
    unapproved: bool
    author_id: int | None
    author: str
    drafted_by_id: int | None  # who wrote it, when that was not the author who published it
    approved_by_id: int | None  # who approved this very version before it went out
    approved_by: str
    template: str  # key and version of the template that it began with
    automatic: bool  # approved beforehand, sent by the clock when nobody had spoken
    looked_by_id: int | None  # who looked afterwards at what went out unapproved
    looked_at: AwareDatetime | None
    published_at: AwareDatetime
    head: str
    files: list[AttachedOut]
    reach: list[ReachOut]


class UpdatePage(Schema):
    items: list[UpdateOut]
    next: str


class DraftOut(Schema):
    id: int
    author_id: int
    data: dict[str, Any]
    version: int
    saved_at: AwareDatetime
    asked_review_at: AwareDatetime | None
    asked_of_id: int | None


class FindingOut(Schema):
    """`start` and `end` are places in the part as it was sent; `advice` in both languages."""

    key: str
    guard: Literal["filler", "repeat", "blame", "vague", "guess", "jargon", "estimate", "liability"]
    language: Language
    part: str
    start: int
    end: int
    match: str
    advice: UpdateWords


@router.get("incidents/{key}/updates", response=UpdatePage, summary="Updates of an incident, newest first")
def list_updates(request: HttpRequest, key: str, after: str = "", limit: Limit = 50) -> Any:
    incident = _incident(key, actor_of(request))
    page = queries.page(incident.id, after=after[:20], limit=limit)
    return {"items": _out(page.items, incident), "next": page.next}


@router.get("incidents/{key}/updates/{int:number}", response=UpdateOut, summary="One update")
def get_update(request: HttpRequest, key: str, number: Number) -> Any:
    incident = _incident(key, actor_of(request))
    return _out([queries.by_number(incident.id, number)], incident)[0]


@router.post("incidents/{key}/updates", response={201: UpdateOut}, summary="Publish an update")
def publish(request: HttpRequest, key: str, body: UpdateIn) -> Any:
    by = actor_of(request)
    incident = _incident(key, by)
    draft = UpdateInput(
        parts=_parts(body.parts), state=body.state or incident.state, audiences=tuple(body.audiences),
        next_at=body.next_at, estimate=_estimate(body.estimate), cadence=_cadence(body.cadence),
        overrules=body.overrules, proof=body.proof, reason=body.reason, seen_state_v=body.seen_state_v,
        file_ids=tuple(body.file_ids), impacts=tuple(one.change() for one in body.impacts),
    )  # fmt: skip
    told = actions.publish(incident.id, draft, by=by, now=time.now(), confirmed=body.confirmed)
    return Status(201, _out([told], incident)[0])


@router.post("incidents/{key}/files", response={201: AttachedOut}, summary="Upload a file for an update or a note")
def add_file(request: HttpRequest, key: str, file: File[UploadedFile]) -> Any:
    """It waits at the incident until an update or a note takes it along. 25 MiB at most."""
    by = actor_of(request)
    about = f"incident:{_incident(key, by).id}"
    kept = files.add(file.name or "", file.content_type or "", file, about=about, by=by, now=time.now())
    return Status(201, _file(kept))


@router.post("incidents/{key}/heartbeat", response={201: UpdateOut}, summary="Send a heartbeat")
def heartbeat(request: HttpRequest, key: str, body: HeartbeatIn) -> Any:
    by = actor_of(request)
    incident = _incident(key, by)
    told = actions.heartbeat(
        incident.id, body.tried.text(), next_at=body.next_at, audiences=tuple(body.audiences),
        overrules=body.overrules, impacts=tuple(one.change() for one in body.impacts), by=by, now=time.now(),
    )  # fmt: skip
    return Status(201, _out([told], incident)[0])


@router.post("incidents/{key}/updates/{int:number}/correct", response={201: UpdateOut}, summary="Correct an update")
def correct(request: HttpRequest, key: str, number: Number, body: CorrectionIn) -> Any:
    by = actor_of(request)
    incident = _incident(key, by)
    old = queries.by_number(incident.id, number)
    told = actions.correct(
        old.id, _parts(body.parts), reason=body.reason, overrules=body.overrules, file_ids=body.file_ids, by=by,
        now=time.now(),
    )  # fmt: skip
    return Status(201, _out([told], incident)[0])


@router.post(
    "incidents/{key}/updates/{int:number}/translate", response={201: UpdateOut}, summary="Add the other language"
)
def translate(request: HttpRequest, key: str, number: Number, body: TranslationIn) -> Any:
    by = actor_of(request)
    incident = _incident(key, by)
    old = queries.by_number(incident.id, number)
    told = actions.translate(old.id, body.language, body.words, overrules=body.overrules, by=by, now=time.now())
    return Status(201, _out([told], incident)[0])


@router.post("incidents/{key}/draft/check", response=list[FindingOut], summary="What the guards say of a text")
def check(request: HttpRequest, key: str, body: CheckIn) -> Any:
    by = actor_of(request)
    by.require("update.draft")
    found = actions.findings(
        _incident(key, by).id, _parts(body.parts), by=by, audiences=body.audiences, state=body.state or "",
        estimated=body.estimated,
    )  # fmt: skip
    return [
        {
            "key": one.key, "guard": one.guard, "language": one.language, "part": one.part, "start": one.start,
            "end": one.end, "match": one.match, "advice": one.advice.as_json(),
        }
        for one in found
    ]  # fmt: skip


@router.get("incidents/{key}/draft", response=DraftOut, summary="One's own draft")
def get_draft(request: HttpRequest, key: str) -> Any:
    by = actor_of(request)
    by.require("update.draft")
    incident = _incident(key, by)
    kept = queries.draft(incident.id, by.user_id) if by.user_id is not None else None
    if kept is None:
        raise Missing("draft")
    return _draft(kept)


@router.put("incidents/{key}/draft", response=DraftOut, summary="Save one's own draft")
def put_draft(request: HttpRequest, key: str, body: DraftIn) -> Any:
    by = actor_of(request)
    incident = _incident(key, by)
    return _draft(actions.save_draft(incident.id, body.data, seen=body.seen, by=by, now=time.now()))


@router.delete("incidents/{key}/draft", response={204: None}, summary="Throw one's own draft away")
def delete_draft(request: HttpRequest, key: str) -> Any:
    by = actor_of(request)
    actions.drop_draft(_incident(key, by).id, by=by, now=time.now())
    return Status(204, None)


@router.post("incidents/{key}/draft/review", response=DraftOut, summary="Ask for a review of the draft")
def ask_review(request: HttpRequest, key: str, of: Number | None = None) -> Any:
    """`of` names a commander; without it every commander of the incident is asked."""
    by = actor_of(request)
    return _draft(actions.ask_review(_incident(key, by).id, of=of, by=by, now=time.now()))


router.add_router("", subscribers)
router.add_router("", reviewing)
router.add_router("", templates)
router.add_router("", beforehand)
router.add_router("", maintenance)
router.add_router("", channels)


def _incident(key: str, by: Actor) -> IncidentFacts:
    by.require("read")
    return cases.by_number(key, by)


def _parts(given: dict[str, UpdateWords]) -> dict[str, Text]:
    known = {name: words.text() for name, words in given.items() if name in PARTS}
    return known | {name[:40]: words.text() for name, words in given.items() if name not in PARTS}


def _estimate(given: EstimateIn | None) -> Estimate | None:
    if given is None:
        return None
    start, end = time.at_least_utc(given.from_at), time.at_least_utc(given.to_at)
    return Estimate(start, end, given.basis.text(), given.confidence, reason=given.reason.text())


def _cadence(given: CadenceIn | None) -> Cadence | None:
    return Cadence(given.seconds, given.agreed_by) if given else None


def _file(one: Attached | FileFacts) -> dict[str, Any]:
    return {
        "id": one.id, "name": one.name, "content_type": one.content_type, "size": one.size, "digest": one.digest,
        "url": one.url,
    }  # fmt: skip


def _draft(one: DraftFacts) -> dict[str, Any]:
    return {
        "id": one.id, "author_id": one.author_id, "data": one.data, "version": one.version, "saved_at": one.saved_at,
        "asked_review_at": one.asked_review_at, "asked_of_id": one.asked_of_id,
    }  # fmt: skip


def _out(updates: list[UpdateFacts], incident: IncidentFacts) -> list[dict[str, Any]]:
    reach = queries.reach_of([one.id for one in updates])
    numbers = queries.numbers_of([pk for one in updates for pk in (one.corrects_id, one.corrected_by_id) if pk])
    return [_one(one, incident, reach.get(one.id, []), numbers) for one in updates]


def _one(one: UpdateFacts, incident: IncidentFacts, reach: list[ReachFacts], numbers: dict[int, int]) -> dict[str, Any]:
    return {
        "id": one.id, "incident": incident.key, "number": one.number, "kind": one.kind, "state": one.state,
        "severity": one.severity, "parts": {name: text.as_json() for name, text in one.parts.items()},
        "languages": one.languages, "audiences": one.audiences, "next_at": one.next_at,
        "report_due_at": one.report_due_at, "translation_due_at": one.translation_due_at,
        "estimate": one.estimate.as_json() if one.estimate else None, "corrects": numbers.get(one.corrects_id or 0),
        "corrected_by": numbers.get(one.corrected_by_id or 0), "overruled": list(one.overruled),
        "unapproved": one.unapproved, "author_id": one.author_id, "author": one.author_name,
        "drafted_by_id": one.drafted_by_id, "approved_by_id": one.approved_by_id, "approved_by": one.approved_by_name,
        "template": one.template, "automatic": one.automatic,
        "looked_by_id": one.looked_by_id, "looked_at": one.looked_at,
        "published_at": one.published_at, "head": one.head,
        "files": [_file(file) for file in one.files],
        "reach": [
            {"organisation_id": row.organisation_id, "messages": row.messages, "reached_at": row.reached_at}
            for row in reach
        ],
    }  # fmt: skip
