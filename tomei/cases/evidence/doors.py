"""The doors of evidence, the same for us, for contacts in their room and for programs: only the page around differs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from tomei.cases.evidence import actions, queries, rules, serving, texts
from tomei.cases.evidence.queries import EvidenceFacts
from tomei.cases.queries.about_incidents import said
from tomei.files.rules import LIMIT
from tomei.files.uploads import actions as uploads
from tomei.files.uploads import rules as upload_rules
from tomei.files.uploads import store
from tomei.files.uploads.queries import UploadFacts
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.ui import forms, refusals
from tomei.ui.parts import language

MOST = LIMIT  # what a plain form takes
STATUS = {"rights.missing": 403, "files.disk_full": 507, "upload.disk_low": 507}


def refused(error: Refused) -> HttpResponse:
    """For the script that sends: what happened and what to do, in the reader's language."""
    told = refusals.said(error, language())
    body = {"code": error.code, "message": told.sentence, "way_out": told.way_out}
    return JsonResponse(body, status=STATUS.get(error.code, 409), json_dumps_params={"ensure_ascii": False})


def state_of(upload: UploadFacts) -> dict[str, Any]:
    """What a sender needs to go on."""
    return {
        "key": upload.key, "name": upload.name, "size": upload.size, "chunk": upload_rules.CHUNK,
        "chunks": upload.chunks, "have": list(upload.have), "state": upload.state,
    }  # fmt: skip


def begin(request: HttpRequest, incident_id: int, *, by: Actor, now: datetime) -> HttpResponse:
    """Declare name and size; the answer says which chunks are there already."""
    try:
        found = actions.begin(
            incident_id, forms.text(request.POST, "name", 1000, required=True),
            forms.number(request.POST, "size", 0, required=True) or 0,
            organisation_id=forms.number(request.POST, "organisation", 1),
            fresh=forms.ticked(request.POST, "fresh"), by=by, now=now,
        )  # fmt: skip
    except Refused as error:
        return refused(error)
    return JsonResponse(state_of(found), status=201)


def have(incident_id: int, key: str, *, by: Actor) -> HttpResponse:
    return JsonResponse(state_of(actions.coming(incident_id, key, by)))


def chunk(request: HttpRequest, incident_id: int, key: str, number: int, *, by: Actor, now: datetime) -> HttpResponse:
    """One chunk. The front asks first, without the bytes (204: send them), then says what came to the disk."""
    try:
        take(request, incident_id, key, number, by=by, now=now)
    except Refused as error:
        return refused(error)
    if "tomei.asks" in request.META:
        return HttpResponse(status=204)
    return JsonResponse({"number": number})


def take(request: HttpRequest, incident_id: int, key: str, number: int, *, by: Actor, now: datetime) -> None:
    """The same for pages and programs; without the front before us the body is read here, in pieces."""
    upload = actions.coming(incident_id, key, by)
    digest = upload_rules.digest(request.headers.get("X-Chunk-SHA256", ""))
    if upload.state != "open":
        raise Refused("upload.not_open", state=upload.state)
    asked = request.META.get("tomei.asks")
    if asked is not None:
        upload_rules.check_length(upload.size, number, asked)
        return
    came = request.META.get("tomei.chunk")
    if came is not None:
        uploads.take(key, number, came, digest=digest, now=now)
        return
    taken = store.receive(request.read, upload_rules.length(upload.size, number))
    try:
        uploads.take(key, number, taken.came(), digest=digest, now=now)
    finally:
        taken.drop()


def finish(request: HttpRequest, incident_id: int, key: str, *, by: Actor, now: datetime) -> HttpResponse:
    try:
        pk = actions.give(incident_id, key, said=described(request.POST), by=by, now=now)
    except Refused as error:
        return refused(error)
    return JsonResponse({"id": pk}, status=201)


def described(posted: Mapping[str, str]) -> dict[str, Any]:
    """Source, range, zone and note, as typed; times are read in the zone that was named, else in the reader's."""
    zone = forms.text(posted, "zone", 60)
    spoken = time.zone(zone).key if zone else timezone.get_current_timezone_name()
    return {
        "source": forms.text(posted, "source", rules.MOST_SOURCE), "zone": zone,
        "covers_from": forms.moment(posted, "covers_from", spoken),
        "covers_until": forms.moment(posted, "covers_until", spoken),
        "note": forms.text(posted, "note", rules.MOST_NOTE, many_lines=True),
    }  # fmt: skip


def whole(request: HttpRequest, incident_id: int, *, by: Actor, now: datetime) -> int:
    """A file from a plain form, without any script. Refuses `evidence.no_file` and `evidence.form_too_large`."""
    actions.may_give(by)
    files: MultiValueDict[str, Any] = request.FILES
    file = files.get("file")
    if file is None:
        raise Refused("evidence.no_file")
    size = file.size or 0
    if size > MOST:
        raise Refused("evidence.form_too_large", limit=MOST // 2**20)
    said_of = described(request.POST)
    upload = actions.begin(
        incident_id, forms.clean(file.name or "")[:1000] or "file", size, fresh=True,
        organisation_id=forms.number(request.POST, "organisation", 1), by=by, now=now,
    )  # fmt: skip
    for number in range(upload.chunks):
        taken = store.Receiver()
        try:
            taken.write(file.read(upload_rules.length(size, number)))
            came = taken.came()
            uploads.take(upload.key, number, came, digest=came.digest, now=now)
        finally:
            taken.drop()
    return actions.give(incident_id, upload.key, said=said_of, by=by, now=now)


def hand_out(
    request: HttpRequest, one: EvidenceFacts, *, copy: str, reason: str = "", by: Actor, now: datetime
) -> HttpResponseBase:
    """The bytes as a download that can do nothing in our pages. HEAD is no reading."""
    if copy not in rules.COPIES:
        raise Missing(copy[:20])
    rules.check_reading(one.standing, queries.reader(by), copy=copy, reason=reason.strip())
    response = serving.handed(request, one, copy)
    if request.method != "HEAD" and response.status_code != 416:
        actions.read(one, copy=copy, reason=reason, by=by, now=now)
    return response


def words(one: EvidenceFacts) -> dict[str, Any]:
    """What a page says of one piece, in the reader's language."""
    return {
        "one": one,
        "state": said(texts.STATES, one.state),
        "why": said(texts.WHY, one.why) if one.why else "",
        "findings": [(said(texts.FINDINGS, kind), count, lines) for kind, count, lines in one.findings],
        "members": [
            (name, size, said(texts.WARNINGS, warning) if warning else "") for name, size, warning in one.members
        ],
        "copy": rules.copy_of(one.standing),
        "opens": one.state in (rules.READY, rules.RELEASED),
    }
