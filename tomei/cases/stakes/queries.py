"""Deadlines and workarounds as others read them: frozen, soonest first, summed over an incident."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from tomei.cases.models import Case
from tomei.cases.queries import about_incidents
from tomei.cases.stakes import rules
from tomei.cases.stakes.models import Deadline, Workaround
from tomei.customers import queries as customers
from tomei.kernel import ids
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing
from tomei.kernel.text import Text

SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class DeadlineFacts:
    """`ended` is empty while it runs, then met, passed or withdrawn; `v` goes back as `seen`."""

    id: int
    case_id: int
    case_number: int
    incident_id: int | None
    organisation_id: int
    at: datetime
    zone: str
    kind: str
    words: str
    loss: str
    given: bool
    v: int
    promise_id: int | None
    ended: str
    ended_at: datetime | None
    name: Text = field(default_factory=Text)  # of the customer
    incident_key: str = ""

    @property
    def case_url(self) -> str:
        return f"/cases/{ids.key('CASE', self.case_number)}/"


@dataclass(frozen=True, slots=True)
class WorkaroundFacts:
    id: int
    case_id: int
    words: str
    per_hour: Decimal | None
    currency: str
    basis: str
    people: int | None
    since_at: datetime
    until_at: datetime | None


@dataclass(frozen=True, slots=True)
class Meter:
    """What the workarounds cost together: sums by currency; `people` of those that run."""

    spent: dict[str, Decimal]
    rate: dict[str, Decimal]
    people: int
    running: int

    def __bool__(self) -> bool:
        return bool(self.spent or self.running)


def facts_of(row: Deadline, case: Case) -> DeadlineFacts:
    return DeadlineFacts(
        row.pk, case.pk, case.number, case.incident_id, case.organisation_id, row.at, row.zone, row.kind, row.words,
        row.loss, row.given, row.v, row.promise_id, row.ended, row.ended_at,
    )  # fmt: skip


def _named(rows: Iterable[Deadline]) -> list[DeadlineFacts]:
    found = [(row, row.case) for row in rows]
    names = customers.organisations({case.organisation_id for _row, case in found}) if found else {}
    return [
        replace(
            facts_of(row, case), name=names[case.organisation_id].name if case.organisation_id in names else Text(),
            incident_key=ids.key("INC", case.incident.number) if case.incident is not None else "",
        )
        for row, case in found
    ]  # fmt: skip


def _rows() -> QuerySet[Deadline]:
    return Deadline.objects.select_related("case__incident").order_by("at", "pk")


def of_incident(incident_id: int) -> list[DeadlineFacts]:
    """Those that run, soonest first."""
    return _named(_rows().filter(case__incident=incident_id, ended=""))


def at_moment(incident_id: int, at: datetime) -> list[DeadlineFacts]:
    """Those that ran at `at`, with the times that stand now."""
    found = _rows().filter(case__incident=incident_id, made_at__lte=at)
    return _named([row for row in found if row.ended_at is None or row.ended_at > at])


def of_case(case_id: int) -> list[DeadlineFacts]:
    """All of them, those that run first."""
    rows = _rows().filter(case=case_id)
    return sorted(_named(rows), key=lambda one: bool(one.ended))


def soon(by: Actor, now: datetime) -> list[DeadlineFacts]:
    """Within 24 hours or passed, business still down, soonest first: no drill, nothing hidden from this reader."""
    rows = _rows().filter(ended="", at__lt=now + SOON, case__state="open").exclude(case__incident__drill=True)
    seen = [row for row in rows[:60] if row.case.incident is None or about_incidents.may_see(row.case.incident, by)]
    return _named(seen[:12])


def deadline(deadline_id: int, case_id: int) -> DeadlineFacts:
    row = _rows().filter(pk=deadline_id, case=case_id).first()
    if row is None:
        raise Missing(f"deadline {deadline_id}")
    return _named([row])[0]


def workaround_facts(row: Workaround) -> WorkaroundFacts:
    return WorkaroundFacts(
        row.pk, row.case_id, row.words, Decimal(row.per_hour) if row.per_hour else None, row.currency, row.basis,
        row.people, row.since_at, row.until_at,
    )  # fmt: skip


def workarounds(case_id: int) -> list[WorkaroundFacts]:
    """Newest first."""
    return [workaround_facts(row) for row in Workaround.objects.filter(case=case_id).order_by("-since_at", "-pk")]


def workarounds_of(incident_id: int, until: datetime | None = None) -> list[WorkaroundFacts]:
    """Of every customer of the incident, as known at `until`; none of those that were not affected after all."""
    rows = Workaround.objects.filter(case__incident=incident_id).exclude(case__state="withdrawn")
    rows = rows.filter(made_at__lte=until) if until is not None else rows
    return [workaround_facts(row) for row in rows.order_by("case", "since_at", "pk")]


def meter(found: Sequence[WorkaroundFacts], now: datetime) -> Meter:
    running = [one for one in found if one.until_at is None or one.until_at > now]
    return Meter(rules.cost(found, now), rules.rate(found), sum(one.people or 0 for one in running), len(running))
