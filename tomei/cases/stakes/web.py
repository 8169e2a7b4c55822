"""Forms of a case: a deadline is named, moved, withdrawn; a workaround is written down, ended."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext as _

from tomei.cases import actions
from tomei.cases.facts import CaseFacts
from tomei.cases.stakes import queries, rules
from tomei.cases.web.case_verbs import numbered, verb
from tomei.cases.web.verbs import zone
from tomei.kernel.actor import Actor
from tomei.ui import forms as fields


def _at(request: HttpRequest) -> tuple[datetime, str]:
    """The moment in the zone that the form names, which is the customer's unless somebody chose another."""
    named = rules.zone(fields.text(request.POST, "zone", 60) or zone())
    at = fields.moment(request.POST, "at", named, required=True, label=_("Hard deadline"))
    assert at is not None  # required above
    return at, named


@verb
def deadline(request: HttpRequest, case: CaseFacts, by: Actor, now: datetime) -> str:
    at, named = _at(request)
    actions.add_deadline(
        case.id, at, zone=named, kind=fields.text(request.POST, "kind", 20) or "other",
        words=fields.text(request.POST, "words", 300), loss=fields.text(request.POST, "loss", 300),
        given=fields.ticked(request.POST, "given"), by=by, now=now,
    )  # fmt: skip
    return _("The deadline is written down. The commander is warned before it.")


@numbered
def move(request: HttpRequest, case: CaseFacts, pk: int, by: Actor, now: datetime) -> str:
    one = queries.deadline(pk, case.id)
    at, named = _at(request)
    reason, seen = fields.text(request.POST, "reason", 300), fields.number(request.POST, "seen")
    actions.move_deadline(one.id, at, zone=named, reason=reason, seen=seen, by=by, now=now)
    return _("The deadline was moved; the old one is withdrawn with the reason.")


@numbered
def drop(request: HttpRequest, case: CaseFacts, pk: int, by: Actor, now: datetime) -> str:
    one = queries.deadline(pk, case.id)
    reason, seen = fields.text(request.POST, "reason", 300), fields.number(request.POST, "seen")
    actions.drop_deadline(one.id, reason=reason, seen=seen, by=by, now=now)
    return _("The deadline was withdrawn.")


@verb
def workaround(request: HttpRequest, case: CaseFacts, by: Actor, now: datetime) -> str:
    actions.set_workaround(
        case.id, words=fields.text(request.POST, "words", 500), per_hour=fields.text(request.POST, "per_hour", 40),
        currency=fields.text(request.POST, "currency", 10), basis=fields.text(request.POST, "basis", 300),
        people=fields.number(request.POST, "people"), since_at=fields.moment(request.POST, "since", zone()),
        seen=fields.number(request.POST, "seen"), by=by, now=now,
    )  # fmt: skip
    return _("The workaround is written down. Its cost runs.")


@verb
def workaround_end(request: HttpRequest, case: CaseFacts, by: Actor, now: datetime) -> str:
    at, seen = fields.moment(request.POST, "at", zone()), fields.number(request.POST, "seen")
    actions.end_workaround(case.id, at=at, seen=seen, by=by, now=now)
    return _("The workaround has ended; what it cost stands.")


urlpatterns = [
    path("cases/<str:key>/deadline/", deadline, name="cases.deadline"),
    path("cases/<str:key>/deadline/<int:pk>/move/", move, name="cases.deadline_move"),
    path("cases/<str:key>/deadline/<int:pk>/drop/", drop, name="cases.deadline_drop"),
    path("cases/<str:key>/workaround/", workaround, name="cases.workaround"),
    path("cases/<str:key>/workaround/end/", workaround_end, name="cases.workaround_end"),
]
