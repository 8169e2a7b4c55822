"""Pages of promises: the ledger, lists of what is owed and what has ended, one promise, taking over, withdrawing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tomei.accounts import queries as accounts
from tomei.accounts.doors import actor_of
from tomei.customers import queries as customers
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.promises import actions, charts, download, lists, queries, reading, rules
from tomei.promises import ledger as figures
from tomei.promises.reading import Asked
from tomei.promises.rules.period import PERIODS
from tomei.ui import forms, refusals
from tomei.ui.answer import answer, done

OWED_SHOWN, BROKEN_SHOWN = 12, 8  # the page stays under 50 kB; the rest is one link away


def _asked(request: HttpRequest, by: Actor) -> Asked:
    given = {name: value for name, value in request.GET.items() if isinstance(value, str)}
    return reading.asked(given, by=by, now=time.now(), zone=timezone.get_current_timezone())


def _choices(chosen: Asked) -> dict[str, Any]:
    """What the filters offer."""
    periods = {
        "7d": _("Last 7 days"), "30d": _("Last 30 days"), "12w": _("Last 12 weeks"), "26w": _("Last 26 weeks"),
        "year": _("This year"), "all": _("Since the beginning"),
    }  # fmt: skip
    return {
        "asked": chosen,
        "periods": [(name, periods[name]) for name in PERIODS],
        "kinds": list(rules.KINDS.values()),
        "kind_words": {kind.code: kind.words for kind in rules.KINDS.values()},
        "customers": customers.all_organisations("customer"),
        "teams": accounts.teams(),
    }


@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """What we owe now, and whether we kept our word."""
    by, now = actor_of(request), time.now()
    chosen = _asked(request, by)
    zone, language = timezone.get_current_timezone(), translation.get_language() or "en"
    counted = figures.ledger(chosen.filters, by=by, now=now)
    days = figures.days(chosen.filters, zone=zone, by=by, now=now)
    last = now.astimezone(zone).date()
    first = chosen.period.start.date() if chosen.period.start else min(days, default=last)
    day, night = figures.day_and_night(chosen.filters, zone=zone, by=by, now=now)
    context = {
        **_choices(chosen), **_owed(chosen, by), **_names(counted),
        "ledger": counted, "first": first, "last": last, "day": day, "night": night,
        "bad_days": [(on, tally) for on, tally in sorted(days.items(), reverse=True) if tally.broken][:31],
        "calendar": charts.calendar(days, first, last, language[:2]),
        "broken": lists.dressed(_ended(chosen, by, BROKEN_SHOWN).items),
        "percent": charts.percent,
        "interval": lambda line: charts.interval(line.tally, line.target, language[:2]),
    }  # fmt: skip
    return answer(request, "promises/ledger.html", context, block="owed")


def _owed(chosen: Asked, by: Actor) -> dict[str, Any]:
    is_open, overdue = figures.owed_now(chosen.always, by=by, now=time.now())
    page = queries.owed(chosen.always, by=by, limit=OWED_SHOWN)
    return {"open_count": is_open, "overdue_count": overdue, "owed": lists.dressed(page.items)}


def _ended(chosen: Asked, by: Actor, limit: int, after: str = "") -> queries.Page:
    filters = chosen.filters if chosen.filters.states else reading.with_states(chosen.filters, reading.BROKEN)
    return queries.ended(filters, by=by, after=after, limit=limit)


def _names(counted: figures.Ledger) -> dict[str, Any]:
    """Names of the customers and teams that the figures are divided by."""
    wanted = [int(line.key) for line in counted.by_customer if line.key is not None]
    return {
        "organisation_names": {pk: one.name for pk, one in customers.organisations(wanted).items()},
        "team_names": {team.id: team.name for team in accounts.teams()},
    }


@require_GET
def owed(request: HttpRequest) -> HttpResponse:
    """Everything that is owed, page by page."""
    by = actor_of(request)
    chosen = _asked(request, by)
    page = queries.owed(chosen.always, by=by, after=request.GET.get("after", ""))
    more = chosen.address(request.path, after=page.next) if page.next else ""
    context = {**_choices(chosen), "rows": lists.dressed(page.items), "more": more, "ended": False}
    return answer(request, "promises/list.html", context)


@require_GET
def ended(request: HttpRequest) -> HttpResponse:
    """What has ended, newest first: not kept unless a state is asked for."""
    by = actor_of(request)
    chosen = _asked(request, by)
    page = _ended(chosen, by, 50, request.GET.get("after", ""))
    more = chosen.address(request.path, after=page.next) if page.next else ""
    context = {**_choices(chosen), "rows": lists.dressed(page.items), "more": more, "ended": True}
    return answer(request, "promises/list.html", context)


def _file(request: HttpRequest, lines: Callable[..., Iterator[str]], kind: str, name: str) -> StreamingHttpResponse:
    by = actor_of(request)
    by.require("read")
    response = StreamingHttpResponse(lines(_asked(request, by).filters, by=by), content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
def as_csv(request: HttpRequest) -> StreamingHttpResponse:
    return _file(request, download.csv_lines, "text/csv", "promises.csv")


@require_GET
def as_json(request: HttpRequest) -> StreamingHttpResponse:
    return _file(request, download.json_parts, "application/json", "promises.json")


def _step_words() -> dict[str, dict[str, str]]:
    return {
        "step_words": {
            "warned": _("Warned"), "overdue": _("The time passed"), "escalated": _("Escalated"),
            "unanswered": _("The ladder found nobody"), "missed": _("Missed"),
        },
        "rung_words": {
            "two_thirds": _("at two thirds of the time"), "five_minutes": _("five minutes before"),
            "before_60": _("60 minutes before"), "before_15": _("15 minutes before"),
            "at_once": _("at once"), "half": _("at half time"), "owner": _("owner"), "deputy": _("deputy of the role"),
            "team_lead": _("lead of the team"), "commander": _("incident commander"),
            "sponsor": _("executive sponsor"), "every_commander": _("every commander"),
        },
    }  # fmt: skip


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, said: refusals.Said | None = None, reason: str = "") -> HttpResponse:
    by = actor_of(request)
    facts = queries.one(pk, by=by)
    steps = queries.steps_of(pk)
    reached = queries.reached_of(pk)
    told = {user_id for step in steps for user_id in step.user_ids}
    context = {
        "row": lists.dressed([facts])[0],
        "kind": rules.kind(facts.kind),
        "steps": steps,
        "people": accounts.people(told),
        "reached": reached,
        "organisations": customers.organisations([pk for pk, _at in reached if pk is not None]),
        "may_take": facts.state == "open" and by.may("promise.work") and facts.owner_id != by.user_id,
        "may_withdraw": facts.state == "open"
        and not rules.kind(facts.kind).guarded
        and by.may("promise.withdraw" if facts.told else "promise.work"),
        "may_fulfil": facts.state == "open" and rules.kind(facts.kind).by_hand and by.may("promise.work"),
        "is_overdue": facts.is_overdue(time.now()),
        "said": said,
        "reason": reason,
        **_step_words(),
    }
    return answer(request, "promises/page.html", context, block="steps", status=422 if said else 200)


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """It is mine now; back to where the button was pressed."""
    actions.take(pk, by=actor_of(request), now=time.now())
    back = request.POST.get("next", "")
    return done(request, back or f"/promises/{pk}/", _("The promise is yours now."))


@require_POST
def fulfil(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody saw that it was done."""
    line = forms.text(request.POST, "line", 2000)
    state = actions.fulfil(pk, line=line, by=actor_of(request), now=time.now())
    return done(request, f"/promises/{pk}/", _("Kept.") if state == "kept" else _("Done late, and recorded so."))


@require_http_methods(["POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Taken back with notice; refused with what was typed kept."""
    reason = request.POST.get("reason", "")
    try:
        told = forms.text(request.POST, "reason", 2000, many_lines=True)
        state = actions.withdraw(pk, reason=told, by=actor_of(request), now=time.now())
    except Refused as error:
        if error.code == "rights.missing":
            raise
        return _page(request, pk, refusals.said(error, translation.get_language() or "en"), reason)
    message = _("Withdrawn with notice.") if state == "withdrawn" else _("It was already broken: it ended as missed.")
    return done(request, f"/promises/{pk}/", message)


urlpatterns = [
    path("promises/", ledger, name="promises"),
    path("promises/open/", owed, name="promises.open"),
    path("promises/ended/", ended, name="promises.ended"),
    path("promises/promises.csv", as_csv, name="promises.csv"),
    path("promises/promises.json", as_json, name="promises.json"),
    path("promises/<int:pk>/", page, name="promises.page"),
    path("promises/<int:pk>/take/", take, name="promises.take"),
    path("promises/<int:pk>/fulfil/", fulfil, name="promises.fulfil"),
    path("promises/<int:pk>/withdraw/", withdraw, name="promises.withdraw"),
]
