"""`/api/v1/promises`: what is owed, how it ended, the figures, taking over, withdrawing. Rights are in the actions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone, translation
from ninja import Query, Router, Schema

from tomei.accounts.doors import actor_of
from tomei.kernel import time
from tomei.promises import actions, lists, queries, reading
from tomei.promises import ledger as figures
from tomei.promises.lists import Row
from tomei.promises.reading import Asked
from tomei.promises.rules import Tally

router = Router(tags=["promises"])

Limit = Annotated[int, Query(ge=1, le=200)]
State = Literal["open", "overdue", "kept", "late", "missed", "withdrawn", "ended"]


class PromiseWords(Schema):
    ja: str
    en: str


class PromiseOut(Schema):
    """`overdue` is open with the due second past: broken from that second. `where` is the key of what it hangs on."""

    id: int
    kind: str
    text: PromiseWords
    where: str
    where_title: PromiseWords
    url: str
    incident_id: int | None
    case_id: int | None
    customer_id: int | None
    signal_group_id: int | None
    maintenance_id: int | None = None
    owed_by: str
    owed_to_id: int | None
    owed_to: str
    audience: str
    about: str
    owner_id: int | None
    owner_name: str
    role: str
    rank: int
    told: bool
    drill: bool
    created_at: datetime
    due_at: datetime
    state: str
    overdue: bool
    unanswered: bool
    ended_at: datetime | None
    late_s: float | None
    reached_at: datetime | None
    reason: str
    automatic: bool  # the clock kept it, no person did


class PromisePage(Schema):
    items: list[PromiseOut]
    next: str | None


class StepOut(Schema):
    """A warning, the passing, a rung of the ladder: when it was planned for and when it was; empty: nobody found."""

    code: str
    rung: str
    planned_at: datetime
    at: datetime
    late_s: float
    user_ids: list[int]


class PromiseDetail(PromiseOut):
    steps: list[StepOut]


class Figures(Schema):
    """n = kept + late + missed + overdue; withdrawn are not counted. No rate and interval of none.

    `automatic`: how many of the kept the clock kept, no person."""

    key: str
    n: int
    kept: int
    late: int
    missed: int
    overdue: int
    withdrawn: int
    automatic: int
    rate: float | None
    low: float | None
    high: float | None
    target: float | None = None
    verdict: str = ""


class LatenessOut(Schema):
    """Seconds, of those that ended late; no p90 under twenty."""

    n: int
    median_s: float | None
    p90_s: float | None
    worst_s: float | None
    worst_id: int | None


class LedgerOut(Schema):
    start: datetime | None
    end: datetime
    open: int
    overdue: int
    total: Figures
    by_kind: list[Figures]
    by_customer: list[Figures]
    by_team: list[Figures]
    lateness: LatenessOut


class Reason(Schema):
    reason: str


class Line(Schema):
    """`line`: what came, in one line."""

    line: str = ""


class Withdrawn(Schema):
    """`missed` when its time had passed: withdrawing mends nothing."""

    state: Literal["withdrawn", "missed"]


def _out(row: Row, now: datetime) -> dict[str, Any]:
    facts = row.facts
    same = (
        "id", "kind", "incident_id", "case_id", "customer_id", "signal_group_id", "maintenance_id", "owed_to_id",
        "audience", "about", "owner_id", "role", "rank", "told", "drill", "created_at", "due_at", "state",
        "unanswered", "ended_at", "late_s", "reached_at", "reason", "automatic",
    )  # fmt: skip
    language = translation.get_language() or "en"
    return {name: getattr(facts, name) for name in same} | {
        "text": facts.words.as_json(),
        "where": row.on.key if row.on else "",
        "where_title": row.on.title.as_json() if row.on else {"ja": "", "en": ""},
        "url": row.url,
        "owed_by": row.owed_by.said_in(language),
        "owed_to": row.owed_to.said_in(language),
        "owner_name": row.owner,
        "overdue": facts.is_overdue(now),
    }


def _asked(request: HttpRequest, **given: str) -> Asked:
    return reading.asked(given, by=actor_of(request), now=time.now(), zone=timezone.get_current_timezone())


@router.get("/promises", response=PromisePage, operation_id="promises_list")
def list_promises(
    request: HttpRequest,
    state: State = "open",
    kind: str = "",
    customer: str = "",
    team: str = "",
    incident: str = "",
    mine: bool = False,
    after: str = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """What is owed, soonest first; or what has ended (`state`), newest first."""
    by, now = actor_of(request), time.now()
    chosen = _asked(request, kind=kind, customer=customer, team=team, incident=incident, mine="1" if mine else "")
    filters = chosen.always
    if state == "open":
        page = queries.owed(filters, by=by, after=after, limit=limit)
    elif state == "overdue":
        page = queries.owed(filters, by=by, after=after, limit=limit, overdue_at=now)
    else:
        wanted = reading.ENDED if state == "ended" else (state,)
        page = queries.ended(reading.with_states(filters, wanted), by=by, after=after, limit=limit)
    return {"items": [_out(row, now) for row in lists.dressed(page.items)], "next": page.next or None}


@router.get("/promises/ledger", response=LedgerOut, operation_id="promises_ledger")
def ledger(
    request: HttpRequest,
    period: Literal["7d", "30d", "12w", "26w", "year", "all"] = "12w",
    kind: str = "",
    customer: str = "",
    team: str = "",
) -> dict[str, Any]:
    """Kept, late and missed of what fell due in the period, with n and 95 % Wilson interval; drills are left out."""
    by, now = actor_of(request), time.now()
    chosen = _asked(request, period=period, kind=kind, customer=customer, team=team)
    counted = figures.ledger(chosen.filters, by=by, now=now)
    is_open, overdue = figures.owed_now(chosen.always, by=by, now=now)
    groups = {"by_kind": counted.by_kind, "by_customer": counted.by_customer, "by_team": counted.by_team}
    return {
        "start": chosen.period.start, "end": chosen.period.end, "open": is_open, "overdue": overdue,
        "total": _figures("", counted.total), "lateness": counted.lateness,
        **{name: [_figures(line.key, line.tally, line.target, line.verdict) for line in lines]
           for name, lines in groups.items()},
    }  # fmt: skip


def _figures(key: str | int | None, tally: Tally, target: float | None = None, verdict: str = "") -> dict[str, Any]:
    low, high = tally.interval or (None, None)
    names = ("n", "kept", "late", "missed", "overdue", "withdrawn", "automatic", "rate")
    counts = {name: getattr(tally, name) for name in names}
    named = "" if key is None else str(key)
    return {"key": named, **counts, "low": low, "high": high, "target": target, "verdict": verdict}


@router.get("/promises/{int:pk}", response=PromiseDetail, operation_id="promises_get")
def get_promise(request: HttpRequest, pk: int) -> dict[str, Any]:
    """One promise and its steps."""
    row = lists.dressed([queries.one(pk, by=actor_of(request))])[0]
    return _out(row, time.now()) | {"steps": queries.steps_of(pk)}


@router.post("/promises/{int:pk}/take", response=PromiseOut, operation_id="promises_take")
def take(request: HttpRequest, pk: int) -> dict[str, Any]:
    """It is yours (or of the person behind the token) from now on."""
    by, now = actor_of(request), time.now()
    actions.take(pk, by=by, now=now)
    return _out(lists.dressed([queries.one(pk, by=by)])[0], now)


@router.post("/promises/{int:pk}/fulfil", response=Withdrawn, operation_id="promises_fulfil")
def fulfil(request: HttpRequest, pk: int, body: Line) -> dict[str, str]:
    """A vendor answered, an answer was used: kept, or late. Other kinds are kept by their own acts."""
    return {"state": actions.fulfil(pk, line=body.line, by=actor_of(request), now=time.now())}


@router.post("/promises/{int:pk}/withdraw", response=Withdrawn, operation_id="promises_withdraw")
def withdraw(request: HttpRequest, pk: int, body: Reason) -> dict[str, str]:
    """Take it back with notice and reason. A told time never moves: withdraw it, then make a new one."""
    return {"state": actions.withdraw(pk, reason=body.reason, by=actor_of(request), now=time.now())}
