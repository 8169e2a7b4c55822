"""Doors for who is not signed in yet: the first administrator's link and an invitation."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tomei.accounts import queries, signin
from tomei.accounts.web import typed
from tomei.kernel import time
from tomei.kernel.errors import Refused
from tomei.ui.answer import answer, done

_FIELDS = ("name", "email", "zone", "language")


def _newcomer(request: HttpRequest) -> signin.Newcomer:
    """What was typed; both passwords must agree, so that a slip of the finger locks nobody out."""
    post = request.POST
    if post.get("password", "") != post.get("again", ""):
        raise Refused("password.not_the_same")
    return signin.Newcomer(
        post.get("name", ""),
        post.get("email", ""),
        post.get("password", ""),
        post.get("zone", ""),
        post.get("language", ""),
    )


def _show(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    offers = {"languages": typed.language_options(), "zones": typed.zone_offers()}
    return answer(request, template, typed.untouched() | offers | context, status=status)


def _spent(request: HttpRequest, error: Refused) -> HttpResponse:
    return answer(request, "accounts/link_spent.html", typed.refused(error), status=410)


@require_http_methods(["GET", "POST"])
def first(request: HttpRequest, secret: str) -> HttpResponse:
    """Make the first administrator, or by a console link one more."""
    now = time.now()
    try:
        link = signin.look(secret, ("first_admin", "admin"), now)
    except Refused as error:
        return _spent(request, error)
    if request.method == "GET":
        language = "ja" if (translation.get_language() or "").startswith("ja") else "en"
        form = {"name": "", "email": "", "zone": "Asia/Tokyo", "language": language}
        return _show(request, "accounts/first.html", {"form": form, "link": link})
    try:
        person, may_enter = signin.make_administrator(secret, _newcomer(request), now=now)
    except Refused as error:
        if error.code == "link.spent":
            return _spent(request, error)
        again = {"form": typed.typed(request, _FIELDS), "link": link, **typed.refused(error)}
        return _show(request, "accounts/first.html", again, 422)
    if may_enter:
        _sign_in(request, person.id)
        return done(request, "/", _("Welcome. You are administrator and commander."))
    return done(request, "/account/login/", _("The administrator is made. Sign in with the new password."))


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """An invited person sets name and password and is in."""
    now = time.now()
    try:
        link = signin.look(secret, ("invite",), now)
    except Refused as error:
        return _spent(request, error)
    invited = queries.person(link.user_id or 0)
    if request.method == "GET":
        form = {"name": invited.name, "zone": invited.zone, "language": invited.language}
        return _show(request, "accounts/join.html", {"form": form, "link": link, "mail": invited.email})
    try:
        person = signin.join(secret, _newcomer(request), now=now)
    except Refused as error:
        if error.code == "link.spent":
            return _spent(request, error)
        again = {"form": typed.typed(request, _FIELDS), "link": link, "mail": invited.email, **typed.refused(error)}
        return _show(request, "accounts/join.html", again, 422)
    _sign_in(request, person.id)
    return done(request, "/", _("Welcome to Tomei."))


def _sign_in(request: HttpRequest, user_id: int) -> None:
    """Begin a session of this person; one that somebody else had in this browser is over."""
    login(request, queries.row(user_id), backend="allauth.account.auth_backends.AuthenticationBackend")
