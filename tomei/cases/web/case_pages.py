"""Pages of cases: the list, opening one that stands alone, one customer's part."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tomei.accounts import queries as accounts
from tomei.accounts.doors import actor_of
from tomei.cases import actions, history, queries, words
from tomei.cases import timeline as chains
from tomei.cases.claims import queries as claim_queries
from tomei.cases.claims import reading as claims
from tomei.cases.claims import web as claim_words
from tomei.cases.declared import queries as declarations
from tomei.cases.declared import rules as tests
from tomei.cases.facts import CaseFacts
from tomei.cases.queries import about_cases
from tomei.cases.rules import severity as severity_rules
from tomei.cases.stakes import shown as stakes_shown
from tomei.cases.waiting import told
from tomei.cases.waiting import words as waiting_words
from tomei.cases.web import room
from tomei.cases.web.verbs import local, zone
from tomei.customers import listing
from tomei.customers import queries as customers
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity
from tomei.promises import queries as promises
from tomei.ui import forms as fields
from tomei.ui import refusals
from tomei.ui.answer import answer, done
from tomei.ui.parts import language


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """`/cases/`: the customers' parts, newest first; those that stand alone wait to be linked."""
    by = actor_of(request)
    state = fields.choice(request.GET, "state", ("open", "alone", "all"), required=False) or "open"
    found = about_cases.newest(by, state=state, before=fields.number(request.GET, "before", 1) or 0)
    keys, _unused = queries.names(one.incident_id for one in found if one.incident_id is not None)
    organisations = customers.organisations({one.organisation_id for one in found})
    rows = [
        {"case": one, "name": organisations[one.organisation_id].name, "incident": keys.get(one.incident_id or 0),
         "state": queries.said(words.CASE_STATES, one.state)}
        for one in found
    ]  # fmt: skip
    context = {
        "rows": rows,
        "state": state,
        "next_url": f"?state={state}&before={found[-1].id}" if len(found) == 50 else "",
    }
    return answer(request, "cases/cases.html", context | {"may": room.may(by)})


@require_http_methods(["GET", "HEAD", "POST"])
def open_case(request: HttpRequest) -> HttpResponse:
    """A customer's case that stands alone until it is linked."""
    by = actor_of(request)
    by.require("incident.work")
    context = {
        "organisations": customers.all_organisations("customer", "partner"), "said": None, "typed": request.POST,
        "severities": [(str(level), words.SEVERITIES[level].said_in(language())) for level in Severity],
    }  # fmt: skip
    if request.method != "POST":
        return answer(request, "cases/open_case.html", context)
    try:
        made = _open_case(request, by)
    except Refused as error:
        return answer(request, "cases/open_case.html", context | {"said": refusals.said(error, language())}, status=422)
    return done(request, made.url, _("%(key)s opened.") % {"key": made.key})


def _open_case(request: HttpRequest, by: Actor) -> CaseFacts:
    organisation_id = fields.number(request.POST, "organisation", 1, required=True, label=_("Customer"))
    assert organisation_id is not None  # required above
    return actions.add_case(
        None, organisation_id, severity=str(severity_rules.read(request.POST.get("severity") or "SEV3")),
        words=fields.text(request.POST, "words", 4000, many_lines=True), stop=fields.text(request.POST, "stop", 500),
        deadline_at=fields.moment(request.POST, "deadline", zone()), reported=True, by=by,
        now=request.now,  # type: ignore[attr-defined]
    )  # fmt: skip


def _silence_of(case: CaseFacts, by: Actor) -> about_cases.SilenceRow | None:
    if case.incident_id is None:
        return None
    rows = queries.silence_rows(by, incident_id=case.incident_id, limit=500)
    return next((row for row in rows if row.case_id == case.id), None)


def _promises_of(case: CaseFacts) -> dict[str, Any]:
    """What is owed between us and this customer here; at a case that stands alone, also what others owe."""
    mine = case.organisation_id
    if case.incident_id is None:
        owed = promises.open_of_case(case.id)
    else:
        owed = [one for one in promises.open_of(case.incident_id) if mine in (one.owed_to_id, one.owed_by_id)]
    names = {pk: one.name for pk, one in customers.organisations({mine, *(o.owed_by_id for o in owed)}).items()}
    return {
        "promises": [one for one in owed if one.kind != "silence"],
        "sides": {pk: name for pk, name in names.items() if pk != customers.ours().id},
        "partners": lambda: room.partners([(mine, names[mine])], language()),
    }


def _declared(case: CaseFacts) -> dict[str, Any]:
    """What the customer said themselves when they declared it, with names."""
    one = declarations.of_case(case.id)
    if one is None:
        return {"declared": None}
    names = listing.contact_names(pk for pk in (one.contact_id, one.lead_id) if pk is not None)
    service = customers.component(one.component_id).name if one.component_id is not None else None
    if service is None and one.product_id is not None:
        service = customers.product(one.product_id).name
    return {
        "declared": one, "declared_by": names.get(one.contact_id or 0, ""), "lead": names.get(one.lead_id or 0, ""),
        "service": service, "test": tests.TESTS[one.test],
    }  # fmt: skip


@require_safe
def case(request: HttpRequest, key: str) -> HttpResponse:
    """One customer's part, its own chain, and what may be done with it."""
    by = actor_of(request)
    facts = queries.case_by_number(key, by)
    incident = queries.incident(facts.incident_id) if facts.incident_id is not None else None
    account = about_cases.accounts_of([facts.organisation_id], incident.product_id if incident else None)
    owner_id = account[facts.organisation_id].account_owner_id
    context = {
        "case": facts,
        "incident": incident,
        "account": account[facts.organisation_id],
        "account_owner": accounts.person(owner_id).name if owner_id is not None else "",
        "state": queries.said(words.CASE_STATES, facts.state),
        "lines": history.page(
            case_id=facts.id, language=language(), zone=zone(), before=fields.number(request.GET, "before", 1) or 0
        ),
        "verdict": chains.verify(case_id=facts.id),
        "silence": _silence_of(facts, by),
        **_promises_of(facts),
        **_declared(facts),
        **stakes_shown.of_case(facts, request.now, language()),  # type: ignore[attr-defined]
        "severity_options": [(str(level), str(level)) for level in Severity],
        "may": room.may(by),
        "may_claim": by.may("claim.work"),
        "claims": claims.named(claim_queries.of_case(facts.id, by)),
        "told": told.of_case(facts.id),
        "told_words": waiting_words,
        **claim_words.words_of(),
        "local": local,
        **room.said_by(),
    }  # fmt: skip
    return answer(request, "cases/case.html", context)
