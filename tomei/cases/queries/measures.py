"""Measures of an incident with what came of them, and who is here without a role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tomei.cases import timeline
from tomei.cases.facts import EntryFacts
from tomei.cases.models import Entry


@dataclass(frozen=True, slots=True)
class Measure:
    """`judged` is the newest judgement, None while nobody has said what changed."""

    taken: EntryFacts
    judged: EntryFacts | None = None

    @property
    def kind(self) -> str:
        return str(self.taken.data["measure"])

    @property
    def what(self) -> str:
        return self.taken.body.partition("\n")[0]

    @property
    def expected(self) -> str:
        return self.taken.body.partition("\n")[2]

    @property
    def outcome(self) -> str:
        return str(self.judged.data["outcome"]) if self.judged else ""


def measures(incident_id: int, until: datetime | None = None) -> list[Measure]:
    """In the order in which they were taken, as known at `until`."""
    rows = Entry.objects.filter(incident=incident_id, code__in=("measure.taken", "measure.judged"))
    rows = rows.filter(known_at__lte=until) if until is not None else rows
    taken: dict[int, EntryFacts] = {}
    judged: dict[int, EntryFacts] = {}
    for row in rows.order_by("seq"):
        entry = timeline.facts(row)
        if entry.code == "measure.taken":
            taken[entry.seq] = entry
        else:
            judged[entry.data["of"]] = entry
    return [Measure(entry, judged.get(seq)) for seq, entry in taken.items()]
