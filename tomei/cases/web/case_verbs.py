"""One posted form, one verb of a case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tomei.accounts.doors import actor_of
from tomei.cases import actions, forms, queries
from tomei.cases.declared import actions as declared
from tomei.cases.facts import CaseFacts
from tomei.cases.waiting import closing
from tomei.cases.web.verbs import View, zone
from tomei.kernel.actor import Actor
from tomei.ui import forms as fields
from tomei.ui.answer import done

Verb = Callable[[HttpRequest, CaseFacts, Actor, datetime], str]


def verb(act: Verb) -> View:
    """As for incidents: find the case for this reader, act, go back."""

    @require_POST
    @wraps(act)
    def view(request: HttpRequest, key: str) -> HttpResponse:
        by = actor_of(request)
        case = queries.case_by_number(key, by)
        by.require("incident.work")  # before any field is judged; the action decides
        message = act(request, case, by, request.now)  # type: ignore[attr-defined]
        return done(request, request.POST.get("next") or case.url, message)

    return view


Numbered = Callable[[HttpRequest, CaseFacts, int, Actor, datetime], str]


def numbered(act: Numbered) -> Callable[[HttpRequest, str, int], HttpResponse]:
    """The same for something of a case that the address names by its id."""

    @require_POST
    @wraps(act)
    def view(request: HttpRequest, key: str, pk: int) -> HttpResponse:
        @verb
        def one(request: HttpRequest, case: CaseFacts, by: Actor, now: datetime) -> str:
            return act(request, case, pk, by, now)

        return one(request, key)

    return view


@verb
def acknowledge(request: HttpRequest, case: CaseFacts, by: Actor, now: datetime) -> str:
    actions.acknowledge_case(case.id, by=by, now=now)
    return _("Acknowledged.")


@verb
def resume(request: HttpRequest, case: CaseFacts, by: Actor, now: datetime) -> str:
    given: dict[str, Any] = {
        "at": fields.moment(request.POST, "at", zone()), "line": fields.text(request.POST, "line", 1000),
        "seen": forms.seen(request.POST), "by": by, "now": now,
    }  # fmt: skip
    told_by = fields.text(request.POST, "told_by", 200)
    if told_by:
        closing.record_resumed(case.id, told_by=told_by, **given)
    else:
        actions.resume_case(case.id, **given)
    return _("Business resumed.")


@verb
def close(request: HttpRequest, case: CaseFacts, by: Actor, now: datetime) -> str:
    line = fields.text(request.POST, "line", 1000)
    actions.close_case(case.id, line=line, seen=forms.seen(request.POST), by=by, now=now)
    return _("Case closed.")


@verb
def reopen(request: HttpRequest, case: CaseFacts, by: Actor, now: datetime) -> str:
    reason = fields.text(request.POST, "reason", 2000)
    actions.reopen_case(case.id, reason=reason, seen=forms.seen(request.POST), by=by, now=now)
    return _("Case reopened.")


@verb
def withdraw(request: HttpRequest, case: CaseFacts, by: Actor, now: datetime) -> str:
    reason = fields.text(request.POST, "reason", 2000)
    actions.withdraw_case(case.id, reason=reason, seen=forms.seen(request.POST), by=by, now=now)
    return _("Case withdrawn.")


@verb
def hand_on(request: HttpRequest, case: CaseFacts, by: Actor, now: datetime) -> str:
    actions.hand_on_case(case.id, remaining_owner=fields.text(request.POST, "remaining_owner", 200), by=by, now=now)
    return _("Handed on.")


@verb
def describe(request: HttpRequest, case: CaseFacts, by: Actor, now: datetime) -> str:
    actions.describe_case(
        case.id, words=fields.text(request.POST, "words", 4000, many_lines=True),
        stop=fields.text(request.POST, "stop", 500), keep_deadline=True, by=by, now=now,
    )  # fmt: skip
    return _("Saved.")


@verb
def severity(request: HttpRequest, case: CaseFacts, by: Actor, now: datetime) -> str:
    reason = fields.text(request.POST, "reason", 2000)
    actions.set_case_severity(case.id, request.POST.get("severity", ""), reason=reason, by=by, now=now)
    return _("Severity changed.")


@verb
def answer_contest(request: HttpRequest, case: CaseFacts, by: Actor, now: datetime) -> str:
    level = request.POST.get("severity") or str(case.severity)
    declared.answer(case.id, level, words=fields.text(request.POST, "words", 2000, many_lines=True), by=by, now=now)
    return _("Answered. They read it on their page.")


@verb
def tell(request: HttpRequest, case: CaseFacts, by: Actor, now: datetime) -> str:
    declared.tell(case.id, fields.text(request.POST, "words", 4000, many_lines=True), by=by, now=now)
    return _("Told. They read it on their page.")


@verb
def link(request: HttpRequest, case: CaseFacts, by: Actor, now: datetime) -> str:
    incident = queries.by_number(fields.text(request.POST, "incident", 20, required=True), by)
    actions.link_case(case.id, incident.id, by=by, now=now)
    return _("Linked to %(key)s.") % {"key": incident.key}


@verb
def promise(request: HttpRequest, case: CaseFacts, by: Actor, now: datetime) -> str:
    actions.promise(case_id=case.id, **forms.promised(request.POST, zone()), by=by, now=now)
    return _("The promise is written down. Its clock runs.")


@verb
def threat(request: HttpRequest, case: CaseFacts, by: Actor, now: datetime) -> str:
    actions.threat(case.id, fields.text(request.POST, "line", 1000), by=by, now=now)
    return _("The account owner was alerted.")


VERBS: dict[str, View] = {
    "acknowledge": acknowledge,
    "resume": resume,
    "close": close,
    "reopen": reopen,
    "withdraw": withdraw,
    "hand-on": hand_on,
    "describe": describe,
    "severity": severity,
    "answer": answer_contest,
    "tell": tell,
    "link": link,
    "promise": promise,
    "threat": threat,
}
