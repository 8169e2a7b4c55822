"""Who bought what, under which policy, until when."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tomei.accounts.doors import actor_of
from tomei.customers import actions, listing, queries
from tomei.customers.models import Contract
from tomei.customers.web.posted import day_of, form_page, must_choose, now_of, one_of, seen_of
from tomei.ui.answer import done

TEMPLATE = "customers/contract_form.html"
TEXTS = ("number", "terms", "yearly_value")
DAYS = ("starts_on", "ends_on", "renews_on")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    by = actor_of(request)
    by.require("customer.edit")
    row = listing.organisation(pk)

    def act() -> HttpResponse:
        actions.add_contract(pk, **_posted(request), by=by, now=now_of(request))
        return done(request, reverse("customers.page", args=[pk]), _("Added."))

    return form_page(request, TEMPLATE, values=_values(None), act=act, row=row, contract=None, **_choices())


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int, contract_id: int) -> HttpResponse:
    by = actor_of(request)
    by.require("customer.edit")
    row, contract = listing.organisation(pk), listing.contract(contract_id, pk)

    def act() -> HttpResponse:
        actions.edit_contract(
            contract_id, organisation_id=pk, **_posted(request), seen=seen_of(request), by=by, now=now_of(request)
        )
        return done(request, reverse("customers.page", args=[pk]), _("Saved."))

    return form_page(
        request,
        TEMPLATE,
        values=_values(contract),
        seen=contract.version,
        act=act,
        row=row,
        contract=contract,
        **_choices(),
    )


def _values(contract: Contract | None) -> dict[str, Any]:
    if contract is None:
        first = next(iter(listing.offered_policies()), None)
        return {"product_id": "", "policy_id": str(first.pk) if first else "", **dict.fromkeys((*TEXTS, *DAYS), "")}
    days = {name: getattr(contract, name) for name in DAYS}
    return {
        "product_id": str(contract.product_id or ""),
        "policy_id": str(contract.policy_id),
        **{name: getattr(contract, name) for name in TEXTS},
        **{name: day.isoformat() if day else "" for name, day in days.items()},
    }


def _posted(request: HttpRequest) -> dict[str, Any]:
    return {
        "product_id": one_of(request, "product_id"),
        "policy_id": must_choose(request, "policy_id"),
        **{name: request.POST.get(name, "") for name in TEXTS},
        **{name: day_of(request, name) for name in DAYS},
    }


def _choices() -> dict[str, Any]:
    language = get_language() or "en"
    return {
        "products": [("", _("All products")), *((p.id, p.name.said_in(language)) for p in queries.all_products())],
        "policies": [(policy.pk, policy.name) for policy in listing.offered_policies()],
    }


@require_POST
def archive(request: HttpRequest, pk: int, contract_id: int) -> HttpResponse:
    actions.archive_contract(
        contract_id, organisation_id=pk, seen=seen_of(request), by=actor_of(request), now=now_of(request)
    )
    return done(request, reverse("customers.page", args=[pk]), _("Archived. It stays readable."))
