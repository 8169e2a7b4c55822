"""The locker as a contact sees it: give a file, and what became of what was given."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tomei.cases.evidence import actions, doors, queries, rules
from tomei.cases.facts import IncidentFacts
from tomei.cases.web.verbs import local
from tomei.kernel import time
from tomei.kernel.errors import Refused
from tomei.room.door import away, guests
from tomei.room.facts import Guest
from tomei.room.web.pages import shown
from tomei.ui import forms, refusals
from tomei.ui.parts import language


def _incident(key: str, reader: Guest) -> IncidentFacts:
    return queries.incident(key, reader.actor)


@require_http_methods(["GET", "HEAD", "POST"])
@guests
def listed(request: HttpRequest, reader: Guest, key: str) -> HttpResponse:
    """What was given of this incident; POST takes a file from a plain form."""
    incident, by = _incident(key, reader), reader.actor
    wrong = None
    if request.method == "POST":
        try:
            doors.whole(request, incident.id, by=by, now=time.now())
            return away(f"/room/incidents/{incident.key}/evidence/")
        except Refused as error:
            wrong = error
    found = queries.of_incident(incident.id, by, before=forms.number(request.GET, "before", 1) or 0)
    context: dict[str, Any] = {
        "key": incident.key, "local": local, "ours": False,
        "rows": [doors.words(one) for one in found], "most": doors.MOST // 2**20,
        "may_give": by.may("room.answer"), "place": f"/room/incidents/{incident.key}/evidence/", "givers": [],
        "next_url": f"?before={found[-1].id}" if len(found) == queries.PAGE else "",
        "said": refusals.said(wrong, language()) if wrong else None, "typed": request.POST if wrong else {},
    }  # fmt: skip
    return shown(request, reader, "evidence", context, 422 if wrong else 200)


@require_POST
@guests
def begin(request: HttpRequest, reader: Guest, key: str) -> HttpResponse:
    return doors.begin(request, _incident(key, reader).id, by=reader.actor, now=time.now())


@require_http_methods(["GET", "HEAD", "POST"])
@guests
def upload(request: HttpRequest, reader: Guest, key: str, upload_key: str) -> HttpResponse:
    incident = _incident(key, reader)
    if request.method != "POST":
        return doors.have(incident.id, upload_key, by=reader.actor)
    return doors.finish(request, incident.id, upload_key, by=reader.actor, now=time.now())


@require_http_methods(["PUT"])
@guests
def chunk(request: HttpRequest, reader: Guest, key: str, upload_key: str, number: int) -> HttpResponse:
    incident = _incident(key, reader)
    return doors.chunk(request, incident.id, upload_key, number, by=reader.actor, now=time.now())


@require_safe
@guests
def one(request: HttpRequest, reader: Guest, key: str, pk: int) -> HttpResponse:
    return _one(request, reader, _incident(key, reader), pk)


def _one(
    request: HttpRequest, reader: Guest, incident: IncidentFacts, pk: int, wrong: Refused | None = None
) -> HttpResponse:
    found = queries.evidence(pk, incident.id, reader.actor)
    mine = rules.gave(found.standing, queries.reader(reader.actor))
    context = doors.words(found) | {
        "key": incident.key, "local": local, "ours": False,
        "place": f"/room/incidents/{incident.key}/evidence/", "mine": mine,
        "may_original": mine, "readings": queries.readings(pk),
        "said": refusals.said(wrong, language()) if wrong else None, "typed": request.POST if wrong else {},
    }  # fmt: skip
    return shown(request, reader, "evidence_one", context, 422 if wrong else 200)


@require_safe
@guests
def file(request: HttpRequest, reader: Guest, key: str, pk: int) -> HttpResponseBase:
    found = queries.evidence(pk, _incident(key, reader).id, reader.actor)
    return doors.hand_out(request, found, copy=rules.copy_of(found.standing), by=reader.actor, now=time.now())


@require_POST
@guests
def original(request: HttpRequest, reader: Guest, key: str, pk: int) -> HttpResponseBase:
    """What they gave themselves, as it was, with a reason."""
    incident = _incident(key, reader)
    found = queries.evidence(pk, incident.id, reader.actor)
    try:
        reason = forms.text(request.POST, "reason", 2000)
        return doors.hand_out(request, found, copy="original", reason=reason, by=reader.actor, now=time.now())
    except Refused as error:
        return _one(request, reader, incident, pk, error)


@require_POST
@guests
def describe(request: HttpRequest, reader: Guest, key: str, pk: int) -> HttpResponse:
    incident = _incident(key, reader)
    queries.evidence(pk, incident.id, reader.actor)
    try:
        actions.describe(pk, incident.id, doors.described(request.POST), by=reader.actor, now=time.now())
    except Refused as error:
        return _one(request, reader, incident, pk, error)
    return away(f"/room/incidents/{incident.key}/evidence/{pk}/")
