"""`/me/contact/`: how I am reached, in which order, and whether it really works."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tomei.accounts import queries as accounts
from tomei.accounts.doors import actor_of, needs
from tomei.delivery import labels, webhooks
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.oncall import actions, queries
from tomei.ui import forms, refusals
from tomei.ui.answer import answer, done

PLACE = "/me/contact/"
_TYPED = ("address", "template", "url", "label")


def _now(request: HttpRequest) -> datetime:
    moment: datetime = request.now  # type: ignore[attr-defined]
    return moment


def _context(by: Actor) -> dict[str, Any]:
    mine = queries.methods_of(by.user_id or 0)
    tests = {method.id: queries.test_of(method.id) for method in mine}
    return {
        "methods": mine,
        "tests": tests,
        "account": accounts.person(by.user_id or 0),
        "on_the_way": any(sent and sent.state == "waiting" and not sent.attempts for sent in tests.values()),
        "labels": labels.TEMPLATES,
        "templates": list(labels.TEMPLATES.items()),
        "takes_secret": webhooks.TAKES_SECRET,
        "typed": dict.fromkeys(_TYPED, ""),
        "said": None,
        "kind": "",
    }


@require_safe
@needs("me.edit")
def contact(request: HttpRequest) -> HttpResponse:
    return answer(request, "oncall/contact.html", _context(actor_of(request)), block="methods")


@require_POST
@needs("me.edit")
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """Add a mail address or a webhook; what was typed stays when it is refused, but for the secret."""
    by, now = actor_of(request), _now(request)
    typed = {name: forms.clean(request.POST.get(name, ""))[:2000] for name in _TYPED}
    try:
        if kind == "mail":
            actions.add_mail(typed["address"], label=typed["label"], by=by, now=now)
        else:
            secret = request.POST.get("secret", "").strip()
            actions.add_webhook(typed["template"], typed["url"], secret=secret, label=typed["label"], by=by, now=now)
    except Refused as error:
        said = refusals.said(error, translation.get_language() or "en")
        context = _context(by) | {"typed": typed, "said": said, "kind": kind}
        return answer(request, "oncall/contact.html", context, status=422)
    return done(request, PLACE, _("Added. Send a test to see that it works."))


@require_POST
@needs("me.edit")
def remove(request: HttpRequest, method_id: int) -> HttpResponse:
    actions.remove(method_id, by=actor_of(request), now=_now(request))
    return done(request, PLACE, _("Removed."))


@require_POST
@needs("me.edit")
def move(request: HttpRequest, method_id: int) -> HttpResponse:
    actions.move(method_id, up=request.POST.get("to") == "up", by=actor_of(request), now=_now(request))
    return done(request, PLACE)


@require_POST
@needs("me.edit")
def test(request: HttpRequest, method_id: int) -> HttpResponse:
    actions.test(method_id, by=actor_of(request), now=_now(request))
    return done(request, PLACE)


urlpatterns = [
    path("me/contact/", contact, name="oncall.contact"),
    path("me/contact/mail/", add, {"kind": "mail"}, name="oncall.add_mail"),
    path("me/contact/webhook/", add, {"kind": "webhook"}, name="oncall.add_webhook"),
    path("me/contact/<int:method_id>/remove/", remove, name="oncall.remove"),
    path("me/contact/<int:method_id>/move/", move, name="oncall.move"),
    path("me/contact/<int:method_id>/test/", test, name="oncall.test"),
]
