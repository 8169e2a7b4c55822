"""Which checklist a role has, in general and in an incident, and how far it is ticked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tomei.cases.facts import EntryFacts, IncidentFacts
from tomei.cases.models import Entry
from tomei.cases.playbooks import rules, shipped
from tomei.cases.playbooks.models import PlaybookVersion
from tomei.cases.playbooks.rules import Step
from tomei.cases.timeline import facts
from tomei.kernel.severity import Severity

MARKS = ("step.marked", "playbook.adopted")


@dataclass(frozen=True, slots=True)
class Version:
    """`id` and `number` are 0 for what is shipped; `product_id` None: for every product."""

    id: int
    role: str
    product_id: int | None
    number: int
    steps: list[Step]
    reason: str = ""
    made_at: datetime | None = None
    made_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """How a step of an incident stands; `entry` is who marked it when, and why it is not needed."""

    number: int
    step: Step
    state: str
    due_at: datetime | None
    entry: EntryFacts | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """A role's checklist in one incident. `newer` is a version that came after its declaration."""

    role: str
    version: Version
    ticks: list[Tick]
    newer: Version | None = None

    @property
    def done(self) -> int:
        return sum(one.state != rules.OPEN for one in self.ticks)


def facts_of(row: PlaybookVersion) -> Version:
    steps = [rules.read(one) for one in row.steps]
    return Version(row.pk, row.role, row.product_id, row.number, steps, row.reason, row.made_at, row.made_by_id)


def first(role: str, product_id: int | None = None) -> Version:
    """What is shipped."""
    return Version(0, role, product_id, 0, shipped.STEPS.get(role, []))


def versions(role: str, product_id: int | None = None) -> list[Version]:
    """Newest first, what is shipped at the end (a product's own begins where the general one stood)."""
    rows = PlaybookVersion.objects.filter(role=role, product=product_id).order_by("-number")
    return [*(facts_of(row) for row in rows), *([first(role)] if product_id is None else [])]


def newest(role: str, product_id: int | None = None) -> Version:
    """The product's own, else the one for every product, else what is shipped."""
    own = versions(role, product_id) if product_id is not None else []
    return (own or versions(role))[0]


@dataclass(slots=True)
class _Known:
    """Everything that the checklists of one incident are read from."""

    rows: list[Version] = field(default_factory=list)
    adopted: dict[str, int] = field(default_factory=dict)
    marks: dict[tuple[str, int], EntryFacts] = field(default_factory=dict)


def checklists(incident: IncidentFacts, wanted: Iterable[str] = rules.ROLES) -> list[Checklist]:
    """The checklists of these roles in this incident, in two queries."""
    known = _read(incident)
    return [_checklist(incident, role, known) for role in wanted]


def _read(incident: IncidentFacts) -> _Known:
    known = _Known()
    found = PlaybookVersion.objects.filter(product__in=[incident.product_id]) if incident.product_id else None
    general = PlaybookVersion.objects.filter(product=None)
    rows = (general | found) if found is not None else general
    known.rows = [facts_of(row) for row in rows.order_by("product_id", "number")]
    for row in Entry.objects.filter(incident=incident.id, code__in=MARKS).order_by("seq"):
        entry = facts(row)
        if entry.code == "playbook.adopted":
            known.adopted[entry.data["role"]] = entry.data["version_id"]
        else:
            known.marks[entry.data["role"], entry.data["step"]] = entry
    return known


def _checklist(incident: IncidentFacts, role: str, known: _Known) -> Checklist:
    mine = [one for one in known.rows if one.role == role]
    then = [one for one in mine if one.made_at is not None and one.made_at <= incident.declared_at]
    began = _best(then) or first(role)
    by_id = {one.id: one for one in mine}
    version = by_id.get(known.adopted.get(role, 0)) or began
    latest = _best(mine) or began
    rank = Severity(incident.severity).rank
    ticks = [
        _tick(number, step, role, incident.declared_at, known)
        for number, step in enumerate(version.steps, 1) if rank <= step.rank
    ]  # fmt: skip
    return Checklist(role, version, ticks, latest if latest.id != version.id else None)


def _best(found: list[Version]) -> Version | None:
    """The newest of the product's own, else of those for every product."""
    own = [one for one in found if one.product_id is not None]
    return max(own or found, key=lambda one: one.number, default=None)


def _tick(number: int, step: Step, role: str, declared_at: datetime, known: _Known) -> Tick:
    entry = known.marks.get((role, step.key))
    due_at = declared_at + timedelta(minutes=step.minute) if step.minute is not None else None
    state = entry.data["mark"] if entry is not None else rules.OPEN
    return Tick(number, step, state, due_at, entry if state != rules.OPEN else None)
