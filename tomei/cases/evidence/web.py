"""Our side of the locker: `/incidents/INC-12/evidence/`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tomei.accounts.doors import actor_of
from tomei.cases import queries as cases
from tomei.cases.evidence import actions, doors, queries, rules
from tomei.cases.facts import IncidentFacts
from tomei.cases.queries import about_cases
from tomei.cases.web import room
from tomei.cases.web.verbs import local
from tomei.customers import queries as customers
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.ui import forms, refusals
from tomei.ui.answer import answer, done
from tomei.ui.parts import language


def _frame(request: HttpRequest, incident: IncidentFacts, by: Actor) -> dict[str, Any]:
    found = room.room_context(incident, by, request.now, language())  # type: ignore[attr-defined]
    return found | {"tab": "evidence", "said": None, "place": f"{incident.url}evidence/", "ours": True, "local": local}


@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: HttpRequest, key: str) -> HttpResponse:
    """What was given, newest first; POST takes a file from a plain form."""
    by, now = actor_of(request), request.now  # type: ignore[attr-defined]
    incident = cases.by_number(key, by)
    wrong = None
    if request.method == "POST":
        by.require("incident.work")
        try:
            doors.whole(request, incident.id, by=by, now=now)
            return done(request, f"{incident.url}evidence/", _("Taken. It is being checked."))
        except Refused as error:
            wrong = error
    before = forms.number(request.GET, "before", 1) or 0
    found = queries.of_incident(incident.id, by, before=before)
    affected = customers.organisations({one.organisation_id for one in about_cases.cases_of(incident.id)})
    ours = customers.ours()
    context = _frame(request, incident, by) | {
        "rows": [doors.words(one) for one in found], "may_give": by.may("incident.work"), "most": doors.MOST // 2**20,
        "givers": [(ours.id, ours.name.said_in(language())),
                   *((pk, one.name.said_in(language())) for pk, one in affected.items())],
        "next_url": f"?before={found[-1].id}" if len(found) == queries.PAGE else "",
        "said": refusals.said(wrong, language()) if wrong else None, "typed": request.POST if wrong else {},
    }  # fmt: skip
    return answer(request, "cases/evidence/list.html", context, status=422 if wrong else 200)


@require_POST
def begin(request: HttpRequest, key: str) -> HttpResponse:
    by = actor_of(request)
    incident = cases.by_number(key, by)
    by.require("incident.work")
    return doors.begin(request, incident.id, by=by, now=request.now)  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, key: str, upload_key: str) -> HttpResponse:
    """GET: which chunks are there. POST: all of them are, take it."""
    by = actor_of(request)
    incident = cases.by_number(key, by)
    if request.method != "POST":
        return doors.have(incident.id, upload_key, by=by)
    return doors.finish(request, incident.id, upload_key, by=by, now=request.now)  # type: ignore[attr-defined]


@require_http_methods(["PUT"])
def chunk(request: HttpRequest, key: str, upload_key: str, number: int) -> HttpResponse:
    by = actor_of(request)
    incident = cases.by_number(key, by)
    return doors.chunk(request, incident.id, upload_key, number, by=by, now=request.now)  # type: ignore[attr-defined]


@require_safe
def one(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """What it is, what was masked, who read it."""
    by = actor_of(request)
    incident = cases.by_number(key, by)
    return _one(request, incident, pk, by)


def _one(
    request: HttpRequest, incident: IncidentFacts, pk: int, by: Actor, wrong: Refused | None = None
) -> HttpResponse:
    found = queries.evidence(pk, incident.id, by)
    own = found.organisation_id == customers.ours().id
    context = _frame(request, incident, by) | doors.words(found) | {
        "readings": queries.readings(pk), "may_work": by.may("incident.work"),
        "may_release": by.may("evidence.release"),
        "may_original": by.may("evidence.original") or rules.gave(found.standing, queries.reader(by)),
        "may_share": by.may("incident.work") and found.given_by_kind != "contact" and not own,
        "said": refusals.said(wrong, language()) if wrong else None, "typed": request.POST if wrong else {},
    }  # fmt: skip
    return answer(request, "cases/evidence/one.html", context, status=422 if wrong else 200)


@require_safe
def file(request: HttpRequest, key: str, pk: int) -> HttpResponseBase:
    """The copy that people read: masked where there is one."""
    by = actor_of(request)
    found = queries.evidence(pk, cases.by_number(key, by).id, by)
    copy = rules.copy_of(found.standing)
    return doors.hand_out(request, found, copy=copy, by=by, now=request.now)  # type: ignore[attr-defined]


VERBS = {
    "original": "incident.work", "describe": "incident.work", "share": "incident.work",
    "release": "evidence.release", "hold": "evidence.release",
}  # fmt: skip


@require_POST
def verb(request: HttpRequest, key: str, pk: int, name: str) -> HttpResponseBase:
    by = actor_of(request)
    incident = cases.by_number(key, by)
    if name not in VERBS:
        raise Missing(name[:40])
    by.require(VERBS[name])
    found = queries.evidence(pk, incident.id, by)
    try:
        if name == "original":
            reason = forms.text(request.POST, "reason", 2000)
            return doors.hand_out(request, found, copy="original", reason=reason, by=by, now=request.now)  # type: ignore[attr-defined]
        _act(request, name, pk, incident.id, by)
    except Refused as error:
        if error.code == "rights.missing":
            raise
        return _one(request, incident, pk, by, error)
    return done(request, f"{incident.url}evidence/{pk}/", _("Saved."))


def _act(request: HttpRequest, name: str, pk: int, incident_id: int, by: Actor) -> None:
    posted, now = request.POST, request.now  # type: ignore[attr-defined]
    if name == "describe":
        actions.describe(pk, incident_id, doors.described(posted), by=by, now=now)
    elif name == "share":
        actions.share(pk, incident_id, shared=forms.ticked(posted, "shared"), by=by, now=now)
    else:
        reason = forms.text(posted, "reason", 2000, many_lines=True)
        {"release": actions.release, "hold": actions.hold}[name](pk, incident_id, reason=reason, by=by, now=now)


_HERE = "incidents/<str:key>/evidence/"
urlpatterns = [
    path(_HERE, listed, name="evidence"),
    path(f"{_HERE}begin/", begin, name="evidence.begin"),
    path(f"{_HERE}uploads/<str:upload_key>/", upload, name="evidence.upload"),
    path(f"{_HERE}uploads/<str:upload_key>/<int:number>/", chunk, name="evidence.chunk"),
    path(f"{_HERE}<int:pk>/", one, name="evidence.one"),
    path(f"{_HERE}<int:pk>/file/", file, name="evidence.file"),
    path(f"{_HERE}<int:pk>/<slug:name>/", verb, name="evidence.verb"),
]
