"""`/room/sign-in/…`: ask, the link, the code, which organisation, sign out. Public until somebody is signed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tomei.customers import queries as customers
from tomei.kernel import time
from tomei.kernel.errors import Refused
from tomei.room import actions, queries, rules
from tomei.room.door import ASKING, away, device, forget, remember, shut, speak, waits
from tomei.ui import forms, refusals
from tomei.ui.answer import answer
from tomei.ui.parts import language

METHODS = ["GET", "HEAD", "POST"]
BUSY = ("room.address_busy", "room.network_busy")


def _shown(request: HttpRequest, stage: str, status: int = 200, **more: object) -> HttpResponseBase:
    house = customers.ours().name.said_in(language()) if customers.has_house() else "Tomei"
    context = {"stage": stage, "house_name": house, "said": None, "minutes": 10, "guest": None, **more}
    response = answer(request, "room/sign_in.html", context, status=status)
    if status == 429:
        response["Retry-After"] = "3600"
    return shut(response)


@require_http_methods(METHODS)
def ask(request: HttpRequest) -> HttpResponseBase:
    """The form; what it answers does not depend on whose the address is."""
    wanted = rules.safe_next(request.POST.get("next") or request.GET.get("next") or "")
    if request.method != "POST":
        row = device(request)
        if row is not None and queries.guest(row) is not None:
            return away(wanted)
        return _shown(request, "ask", next=wanted, mail="", keep=True, days=queries.days())
    typed = forms.clean(request.POST.get("mail") or "")[:300]
    keep = forms.ticked(request.POST, "keep")
    try:
        browser = actions.ask(
            typed, next=wanted, keep=keep, language=language(), network=request.META.get("REMOTE_ADDR", ""),
            before=request.COOKIES.get(ASKING, ""), now=time.now(),
        )  # fmt: skip
    except Refused as error:
        more = {"next": wanted, "mail": typed, "keep": keep, "days": queries.days()}
        said = refusals.said(error, language())
        return _shown(request, "ask", 429 if error.code in BUSY else 422, said=said, **more)
    return waits(away("/room/sign-in/sent/"), browser)


@require_safe
def sent(request: HttpRequest) -> HttpResponseBase:
    """Where the code is typed, as long as this browser waits for a mail."""
    if queries.asked(request.COOKIES.get(ASKING, ""), time.now()) is None:
        return away("/room/sign-in/")
    return _shown(request, "sent")


@sensitive_post_parameters("code")
@require_POST
def code(request: HttpRequest) -> HttpResponseBase:
    """The six digits, typed in the browser that asked."""
    typed = forms.clean(request.POST.get("code") or "")[:40]
    browser = request.COOKIES.get(ASKING, "")
    try:
        entered = actions.open_code(typed, browser=browser, name=_name(request), now=time.now())
    except Refused as error:
        stage = "sent" if error.code == "room.code_wrong" else "dead"
        return _shown(request, stage, 409, said=refusals.said(error, language()))
    return remember(away(entered.next), entered)


@require_http_methods(METHODS)
def link(request: HttpRequest, secret: str) -> HttpResponseBase:
    """GET shows a button, so that a program that follows links in mails uses nothing up; POST goes in."""
    browser = request.COOKIES.get(ASKING, "")
    if request.method != "POST":
        row = queries.link(secret, time.now())
        if row is None:
            return _dead(request, Refused("room.link_dead"))
        mine = queries.asked(browser, time.now())
        if mine is None or mine.pk != row.pk:
            return _dead(request, Refused("room.other_browser"))
        return _shown(request, "link", url=request.path)
    try:
        entered = actions.open_link(secret, browser=browser, name=_name(request), now=time.now())
    except Refused as error:
        return _dead(request, error)
    return remember(away(entered.next), entered)


def _dead(request: HttpRequest, error: Refused) -> HttpResponseBase:
    status = 409 if error.code == "room.other_browser" else 404
    return _shown(request, "dead", status, said=refusals.said(error, language()))


def _name(request: HttpRequest) -> str:
    return rules.device_name(request.headers.get("User-Agent", ""))


@require_http_methods(METHODS)
def choose(request: HttpRequest) -> HttpResponseBase:
    """As a contact of which organisation, for who is one of several."""
    row = device(request)
    found = queries.choices(row) if row else []
    wanted = rules.safe_next(request.POST.get("next") or request.GET.get("next") or "")
    if row is None or not found:
        return away("/room/sign-in/")
    speak(request, found[0][0].language, found[0][1].zone)
    picked = request.POST.get("contact", "") if request.method == "POST" else ""
    if picked.isascii() and picked.isdecimal() and len(picked) < 18:
        actions.choose(row.pk, int(picked), now=time.now())
        return away(wanted)
    return _shown(request, "choose", choices=found, next=wanted)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Signed out on this device; without a sign-in it says the same."""
    row = device(request)
    if row is not None:
        actions.leave(row.pk, now=time.now())
    return forget(away("/room/sign-in/"))
