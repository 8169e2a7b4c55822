"""The door of the room: who is signed in by its own cookie, and in whose language and zone the page speaks."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from tomei.customers import queries as customers
from tomei.kernel import time
from tomei.kernel.errors import Missing
from tomei.room import actions, queries, rules
from tomei.room.facts import Entered, Guest
from tomei.room.models import Device
from tomei.ui.answer import answer

COOKIE, ASKING = "tomei_room", "tomei_room_ask"  # a device, and the browser that waits for its mail
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Guest, P], HttpResponseBase]
Door = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def device(request: HttpRequest) -> Device | None:
    return queries.device(request.COOKIES.get(COOKIE, ""), time.now())


def guests(view: View[P]) -> Door[P]:
    """A page for who is signed in here; everybody else goes to sign in. Staff's session counts nothing."""

    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        row = device(request)
        reader = queries.guest(row) if row else None
        if row is None or reader is None:
            place = "/room/choose/" if row is not None and queries.choices(row) else "/room/sign-in/"
            wanted = rules.safe_next(request.path) if request.method in ("GET", "HEAD") else rules.HOME
            return away(f"{place}?next={quote(wanted)}")
        actions.seen(row, time.now())
        speak(request, reader.contact.language, reader.organisation.zone)
        reader.actor.require("room.read")
        try:
            return shut(view(request, reader, *args, **kwargs))
        except (Missing, Http404):
            return shut(_missing(request, reader))

    update_wrapper(guarded, view)
    return guarded


def _missing(request: HttpRequest, reader: Guest) -> HttpResponse:
    """The same for what is not there and what is not theirs; in the frame of the room, which leads nowhere else."""
    house = customers.ours().name.said_in(translation.get_language() or "en")
    return answer(request, "room/missing.html", {"guest": reader, "house_name": house, "tab": ""}, status=404)


def speak(request: HttpRequest, language: str, zone: str) -> None:
    """In the language of the contact, unless the browser asked for the other one, and in the organisation's zone."""
    asked = request.GET.get("lang") or request.COOKIES.get("tomei_lang")
    spoken = asked if asked in ("ja", "en") else language
    translation.activate(spoken)
    request.LANGUAGE_CODE = spoken
    timezone.activate(time.zone(zone))


def shut(response: HttpResponseBase) -> HttpResponseBase:
    """Kept by nobody, found by no search engine."""
    response["Content-Language"] = translation.get_language() or "en"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def away(url: str) -> HttpResponse:
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def remember(response: HttpResponse, entered: Entered) -> HttpResponse:
    """The cookie of the device: only below `/room/`, so that no other page of the house ever gets it."""
    age = int((entered.ends_at - time.now()).total_seconds()) if entered.kept else None
    _set(response, COOKIE, entered.secret, age)
    response.delete_cookie(ASKING, path=rules.HOME, samesite="Lax")
    return response


def waits(response: HttpResponse, browser: str) -> HttpResponse:
    _set(response, ASKING, browser, int(rules.LIFETIME.total_seconds()))
    return response


def forget(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, path=rules.HOME, samesite="Lax")
    return response


def _set(response: HttpResponse, name: str, value: str, age: int | None) -> None:
    options: dict[str, Any] = {"path": rules.HOME, "httponly": True, "samesite": "Lax"}
    response.set_cookie(name, value, max_age=age, secure=settings.SESSION_COOKIE_SECURE, **options)
