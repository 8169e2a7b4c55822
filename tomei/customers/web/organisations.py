"""`/customers/`: the list, one organisation, and the forms that change it."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tomei.accounts import queries as accounts
from tomei.accounts.doors import actor_of
from tomei.customers import actions, hooks, listing, queries
from tomei.customers.models import Organisation
from tomei.customers.web import downloads
from tomei.customers.web.posted import form_page, many_of, now_of, one_of, seen_of
from tomei.kernel.text import Text
from tomei.ui import forms
from tomei.ui.answer import answer, done


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Who we work for: open cases, silence, next renewal."""
    by = actor_of(request)
    by.require("read")
    sought = listing.Filter.of(request.GET)
    form = request.GET.get("format")
    if form == "csv":
        return downloads.as_csv(listing.every(sought))
    if form == "json":
        return JsonResponse({"items": [downloads.as_json(line) for line in listing.every(sought)]})
    lines, after = listing.organisations(sought)
    asked = request.GET.copy()
    more = _address(asked, after=after) if after else ""
    return answer(
        request,
        "customers/index.html",
        {
            "lines": lines,
            "sought": sought,
            "more": more,
            "csv": _address(asked, after="", format="csv"),
            "json": _address(asked, after="", format="json"),
            "may_edit": by.may("customer.edit"),
        },
    )


def _address(asked: Any, **changes: str) -> str:
    query = asked.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"{reverse('customers')}?{query.urlencode()}"


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """What they run, what is open, when they renew."""
    by = actor_of(request)
    by.require("read")
    row = listing.organisation(pk)
    used = sorted((use.component for use in row.uses.all()), key=lambda part: (part.product_id, part.position, part.pk))
    return answer(
        request,
        "customers/page.html",
        {
            "row": row,
            "used": used,
            "used_ids": {part.pk for part in used},
            "offered": queries.components_of() if by.may("customer.edit") else [],
            "products": {product.id: product for product in queries.all_products()},
            "open": hooks.open_of([pk]).get(pk, hooks.OpenFacts()),
            "extra": hooks.page_part(request, pk),
            "may_edit": by.may("customer.edit"),
            "may_credit": by.may("claim.amounts"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    by = actor_of(request)
    by.require("customer.edit")

    def act() -> HttpResponse:
        kind = request.POST.get("kind", "")
        made = actions.add_organisation(kind, **_posted(request), by=by, now=now_of(request))
        return done(request, made.url, _("Added. Contacts and a contract come next."))

    values = {**_values(None), "kind": request.GET.get("kind", "customer")}
    return form_page(request, "customers/organisation_form.html", values=values, act=act, row=None, **_choices())


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    by = actor_of(request)
    by.require("customer.edit")
    row = listing.organisation(pk)

    def act() -> HttpResponse:
        made = actions.edit_organisation(pk, **_posted(request), seen=seen_of(request), by=by, now=now_of(request))
        return done(request, made.url, _("Saved."))

    return form_page(
        request,
        "customers/organisation_form.html",
        values=_values(row),
        seen=row.version,
        act=act,
        row=row,
        **_choices(),
    )


def _values(row: Organisation | None) -> dict[str, Any]:
    name = Text.of(row.name if row else {})
    return {
        "name.ja": name.ja,
        "name.en": name.en,
        "zone": row.zone if row else "Asia/Tokyo",
        "language": row.language if row else "ja",
        "account_owner_id": str(row.account_owner_id or "") if row else "",
        "notes": row.notes if row else "",
    }


def _posted(request: HttpRequest) -> dict[str, Any]:
    return {
        "name": forms.both(request.POST, "name", many_lines=False),
        "zone": request.POST.get("zone", ""),
        "language": request.POST.get("language", ""),
        "account_owner_id": one_of(request, "account_owner_id"),
        "notes": request.POST.get("notes", ""),
    }


def _choices() -> dict[str, Any]:
    return {
        "people": [("", "–"), *((person.id, person.name) for person in accounts.active_people())],
        "zones": zones(),
    }


def zones() -> list[str]:
    """Every place with a slash in its name: what people look for, without the old aliases."""
    return sorted(
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix", "right"))
    )


@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    actions.archive_organisation(pk, seen=seen_of(request), by=actor_of(request), now=now_of(request))
    return done(request, reverse("customers.page", args=[pk]), _("Archived. It stays readable."))


@require_POST
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    actions.return_organisation(pk, seen=seen_of(request), by=actor_of(request), now=now_of(request))
    return done(request, reverse("customers.page", args=[pk]), _("Back among those we work for."))


@require_POST
def uses(request: HttpRequest, pk: int) -> HttpResponse:
    actions.set_uses(pk, many_of(request, "components"), by=actor_of(request), now=now_of(request))
    return done(request, reverse("customers.page", args=[pk]), _("Saved."))
