"""`/room/declare/` and the pages of the own cases: what stopped, since when, who has it, what was told."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tomei.cases import views as case_views
from tomei.cases.declared import queries as known
from tomei.cases.declared import rules, views
from tomei.cases.rules import severity as severity_rules
from tomei.customers import queries as customers
from tomei.kernel import time
from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity
from tomei.promises import views as promise_views
from tomei.room import declaring
from tomei.room.door import away, guests
from tomei.room.facts import Guest
from tomei.room.web.pages import shown
from tomei.ui import forms as fields
from tomei.ui import refusals
from tomei.ui.parts import language

FIELDS = ("words", "stop", "test", "began", "deadline", "users", "service", "lead")


@require_http_methods(["GET", "HEAD", "POST"])
@guests
def declare(request: HttpRequest, reader: Guest) -> HttpResponse:
    """One page, one button. What was declared lately stands above it."""
    if request.method != "POST":
        return _form(request, reader, dict.fromkeys(FIELDS, "") | {"began": _local(reader)})
    try:
        said = _read(request, reader)
        made = declaring.declare(said, another=fields.ticked(request.POST, "another"), by=reader, now=time.now())
    except Refused as error:
        typed = {name: fields.clean(request.POST.get(name, ""))[: fields.LONG] for name in FIELDS}
        return _form(request, reader, typed, error)
    return away(f"/room/cases/{made.key}/?sent=1")


def _local(reader: Guest) -> str:
    return time.now().astimezone(time.zone(reader.organisation.zone)).strftime("%Y-%m-%dT%H:%M")


def _form(request: HttpRequest, reader: Guest, typed: dict[str, str], wrong: Refused | None = None) -> HttpResponse:
    mine = reader.organisation.id
    context = {
        "typed": typed, "said": refusals.said(wrong, language()) if wrong else None, "may": declaring.may(reader),
        "twin": wrong is not None and wrong.code == "declared.open_already", "cases": views.own(mine),
        "tests": rules.TESTS, "terms": _terms(mine), "services": _services(mine), "colleagues": _colleagues(reader),
        "wrong": wrong.facts.get("field", "") if wrong else "",
    }  # fmt: skip
    return shown(request, reader, "declare", context, 422 if wrong else 200)


def _terms(organisation_id: int) -> dict[str, tuple[int, int]]:
    """By level: in how many seconds a person of ours says that we have it, and how often they then hear."""
    terms = customers.policy_for(organisation_id, None).terms
    return {str(one): (terms.of(one).acknowledge_s, terms.of(one).update_s) for one in Severity}


def _services(organisation_id: int) -> list[tuple[str, str]]:
    """What they may name: components that they use, else products of their contract."""
    spoken = language()
    used = [(f"c{one.id}", one.name.said_in(spoken)) for one in customers.used_by(organisation_id)]
    return used + [(f"p{one.id}", one.name.said_in(spoken)) for one in known.products_of(organisation_id)]


def _colleagues(reader: Guest) -> list[tuple[str, str]]:
    """Who may lead on their side: the reader first."""
    others = [one for one in customers.contacts(reader.organisation.id) if one.id != reader.contact.id]
    return [(str(one.id), one.name) for one in (reader.contact, *others[:100])]


def _read(request: HttpRequest, reader: Guest) -> rules.Said:
    posted, zone, mine = request.POST, reader.organisation.zone, reader.organisation.id
    service = fields.choice(posted, "service", dict(_services(mine)), required=False, label=_("Which service"))
    lead = fields.choice(posted, "lead", dict(_colleagues(reader)), required=False, label=_("Who leads on your side"))
    began = fields.moment(posted, "began", zone, required=True, label=_("Since when"))
    assert began is not None  # required
    return rules.Said(
        words=fields.text(posted, "words", 4000, required=True, label=_("What stopped"), many_lines=True),
        stop=fields.text(posted, "stop", 500, required=True, label=_("What your business cannot do")),
        test=severity_rules.read(
            fields.choice(posted, "test", [str(one) for one in Severity], label=_("Which sentence is true?"))
        ),
        began_at=began,
        deadline_at=fields.moment(posted, "deadline", zone, label=_("A deadline that cannot be moved")),
        users=fields.number(posted, "users", 1, rules.MOST_USERS, label=_("How many people cannot work")),
        product_id=int(service[1:]) if service.startswith("p") else None,
        component_id=int(service[1:]) if service.startswith("c") else None,
        lead_id=int(lead) if lead else None,
    )


@require_safe
@guests
def case(request: HttpRequest, reader: Guest, key: str) -> HttpResponse:
    """Who has it, how severe it is and why, what was told and promised."""
    return _case(request, reader, views.one(key, reader.organisation.id))


def _case(
    request: HttpRequest, reader: Guest, one: views.OwnCaseView, wrong: Refused | None = None, typed: str = ""
) -> HttpResponse:
    mine = reader.organisation.id
    promised = promise_views.made_to(mine, ours=customers.ours().id, case_id=one.id)
    context = {
        "one": one, "story": views.story(one.id), "by": views.acknowledged_by(one.id), "incident": _incident(one, mine),
        "owed": [row for row in promised if not row.theirs and row.state == "open"],
        "ended": [row for row in reversed(promised) if not row.theirs and row.state not in ("open", "withdrawn")],
        "waiting": [row for row in promised if row.theirs and row.state == "open"],
        "tests": rules.TESTS, "said": refusals.said(wrong, language()) if wrong else None, "typed": typed,
        "chosen": fields.clean(request.POST.get("test", ""))[:10], "may": declaring.may(reader),
        "sent": request.GET.get("sent") == "1",
    }  # fmt: skip
    return shown(request, reader, "case", context, 422 if wrong else 200)


def _incident(one: views.OwnCaseView, organisation_id: int) -> str:
    """Where it hangs, once something of that was told and it is theirs to read."""
    if one.incident_id is None or one.incident_id not in case_views.is_own(organisation_id, [one.incident_id]):
        return ""
    return case_views.key_of(one.incident_id)


@require_POST
@guests
def contest(request: HttpRequest, reader: Guest, key: str) -> HttpResponse:
    """Another sentence is true: an answer is owed."""
    one = views.one(key, reader.organisation.id)
    try:
        level = fields.choice(
            request.POST, "test", [str(level) for level in Severity], label=_("Which sentence is true?")
        )
        words = fields.text(request.POST, "words", 2000, required=True, label=_("Why"), many_lines=True)
        declaring.contest(one.id, level, words=words, by=reader, now=time.now())
    except Refused as error:
        return _case(request, reader, one, error, fields.clean(request.POST.get("words", ""))[: fields.LONG])
    return away(f"/room/cases/{one.key}/")


@require_POST
@guests
def lead(request: HttpRequest, reader: Guest, key: str) -> HttpResponse:
    """I lead on our side, or it is not me."""
    one = views.one(key, reader.organisation.id)
    try:
        leads = fields.choice(request.POST, "leads", ("yes", "no")) == "yes"
        declaring.lead(one.id, leads=leads, by=reader, now=time.now())
    except Refused as error:
        return _case(request, reader, one, error)
    return away(f"/room/cases/{one.key}/")
