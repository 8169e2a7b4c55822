"""Doors to exposures, duties and operators' rules; whoever may not find the incident finds none of its duties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tomei.cases.duties.models import Duty, DutyRule, Exposure
from tomei.cases.duties.rules import laws
from tomei.cases.queries import about_incidents
from tomei.kernel import ids
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing
from tomei.kernel.text import Text

SOON = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ExposureFacts:
    number: int
    answer: str
    aware_at: datetime | None
    jurisdictions: tuple[str, ...]
    wrongful: bool
    high_risk: bool
    capacity: str
    reason: str
    made_at: datetime
    made_by_id: int | None

    @property
    def is_owing(self) -> bool:
        return self.answer in ("perhaps", "yes")


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """`incident_key` and `incident_url` say where it stands; `version` which version of the rule it was made from."""

    id: int
    incident_id: int
    incident_key: str
    rule: str
    version: int
    kind: str
    stage: str
    jurisdiction: str
    name: Text
    source: Text
    organisation_id: int | None
    aware_at: datetime
    due_at: datetime
    promise_id: int | None
    state: str
    fulfilled_at: datetime | None
    ended_at: datetime | None
    ended_by_id: int | None
    reference: str
    link: str
    late_reason: str
    asked_by_id: int | None
    asked_at: datetime | None
    asked_reason: str
    drill: bool = False

    @property
    def url(self) -> str:
        return f"/incidents/{self.incident_key}/duties/"

    def is_overdue(self, now: datetime) -> bool:
        return self.state == "open" and now > self.due_at

    @property
    def was_late(self) -> bool:
        return self.fulfilled_at is not None and self.fulfilled_at > self.due_at


def exposures(incident_id: int) -> list[ExposureFacts]:
    """Every answer, the newest first; the door to the incident was the caller's."""
    rows = Exposure.objects.filter(incident=incident_id).order_by("-number")
    return [
        ExposureFacts(
            row.number, row.answer, row.aware_at, tuple(row.jurisdictions), row.wrongful, row.high_risk, row.capacity,
            row.reason, row.made_at, row.made_by_id,
        )
        for row in rows
    ]  # fmt: skip


def of_incident(incident_id: int) -> list[DutyFacts]:
    """Open ones by their time, then those that have ended."""
    rows = Duty.objects.filter(incident=incident_id).select_related("incident").order_by("due_at", "id")
    return sorted((facts_of(row) for row in rows), key=lambda one: one.state != "open")


def open_of(incident_id: int) -> list[datetime]:
    """When what is owed by law here falls due, soonest first; also what a missed promise still owes."""
    rows = Duty.objects.filter(incident=incident_id, state="open").order_by("due_at")
    return list(rows.values_list("due_at", flat=True))


def due_soon(by: Actor, now: datetime, *, limit: int = 20) -> list[DutyFacts]:
    """Open duties that are overdue or due within a day, for the now board; drills are left out."""
    rows = Duty.objects.filter(about_incidents.found_by(by, "incident__"), state="open", due_at__lte=now + SOON)
    rows = rows.filter(incident__drill=False).select_related("incident").order_by("due_at", "id")
    return [facts_of(row) for row in rows[:limit]]


def facts_of(row: Duty) -> DutyFacts:
    same = (
        "rule", "version", "kind", "stage", "jurisdiction", "organisation_id", "aware_at", "due_at", "promise_id",
        "state", "fulfilled_at", "ended_at", "ended_by_id", "reference", "link", "late_reason", "asked_by_id",
        "asked_at", "asked_reason",
    )  # fmt: skip
    return DutyFacts(
        id=row.pk, incident_id=row.incident_id, incident_key=ids.key("INC", row.incident.number),
        name=Text.of(row.name), source=source_of(row.rule, row.source), drill=row.incident.drill,
        **{name: getattr(row, name) for name in same},
    )  # fmt: skip


def source_of(rule: str, kept: str) -> Text:
    """A shipped rule names its source in both languages; an operator's own as it was written."""
    shipped = next((law for law in laws.LAWS if law.code == rule), None)
    return shipped.source if shipped and shipped.source.en == kept else Text(kept, kept)


def own_rules(*, ended: bool = False) -> list[laws.Law]:
    """Operators' rules, each at its newest version."""
    newest: dict[str, DutyRule] = {}
    for row in DutyRule.objects.order_by("number"):
        newest[row.code] = row
    return [_law(row) for row in newest.values() if ended or not row.is_ended]


def _law(row: DutyRule) -> laws.Law:
    code = laws.OWN + row.code
    return laws.Law(
        code, code, row.kind, Text.of(row.name), Text(row.source, row.source), row.amount, row.unit, row.zone,
        version=row.number, since=row.made_at.date(), organisation_id=row.organisation_id, role="",
    )  # fmt: skip


def jurisdictions() -> dict[str, Text]:
    """What the question offers: the laws of the table, and operators' rules that name no customer."""
    own = {law.jurisdiction: law.name for law in own_rules() if law.organisation_id is None}
    return laws.JURISDICTIONS | own


def duty(duty_id: int, incident_id: int) -> DutyFacts:
    row = Duty.objects.select_related("incident").filter(pk=duty_id, incident=incident_id).first()
    if row is None:
        raise Missing(f"duty {duty_id}")
    return facts_of(row)
