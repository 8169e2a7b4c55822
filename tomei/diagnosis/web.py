"""Pages of questions: all of them, those of an incident, one with its next move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tomei.accounts import audit
from tomei.accounts import queries as accounts
from tomei.accounts.doors import actor_of
from tomei.cases import queries as cases
from tomei.cases.web import room_context, tables
from tomei.cases.web.verbs import View, local, zone
from tomei.customers import queries as customers
from tomei.diagnosis import actions, queries, reading, words
from tomei.diagnosis.facts import QuestionFacts
from tomei.diagnosis.rules import asking
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text
from tomei.ui import forms as fields
from tomei.ui import refusals
from tomei.ui.answer import answer, done
from tomei.ui.parts import language

MOST_EXPORTED = 10_000
_LONG = 2000


def words_of() -> dict[str, Any]:
    """What templates call to say a code in the reader's language."""
    return {
        "state_word": lambda code: cases.said(words.STATES, code),
        "turn_word": lambda code: cases.said(words.TURNS, code),
        "part_word": lambda code: cases.said(words.PARTS, code),
        "channel_word": lambda code: cases.said(words.CHANNELS, code),
        "parts": asking.PARTS,
    }


def _filters(request: HttpRequest) -> queries.Filters:
    return queries.Filters(request.GET.get("which") or "open", fields.number(request.GET, "organisation", 1, 2**62))


def _query(filters: queries.Filters, **more: str) -> str:
    asked = {"which": filters.which, "organisation": filters.organisation_id, **more}
    return urlencode({name: value for name, value in asked.items() if value})


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`/questions/`: what we wait for from customers, and what waits for us."""
    by, filters = actor_of(request), _filters(request)
    page = queries.page(filters, by, after=request.GET.get("after", "")[:80])
    names = {
        "open": _("Open"), "theirs": _("Their turn"), "ours": _("Our turn"), "idle": _("Answered and unused"),
        "draft": _("Drafts"), "ended": _("Ended"), "all": _("All"),
    }  # fmt: skip
    options = [("", _("All customers"))]
    options += [(str(one.id), one.name.said_in(language())) for one in customers.all_organisations("customer")]
    context = {
        "rows": reading.named(page.items), "filters": filters, "which_options": list(names.items()),
        "customer_options": options, "next_url": f"?{_query(filters, after=page.next)}" if page.next else "",
        "csv_url": f"/questions/export.csv?{_query(filters)}", "json_url": f"/questions/export.json?{_query(filters)}",
        "may_configure": by.may("house.configure"), **words_of(),
    }  # fmt: skip
    return answer(request, "diagnosis/index.html", context)


def _everything(request: HttpRequest) -> list[dict[str, Any]]:
    by = actor_of(request)
    found = queries.page(_filters(request), by, limit=MOST_EXPORTED).items
    audit.record("questions.exported", by=by, now=request.now, rows=len(found))  # type: ignore[attr-defined]
    return [reading.plain(row) for row in reading.named(found)]


@require_safe
def export_csv(request: HttpRequest) -> HttpResponse:
    return tables.as_csv(_everything(request), reading.COLUMNS, "questions.csv")


@require_safe
def export_json(request: HttpRequest) -> HttpResponse:
    return tables.as_json(_everything(request), "questions.json")


@require_safe
def of_incident(request: HttpRequest, key: str) -> HttpResponse:
    """`/incidents/INC-12/questions/`: what was asked here, of whom, and what became of it."""
    by = actor_of(request)
    incident = cases.by_number(key, by)
    context = room_context(incident, by, request.now, language()) | {  # type: ignore[attr-defined]
        "tab": "questions", "rows": reading.named(queries.of_incident(incident.id)),
        "may_ask": by.may("question.work"), **words_of(),
    }  # fmt: skip
    return answer(request, "diagnosis/incident.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A draft to the customer of `?case=CASE-5`; it is looked at before it goes."""
    by = actor_of(request)
    by.require("question.work")
    given = request.POST if request.method == "POST" else request.GET
    case = cases.case_by_number(fields.text(given, "case", 20), by)
    customer = customers.organisation(case.organisation_id)
    context = {"case": case, "customer": customer, "typed": defaultdict(str, given.items()), "said": None, **words_of()}
    if request.method != "POST":
        return answer(request, "diagnosis/new.html", context)
    try:
        made = actions.write(case.id, **_posted(request), by=by, now=request.now)  # type: ignore[attr-defined]
    except Refused as error:
        if error.code == "rights.missing":
            raise
        return answer(request, "diagnosis/new.html", context | {"said": refusals.said(error, language())}, status=422)
    return done(request, made.url, _("Draft kept. Read it once more and ask."))


def _posted(request: HttpRequest) -> dict[str, Any]:
    posted = request.POST
    return {
        "parts": {name: fields.both(posted, name, _LONG) for name in asking.PARTS},
        "due_at": fields.moment(posted, "due", zone(), label=_("Their answer by")),
        "next_at": fields.moment(posted, "next_at", zone(), label=_("They hear from us by")),
    }


@require_safe
def question(request: HttpRequest, key: str) -> HttpResponse:
    """One question: its four parts, the answers, what became of it, the next move."""
    return _shown(request, queries.by_key(key, actor_of(request)))


def _shown(request: HttpRequest, one: QuestionFacts, wrong: Refused | None = None) -> HttpResponse:
    by = actor_of(request)
    [row] = reading.named([one])
    people = {pk for pk in (one.asked_by_id, one.ended_by_id) if pk is not None}
    people |= {each.made_by_id for each in one.answers if each.made_by_id is not None}
    draft = one.state == "draft"
    context = row | {
        "names": {pk: person.name for pk, person in accounts.people(people).items()}, "local": local,
        "alike": queries.alike(one.id) if draft else [],
        "many": queries.open_of(one.organisation_id) if draft else 0, "most_open": asking.MOST_OPEN,
        "moves": asking.moves_from(one.state) if by.may("question.work") else (),
        "channels": [(code, cases.said(words.CHANNELS, code)) for code in words.BY_HAND],
        "typed": defaultdict(str, request.POST.items()), "said": refusals.said(wrong, language()) if wrong else None,
        **words_of(),
    }  # fmt: skip
    return answer(request, "diagnosis/question.html", context, status=422 if wrong else 200)


Verb = Callable[[HttpRequest, QuestionFacts, Actor, datetime], str]


def verb(act: Verb) -> View:
    """Find the question for this reader, act, go back; what a rule refuses is shown beside what was typed."""

    @require_POST
    @wraps(act)
    def view(request: HttpRequest, key: str) -> HttpResponse:
        by = actor_of(request)
        one = queries.by_key(key, by)
        by.require("question.work")
        try:
            return done(request, one.url, act(request, one, by, request.now))  # type: ignore[attr-defined]
        except Refused as error:
            if error.code == "rights.missing":
                raise
            return _shown(request, one, error)

    return view


@verb
def edit(request: HttpRequest, one: QuestionFacts, by: Actor, now: datetime) -> str:
    actions.edit(one.id, **_posted(request), by=by, now=now)
    return _("Draft kept. Read it once more and ask.")


@verb
def ask(request: HttpRequest, one: QuestionFacts, by: Actor, now: datetime) -> str:
    actions.ask(one.id, again_reason=fields.text(request.POST, "again_reason", 500), by=by, now=now)
    return _("Asked. The time of their answer runs.")


@verb
def type_answer(request: HttpRequest, one: QuestionFacts, by: Actor, now: datetime) -> str:
    posted = request.POST
    actions.type_answer(
        one.id, fields.text(posted, "words", 10_000, required=True, many_lines=True),
        is_whole=not fields.ticked(posted, "in_part"), said_by=fields.text(posted, "said_by", 200),
        channel=fields.text(posted, "channel", 20), said_at=fields.moment(posted, "at", zone()) or now, by=by, now=now,
    )  # fmt: skip
    return _("Answer kept. We have promised to tell them what becomes of it.")


def _outcome(request: HttpRequest) -> Text:
    return fields.both(request.POST, "outcome", _LONG)


@verb
def use(request: HttpRequest, one: QuestionFacts, by: Actor, now: datetime) -> str:
    actions.use(one.id, outcome=_outcome(request), by=by, now=now)
    return _("The customer is told what became of their answer.")


@verb
def unused(request: HttpRequest, one: QuestionFacts, by: Actor, now: datetime) -> str:
    actions.leave_unused(one.id, reason=_outcome(request), by=by, now=now)
    return _("The customer is told why their answer was not used.")


@verb
def withdraw(request: HttpRequest, one: QuestionFacts, by: Actor, now: datetime) -> str:
    actions.withdraw(one.id, notice=_outcome(request), by=by, now=now)
    return _("Withdrawn.")


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """After how many minutes an unused answer calls its owner, per severity."""
    by = actor_of(request)
    by.require("house.configure")
    if request.method == "POST":
        given = {
            str(one): fields.number(request.POST, str(one), 1, asking.LONGEST_IDLE, required=True) or 0
            for one in Severity
        }
        actions.set_idle_minutes(given, by=by, now=request.now)  # type: ignore[attr-defined]
        return done(request, "/settings/questions/", _("Saved."))
    context = {"minutes": queries.idle_minutes(), "most": asking.LONGEST_IDLE}
    return answer(request, "diagnosis/settings.html", context)


_ONE = "questions/<str:key>/"
urlpatterns = [
    path("questions/", index, name="questions"),
    path("questions/export.csv", export_csv, name="questions.export_csv"),
    path("questions/export.json", export_json, name="questions.export_json"),
    path("questions/new/", new, name="questions.new"),
    path(_ONE, question, name="questions.question"),
    path(f"{_ONE}edit/", edit, name="questions.edit"),
    path(f"{_ONE}ask/", ask, name="questions.ask"),
    path(f"{_ONE}answer/", type_answer, name="questions.answer"),
    path(f"{_ONE}use/", use, name="questions.use"),
    path(f"{_ONE}unused/", unused, name="questions.unused"),
    path(f"{_ONE}withdraw/", withdraw, name="questions.withdraw"),
    path("incidents/<str:key>/questions/", of_incident, name="incidents.questions"),
    path("settings/questions/", settings, name="questions.settings"),
]
