"""First texts in their newest version, and what waits at an incident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tomei.cases import queries as cases
from tomei.cases.facts import IncidentFacts
from tomei.comms import guards, offering, queries
from tomei.comms.beforehand import rules
from tomei.comms.guards import Facts, Finding
from tomei.comms.models import FirstNotice
from tomei.comms.models import FirstText as Row
from tomei.comms.rules import filled
from tomei.kernel.errors import Missing
from tomei.kernel.text import LANGUAGES, Text

_SAMPLE = {
    "product": Text("サービス", "our service"), "components": Text("すべての機能", "all functions"),
    "since": Text("14:00 JST", "14:00 JST"), "next": Text("14:15 JST", "14:15 JST"), "key": Text("", ""),
    "severity": Text("", ""),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What waits, or how it ended: `who` did it, `why` (a reason, or the code of why a person is asked)."""

    incident_id: int
    due_at: datetime
    state: str
    why: str
    who: str
    at: datetime | None
    update_id: int | None


def facts_of(row: Row) -> rules.FirstText:
    return rules.FirstText(
        key=row.key, name=Text.of(row.name), parts={name: Text.of(text) for name, text in row.parts.items()},
        severities=tuple(row.severities), products=tuple(row.products), components=tuple(row.components),
        public=row.public, version=row.version, is_archived=row.is_archived, overruled=tuple(row.overruled),
        made_by_id=row.made_by_id, made_by_name=row.made_by_name, made_at=row.made_at,
        approved_by_id=row.approved_by_id, approved_by_name=row.approved_by_name, approved_at=row.approved_at,
    )  # fmt: skip


def everything() -> list[rules.FirstText]:
    """The newest version of every text, archived ones too, by key; one query."""
    found = {row.key: row for row in Row.objects.order_by("key", "version")}
    return [facts_of(row) for row in found.values()]


def one(key: str) -> rules.FirstText:
    row = Row.objects.filter(key=key).order_by("-version").first()
    if row is None:
        raise Missing(f"first text {key[:40]}")
    return facts_of(row)


def versions(key: str) -> list[rules.FirstText]:
    return [facts_of(row) for row in Row.objects.filter(key=key).order_by("-version")[:50]]


def fitting(incident: IncidentFacts) -> rules.FirstText | None:
    """The approved text that would go out for this incident now."""
    hurt = [one.component_id for one in cases.components_of(incident.id)]
    return rules.choose(everything(), severity=str(incident.severity), product_id=incident.product_id, components=hurt)


def begun(text: rules.FirstText, incident: IncidentFacts, now: datetime) -> dict[str, Text]:
    """Its words with what the incident knows; the next time is filled when it goes."""
    return offering.filled_from(text.parts, incident, now)


def findings(parts: Mapping[str, Text]) -> list[Finding]:
    """What the guards say of a text before any incident: as a first word, to readers outside, with no cause known."""
    names, providers = queries.guard_names()
    known = Facts(
        names=names, providers=providers, first=True, cause_known=False, words=queries.house_words(), outside=True
    )
    return guards.check_parts(filled(parts, _SAMPLE), dict.fromkeys(LANGUAGES, known), rules.PARTS)


def of_incident(incident_id: int) -> NoticeFacts | None:
    row = FirstNotice.objects.filter(incident=incident_id).first()
    if row is None:
        return None
    return NoticeFacts(row.incident_id, row.due_at, row.state, row.why, row.who, row.at, row.update_id)
