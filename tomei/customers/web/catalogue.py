"""`/settings/catalogue/`: what we sell and run."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tomei.accounts import queries as accounts
from tomei.accounts.doors import actor_of
from tomei.customers import actions, listing
from tomei.customers.models import Component, Product
from tomei.customers.web.posted import form_page, now_of, one_of, seen_of
from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text
from tomei.ui import forms
from tomei.ui.answer import answer, done

PEOPLE = ("owner_id", "top_tier_id", "sponsor_id")
MOVES = {
    ("product", "archive"): actions.archive_product,
    ("product", "return"): actions.return_product,
    ("component", "archive"): actions.archive_component,
    ("component", "return"): actions.return_component,
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    by = actor_of(request)
    by.require("read")
    context = {"products": listing.catalogue(), "may_edit": by.may("customer.edit")}
    return answer(request, "customers/catalogue.html", context)


def _back(request: HttpRequest, message: str) -> HttpResponse:
    return done(request, reverse("catalogue"), message)


@require_http_methods(["GET", "HEAD", "POST"])
def new_product(request: HttpRequest) -> HttpResponse:
    by = actor_of(request)
    by.require("customer.edit")

    def act() -> HttpResponse:
        actions.add_product(**_posted_product(request), by=by, now=now_of(request))
        return _back(request, _("Added. Now its components."))

    values = _product_values(None)
    return form_page(request, "customers/product_form.html", values=values, act=act, row=None, **_product_choices())


@require_http_methods(["GET", "HEAD", "POST"])
def edit_product(request: HttpRequest, pk: int) -> HttpResponse:
    by = actor_of(request)
    by.require("customer.edit")
    row = listing.product(pk)

    def act() -> HttpResponse:
        actions.edit_product(pk, **_posted_product(request), seen=seen_of(request), by=by, now=now_of(request))
        return _back(request, _("Saved."))

    return form_page(
        request,
        "customers/product_form.html",
        values=_product_values(row),
        seen=row.version,
        act=act,
        row=row,
        **_product_choices(),
    )


def _product_values(row: Product | None) -> dict[str, Any]:
    name = Text.of(row.name if row else {})
    return {
        "name.ja": name.ja,
        "name.en": name.en,
        **{field: str(getattr(row, field, None) or "") for field in (*PEOPLE, "team_id")},
        "position": str(row.position if row else 0),
    }


def _posted_product(request: HttpRequest) -> dict[str, Any]:
    return {
        "name": forms.both(request.POST, "name", many_lines=False),
        **{field: one_of(request, field) for field in (*PEOPLE, "team_id")},
        "position": _position(request),
    }


def _position(request: HttpRequest) -> int:
    text = request.POST.get("position", "").strip() or "0"
    if not (text.isascii() and text.isdecimal() and len(text) < 5):
        raise Refused("field.not_a_number", field="position", value=text[:20], least=0, most=9999)
    return int(text)


def _product_choices() -> dict[str, Any]:
    return {
        "people": [("", "–"), *((person.id, person.name) for person in accounts.active_people())],
        "teams": [("", "–"), *((team.id, team.name) for team in accounts.teams())],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def new_component(request: HttpRequest, pk: int) -> HttpResponse:
    by = actor_of(request)
    by.require("customer.edit")
    product = listing.product(pk)

    def act() -> HttpResponse:
        actions.add_component(pk, **_posted_component(request), by=by, now=now_of(request))
        return _back(request, _("Added."))

    values = _component_values(None)
    return form_page(
        request, "customers/component_form.html", values=values, act=act, row=None, product=product, **_levels()
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit_component(request: HttpRequest, pk: int) -> HttpResponse:
    by = actor_of(request)
    by.require("customer.edit")
    row = listing.component(pk)

    def act() -> HttpResponse:
        actions.edit_component(pk, **_posted_component(request), seen=seen_of(request), by=by, now=now_of(request))
        return _back(request, _("Saved."))

    return form_page(
        request,
        "customers/component_form.html",
        values=_component_values(row),
        seen=row.version,
        act=act,
        row=row,
        product=row.product,
        **_levels(),
    )


def _component_values(row: Component | None) -> dict[str, Any]:
    name, group = Text.of(row.name if row else {}), Text.of(row.group if row else {})
    return {
        "name.ja": name.ja,
        "name.en": name.en,
        "group.ja": group.ja,
        "group.en": group.en,
        "slug": row.slug if row else "",
        "is_public": row.is_public if row else True,
        "declares": row.declares if row else False,
        "declares_as": row.declares_as if row else Severity.SEV1B.value,
        "position": str(row.position if row else 0),
    }


def _posted_component(request: HttpRequest) -> dict[str, Any]:
    return {
        "name": forms.both(request.POST, "name", many_lines=False),
        "group": forms.both(request.POST, "group", many_lines=False),
        "slug": request.POST.get("slug", ""),
        "is_public": forms.ticked(request.POST, "is_public"),
        "declares": forms.ticked(request.POST, "declares"),
        "declares_as": request.POST.get("declares_as", ""),
        "position": _position(request),
    }


def _levels() -> dict[str, Any]:
    return {"levels": [(severity.value, severity.value) for severity in Severity]}


@require_POST
def move(request: HttpRequest, kind: str, pk: int, move: str) -> HttpResponse:
    """Archive or bring back a product or a component."""
    act = MOVES.get((kind, move))
    if act is None:
        raise Http404
    act(pk, seen=seen_of(request), by=actor_of(request), now=now_of(request))
    return _back(request, _("Archived. It stays readable.") if move == "archive" else _("Back in the catalogue."))
