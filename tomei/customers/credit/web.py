"""The editor of a contract's credit terms, and minutes excluded by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tomei.accounts import queries as accounts
from tomei.accounts.doors import actor_of
from tomei.customers import listing
from tomei.customers.credit import actions, queries
from tomei.customers.rules import credit
from tomei.customers.web.posted import day_of, form_page, now_of, seen_of
from tomei.kernel.errors import Refused
from tomei.ui import forms
from tomei.ui.answer import done

PLAIN = ("monthly_fee", "currency", "target", "cap", "zone", "tiers", "reason")


@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest, pk: int, contract_id: int) -> HttpResponse:
    """The newest version in a form; saving makes another version. Versions are never edited."""
    by = actor_of(request)
    by.require(actions.RIGHT)
    row, contract = listing.organisation(pk), listing.contract(contract_id, pk)
    versions = queries.versions(contract_id)

    def act() -> HttpResponse:
        actions.add_credit_terms(
            contract_id, _terms(request), organisation_id=pk, starts_on=_month(request), seen=seen_of(request),
            reason=request.POST.get("reason", ""), by=by, now=now_of(request),
        )  # fmt: skip
        return done(request, request.path, _("Saved as a new version."))

    people = accounts.people({one.made_by_id for one in versions if one.made_by_id is not None})
    return form_page(
        request, "customers/credit_terms.html", values=_values(versions, row.zone, now_of(request).date()),
        seen=versions[0].number if versions else 0, act=act, row=row, contract=contract, versions=versions,
        exclusions=queries.exclusions(contract_id, ended=True), impact_words=_impact_words(),
        names={one: person.name for one, person in people.items()}, may_edit=by.may("customer.edit"),
    )  # fmt: skip


def _impact_words() -> list[tuple[str, str]]:
    words = {"major": _("Stopped"), "partial": _("Partly stopped"), "degraded": _("Slow or degraded")}
    return [(code, words[code]) for code in credit.IMPACTS]


def _values(versions: list[queries.VersionFacts], zone: str, today: date) -> dict[str, Any]:
    first = today.replace(day=1)
    if not versions:
        plain = {"monthly_fee": "", "currency": "JPY", "target": "99.9", "cap": "100", "zone": zone,
                 "tiers": "99.9 10\n99.0 25\n95.0 50", "reason": ""}  # fmt: skip
        impacts, maintenance = list(credit.DEFAULT_IMPACTS), True
    else:
        kept = versions[0].terms
        tiers = "\n".join(f"{tier.below} {tier.percent}" for tier in kept.tiers)
        plain = {"monthly_fee": str(kept.monthly_fee), "currency": kept.currency, "target": str(kept.target),
                 "cap": str(kept.cap), "zone": kept.zone, "tiers": tiers, "reason": ""}  # fmt: skip
        impacts, maintenance = list(kept.impacts), kept.excludes_maintenance
    return {**plain, "starts_on": first.isoformat(), "impacts": impacts, "excludes_maintenance": maintenance}


def _terms(request: HttpRequest) -> credit.CreditTerms:
    given = {name: forms.text(request.POST, name, 60) for name in PLAIN if name not in ("tiers", "reason")}
    tiers = credit.tiers_of(forms.text(request.POST, "tiers", 1000, many_lines=True))
    return credit.checked(
        **given, tiers=tiers, impacts=request.POST.getlist("impacts")[:10],
        excludes_maintenance=forms.ticked(request.POST, "excludes_maintenance"),
    )  # fmt: skip


def _month(request: HttpRequest) -> date:
    day = day_of(request, "starts_on")
    if day is None:
        raise Refused("field.missing", field="starts_on")
    return day


def _back(pk: int, contract_id: int) -> str:
    return reverse("customers.credit_terms", args=[pk, contract_id])


@require_POST
def exclude(request: HttpRequest, pk: int, contract_id: int) -> HttpResponse:
    """Minutes of a month that both sides agreed not to count."""
    by = actor_of(request)
    by.require("customer.edit")
    listing.contract(contract_id, pk)
    minutes = forms.number(request.POST, "minutes", 1, actions.LONGEST_MONTH_MIN, required=True)
    actions.exclude_minutes(
        contract_id, organisation_id=pk, month=_read_month(forms.text(request.POST, "month", 10, required=True)),
        minutes=minutes or 0, reason=forms.text(request.POST, "reason", 500), by=by, now=now_of(request),
    )  # fmt: skip
    return done(request, _back(pk, contract_id), _("These minutes do not count."))


def _read_month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text[:7]}-01")
    except ValueError as error:
        raise Refused("field.date_unreadable", field="month", text=text[:20]) from error


@require_POST
def end(request: HttpRequest, pk: int, contract_id: int, exclusion_id: int) -> HttpResponse:
    by = actor_of(request)
    by.require("customer.edit")
    listing.contract(contract_id, pk)
    actions.end_exclusion(
        exclusion_id, contract_id=contract_id, organisation_id=pk, reason=forms.text(request.POST, "reason", 500),
        by=by, now=now_of(request),
    )  # fmt: skip
    return done(request, _back(pk, contract_id), _("They count again."))


_HERE = "customers/<int:pk>/contracts/<int:contract_id>/credit-terms/"
urlpatterns = [
    path(_HERE, terms, name="customers.credit_terms"),
    path(f"{_HERE}exclude/", exclude, name="customers.credit_exclude"),
    path(f"{_HERE}exclude/<int:exclusion_id>/end/", end, name="customers.credit_end"),
]
