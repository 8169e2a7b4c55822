"""`/customers/<id>/channels/`: by which channels notices under the contract go."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tomei.accounts.doors import actor_of, needs
from tomei.comms.channels import owners
from tomei.customers import queries as customers
from tomei.delivery.endpoints import actions, web
from tomei.delivery.requests import now_of
from tomei.kernel.errors import Refused
from tomei.ui import refusals
from tomei.ui.answer import answer
from tomei.ui.parts import language


def _place(pk: int) -> web.Place:
    name = customers.organisation(pk).name.said_in(language())
    title = _("Channels of %(name)s") % {"name": name}
    return web.Place(f"/customers/{pk}/channels/", owners.USES, title, (f"/customers/{pk}/", name))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("customer.edit")
def index(request: HttpRequest, pk: int) -> HttpResponse:
    """Contacts with their mail, the channels beside it, and the form."""
    place = _place(pk)
    if request.method != "POST":
        return _listed(request, pk, place)
    try:
        use, owner_id = owners.read(pk, request.POST.get("whose") or "")
        made, secret = actions.add(
            use, request.POST.get("kind") or "", web.read(request), owner_id=owner_id, by=actor_of(request),
            now=now_of(request),
        )  # fmt: skip
    except Refused as error:
        said = refusals.said(error, language())
        return _listed(request, pk, place, status=422, said=said, typed=web.typed(request))
    return web.added(request, place, made, secret)


def _listed(request: HttpRequest, pk: int, place: web.Place, *, status: int = 200, **more: Any) -> HttpResponse:
    people = customers.contacts(pk)
    context = web.words(place) | {
        "found": owners.of(pk), "people": people, "names": {one.id: one.name for one in people},
        "whose": [("", _("The organisation")), *((str(one.id), one.name) for one in people)],
        "typed": web.blank() | {"language": ""}, "said": None,
    } | more  # fmt: skip
    return answer(request, "comms/channels.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("customer.edit")
def one(request: HttpRequest, pk: int, endpoint_id: int) -> HttpResponse:
    return web.shown(request, _place(pk), owners.one(pk, endpoint_id))


@require_POST
@needs("customer.edit")
def act(request: HttpRequest, pk: int, endpoint_id: int, verb: str) -> HttpResponse:
    owners.one(pk, endpoint_id)
    return web.acted(request, _place(pk), endpoint_id, verb)
