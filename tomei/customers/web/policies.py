"""`/settings/policies/`: the times that we promise, in versions."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tomei.accounts import queries as accounts
from tomei.accounts.doors import actor_of
from tomei.customers import actions, hooks, listing, queries, rules
from tomei.customers.models import PolicyVersion
from tomei.customers.rules import editing
from tomei.customers.web import words
from tomei.customers.web.posted import Refusal, attempt, form_page, now_of, one_of, seen_of
from tomei.kernel.severity import Severity
from tomei.ui.answer import answer, done


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    by = actor_of(request)
    by.require("read")
    context = {
        "policies": [(policy, next(iter(policy.versions.all()), None)) for policy in listing.policies()],
        "may_edit": by.may("house.configure"),
    }
    return answer(request, "customers/policies.html", context)


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The times in force, every version, and the incidents that still run under an older one."""
    by = actor_of(request)
    by.require("read")
    policy = listing.policy(pk)
    versions = list(policy.versions.all())
    people = accounts.people(version.made_by_id for version in versions if version.made_by_id)
    newest = queries.policy_facts(versions[0])
    context = {
        "policy": policy,
        "newest": newest,
        "calendar": versions[0].calendar,
        "history": list(_history(versions)),
        "people": people,
        "severities": list(Severity),
        "rows": words.rows(),
        "roles": words.roles(),
        "running": hooks.running(pk),
        "warnings": words.warnings(newest.terms),
        "may_edit": by.may("house.configure"),
        "may_apply": by.may("incident.severity") or by.may("house.configure"),
    }
    return answer(request, "customers/policy.html", context)


def _history(versions: list[PolicyVersion]) -> list[tuple[PolicyVersion, list[tuple[str, str, str, bool]]]]:
    """Newest first, each with what it changed against the one before."""
    terms = [rules.Terms.of_json(version.terms) for version in versions]
    told = []
    for place, version in enumerate(versions):
        before = terms[place + 1] if place + 1 < len(terms) else terms[place]
        told.append((version, words.changes(rules.diff(before, terms[place]))))
    return told


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    by = actor_of(request)
    by.require("house.configure")

    def act() -> HttpResponse:
        calendar_id = one_of(request, "calendar_id")
        made = actions.add_policy(request.POST.get("name", ""), calendar_id=calendar_id, by=by, now=now_of(request))
        return done(request, reverse("policies.edit", args=[made.policy_id]), _("Added. Now its times."))

    calendars = _calendars()
    first = str(calendars[1][0]) if len(calendars) > 1 else ""
    values = {"name": "", "calendar_id": first}
    return form_page(request, "customers/policy_new.html", values=values, act=act, calendars=calendars)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor. What changes is shown before anything is saved; saving what was not shown shows it first."""
    by = actor_of(request)
    by.require("house.configure")
    policy = listing.policy(pk)
    newest = policy.versions.all()[0]
    context = {
        "policy": policy,
        "newest": newest,
        "severities": list(Severity),
        "rows": words.rows(),
        "roles": words.roles(),
        "calendars": _calendars(),
        "said": None,
        "errors": {},
        "review": None,
    }
    if request.method != "POST":
        values = {**editing.as_fields(rules.Terms.of_json(newest.terms)), "reason": ""}
        values["calendar_id"] = str(newest.calendar_id or "")
        return answer(request, "customers/policy_form.html", {**context, "form": values})
    outcome = attempt(lambda: _save_or_show(request, policy.pk, newest, context))
    if isinstance(outcome, Refusal):
        context |= {"said": outcome.said, "errors": outcome.errors, "form": _typed(request)}
        return answer(request, "customers/policy_form.html", context, status=422)
    return outcome


def _typed(request: HttpRequest) -> dict[str, Any]:
    names = [*editing.as_fields(rules.default_terms()), "reason", "calendar_id"]
    switches = ("heartbeats_count", "on_business_hours", *editing.SWITCHES)
    return {name: name in request.POST if name.endswith(switches) else request.POST.get(name, "") for name in names}


def _save_or_show(request: HttpRequest, pk: int, newest: PolicyVersion, context: dict[str, Any]) -> HttpResponse:
    terms, calendar_id = editing.of_fields(request.POST.dict()), one_of(request, "calendar_id")
    mark = _mark(terms, calendar_id, newest)
    if request.POST.get("shown") == mark and request.POST.get("step") == "save":
        made = actions.add_version(
            pk,
            terms=terms,
            calendar_id=calendar_id,
            reason=request.POST.get("reason", ""),
            seen=seen_of(request),
            by=actor_of(request),
            now=now_of(request),
        )
        said = _("Version %(number)s holds from now on. Running incidents keep theirs until you apply it.")
        return done(request, reverse("policies.page", args=[pk]), said % {"number": made.number})
    review = {
        "mark": mark,
        "changes": words.changes(rules.diff(rules.Terms.of_json(newest.terms), terms)),
        "calendar": calendar_id != newest.calendar_id,
        "warnings": words.warnings(terms),
    }
    return answer(request, "customers/policy_form.html", {**context, "form": _typed(request), "review": review})


def _mark(terms: rules.Terms, calendar_id: int | None, newest: PolicyVersion) -> str:
    """What a person has been shown: other times or another version in force show the difference anew."""
    text = json.dumps([terms.as_json(), calendar_id, newest.pk], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _calendars() -> list[tuple[Any, str]]:
    rows = listing.calendars(archived=False)
    return [("", _("Wall clock only")), *((row.pk, row.name) for row in rows)]


@require_POST
def apply(request: HttpRequest, pk: int, incident_id: int) -> HttpResponse:
    """One running incident takes the version in force; what was told to customers stands."""
    actions.apply_to(pk, incident_id, by=actor_of(request), now=now_of(request))
    return done(request, reverse("policies.page", args=[pk]), _("Applied. Times already told stand."))


@require_POST
def move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Make it the default, rename or archive it."""
    by, now = actor_of(request), now_of(request)
    if move == "default":
        actions.make_default(pk, by=by, now=now)
    elif move == "rename":
        actions.rename_policy(pk, request.POST.get("name", ""), by=by, now=now)
    elif move == "archive":
        actions.archive_policy(pk, by=by, now=now)
    else:
        raise Http404
    return done(request, reverse("policies.page", args=[pk]), _("Saved."))
