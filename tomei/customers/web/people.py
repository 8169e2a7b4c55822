"""The people at an organisation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tomei.accounts.doors import actor_of
from tomei.customers import actions, listing
from tomei.customers.models import Contact
from tomei.customers.web.posted import form_page, now_of, seen_of
from tomei.ui import forms
from tomei.ui.answer import done

TEMPLATE = "customers/contact_form.html"


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    by = actor_of(request)
    by.require("customer.edit")
    row = listing.organisation(pk)

    def act() -> HttpResponse:
        actions.add_contact(pk, **_posted(request), by=by, now=now_of(request))
        return done(request, reverse("customers.page", args=[pk]), _("Added."))

    return form_page(request, TEMPLATE, values=_values(None, row.language), act=act, row=row, contact=None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int, contact_id: int) -> HttpResponse:
    by = actor_of(request)
    by.require("customer.edit")
    row, contact = listing.organisation(pk), listing.contact(contact_id, pk)

    def act() -> HttpResponse:
        actions.edit_contact(
            contact_id, organisation_id=pk, **_posted(request), seen=seen_of(request), by=by, now=now_of(request)
        )
        return done(request, reverse("customers.page", args=[pk]), _("Saved."))

    values = _values(contact, contact.language)
    return form_page(request, TEMPLATE, values=values, seen=contact.version, act=act, row=row, contact=contact)


def _values(contact: Contact | None, language: str) -> dict[str, Any]:
    return {
        "name": contact.name if contact else "",
        "mail": contact.mail if contact else "",
        "phone": contact.phone if contact else "",
        "title": contact.title if contact else "",
        "language": language,
        "room_role": contact.room_role if contact else "reader",
        "gets_updates": contact.gets_updates if contact else True,
        "is_executive": contact.is_executive if contact else False,
    }


def _posted(request: HttpRequest) -> dict[str, Any]:
    plain = {name: request.POST.get(name, "") for name in ("name", "mail", "phone", "title", "language")}
    plain["room_role"] = request.POST.get("room_role", "reader")
    return {**plain, **{name: forms.ticked(request.POST, name) for name in ("gets_updates", "is_executive")}}


@require_POST
def archive(request: HttpRequest, pk: int, contact_id: int) -> HttpResponse:
    actions.archive_contact(
        contact_id, organisation_id=pk, seen=seen_of(request), by=actor_of(request), now=now_of(request)
    )
    return done(request, reverse("customers.page", args=[pk]), _("Archived. It stays readable."))
