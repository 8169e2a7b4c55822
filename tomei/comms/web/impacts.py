"""Which components are hurt, how much and since when, beside the text of an update: as it stands, until changed."""

from __future__ import annotations

from dataclasses import dataclass

from tomei.cases import queries as cases
from tomei.cases.facts import ImpactFacts, IncidentFacts
from tomei.cases.words import IMPACTS
from tomei.comms import forms
from tomei.customers import queries as customers
from tomei.kernel.text import Text

MOST = 60  # of a product's other components in one form; the rest is set by the API
WORKS = Text("影響なし（正常に戻った）", "works again")


@dataclass(frozen=True, slots=True)
class Row:
    """One component with what runs now and what was typed."""

    id: int
    name: Text
    running: ImpactFacts | None
    impact: str = ""
    since: str = ""
    until: str = ""

    @property
    def word(self) -> Text:
        return IMPACTS.get(self.running.impact, Text(self.running.impact)) if self.running else Text()

    @property
    def is_typed(self) -> bool:
        return bool(self.impact or self.since or self.until)


@dataclass(frozen=True, slots=True)
class Offered:
    """What is hurt now, and what else may be."""

    hurt: tuple[Row, ...]
    more: tuple[Row, ...]

    @property
    def open(self) -> bool:
        return any(one.is_typed for one in self.more)


def offered(incident: IncidentFacts, one: forms.Typed) -> Offered:
    running = {row.component_id: row for row in cases.components_of(incident.id) if row.until_at is None}
    names = {pk: part.name for pk, part in customers.components(running).items()}
    others = [part for part in customers.components_of(incident.product_id) if part.id not in running]
    return Offered(
        tuple(_row(pk, name, running[pk], one) for pk, name in names.items()),
        tuple(_row(part.id, part.name, None, one) for part in others[:MOST]),
    )


def _row(pk: int, name: Text, running: ImpactFacts | None, one: forms.Typed) -> Row:
    return Row(pk, name, running, *(one.get(f"{field}.{pk}") for field in forms.IMPACT_FIELDS))


def choices(language: str) -> list[tuple[str, str]]:
    return [(code, word.said_in(language)) for code, word in {**IMPACTS, "none": WORKS}.items()]
