"""One's own page: name, zone, language, shortcuts, password, sessions."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tomei.accounts import actions, queries, rights
from tomei.accounts.doors import actor_of, needs
from tomei.accounts.web import typed
from tomei.kernel import time
from tomei.kernel.errors import Refused
from tomei.ui.answer import answer, done

_FIELDS = ("name", "zone", "language", "shortcuts")


@require_http_methods(["GET", "POST"])
@needs("me.edit")
def me(request: HttpRequest) -> HttpResponse:
    by = actor_of(request)
    row = queries.row(by.user_id or 0)
    if request.method == "GET":
        form = {"name": row.name, "zone": row.zone, "language": row.language, "shortcuts": "1" if row.shortcuts else ""}
        return _page(request, form, typed.untouched(), 200)
    form = typed.typed(request, _FIELDS)
    change = actions.Change(
        name=form["name"], zone=form["zone"], language=form["language"], shortcuts=bool(form["shortcuts"])
    )
    try:
        mine = actions.edit_me(change, by=by, now=time.now())
    except Refused as error:
        return _page(request, form, typed.refused(error), 422)
    with translation.override(mine.language):
        response = done(request, "/me/", _("Saved."))
    response.delete_cookie("tomei_lang", samesite="Lax")  # a language chosen for one browser would hide the choice
    return response


def _page(request: HttpRequest, form: dict[str, str], refused: dict[str, Any], status: int) -> HttpResponse:
    by = actor_of(request)
    row = queries.row(by.user_id or 0)
    language = translation.get_language() or "en"
    may = [right.says.said_in(language) for right in rights.TABLE if by.may(right.verb)]
    context = {
        "form": form, "row": row, "role": dict(typed.role_options())[row.role], "may": may,
        "languages": typed.language_options(), "zones": typed.zone_offers(),
        "deputy": queries.person(row.deputy_id) if row.deputy_id else None,
    }  # fmt: skip
    return answer(request, "accounts/me.html", context | refused, status=status)


@require_POST
@needs("me.edit")
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Every session is over, this one too."""
    by = actor_of(request)
    actions.sign_out_everywhere(by.user_id or 0, by=by, now=time.now())
    request.session.flush()
    return done(request, "/account/login/", _("You are signed out everywhere. API tokens go on working."))
