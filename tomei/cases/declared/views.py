"""What a contact sees of the own cases (law 13): what they said, who has it, how severe it is, what we told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tomei.accounts import queries as accounts
from tomei.cases.declared import queries, rules
from tomei.cases.declared.facts import DeclarationFacts
from tomei.cases.models import Case, Entry
from tomei.customers import listing
from tomei.customers import queries as customers
from tomei.kernel import ids
from tomei.kernel.errors import Missing
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text
from tomei.promises import queries as promises

# What of the case's own timeline is theirs to read; the words of some of it are inside our house.
_STORY = {
    "case.opened": False, "case.acknowledged": False, "case.severity": True, "case.severity_stays": True,
    "case.contested": True, "case.told": True, "case.leads": True, "case.lead_named": True,
    "case.lead_declined": True, "case.resumed": False, "case.closed": False, "case.reopened": False,
}  # fmt: skip
MOST = 200


@dataclass(frozen=True, slots=True)
class StepView:
    """One moment of the case. `words` are theirs or were written for them; `wanted` is the level they contest for."""

    code: str
    at: datetime
    words: str = ""
    level: str = ""
    was: str = ""
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class OwnCaseView:
    """One case that the reader's organisation declared. `incident_id` hangs behind it, told or not."""

    id: int
    key: str
    state: str
    severity: str
    test: Text
    words: str
    stop: str
    opened_at: datetime
    began_at: datetime
    deadline_at: datetime | None
    users: int | None
    service: Text
    declared_by: str
    lead_id: int | None
    lead: str
    lead_at: datetime | None
    acknowledged_at: datetime | None
    acknowledge_by: datetime | None
    contested_to: str
    is_contested: bool
    resumed_at: datetime | None
    closed_at: datetime | None
    incident_id: int | None

    @property
    def is_open(self) -> bool:
        return self.state in ("open", "resumed")


def own(organisation_id: int, *, is_open: bool = True, limit: int = 20) -> list[OwnCaseView]:
    """The newest declarations of this organisation, in a handful of queries; withdrawn ones among those that ended."""
    rows = Case.objects.filter(organisation=organisation_id, declaration__isnull=False)
    wanted = ("open", "resumed") if is_open else ("closed", "withdrawn")
    return _views(rows.filter(state__in=wanted).order_by("-pk")[:limit])


def one(key: str, organisation_id: int) -> OwnCaseView:
    """`CASE-340` of this organisation; `Missing` for what is not theirs or was not declared by them."""
    rows = Case.objects.filter(number=ids.number("CASE", key), organisation=organisation_id, declaration__isnull=False)
    found = _views(rows[:1])
    if not found:
        raise Missing("case")
    return found[0]


def _views(rows: Iterable[Case]) -> list[OwnCaseView]:
    listed = list(rows)
    known = queries.of_cases(row.pk for row in listed)
    names = listing.contact_names(
        pk for one in known.values() for pk in (one.contact_id, one.lead_id) if pk is not None
    )
    due = promises.due_of_cases([row.pk for row in listed], "acknowledgement")
    services = _services(known.values())
    return [_view(row, known[row.pk], names, due.get(row.pk), services) for row in listed]


def _services(known: Iterable[DeclarationFacts]) -> dict[int, Text]:
    """By case: the component that they named, else the product."""
    listed = list(known)
    parts = customers.components({one.component_id for one in listed if one.component_id is not None})
    products = customers.products({one.product_id for one in listed if one.product_id is not None})
    said = {}
    for one in listed:
        if one.component_id in parts:
            said[one.case_id] = parts[one.component_id].name
        elif one.product_id in products:
            said[one.case_id] = products[one.product_id].name
    return said


def _view(
    row: Case, one: DeclarationFacts, names: dict[int, str], due: datetime | None, services: dict[int, Text]
) -> OwnCaseView:
    return OwnCaseView(
        row.pk, ids.key("CASE", row.number), row.state, row.severity, rules.TESTS[Severity(row.severity)], row.words,
        row.stop, row.opened_at, one.began_at, row.deadline_at, one.users, services.get(row.pk, Text()),
        names.get(one.contact_id or 0, ""), one.lead_id, names.get(one.lead_id or 0, ""), one.lead_at,
        row.acknowledged_at, due, one.contested_to, one.is_contested, row.resumed_at, row.closed_at, row.incident_id,
    )  # fmt: skip


def story(case_id: int) -> list[StepView]:
    """What happened to the case, newest first: who of ours did it is told by `acknowledged_by` alone."""
    rows = Entry.objects.filter(case=case_id, code__in=_STORY).order_by("-seq")[:MOST]
    return [
        StepView(
            row.code, row.at, row.body if _STORY[row.code] else "", _level(row),
            str((row.data.get("was") or {}).get("severity", "")), str(row.data.get("wanted", "")),
        )
        for row in rows
    ]  # fmt: skip


def _level(row: Entry) -> str:
    changed = row.data.get("cases") or ()
    return str(changed[0].get("severity", "")) if row.code == "case.severity" and changed else ""


def acknowledged_by(case_id: int) -> str:
    """The name of the person who said that we have it."""
    row = Entry.objects.filter(case=case_id, code="case.acknowledged").order_by("seq").first()
    if row is None or row.actor_id is None or row.actor_kind not in ("user", "token"):
        return ""
    person = accounts.people([row.actor_id]).get(row.actor_id)
    return person.name if person else ""
