"""Our people: list, invite, edit, let go and take back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tomei.accounts import actions, audit, listing, queries, rules, signin
from tomei.accounts.doors import actor_of, needs
from tomei.accounts.models import User
from tomei.accounts.web import once, typed
from tomei.kernel import time
from tomei.kernel.errors import Refused, Stale
from tomei.ui.answer import answer, done

PAGE = 100
STANDINGS = ("active", "invited", "deactivated")
_INVITE = ("name", "email", "role", "zone", "language", "is_administrator")
_EDIT = ("name", "email", "role", "zone", "language", "is_administrator", "deputy", "seen")


@require_GET
@needs("read")
def people(request: HttpRequest) -> HttpResponse:
    """Who is here: role, teams, last seen. `standing` picks active, invited or deactivated; `format=csv` is a file."""
    standing = _one_of(STANDINGS, request.GET.get("standing", ""))
    sort = _one_of(listing.SORTS, request.GET.get("sort", ""))
    if request.GET.get("format") == "csv":
        return _as_csv(request, standing, sort)
    after = typed.number(request.GET.get("after", ""))
    shown = list(listing.roster(standing, sort=sort, after=after)[: PAGE + 1])
    more = f"?standing={standing}&sort={sort}&after={shown[PAGE - 1].pk}" if len(shown) > PAGE else ""
    context = {
        "rows": shown[:PAGE],
        "standing": standing,
        "sort": sort,
        "counts": queries.headcount(),
        "more": more,
        "by": actor_of(request),
    }
    return answer(request, "accounts/people.html", context | {"roles": dict(typed.role_options())})


def _one_of(known: tuple[str, ...], asked: str) -> str:
    return asked if asked in known else known[0]


def _as_csv(request: HttpRequest, standing: str, sort: str) -> HttpResponse:
    """Names and addresses leave the house: audited."""
    rows = list(listing.roster(standing, sort=sort)[: listing.MOST_EXPORTED])
    audit.record("people.exported", by=actor_of(request), now=time.now(), rows=len(rows), standing=standing)
    response = HttpResponse(listing.as_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="people.csv"'
    return response


@require_http_methods(["GET", "POST"])
@needs("people.edit")
def invite(request: HttpRequest) -> HttpResponse:
    """Ask somebody in; the link goes by mail and is shown once, for a house whose mail is not set up yet."""
    by = actor_of(request)
    if request.method == "GET":
        mine = queries.person(by.user_id or 0)
        form = {"name": "", "email": "", "role": "responder", "zone": mine.zone, "language": mine.language}
        return _invite_page(request, form | {"is_administrator": ""}, typed.untouched(), 200)
    form = typed.typed(request, _INVITE)
    try:
        person, url = signin.invite(
            name=form["name"], email=form["email"], role=form["role"], language=form["language"], zone=form["zone"],
            is_administrator=bool(form["is_administrator"]), by=by, now=time.now(),
        )  # fmt: skip
    except Refused as error:
        return _invite_page(request, form, typed.refused(error), 422)
    once.keep(request, kind="invitation", url=url)
    return done(request, f"/people/{person.id}/", _("%(name)s is invited.") % {"name": person.name})


def _invite_page(request: HttpRequest, form: dict[str, str], refused: dict[str, Any], status: int) -> HttpResponse:
    return answer(request, "accounts/invite.html", {"form": form, **_offers(), **refused}, status=status)


@require_http_methods(["GET", "POST"])
@needs("read")
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """One of our people: facts for everybody, the form for administrators."""
    row, by = queries.row(user_id), actor_of(request)
    if request.method == "GET":
        return _person_page(request, row, _as_typed(row), typed.untouched(), 200)
    form = typed.typed(request, _EDIT)
    try:
        actions.edit(user_id, _change(form), seen=typed.number(form["seen"]) or 0, by=by, now=time.now())
    except Stale as error:
        fresh = queries.row(user_id)
        return _person_page(request, fresh, form | {"seen": str(fresh.version)}, typed.refused(error), 409)
    except Refused as error:
        if error.code == "rights.missing":
            raise
        return _person_page(request, row, form, typed.refused(error), 422)
    return done(request, f"/people/{user_id}/", _("Saved."))


def _as_typed(row: User) -> dict[str, str]:
    return {
        "name": row.name, "email": row.email, "role": row.role, "zone": row.zone, "language": row.language,
        "is_administrator": "1" if row.is_administrator else "", "deputy": str(row.deputy_id or ""),
        "seen": str(row.version),
    }  # fmt: skip


def _change(form: dict[str, str]) -> actions.Change:
    return actions.Change(
        name=form["name"], email=form["email"], role=form["role"], zone=form["zone"], language=form["language"],
        is_administrator=bool(form["is_administrator"]), deputy_id=typed.number(form["deputy"]) or 0,
    )  # fmt: skip


def _person_page(
    request: HttpRequest, row: User, form: dict[str, str], refused: dict[str, Any], status: int
) -> HttpResponse:
    by = actor_of(request)
    standing = rules.standing(is_active=row.is_active, was_deactivated=row.deactivated_at is not None)
    able = [found for found in queries.active_people() if found.id != row.pk]
    deputies = [("", _("Nobody"))] + [(str(found.id), found.name) for found in able]
    if row.deputy_id and row.deputy_id not in {found.id for found in able}:
        deputies.append((str(row.deputy_id), queries.person(row.deputy_id).name))
    context = {
        "row": row, "form": form, "standing": standing, "deputies": deputies, "may_edit": by.may("people.edit"),
        "deputy": queries.person(row.deputy_id) if row.deputy_id else None,
        "teams": [team for team in queries.teams() if row.pk in (*team.member_ids, team.lead_id)],
        "invitation": once.take(request, "invitation") if request.method == "GET" else None,
    }  # fmt: skip
    return answer(request, "accounts/person.html", context | _offers() | refused, status=status)


def _offers() -> dict[str, Any]:
    return {"roles": typed.role_options(), "languages": typed.language_options(), "zones": typed.zone_offers()}


@require_POST
@needs("people.edit")
def invite_again(request: HttpRequest, user_id: int) -> HttpResponse:
    url = signin.invite_again(user_id, by=actor_of(request), now=time.now())
    once.keep(request, kind="invitation", url=url)
    return done(request, f"/people/{user_id}/", _("The invitation is sent again; the old link is dead."))


@require_http_methods(["GET", "POST"])
@needs("people.edit")
def deactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Ask once, saying what will happen, then let the person go."""
    row = queries.row(user_id)
    heir = queries.deputy_of(user_id)
    context: dict[str, Any] = {"row": row, "heir": queries.person(heir) if heir else None}
    if request.method == "GET":
        return answer(request, "accounts/deactivate.html", context | typed.untouched())
    try:
        actions.deactivate(user_id, by=actor_of(request), now=time.now())
    except Refused as error:
        return answer(request, "accounts/deactivate.html", context | typed.refused(error), status=409)
    return done(request, f"/people/{user_id}/", _("%(name)s is deactivated.") % {"name": row.name})


@require_POST
@needs("people.edit")
def reactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    found = actions.reactivate(user_id, by=actor_of(request), now=time.now())
    said = _("%(name)s is active again.") if found.is_active else _("%(name)s can be invited again.")
    return done(request, f"/people/{user_id}/", said % {"name": found.name})


@require_POST
@needs("people.edit")
def end_sessions(request: HttpRequest, user_id: int) -> HttpResponse:
    actions.sign_out_everywhere(user_id, by=actor_of(request), now=time.now())
    return done(request, f"/people/{user_id}/", _("All sessions of this person are over."))
