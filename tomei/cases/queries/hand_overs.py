"""Hand-overs as facts, with the words that hang on them in the timeline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from tomei.cases import timeline
from tomei.cases.facts import EntryFacts, HandOverFacts
from tomei.cases.models import Entry, HandOver
from tomei.kernel.errors import Missing

_COLUMNS = [part.name for part in fields(HandOverFacts)]
_NAMES = {"from_id": "from_user_id", "to_id": "to_user_id"}


@dataclass(frozen=True, slots=True)
class Words:
    """What was said for a hand-over: the newest words by part, and each question with its answers, in order."""

    parts: dict[str, EntryFacts]
    questions: list[tuple[EntryFacts, list[EntryFacts]]]

    @property
    def unanswered(self) -> int:
        return sum(not answers for _, answers in self.questions)


def facts_of(row: HandOver) -> HandOverFacts:
    return HandOverFacts(**{name: getattr(row, _NAMES.get(name, name)) for name in _COLUMNS})


def of_incident(incident_id: int, *, limit: int = 50) -> list[HandOverFacts]:
    """Newest first; those still open before all others."""
    rows = HandOver.objects.filter(incident=incident_id).order_by("-id")[:limit]
    return sorted((facts_of(row) for row in rows), key=lambda one: one.state != "open")


def open_of(incident_ids: Iterable[int]) -> list[HandOverFacts]:
    return [
        facts_of(row) for row in HandOver.objects.filter(incident__in=set(incident_ids), state="open").order_by("id")
    ]


def one(incident_id: int, hand_over_id: int) -> HandOverFacts:
    """Of this very incident, which the reader may see; `Missing` otherwise."""
    row = HandOver.objects.filter(incident=incident_id, pk=hand_over_id).first()
    if row is None:
        raise Missing(f"hand-over {hand_over_id}")
    return facts_of(row)


def words_of(hand_over: HandOverFacts) -> Words:
    """Read from the timeline since it was started, where an erased body is empty."""
    codes = ("hand_over.described", "hand_over.asked", "hand_over.answered")
    rows = Entry.objects.filter(incident=hand_over.incident_id, code__in=codes, data__hand_over_id=hand_over.id)
    parts: dict[str, EntryFacts] = {}
    asked: dict[int, tuple[EntryFacts, list[EntryFacts]]] = {}
    for entry in (timeline.facts(row) for row in rows.order_by("seq")):
        if entry.code == "hand_over.described":
            parts[entry.data["part"]] = entry
        elif entry.code == "hand_over.asked":
            asked[entry.seq] = (entry, [])
        elif entry.data.get("of") in asked:
            asked[entry.data["of"]][1].append(entry)
    return Words({part: entry for part, entry in parts.items() if entry.body}, list(asked.values()))
