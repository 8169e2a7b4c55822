"""`/people/load/`: hours on duty, nights, days in a row, rest. Leads see their people, everybody sees themselves."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tomei.accounts import audit
from tomei.accounts.doors import actor_of
from tomei.cases import actions
from tomei.cases.queries import load as queries
from tomei.cases.rules.shifts import Limits
from tomei.cases.web.pages import _download, _harmless
from tomei.kernel.errors import Refused
from tomei.ui import forms as fields
from tomei.ui.answer import answer, done

HOURS = ("offer", "insist", "rest")


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    by = actor_of(request)
    rows = loads(request)
    return answer(request, "cases/load.html", {
        "rows": rows, "limits": queries.limits(), "may_set": by.may("house.configure"), "me": by.user_id,
        "hours": hours,
    }, block="list")  # fmt: skip


def loads(request: HttpRequest) -> list[queries.Load]:
    """The most loaded first: on duty now and longest in the last day."""
    now: datetime = request.now  # type: ignore[attr-defined]
    found = queries.of(queries.seen_by(actor_of(request)), now)
    return sorted(found, key=lambda one: (-one.day, -one.week, one.name))


def hours(span: timedelta | None) -> str:
    """Tenths of an hour; a dash where nothing is known."""
    return "–" if span is None else f"{span.total_seconds() / 3600:.1f}"


def plain(one: queries.Load) -> dict[str, Any]:
    def tenths(span: timedelta | None) -> float | None:
        return None if span is None else round(span.total_seconds() / 3600, 1)

    return {
        "user_id": one.user_id, "name": one.name, "zone": one.zone,
        "on_duty_since": one.since.isoformat(timespec="seconds") if one.since else None, "stage": one.stage,
        "hours_24h": tenths(one.day), "hours_7d": tenths(one.week), "nights_7d": one.nights_count,
        "days_in_a_row": one.days_in_a_row, "rest_hours": tenths(one.rest), "too_little_rest": one.short is not None,
    }  # fmt: skip


def _everything(request: HttpRequest) -> list[dict[str, Any]]:
    """It leaves the house and is about people: audited."""
    found = [plain(one) for one in loads(request)]
    audit.record("load.exported", by=actor_of(request), now=request.now, rows=len(found))  # type: ignore[attr-defined]
    return found


@require_safe
def export_csv(request: HttpRequest) -> HttpResponse:
    found = _everything(request)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(found[0]) if found else ["user_id"])
    writer.writeheader()
    for row in found:
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    return _download("\ufeff" + text.getvalue(), "text/csv; charset=utf-8", "load.csv")


@require_safe
def export_json(request: HttpRequest) -> HttpResponse:
    body = json.dumps(_everything(request), ensure_ascii=False, indent=1)
    return _download(body, "application/json; charset=utf-8", "load.json")


@require_POST
def limits(request: HttpRequest) -> HttpResponse:
    """Settings of the house: when a hand-over is offered, when insisted on, how long one rests."""
    by = actor_of(request)
    by.require("house.configure")
    given: dict[str, Any] = {name: _hours(request, name) for name in HOURS}
    actions.set_shift_limits(Limits(**given), by=by, now=request.now)  # type: ignore[attr-defined]
    return done(request, "/people/load/", _("Saved. It holds from now on."))


def _hours(request: HttpRequest, name: str) -> float:
    text = fields.text(request.POST, name, 10, required=True)
    try:
        value = float(text)
    except ValueError as error:
        raise Refused("shift.limits") from error
    if not 0 <= value <= 48:  # also what is no number: it is between nothing
        raise Refused("shift.limits")
    return value
