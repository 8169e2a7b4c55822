"""`/settings/endpoints/`: our systems and chats that hear of events. Its parts serve the channels of contracts too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tomei.accounts.doors import actor_of, needs
from tomei.accounts.web import once
from tomei.delivery import labels as states
from tomei.delivery.endpoints import actions, labels, queries, rules
from tomei.delivery.endpoints.actions import EndpointIn
from tomei.delivery.endpoints.facts import EndpointFacts
from tomei.delivery.requests import now_of, number
from tomei.kernel.errors import Refused
from tomei.kernel.text import LANGUAGES, NAMES
from tomei.ui import forms, refusals
from tomei.ui.answer import answer, done
from tomei.ui.parts import language

VERBS = ("rotate", "test", "on", "off", "remove")


@dataclass(frozen=True, slots=True)
class Place:
    """Where endpoints of these uses are looked after. `back` leads out of it, `title` names it."""

    base: str
    uses: tuple[str, ...]
    title: str
    back: tuple[str, str]


def house() -> Place:
    return Place("/settings/endpoints/", ("house",), _("Events to our systems"), ("/settings/", _("Settings")))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("house.configure")
def index(request: HttpRequest) -> HttpResponse:
    """The list and the form; a new secret is shown on the page that follows, and only there."""
    place = house()
    if request.method != "POST":
        return _listed(request, place)
    try:
        made, secret = actions.add(
            "house", request.POST.get("kind") or "", read(request), by=actor_of(request), now=now_of(request)
        )
    except Refused as error:
        return _listed(request, place, status=422, said=refusals.said(error, language()), typed=typed(request))
    return added(request, place, made, secret)


def _listed(request: HttpRequest, place: Place, *, status: int = 200, **more: Any) -> HttpResponse:
    context = words(place) | {"found": queries.of("house"), "typed": blank(), "said": None} | more
    return answer(request, "delivery/endpoints.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("house.configure")
def one(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    return shown(request, house(), queries.one(endpoint_id, ["house"]))


@require_POST
@needs("house.configure")
def act(request: HttpRequest, endpoint_id: int, verb: str) -> HttpResponse:
    return acted(request, house(), endpoint_id, verb)


def words(place: Place) -> dict[str, Any]:
    """What every page of endpoints says."""
    mine = [(one, NAMES[one]) for one in LANGUAGES]
    return {
        "place": place, "kinds": labels.KINDS, "events": labels.EVENTS, "off": labels.OFF, "states": states.STATES,
        "purposes": states.PURPOSES, "languages": [("", _("As the reader's own")), *mine], "house_languages": mine,
        "overlap_h": int(rules.OVERLAP.total_seconds() // 3600), "given_up_d": rules.GIVEN_UP.days,
    }  # fmt: skip


def blank() -> dict[str, Any]:
    return {
        "kind": "webhook", "name": "", "url": "", "events": rules.EVENTS, "drills": False, "language": language(),
        "mail_too": True, "whose": "",
    }  # fmt: skip


def typed(request: HttpRequest) -> dict[str, Any]:
    """What was typed, cleaned, to be shown again beside a refusal."""
    posted = request.POST
    return {
        "kind": forms.clean(posted.get("kind") or "")[:20], "name": forms.clean(posted.get("name") or "")[: rules.NAME],
        "url": forms.clean(posted.get("url") or "")[:2100], "events": posted.getlist("event")[:100],
        "drills": posted.get("drills") == "1", "language": (posted.get("language") or "")[:10],
        "mail_too": posted.get("mail_too") == "1", "whose": (posted.get("whose") or "")[:40],
    }  # fmt: skip


def read(request: HttpRequest) -> EndpointIn:
    given = typed(request)
    return EndpointIn(**{name: given[name] for name in ("name", "url", "events", "drills", "language", "mail_too")})


def added(request: HttpRequest, place: Place, made: EndpointFacts, secret: str) -> HttpResponse:
    """To the page of the new one, which shows its secret this once."""
    if secret:
        once.keep(request, kind=f"endpoint:{made.id}", secret=secret)
    return done(request, f"{place.base}{made.id}/", _("Added. Send a test to see that it works."))


def shown(request: HttpRequest, place: Place, found: EndpointFacts) -> HttpResponse:
    """One endpoint with its last deliveries; a POST saves its settings."""
    status, said, shown = 200, None, _of(found)
    if request.method == "POST":
        try:
            actions.change(
                found.id, read(request), uses=place.uses, seen=number(request.POST.get("seen")), by=actor_of(request),
                now=now_of(request),
            )  # fmt: skip
            return done(request, f"{place.base}{found.id}/", _("Saved."))
        except Refused as error:
            status, said, shown = 422, refusals.said(error, language()), typed(request)
    rows, after = queries.deliveries(found.id, before=number(request.GET.get("before")))
    context = words(place) | {
        "endpoint": found, "rows": rows, "more": f"?before={after}" if after else "", "said": said, "typed": shown,
        "fresh": once.take(request, f"endpoint:{found.id}") if request.method == "GET" else None,
    }  # fmt: skip
    return answer(request, "delivery/endpoint.html", context, status=status)


def _of(found: EndpointFacts) -> dict[str, Any]:
    names = ("kind", "name", "events", "drills", "language", "mail_too")
    return {name: getattr(found, name) for name in names} | {"url": "", "whose": ""}


def acted(request: HttpRequest, place: Place, endpoint_id: int, verb: str) -> HttpResponse:
    """What the buttons of one endpoint do."""
    given: Mapping[str, Any] = {"uses": place.uses, "by": actor_of(request), "now": now_of(request)}
    here = f"{place.base}{endpoint_id}/"
    if verb == "rotate":
        secret = actions.rotate(endpoint_id, **given)
        once.keep(request, kind=f"endpoint:{endpoint_id}", secret=secret)
        return done(request, here, _("There is a new secret. Copy it now."))
    if verb == "test":
        actions.test(endpoint_id, language=language(), **given)
        return done(request, here, _("The test is on its way. Reload to see what became of it."))
    if verb in ("on", "off"):
        actions.switch(endpoint_id, verb == "on", **given)
        return done(request, here, _("Turned on.") if verb == "on" else _("Turned off: nothing is sent there."))
    if verb != "remove":
        raise Http404
    actions.remove(endpoint_id, **given)
    return done(request, place.base, _("Removed."))


urlpatterns = [
    path("settings/endpoints/", index, name="delivery.endpoints"),
    path("settings/endpoints/<int:endpoint_id>/", one, name="delivery.endpoint"),
    path("settings/endpoints/<int:endpoint_id>/<slug:verb>/", act, name="delivery.endpoint_act"),
]
