"""The demo's one-click ways in: as our commander, or as a customer's IT lead. Not there outside the demo."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from tomei.customers import queries as customers
from tomei.kernel import time
from tomei.kernel.errors import Missing
from tomei.room import actions as room
from tomei.room import door as room_door
from tomei.room import rules as room_rules
from tomei.ui.answer import answer, done

WHO = "saeki@asagiri.example"
CUSTOMER = "yamamoto@towa.example"  # leads IT at the customer that the story hurts most


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Become the story's commander, or a customer's IT lead, with one click; `Missing` unless this is a demo."""
    if not settings.DEMO:
        raise Missing("demo")
    if request.method == "POST" and request.POST.get("as") == "customer":
        return _as_customer(request)
    if request.method == "POST":
        person = get_user_model().objects.get_by_natural_key(WHO)
        login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return done(request, "/")
    return answer(request, "web/demo_enter.html")


def _as_customer(request: HttpRequest) -> HttpResponse:
    """Into the room, with a device of its own beside whoever is signed in as one of our people."""
    found = customers.guests_at(CUSTOMER)[:1]
    if not found:
        raise Missing("demo")
    name = room_rules.device_name(request.headers.get("User-Agent", ""))
    entered = room.open_for(found, keep=False, name=name, via="demo", now=time.now())
    return room_door.remember(room_door.away(room_rules.HOME), entered)
