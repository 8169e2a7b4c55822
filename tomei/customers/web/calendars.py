"""`/settings/calendars/`: business hours and days off."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tomei.accounts.doors import actor_of
from tomei.customers import actions, listing, rules
from tomei.customers.models import Calendar
from tomei.customers.queries import calendar_facts
from tomei.customers.rules import calendars as arithmetic
from tomei.customers.web.organisations import zones
from tomei.customers.web.posted import form_page, now_of, seen_of
from tomei.kernel.errors import Refused
from tomei.kernel.time import zone as known_zone
from tomei.ui.answer import answer, done


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    by = actor_of(request)
    by.require("read")
    now = now_of(request)
    rows = []
    for row in listing.calendars():
        today = now.astimezone(known_zone(row.zone)).date()
        rows.append((row, hours_as_text(row.hours), days_off(calendar_facts(row), today), _open_now(row, request)))
    context = {"rows": rows, "weekdays": list(WEEKDAYS.values()), "may_edit": by.may("house.configure")}
    return answer(request, "customers/calendars.html", context)


def _open_now(row: Calendar, request: HttpRequest) -> bool:
    try:
        return rules.is_working(now_of(request), calendar_facts(row))
    except Refused:
        return False


def days_off(calendar: rules.CalendarFacts, today: date, limit: int = 6) -> list[tuple[date, str]]:
    """The next public holidays on days that would be open, with the names that the country gives them."""
    found = [
        (day, name)
        for year in (today.year, today.year + 1)
        for day, name in arithmetic.holidays_of(calendar.country, year).items()
        if day >= today and calendar.hours[day.weekday()]
    ]
    return sorted(found)[:limit]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    by = actor_of(request)
    by.require("house.configure")

    def act() -> HttpResponse:
        actions.add_calendar(**_posted(request), by=by, now=now_of(request))
        return done(request, reverse("calendars"), _("Added."))

    return form_page(request, "customers/calendar_form.html", values=_values(None), act=act, row=None, **_choices())


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    by = actor_of(request)
    by.require("house.configure")
    row = listing.calendar(pk)

    def act() -> HttpResponse:
        actions.edit_calendar(pk, **_posted(request), seen=seen_of(request), by=by, now=now_of(request))
        return done(request, reverse("calendars"), _("Saved. Due times already set do not move."))

    return form_page(
        request,
        "customers/calendar_form.html",
        values=_values(row),
        seen=row.version,
        act=act,
        row=row,
        **_choices(),
    )


def _values(row: Calendar | None) -> dict[str, Any]:
    standard = {str(day): [["09:00", "18:00"]] for day in range(5)}
    hours = hours_as_text(row.hours if row else standard)
    return {
        "name": row.name if row else "",
        "zone": row.zone if row else "Asia/Tokyo",
        "country": row.country if row else "JP",
        **{f"hours.{day}": text for day, text in enumerate(hours)},
        "closed_on": "\n".join(row.closed_on) if row else "",
    }


def hours_as_text(hours: dict[str, list[list[str]]]) -> list[str]:
    return [", ".join(f"{begin}-{end}" for begin, end in hours.get(str(day), [])) for day in range(7)]


def hours_from_text(text: str) -> list[list[str]]:
    """`09:00-12:00, 13:00-18:00`, also with full-width digits and Japanese marks; nothing is a closed day."""
    plain = unicodedata.normalize("NFKC", text).translate(str.maketrans("、~〜–", ",---"))
    return [[side.strip() for side in part.split("-")] for part in plain.split(",") if part.strip()]


def _posted(request: HttpRequest) -> dict[str, Any]:
    hours = {str(day): hours_from_text(request.POST.get(f"hours.{day}", "")) for day in range(7)}
    return {
        "name": request.POST.get("name", ""),
        "zone": request.POST.get("zone", ""),
        "country": request.POST.get("country", "").strip().upper(),
        "hours": {day: spans for day, spans in hours.items() if spans},
        "closed_on": request.POST.get("closed_on", "").replace(",", " ").split(),
    }


def _choices() -> dict[str, Any]:
    return {"zones": zones(), "weekdays": list(enumerate(WEEKDAYS.values()))}


@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    actions.archive_calendar(pk, seen=seen_of(request), by=actor_of(request), now=now_of(request))
    return done(request, reverse("calendars"), _("Archived. It stays readable."))
