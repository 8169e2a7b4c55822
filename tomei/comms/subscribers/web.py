"""`/status/subscribe/…` and `/status/subscription/…`: public pages, no script, no sign-in, both languages.

Exempt from the CSRF check: nothing here rests on who is signed in. The form of an unknown visitor sends a question to
an address, and every other page is opened by the link of its owner.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tomei.comms.statuspage.html import AS_OF
from tomei.comms.statuspage.page import PageView
from tomei.comms.subscribers import actions, queries
from tomei.comms.subscribers.channels import CHANNELS
from tomei.comms.subscribers.facts import SubscriberFacts
from tomei.customers import queries as customers
from tomei.delivery.endpoints import labels
from tomei.delivery.endpoints import queries as endpoints
from tomei.kernel import time
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import LANGUAGES, NAMES
from tomei.ui import forms, refusals
from tomei.ui.parts import language

METHODS = ["GET", "HEAD", "POST"]


@csrf_exempt
@require_http_methods(METHODS)
def ask(request: HttpRequest) -> HttpResponse:
    """The form of one channel; a post answers the same whether or not the address is known."""
    mine = language()
    wanted = request.GET.get("channel", "")
    typed: dict[str, Any] = {
        "address": "", "language": mine, "components": (), "notice_mail": "",
        "channel": wanted if wanted in CHANNELS else "mail",
    }  # fmt: skip
    if request.method != "POST":
        return _page(request, "ask", _("Get updates"), typed=typed)
    typed = {
        "address": forms.clean(request.POST.get("address") or "")[:2100],
        "notice_mail": forms.clean(request.POST.get("notice_mail") or "")[:300],
        "channel": (request.POST.get("channel") or "mail")[:20], **_choice(request),
    }  # fmt: skip
    try:
        actions.ask(
            typed["address"], components=typed["components"], language=typed["language"], channel=typed["channel"],
            notice_mail=typed["notice_mail"], network=request.META.get("REMOTE_ADDR", ""), now=time.now(),
        )  # fmt: skip
    except Refused as error:
        busy = error.code == "subscription.network_busy"
        shown = {"typed": typed, "said": refusals.said(error, mine)}
        answer = _page(request, "ask", _("Get updates"), status=429 if busy else 409, **shown)
        if busy:
            answer["Retry-After"] = "3600"
        return answer
    title = _("Look into your mailbox") if typed["channel"] == "mail" else _("Look where it was posted")
    return _page(request, "asked", title, typed=typed)


@csrf_exempt
@require_http_methods(METHODS)
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """GET shows the button, so that a program that follows links in mails confirms nothing; POST confirms.

    A program that was asked as a webhook may post here itself: `Accept: application/json` is answered in JSON.
    """
    now = time.now()
    if request.method == "POST":
        try:
            found = actions.confirm(secret, now=now)
        except Missing:
            return _gone(request)
        if "application/json" in request.headers.get("Accept", ""):
            return _as_json(found)
        return _manage(request, found, _("You are subscribed"))
    asked = actions.wish(secret, now)
    if asked is None:
        return _gone(request)
    typed = {
        "address": asked.address, "language": asked.language, "components": asked.components, "channel": asked.channel,
    }  # fmt: skip
    return _page(request, "confirm", _("Confirm your subscription"), typed=typed)


@csrf_exempt
@require_http_methods(METHODS)
def manage(request: HttpRequest, secret: str) -> HttpResponse:
    """What the owner of this link gets, and the form that changes it."""
    found = queries.by_link(secret)
    if found is None:
        return _gone(request)
    if request.method != "POST":
        return _manage(request, found, _("Your subscription"))
    if request.POST.get("resume") == "1" and found.endpoint_id is not None:
        return _manage(request, actions.resume(secret, now=time.now()), _("It is sent again"))
    chosen = _choice(request)
    try:
        found = actions.change(secret, components=chosen["components"], language=chosen["language"])
    except Missing:
        return _gone(request)
    except Refused as error:
        said = refusals.said(error, language())
        return _manage(request, found, _("Your subscription"), status=409, said=said)
    return _manage(request, found, _("Your subscription is changed"))


@csrf_exempt
@require_http_methods(METHODS)
def leave(request: HttpRequest, secret: str) -> HttpResponse:
    """RFC 8058: a mail program posts here without any page before. A second time, and a wrong link, answer the same."""
    if request.method == "POST":
        actions.leave(secret)
        return _page(request, "left", _("You are unsubscribed"))
    found = queries.by_link(secret)
    return _page(request, "leave", _("Unsubscribe"), mine=found) if found else _gone(request)


def _as_json(found: SubscriberFacts) -> HttpResponse:
    given = {
        "id": found.id,
        "secret": found.secret,
        "manage_url": found.url,
        "unsubscribe_url": f"{found.url}unsubscribe/",
    }
    answer = JsonResponse(given)
    answer["Cache-Control"] = "no-store"
    return answer


def _choice(request: HttpRequest) -> dict[str, Any]:
    """Ticked components and the language, unchecked; what is no number stands for a component that nobody knows."""
    ticked = request.POST.getlist("component")[:500]
    numbers = [int(one) if one.isascii() and one.isdecimal() and len(one) < 10 else 0 for one in ticked]
    return {"components": tuple(numbers), "language": request.POST.get("language") or ""}


def _manage(
    request: HttpRequest, found: SubscriberFacts, title: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    typed = {
        "address": found.address, "language": found.language, "components": found.components, "channel": found.channel,
    }  # fmt: skip
    to = endpoints.known([found.endpoint_id]).get(found.endpoint_id) if found.endpoint_id is not None else None
    return _page(request, "manage", title, status=status, typed=typed, mine=found, endpoint=to, **more)


def _gone(request: HttpRequest) -> HttpResponse:
    return _page(request, "gone", _("This link opens nothing"), status=404)


def _channel(stage: str, shown: dict[str, Any]) -> str:
    """The form stays that of its channel in the other language."""
    channel = shown["typed"]["channel"] if stage == "ask" else "mail"
    return f"&channel={channel}" if channel in CHANNELS[1:] else ""


def _page(request: HttpRequest, stage: str, title: str, *, status: int = 200, **more: Any) -> HttpResponse:
    """In the frame of the status page, which knows no sign-in."""
    mine = language()
    other = "en" if mine == "ja" else "ja"
    if not customers.has_house():
        return HttpResponse(status=404)
    house, now = customers.ours(), time.now()
    context = {
        "page": PageView(house.name, house.zone, house.language, now, (), (), ()), "LANGUAGE": mine,
        "house": house.name.said_in(mine), "other": other, "other_url": f"?lang={other}{_channel(stage, more)}",
        "lang_query": f"?lang={mine}", "feed_forms": (), "as_of": AS_OF, "stage": stage, "title": title,
        "public": customers.public_components(), "languages": [(one, NAMES[one]) for one in LANGUAGES],
        "said": None, "channels": CHANNELS, "kinds": {"mail": _("Mail"), **labels.KINDS}, "off": labels.OFF, **more,
    }  # fmt: skip
    with timezone.override(time.zone(house.zone)):
        template = engines["jinja2"].env.get_template("comms/subscribe.html")  # type: ignore[attr-defined]
        answer = HttpResponse(template.render(context), status=status)
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
