"""Many customers at once, pasted as lines of name, zone and mail."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from tomei.accounts.doors import actor_of
from tomei.customers import actions
from tomei.customers.rules import pasted
from tomei.customers.web.posted import form_page, now_of
from tomei.kernel.text import Text
from tomei.ui.answer import done


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """All lines or none: a line that cannot be read is named, and nothing was taken in."""
    by = actor_of(request)
    by.require("customer.edit")

    def act() -> HttpResponse:
        lines = pasted.read(request.POST.get("lines", ""))
        with transaction.atomic():
            for line in lines:
                made = actions.add_organisation(
                    "customer", name=Text.of(line.name), zone=line.zone, by=by, now=now_of(request)
                )
                if line.mail:
                    actions.add_contact(made.id, name=line.name, mail=line.mail, by=by, now=now_of(request))
        said = ngettext("%(num)s customer added.", "%(num)s customers added.", len(lines)) % {"num": len(lines)}
        return done(request, reverse("customers"), said)

    return form_page(request, "customers/paste.html", values={"lines": ""}, act=act)
