"""Pages of claims and of the credit that a contract would give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tomei.accounts import audit
from tomei.accounts import queries as accounts
from tomei.accounts.doors import actor_of
from tomei.cases.claims import actions, queries, reading, statement, words
from tomei.cases.claims.facts import ClaimFacts
from tomei.cases.claims.rules import states
from tomei.cases.queries import about_cases
from tomei.cases.queries.about_incidents import said
from tomei.cases.web import tables
from tomei.cases.web.verbs import View, zone
from tomei.cases.words import IMPACTS
from tomei.customers import queries as customers
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.ui import forms as fields
from tomei.ui import refusals
from tomei.ui.answer import answer, done
from tomei.ui.parts import language

MOST_EXPORTED = 10_000


def _filters(request: HttpRequest) -> queries.Filters:
    asked = request.GET
    return queries.Filters(
        asked.get("state") or "open", fields.number(asked, "organisation", 1), asked.get("due", "")
    )  # fmt: skip


def _query(filters: queries.Filters, **more: str) -> str:
    asked = {"state": filters.state, "organisation": filters.organisation_id, "due": filters.due, **more}
    return urlencode({name: value for name, value in asked.items() if value})


def _said(table: str) -> Callable[[str], str]:
    return lambda code: said(getattr(words, table), code)


def words_of() -> dict[str, Any]:
    """What templates call to say a code in the reader's language."""
    return {
        "kind_word": _said("KINDS"), "claim_state": _said("STATES"), "outcome_word": _said("OUTCOMES"),
        "answer_state": _said("ANSWER_STATES"), "why_word": _said("WHY"),
    }  # fmt: skip


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`/claims/`: what customers ask, the next to be answered first."""
    by, filters = actor_of(request), _filters(request)
    page = queries.page(filters, by, now=request.now, after=request.GET.get("after", "")[:80])  # type: ignore[attr-defined]
    options = [("", _("All customers"))]
    options += [
        (str(one.id), one.name.said_in(language())) for one in customers.all_organisations("customer", "partner")
    ]
    context = {
        "rows": reading.named(page.items), "filters": filters, "customer_options": options,
        "state_options": [(one, said(words.STATES, one)) for one in states.STATES] + [("all", _("All"))],
        "next_url": f"?{_query(filters, after=page.next)}" if page.next else "",
        "csv_url": f"/claims/export.csv?{_query(filters)}", "json_url": f"/claims/export.json?{_query(filters)}",
        "may_work": by.may("claim.work"), **words_of(),
    }  # fmt: skip
    return answer(request, "cases/claims/index.html", context)


def _everything(request: HttpRequest) -> list[dict[str, Any]]:
    by, now = actor_of(request), request.now  # type: ignore[attr-defined]
    found = queries.page(_filters(request), by, now=now, limit=MOST_EXPORTED).items
    audit.record("claims.exported", by=by, now=now, rows=len(found))
    return [reading.plain(row) for row in reading.named(found)]


@require_safe
def export_csv(request: HttpRequest) -> HttpResponse:
    return tables.as_csv(_everything(request), reading.COLUMNS, "claims.csv")


@require_safe
def export_json(request: HttpRequest) -> HttpResponse:
    return tables.as_json(_everything(request), "claims.json")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A claim of `?case=CASE-5`, or of `?organisation=7`; first the customer, then what they ask."""
    by = actor_of(request)
    by.require("claim.work")
    given = request.POST if request.method == "POST" else request.GET
    key = fields.text(given, "case", 20)
    case = about_cases.case_by_number(key, by) if key else None
    organisation_id = case.organisation_id if case else fields.number(given, "organisation", 1)
    context = _new_context(case, organisation_id) | {"typed": defaultdict(str, given.items()), "said": None}
    if request.method != "POST":
        return answer(request, "cases/claims/new.html", context)
    try:
        made = actions.write_down(
            organisation_id or 0, case_id=case.id if case else None, **_posted(request), by=by,
            now=request.now,  # type: ignore[attr-defined]
        )  # fmt: skip
    except Refused as error:
        if error.code == "rights.missing":
            raise
        return answer(
            request, "cases/claims/new.html", context | {"said": refusals.said(error, language())}, status=422
        )
    return done(request, made.url, _("%(key)s written down. The time of our answer runs.") % {"key": made.key})


def _new_context(case: Any, organisation_id: int | None) -> dict[str, Any]:
    known = customers.organisations([organisation_id]) if organisation_id else {}
    if organisation_id is not None and organisation_id not in known:
        raise Missing(f"organisation {organisation_id}")
    contracts = customers.contracts_of(known)
    products = customers.products({one.product_id for one in contracts if one.product_id is not None})
    label = {pk: one.name.said_in(language()) for pk, one in products.items()}
    return {
        "case": case, "customer": known.get(organisation_id or 0),
        "customers": customers.all_organisations("customer", "partner"),
        "contracts": [("", "–"), *((one.id, f"{one.number or one.id} {label.get(one.product_id or 0, '')}".strip())
                                   for one in contracts)],
        "kinds": [(code, said(words.KINDS, code)) for code in states.KINDS],
    }  # fmt: skip


def _posted(request: HttpRequest) -> dict[str, Any]:
    posted = request.POST
    heard = fields.moment(posted, "heard", zone())
    return {
        "kind": fields.text(posted, "kind", 40, required=True),
        "words": fields.text(posted, "words", 4000, required=True, many_lines=True),
        "heard_at": heard or request.now,  # type: ignore[attr-defined]
        "heard_from": fields.text(posted, "heard_from", 200),
        "due_at": fields.moment(posted, "due", zone(), required=True, label=_("Our answer by")),
        "contract_id": fields.number(posted, "contract", 1),
        "clause": fields.text(posted, "clause", 200),
        "amount": fields.text(posted, "amount", 40),
        "currency": fields.text(posted, "currency", 10),
    }


@require_safe
def claim(request: HttpRequest, key: str) -> HttpResponse:
    """One claim: their words, our answers, and what the contract would give."""
    by, now = actor_of(request), request.now  # type: ignore[attr-defined]
    one = queries.by_number(key, by)
    [row] = reading.named([one])
    people = {pk for each in one.answers for pk in (each.author_id, each.decided_by_id) if pk is not None}
    people |= {one.made_by_id} if one.made_by_id is not None else set()
    names = {pk: person.name for pk, person in accounts.people(people).items()}
    context = row | {
        "names": names, "credit": _credit_of(one, by, now), "may_work": by.may("claim.work"),
        "may_approve": by.may("claim.approve"), "may_postpone": by.may("promise.withdraw"), "me": by.user_id,
        "shows": by.may(queries.AMOUNTS), "outcomes": [(code, said(words.OUTCOMES, code)) for code in states.OUTCOMES],
        "can": lambda move: states.may(move, one.state), **words_of(),
    }  # fmt: skip
    return answer(request, "cases/claims/claim.html", context)


def _credit_of(one: ClaimFacts, by: Actor, now: datetime) -> statement.Statement | None:
    """The month in which they spoke, on the contract that they name; only for who may see amounts."""
    if one.contract_id is None or not by.may(statement.RIGHT):
        return None
    contracts = {each.id: each for each in customers.contracts_of([one.organisation_id])}
    if one.contract_id not in contracts:
        return None
    heard = statement.this_month(customers.organisation(one.organisation_id).zone, one.heard_at)
    return statement.of_month(one.organisation_id, one.contract_id, heard, by=by, now=now)


Verb = Callable[[HttpRequest, ClaimFacts, Actor, datetime], str]


def verb(act: Verb) -> View:
    """As for cases: find the claim for this reader, act, go back."""

    @require_POST
    @wraps(act)
    def view(request: HttpRequest, key: str) -> HttpResponse:
        by = actor_of(request)
        one = queries.by_number(key, by)
        by.require("claim.approve" if act.__name__ in ("approve", "decline") else "claim.work")
        return done(request, one.url, act(request, one, by, request.now))  # type: ignore[attr-defined]

    return view


@verb
def propose(request: HttpRequest, one: ClaimFacts, by: Actor, now: datetime) -> str:
    posted = request.POST
    actions.propose(
        one.id, outcome=fields.text(posted, "outcome", 40, required=True), words=fields.both(posted, "words", 4000),
        amount=fields.text(posted, "amount", 40), currency=fields.text(posted, "currency", 10), by=by, now=now,
    )  # fmt: skip
    return _("Proposed. Somebody else approves it.")


@verb
def approve(request: HttpRequest, one: ClaimFacts, by: Actor, now: datetime) -> str:
    actions.approve(one.id, fields.number(request.POST, "number", 1, required=True) or 0, by=by, now=now)
    return _("Approved. It may be told now.")


@verb
def decline(request: HttpRequest, one: ClaimFacts, by: Actor, now: datetime) -> str:
    number = fields.number(request.POST, "number", 1, required=True) or 0
    actions.decline(one.id, number, reason=fields.text(request.POST, "reason", 2000), by=by, now=now)
    return _("Declined. The claim waits for another answer.")


@verb
def tell(request: HttpRequest, one: ClaimFacts, by: Actor, now: datetime) -> str:
    at = fields.moment(request.POST, "at", zone()) or now
    actions.tell(one.id, at=at, told_to=fields.text(request.POST, "told_to", 200), by=by, now=now)
    return _("Answered.")


@verb
def postpone(request: HttpRequest, one: ClaimFacts, by: Actor, now: datetime) -> str:
    due = fields.moment(request.POST, "due", zone(), required=True)
    assert due is not None  # required above
    actions.postpone(one.id, due_at=due, reason=fields.text(request.POST, "reason", 500), by=by, now=now)
    return _("The new time runs.")


@verb
def settle(request: HttpRequest, one: ClaimFacts, by: Actor, now: datetime) -> str:
    actions.settle(one.id, closing=fields.text(request.POST, "closing", 500), by=by, now=now)
    return _("Settled.")


@verb
def withdraw(request: HttpRequest, one: ClaimFacts, by: Actor, now: datetime) -> str:
    actions.withdraw(one.id, closing=fields.text(request.POST, "closing", 500), by=by, now=now)
    return _("Withdrawn.")


VERBS = {view.__name__: view for view in (propose, approve, decline, tell, postpone, settle, withdraw)}


def _months(request: HttpRequest, pk: int, contract_id: int) -> list[statement.Statement]:
    """The month asked for first, then those before this one."""
    by, now = actor_of(request), request.now  # type: ignore[attr-defined]
    by.require(statement.RIGHT)
    known = customers.organisations([pk]).get(pk)
    if known is None:
        raise Missing(f"organisation {pk}")
    listed = statement.last_months(known.zone, now)
    asked = request.GET.get("month", "")
    first = statement.month_of(asked) if asked else listed[0]
    return statement.months(pk, contract_id, [first, *(one for one in listed if one != first)], by=by, now=now)


@require_safe
def credit(request: HttpRequest, pk: int, contract_id: int) -> HttpResponse:
    """What this contract would give for a month, how that was counted, and the months beside it."""
    found = _months(request, pk, contract_id)
    context = {
        "customer": customers.organisation(pk), "one": found[0], "months": sorted(found, key=lambda one: one.month),
        "component_names": ", ".join(name.said_in(language()) for name in found[0].components.values()),
        "impact_word": lambda code: said(IMPACTS, code), **words_of(),
    }  # fmt: skip
    return answer(request, "cases/claims/credit.html", context)


@require_safe
def credit_csv(request: HttpRequest, pk: int, contract_id: int) -> HttpResponse:
    rows = [reading.credit_row(one) for one in _exported(request, pk, contract_id)]
    return tables.as_csv(rows, reading.CREDIT_COLUMNS, f"credit-{contract_id}.csv")


@require_safe
def credit_json(request: HttpRequest, pk: int, contract_id: int) -> HttpResponse:
    return tables.as_json(
        [reading.statement(one) for one in _exported(request, pk, contract_id)], f"credit-{contract_id}.json"
    )


def _exported(request: HttpRequest, pk: int, contract_id: int) -> list[statement.Statement]:
    found = _months(request, pk, contract_id)
    audit.record("credit.exported", by=actor_of(request), now=request.now, contract_id=contract_id)  # type: ignore[attr-defined]
    return found


_ONE, _CREDIT = "claims/<str:key>/", "customers/<int:pk>/contracts/<int:contract_id>/credit/"
urlpatterns = [
    path("claims/", index, name="claims"),
    path("claims/export.csv", export_csv, name="claims.export_csv"),
    path("claims/export.json", export_json, name="claims.export_json"),
    path("claims/new/", new, name="claims.new"),
    path(_ONE, claim, name="claims.claim"),
    *[path(f"{_ONE}{name}/", view, name=f"claims.{name}") for name, view in VERBS.items()],
    path(_CREDIT, credit, name="claims.credit"),
    path(f"{_CREDIT}export.csv", credit_csv, name="claims.credit_csv"),
    path(f"{_CREDIT}export.json", credit_json, name="claims.credit_json"),
]
