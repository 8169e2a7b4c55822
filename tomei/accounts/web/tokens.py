"""API tokens: one's own, and everybody's for administrators."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tomei.accounts import queries, rights, rules, tokens
from tomei.accounts.doors import actor_of, needs
from tomei.accounts.web import once, typed
from tomei.kernel import time
from tomei.kernel.errors import Refused
from tomei.ui.answer import answer, done

PAGE = 50


@require_http_methods(["GET", "POST"])
@needs("token.own")
def index(request: HttpRequest) -> HttpResponse:
    """The list and the form; a new token is shown on the page that follows, and only there."""
    now = time.now()
    if request.method == "GET":
        return _page(request, {"name": "", "days": "90", "scopes": ["read"]}, typed.untouched(), now, 200)
    form: dict[str, Any] = {**typed.typed(request, ("name", "days")), "scopes": request.POST.getlist("scopes")}
    try:
        made, secret = tokens.make(
            form["name"], scopes=form["scopes"], expires_at=_end(form["days"], now), by=actor_of(request), now=now
        )
    except Refused as error:
        return _page(request, form, typed.refused(error), now, 422)
    once.keep(request, kind="token", secret=secret, name=made.name)
    return done(request, "/tokens/", _("The token is made. Copy it now."))


def _end(days: str, now: datetime) -> datetime | None:
    """`never`, or a number of days; anything else is refused as an end in the past."""
    if days == "never":
        return None
    number = typed.number(days)
    if number is None:
        raise Refused("token.expiry_past")
    return now + timedelta(days=min(number, 4000))


def _page(
    request: HttpRequest, form: dict[str, Any], refused: dict[str, Any], now: datetime, status: int
) -> HttpResponse:
    by = actor_of(request)
    rows = queries.tokens(by)
    before = typed.number(request.GET.get("after", ""))
    shown = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    language = get_language() or "en"
    says = {right.verb: right.says.said_in(language) for right in rights.TABLE}
    lasts = [(str(days), _("%(days)s days") % {"days": days}) for days in rules.TOKEN_DAYS]
    context = {
        "tokens": [tokens.facts(row, now) for row in shown[:PAGE]],
        "more": f"?after={shown[PAGE - 1].pk}" if len(shown) > PAGE else "",
        "form": form, "says": says, "scopes": rights.grantable(by.rights), "any": by.may("token.any"),
        "lasts": [*lasts, ("never", _("No end"))],
        "root": settings.TOMEI_URL,
        "fresh": once.take(request, "token") if request.method == "GET" else None,
    }  # fmt: skip
    return answer(request, "accounts/tokens.html", context | refused, status=status)


@require_POST
@needs("token.own")
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    gone = tokens.revoke(token_id, by=actor_of(request), now=time.now())
    return done(request, "/tokens/", _("The token %(name)s opens nothing any more.") % {"name": gone.name})
