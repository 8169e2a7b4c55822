"""Teams: list, make, edit, remove."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tomei.accounts import queries, teams
from tomei.accounts.doors import actor_of, needs
from tomei.accounts.facts import Person, TeamFacts
from tomei.accounts.web import typed
from tomei.kernel import time
from tomei.kernel.errors import Refused, Stale
from tomei.ui.answer import answer, done

_NEW: dict[str, Any] = {"name": "", "lead": "", "members": [], "seen": ""}


@require_http_methods(["GET", "POST"])
@needs("read")
def index(request: HttpRequest) -> HttpResponse:
    """Every team; administrators make one here."""
    if request.method == "GET":
        return _index_page(request, _NEW, typed.untouched(), 200)
    form = _form(request)
    try:
        made = teams.make(
            form["name"],
            lead_id=typed.number(form["lead"]),
            member_ids=form["members"],
            by=actor_of(request),
            now=time.now(),
        )
    except Refused as error:
        if error.code == "rights.missing":
            raise
        return _index_page(request, form, typed.refused(error), 422)
    return done(request, "/people/teams/", _("The team %(name)s is made.") % {"name": made.name})


@require_http_methods(["GET", "POST"])
@needs("people.edit")
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    facts = queries.team(team_id)
    if request.method == "GET":
        return _team_page(request, facts, _as_typed(facts), typed.untouched(), 200)
    form = _form(request)
    try:
        teams.edit(
            team_id, name=form["name"], lead_id=typed.number(form["lead"]), member_ids=form["members"],
            seen=typed.number(form["seen"]) or 0, by=actor_of(request), now=time.now(),
        )  # fmt: skip
    except Stale as error:
        again = form | {"seen": str(queries.team(team_id).version)}
        return _team_page(request, queries.team(team_id), again, typed.refused(error), 409)
    except Refused as error:
        return _team_page(request, facts, form, typed.refused(error), 422)
    return done(request, "/people/teams/", _("Saved."))


@require_POST
@needs("people.edit")
def remove(request: HttpRequest, team_id: int) -> HttpResponse:
    facts = queries.team(team_id)
    teams.remove(team_id, by=actor_of(request), now=time.now())
    return done(request, "/people/teams/", _("The team %(name)s is removed.") % {"name": facts.name})


def _form(request: HttpRequest) -> dict[str, Any]:
    return {**typed.typed(request, ("name", "lead", "seen")), "members": typed.numbers(request, "members")}


def _as_typed(facts: TeamFacts) -> dict[str, Any]:
    return {
        "name": facts.name, "lead": str(facts.lead_id or ""), "members": list(facts.member_ids),
        "seen": str(facts.version),
    }  # fmt: skip


def _choices(kept: dict[int, Person]) -> list[Person]:
    """The active people, and who is named already though they left."""
    able = queries.active_people()
    return able + [person for person in kept.values() if person.id not in {found.id for found in able}]


def _leads(choices: list[Person]) -> list[tuple[str, str]]:
    return [("", _("Nobody"))] + [(str(person.id), person.name) for person in choices]


def _index_page(request: HttpRequest, form: dict[str, Any], refused: dict[str, Any], status: int) -> HttpResponse:
    found = queries.teams()
    choices = _choices({})
    named = {person for team in found for person in (*team.member_ids, team.lead_id) if person}
    context = {
        "teams": found, "people": queries.people(named), "form": form, "choices": choices, "leads": _leads(choices),
        "counts": queries.headcount(), "may_edit": actor_of(request).may("people.edit"),
    }  # fmt: skip
    return answer(request, "accounts/teams.html", context | refused, status=status)


def _team_page(
    request: HttpRequest, facts: TeamFacts, form: dict[str, Any], refused: dict[str, Any], status: int
) -> HttpResponse:
    kept = queries.people([*facts.member_ids, *([facts.lead_id] if facts.lead_id else [])])
    choices = _choices(kept)
    context = {"team": facts, "form": form, "choices": choices, "leads": _leads(choices)}
    return answer(request, "accounts/team.html", context | refused, status=status)
