"""`/settings/mail/`: the mail server, and a test that shows whether a mail really arrives there."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tomei.accounts import queries as accounts
from tomei.accounts.doors import actor_of, needs
from tomei.delivery import actions, hold, labels, queries, rules, server
from tomei.delivery.requests import now_of
from tomei.delivery.rules import MailServer
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.ui import refusals
from tomei.ui.answer import answer, done

_TYPED = ("host", "port", "user", "security", "sender", "sender_name", "bounces")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("house.configure")
def mail(request: HttpRequest) -> HttpResponse:
    """The settings of the mail server; what was typed stays when it is refused."""
    by = actor_of(request)
    if request.method != "POST":
        return answer(request, "delivery/mail.html", _context(by, _shown()))
    typed = {name: request.POST.get(name, "") for name in _TYPED}
    try:
        server.save(_read(typed, request.POST.get("password", "")), by=by, now=now_of(request))
    except Refused as error:
        context = _context(by, typed) | {"said": refusals.said(error, translation.get_language() or "en")}
        return answer(request, "delivery/mail.html", context, status=422)
    return done(request, "/settings/mail/", _("Saved. Send a test to see that mail arrives."))


def _read(typed: dict[str, str], password: str) -> MailServer:
    port = typed["port"].strip()
    return rules.mail_server(
        host=typed["host"],
        port=int(port) if port.isascii() and port.isdecimal() and len(port) < 6 else 0,
        user=typed["user"].strip(),
        password=password,
        security=typed["security"],
        sender=typed["sender"],
        sender_name=typed["sender_name"],
        bounces=typed["bounces"],
    )


def _shown() -> dict[str, Any]:
    try:
        current = server.current()
    except Refused:
        current = None
    if current is None:
        return dict.fromkeys(_TYPED, "") | {"port": "587", "security": "starttls"}
    return {name: value for name, value in asdict(current).items() if name != "password"}


def _context(by: Actor, values: dict[str, Any]) -> dict[str, Any]:
    wrong = None
    try:
        current = server.current()
    except Refused as error:
        current, wrong = None, refusals.said(error, translation.get_language() or "en")
    return {
        "values": values,
        "said": wrong,
        "is_set": current is not None,
        "has_password": bool(current and current.password),
        "by_environment": server.from_environment(),
        "security": list(labels.SECURITY.items()),
        "tested": queries.latest(f"mailtest:{by.user_id}", "test"),
        "held": hold.on(),
        "states": labels.STATES,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@needs("house.configure")
def test(request: HttpRequest) -> HttpResponse:
    """POST queues a real mail to the person who asks; GET is the part of the page that says what became of it."""
    by = actor_of(request)
    if request.method != "POST":
        return answer(request, "delivery/mail.html", _context(by, _shown()), block="tested")
    person = accounts.person(by.user_id or 0)
    now = now_of(request)
    actions.queue_mail(
        to=request.POST.get("to", "").strip() or person.email,
        subject=_("Tomei: a test of the mail server"),
        text=_("This is a test. If you read it, mail from Tomei reaches you. Nothing needs to be done.") + "\n",
        key=f"mail-test:{person.id}:{now.isoformat()}",
        purpose="test",
        rank=1,
        user_id=person.id,
        about=f"mailtest:{person.id}",
        now=now,
    )
    return done(request, "/settings/mail/#test", "")
