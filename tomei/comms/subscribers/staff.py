"""`/settings/subscribers/`: how many, of what; one of them by address, under audit."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tomei.accounts.doors import actor_of, needs
from tomei.comms.subscribers import actions, queries
from tomei.customers import queries as customers
from tomei.delivery import queries as delivered
from tomei.delivery.endpoints import labels
from tomei.delivery.endpoints import queries as endpoints
from tomei.kernel import time
from tomei.kernel.errors import Refused
from tomei.kernel.text import NAMES
from tomei.ui import forms, refusals
from tomei.ui.answer import answer, done
from tomei.ui.parts import language


@require_http_methods(["GET", "HEAD", "POST"])
@needs("house.configure")
def subscribers(request: HttpRequest) -> HttpResponse:
    """Counts; a posted search shows addresses, and that they were read is written down."""
    context: dict[str, Any] = {
        "counts": queries.counts(), "public": customers.public_components(), "names": NAMES, "sought": "",
        "said": None, "found": None, "kinds": {"mail": _("Mail"), **labels.KINDS}, "stopped": {},
    }  # fmt: skip
    status = 200
    if request.method == "POST":
        sought = forms.clean(request.POST.get("address") or "")[: forms.SHORT]
        context["sought"] = sought
        try:
            found = actions.search(sought, by=actor_of(request), now=time.now())
            context["found"] = found
            context["suppressed"] = delivered.suppressed_among([one.address.lower() for one in found])
            context["stopped"] = endpoints.known(one.endpoint_id for one in found if one.endpoint_id is not None)
            context["known"] = customers.components({pk for one in found for pk in one.components})
        except Refused as error:
            context["said"], status = refusals.said(error, language()), 409
    return answer(request, "comms/subscribers.html", context, status=status)


@require_POST
@needs("house.configure")
def remove(request: HttpRequest, subscriber_id: int) -> HttpResponse:
    actions.remove(subscriber_id, by=actor_of(request), now=time.now())
    return done(request, "/settings/subscribers/", _("Removed: nothing more is sent to this address."))
