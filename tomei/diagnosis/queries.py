"""Doors to questions. Whoever may not find the incident of a case finds no question of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from tomei.accounts import settings as house
from tomei.cases import queries as cases
from tomei.diagnosis.facts import AnswerFacts, QuestionFacts
from tomei.diagnosis.models import Answer, Question
from tomei.diagnosis.rules import asking
from tomei.kernel import ids
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text

PAGE = 50
IDLE_SETTING = "question_idle_minutes"
WHICH = ("open", "theirs", "ours", "idle", "draft", "ended", "all")
_STATES = {
    "open": asking.OPEN, "theirs": asking.THEIRS, "ours": asking.OURS, "idle": ("partly", "answered"),
    "draft": ("draft",), "ended": ("used", "unused", "withdrawn"),
}  # fmt: skip
_BY_TIME = ("open", "theirs", "ours", "idle")  # what is still waited for, the next first


@dataclass(frozen=True, slots=True)
class Filters:
    """`which`: open, theirs (their turn), ours, idle, draft, ended, all."""

    which: str = "open"
    organisation_id: int | None = None
    incident_id: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    items: list[QuestionFacts]
    next: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How many questions of an incident wait for whom."""

    theirs: int = 0
    ours: int = 0
    idle: int = 0

    @property
    def any(self) -> bool:
        return bool(self.theirs or self.ours)


def visible(by: Actor) -> QuerySet[Question]:
    by.require("read")
    theirs = cases.found_by(by, "case__incident__")
    if not theirs:  # everything: an empty condition would vanish beside another one
        return Question.objects.all()
    return Question.objects.filter(Q(case__incident=None) | theirs)


def by_key(key: str, by: Actor) -> QuestionFacts:
    """The person's door: `QST-7` with its answers; `Missing` when it is not there or not for this reader."""
    row = visible(by).select_related("case__incident").filter(pk=ids.number("QST", key)).first()
    if row is None:
        raise Missing(key[:40])
    return facts_of(row, answers=True)


def page(filters: Filters, by: Actor, *, after: str = "", limit: int = PAGE) -> Page:
    """Waiting ones by their time, the others newest first. Refuses `list.unknown_filter`, `list.unreadable_cursor`."""
    if filters.which not in WHICH:
        raise Refused("list.unknown_filter", name="which", value=filters.which[:40])
    rows, by_time = _filtered(visible(by), filters), filters.which in _BY_TIME
    if after:
        rows = _after(rows, after, by_time)
    found = list(
        rows.select_related("case__incident").order_by(*(("waits_until", "id") if by_time else ("-id",)))[: limit + 1]
    )
    items = [facts_of(row) for row in found[:limit]]
    if len(found) <= limit:
        return Page(items)
    last = items[-1]
    return Page(items, f"{last.waits_until.isoformat()}~{last.id}" if by_time and last.waits_until else str(last.id))


def _filtered(rows: QuerySet[Question], filters: Filters) -> QuerySet[Question]:
    if filters.which != "all":
        rows = rows.filter(state__in=_STATES[filters.which])
    if filters.which == "idle":
        rows = rows.filter(alarmed_at__isnull=False)
    if filters.which in _BY_TIME:
        rows = rows.filter(waits_until__isnull=False)
    if filters.organisation_id is not None:
        rows = rows.filter(organisation=filters.organisation_id)
    return rows if filters.incident_id is None else rows.filter(case__incident=filters.incident_id)


def _after(rows: QuerySet[Question], after: str, by_time: bool) -> QuerySet[Question]:
    try:
        head, _, tail = after.rpartition("~")
        last = int(tail)
        if not 0 < last < 2**62 or by_time != bool(head):
            raise ValueError(after)
        if not by_time:
            return rows.filter(pk__lt=last)
        due = datetime.fromisoformat(head)
        if due.tzinfo is None:
            raise ValueError(after)
    except (ValueError, OverflowError) as error:
        raise Refused("list.unreadable_cursor", cursor=after[:40]) from error
    return rows.filter(Q(waits_until=due, pk__gt=last) | Q(waits_until__gt=due))


def of_incident(incident_id: int, *, limit: int = 100) -> list[QuestionFacts]:
    """Those of one incident with their answers, the newest first. Whoever asks has found the incident."""
    rows = list(
        Question.objects.filter(case__incident=incident_id).select_related("case__incident").order_by("-pk")[:limit]
    )
    return with_answers(rows)


def with_answers(rows: list[Question]) -> list[QuestionFacts]:
    said: dict[int, list[Answer]] = {}
    for answer in Answer.objects.filter(question__in=[row.pk for row in rows]).order_by("-number"):
        said.setdefault(answer.question_id, []).append(answer)
    return [_facts(row, said.get(row.pk, ())) for row in rows]


def standing(incident_id: int) -> Standing:
    """One query, for the war room."""
    counts = Question.objects.filter(case__incident=incident_id, state__in=asking.OPEN).aggregate(
        theirs=Count("pk", filter=Q(state__in=asking.THEIRS)),
        ours=Count("pk", filter=Q(state__in=asking.OURS)),
        idle=Count("pk", filter=Q(alarmed_at__isnull=False)),
    )
    return Standing(**counts)


def idle(by: Actor, *, limit: int = 20) -> list[QuestionFacts]:
    """Answers that nobody has used since the alarm, the oldest first; for the now board. No drills."""
    rows = visible(by).filter(state__in=("partly", "answered"), alarmed_at__isnull=False)
    rows = rows.exclude(case__incident__drill=True).select_related("case__incident")
    return [facts_of(row) for row in rows.order_by("alarmed_at", "id")[:limit]]


def open_of(organisation_id: int) -> int:
    """How many questions this organisation has from us without a full answer."""
    return Question.objects.filter(organisation=organisation_id, state__in=asking.THEIRS).count()


def answered_alike(row: Question) -> list[QuestionFacts]:
    """What the same organisation answered here already, to nearly the same words."""
    here = Q(case=row.case_id)
    if row.case.incident_id is not None:
        here |= Q(case__incident=row.case.incident_id)
    rows = Question.objects.filter(here, organisation=row.organisation_id, answered_at__isnull=False)
    rows = rows.exclude(pk=row.pk).select_related("case__incident").order_by("-pk")[:200]
    what = Text.of(row.what)
    return with_answers([one for one in rows if asking.is_alike(what, Text.of(one.what))][:5])


def alike(question_id: int) -> list[QuestionFacts]:
    return answered_alike(Question.objects.select_related("case").get(pk=question_id))


def idle_minutes() -> dict[str, int]:
    """Severity -> how long an answer may lie unused."""
    found = house.get(IDLE_SETTING, {})
    return {str(one): asking.idle_minutes(found, one) for one in Severity}


_SAME = (
    "organisation_id", "case_id", "owner_id", "state", "due_at", "next_at", "waits_until", "again_id", "again_reason",
    "reply_promise_id", "feedback_promise_id", "made_at", "asked_at", "asked_by_id", "answered_at", "idle_at",
    "alarmed_at", "ended_at", "ended_by_id",
)  # fmt: skip
_TEXTS = ("what", "why", "use", "following", "outcome")


def facts_of(row: Question, *, answers: bool = False) -> QuestionFacts:
    return _facts(row, row.answers.order_by("-number") if answers else ())


def _facts(row: Question, answers: Iterable[Answer]) -> QuestionFacts:
    incident = row.case.incident
    given: dict[str, Any] = {name: getattr(row, name) for name in _SAME}
    given |= {name: Text.of(getattr(row, name)) for name in _TEXTS}
    return QuestionFacts(
        id=row.pk, **given, incident_id=row.case.incident_id, drill=bool(incident and incident.drill),
        restricted=bool(incident and incident.restricted), answers=tuple(answer_facts(one) for one in answers),
    )  # fmt: skip


def answer_facts(one: Answer) -> AnswerFacts:
    return AnswerFacts(
        one.number, one.words, one.is_whole, one.said_at, one.said_by, one.channel, one.contact_id, one.made_by_id,
        one.made_at,
    )  # fmt: skip
