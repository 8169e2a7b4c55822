"""The duties of an incident, and the rules that operators add."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tomei.accounts import queries as accounts
from tomei.accounts.doors import actor_of
from tomei.cases import queries as cases
from tomei.cases.duties import actions, forms, queries, words
from tomei.cases.duties.rules import applying, laws
from tomei.cases.facts import IncidentFacts
from tomei.cases.queries.about_incidents import said
from tomei.cases.web import room
from tomei.cases.web.verbs import local, zone
from tomei.customers import queries as customers
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.ui import forms as fields
from tomei.ui import refusals
from tomei.ui.answer import answer, done
from tomei.ui.parts import language


def question(request: HttpRequest) -> dict[str, Any]:
    """What the question offers and what was typed, for the declare form and for the page of duties."""
    return {
        "asked": defaultdict(str, request.POST.items()),
        "asked_laws": request.POST.getlist("jurisdictions"),
        "exposure": None,
        "exposure_answers": [(code, said(words.ANSWERS, code)) for code in applying.ANSWERS],
        "capacities": [(code, said(words.CAPACITIES, code)) for code in applying.CAPACITIES],
        "jurisdictions": [(code, one.said_in(language())) for code, one in queries.jurisdictions().items()],
    }


@require_safe
def duties(request: HttpRequest, key: str) -> HttpResponse:
    """Could personal data have been exposed, what do we owe by law, and by when?"""
    by = actor_of(request)
    return answer(request, "cases/duties/duties.html", _context(request, cases.by_number(key, by), by))


def _context(request: HttpRequest, incident: IncidentFacts, by: Actor) -> dict[str, Any]:
    found, exposures = queries.of_incident(incident.id), queries.exposures(incident.id)
    people = {pk for one in found for pk in (one.ended_by_id, one.asked_by_id) if pk is not None}
    people |= {one.made_by_id for one in exposures if one.made_by_id is not None}
    organisations = customers.organisations({one.organisation_id for one in found if one.organisation_id is not None})
    notes = {law.code: law.note for law in laws.LAWS}
    return room.room_context(incident, by, request.now, language()) | question(request) | {  # type: ignore[attr-defined]
        "tab": "duties", "duties": found, "exposures": exposures,
        "exposure": exposures[0] if exposures else None, "notes": notes, "me": by.user_id,
        "people": {pk: person.name for pk, person in accounts.people(people).items()},
        "organisations": {pk: one.name for pk, one in organisations.items()}, "local": local,
        "may_duty": by.may("duty.work"), "may_withdraw": by.may("duty.withdraw"), "said": None, "form": "", "typed": {},
        "say": lambda table, code: said(getattr(words, table), code),
        "jurisdiction_names": {**queries.jurisdictions()},
    }  # fmt: skip


@require_POST
def exposure(request: HttpRequest, key: str) -> HttpResponse:
    """The question is answered, or answered anew. What a rule refuses is shown beside what was typed."""
    by, now = actor_of(request), request.now  # type: ignore[attr-defined]
    incident = cases.by_number(key, by)
    by.require("duty.work")

    def act() -> str:
        given = forms.answer(request.POST, zone())
        if given is None:
            raise Refused("field.missing", field=_("Could personal data have been exposed?"))
        reason = fields.text(request.POST, "reason", 2000, many_lines=True)
        seen = fields.number(request.POST, "seen")
        actions.answer(incident.id, given, reason=reason, seen=seen, by=by, now=now)
        if given.is_owing and not incident.restricted:
            return _("Written down, the times run. Consider restricting who may read this incident.")
        return _("Written down.")

    return _attempt(request, incident, by, act)


def _attempt(
    request: HttpRequest, incident: IncidentFacts, by: Actor, act: Callable[[], str], *, form: str = ""
) -> HttpResponse:
    """`form` (`7/fulfil`) names the form whose words come back when they are refused."""
    try:
        message = act()
    except Refused as error:
        if error.code == "rights.missing":
            raise
        context = _context(request, incident, by) | {
            "said": refusals.said(error, language()), "form": form, "typed": request.POST,
        }  # fmt: skip
        return answer(request, "cases/duties/duties.html", context, status=422)
    return done(request, f"{incident.url}duties/", message)


Act = Callable[[HttpRequest, int, Actor, datetime], str]


def _fulfil(request: HttpRequest, pk: int, by: Actor, now: datetime) -> str:
    posted = request.POST
    actions.fulfil(
        pk, at=fields.moment(posted, "at", zone()) or now, reference=fields.text(posted, "reference", 200),
        link=fields.text(posted, "link", 500), late_reason=fields.text(posted, "late_reason", 4000, many_lines=True),
        by=by, now=now,
    )  # fmt: skip
    return _("Fulfilled.")


def _ask(request: HttpRequest, pk: int, by: Actor, now: datetime) -> str:
    actions.ask_withdrawal(pk, reason=fields.text(request.POST, "reason", 2000, many_lines=True), by=by, now=now)
    return _("Proposed. Another lead decides; until then the duty runs.")


def _withdraw(request: HttpRequest, pk: int, by: Actor, now: datetime) -> str:
    actions.withdraw(pk, by=by, now=now)
    return _("Withdrawn.")


def _keep(request: HttpRequest, pk: int, by: Actor, now: datetime) -> str:
    actions.keep_on(pk, reason=fields.text(request.POST, "reason", 2000, many_lines=True), by=by, now=now)
    return _("The duty runs on.")


VERBS: dict[str, tuple[str, Act]] = {
    "fulfil": ("duty.work", _fulfil),
    "ask": ("duty.withdraw", _ask),
    "withdraw": ("duty.withdraw", _withdraw),
    "keep": ("duty.withdraw", _keep),
}


@require_POST
def verb(request: HttpRequest, key: str, pk: int, name: str) -> HttpResponse:
    by, now = actor_of(request), request.now  # type: ignore[attr-defined]
    incident = cases.by_number(key, by)
    if name not in VERBS:
        raise Missing(name[:40])
    right, act = VERBS[name]
    by.require(right)
    queries.duty(pk, incident.id)  # of this incident, or it is not there
    return _attempt(request, incident, by, lambda: act(request, pk, by, now), form=f"{pk}/{name}")


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """The table that ships, and the operator's own: POST adds one, or another version of it."""
    by = actor_of(request)
    by.require("house.configure")
    said_of = None
    if request.method == "POST":
        try:
            number = _add(request, by)
            return done(request, "/settings/duties/", _("Saved as version %(n)s.") % {"n": number})
        except Refused as error:
            said_of = refusals.said(error, language())
    names = {one.id: one.name for one in customers.all_organisations("customer", "partner")}
    context = {
        "laws": laws.LAWS, "own": queries.own_rules(), "said": said_of, "typed": defaultdict(str, request.POST.items()),
        "kinds": [(code, said(words.KINDS, code)) for code in laws.KINDS],
        "units": [(code, said(words.UNITS, code)) for code in laws.UNITS], "names": names,
        "customer_options": [("", _("any, where the question names it")),
                             *((pk, name.said_in(language())) for pk, name in names.items())],
        "say": lambda table, code: said(getattr(words, table), code), "prefix": laws.OWN,
    }  # fmt: skip
    return answer(request, "cases/duties/rules.html", context, status=422 if said_of else 200)


def _add(request: HttpRequest, by: Actor) -> int:
    posted = request.POST
    return actions.add_rule(
        fields.text(posted, "code", 60, required=True), kind=fields.text(posted, "kind", 40),
        name=fields.both(posted, "name", 120, many_lines=False), source=fields.text(posted, "source", 300),
        amount=fields.number(posted, "amount", 1, required=True) or 0, unit=fields.text(posted, "unit", 20),
        zone=fields.text(posted, "zone", 60) or "UTC", organisation_id=fields.number(posted, "organisation", 1), by=by,
        now=request.now,  # type: ignore[attr-defined]
    )  # fmt: skip


@require_POST
def end_rule(request: HttpRequest, code: str) -> HttpResponse:
    actions.end_rule(code, by=actor_of(request), now=request.now)  # type: ignore[attr-defined]
    return done(request, "/settings/duties/", _("Ended. Duties that run go on."))


_HERE = "incidents/<str:key>/duties/"
urlpatterns = [
    path(_HERE, duties, name="duties"),
    path("incidents/<str:key>/exposure/", exposure, name="duties.exposure"),
    path(f"{_HERE}<int:pk>/<slug:name>/", verb, name="duties.verb"),
    path("settings/duties/", rules, name="duties.rules"),
    path("settings/duties/<slug:code>/end/", end_rule, name="duties.end_rule"),
]
