"""The joining brief: what somebody reads in 30 seconds before they help. At most 120 words in either language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tomei.cases import pack, room_words, timeline
from tomei.cases.facts import IncidentFacts
from tomei.cases.models import Entry, HandOver
from tomei.cases.pack import Pack
from tomei.cases.queries import measures as measures_of
from tomei.cases.rules import brief as rules
from tomei.cases.spoken_pack import said_card
from tomei.kernel.text import Text
from tomei.ui import moments

LABELS: dict[str, Text] = {
    "impact": Text("影響", "Impact"),
    "since": Text("発生", "Since"),
    "hypothesis": Text("仮説", "Hypothesis"),
    "actions": Text("実施中", "Running"),
    "roles": Text("担当", "Roles"),
    "next": Text("次の連絡", "Next update"),
    "deadline": Text("業務上の期限", "Hard deadline"),
    "cost": Text("回避策の費用", "Workaround cost"),
    "may": Text("権限", "What you may do"),
    "decide": Text("次の判断", "Next decision"),
    "owed": Text("未履行の約束", "Open promises"),
    "none": Text("なし", "none"),
}


@dataclass(frozen=True, slots=True)
class Brief:
    """Lines as (label, words), the most needed first."""

    head: str
    lines: list[tuple[str, str]]

    @property
    def text(self) -> str:
        return "\n".join([self.head, *(f"{label}: {said}" for label, said in self.lines)])


def build(incident: IncidentFacts, now: datetime, language: str, zone: str) -> Brief:
    known = pack.build(incident, now, past=False, language=language, zone=zone)

    def near(at: datetime | None) -> str:
        return moments.near(at, zone, language, now) if at else LABELS["none"].said_in(language)

    comma = "、" if language == "ja" else ", "
    pairs = [
        ("impact", rules.cut(comma.join(_harm(known)) or LABELS["none"].said_in(language))),
        ("since", f"{near(known.since_at)} ({moments.span((now - known.since_at).total_seconds(), language)})"),
        ("deadline", rules.cut(_deadline(known, near, language), 14)), ("cost", known.costs),
        ("next", near(known.next_at)), ("decide", near(_decide_at(incident.id))),
        ("roles", rules.cut(comma.join(f"{one.word} {one.name}" for one in known.on), 22)),
        ("hypothesis", rules.cut(_hypothesis(incident.id), 18)),
        ("actions", rules.cut(comma.join(_running(incident.id, language)), 18)),
        ("owed", rules.cut(comma.join([str(len(known.owed)), *(f"{one.words} {near(one.due_at)}"
                                                            for one in known.owed[:2])]), 14)),
        ("may", f"{said_card(known, language)}: {incident.url}authority/"),
    ]  # fmt: skip
    lines = [(LABELS[name].said_in(language), said) for name, said in pairs if said]
    head = f"{known.key} {known.severity} {rules.cut(known.title, 14)} ({known.state})"
    kept = rules.fit([head, *(f"{label}: {said}" for label, said in lines)])
    return Brief(head, lines[: len(kept) - 1])


def _deadline(known: Pack, near: Callable[[datetime | None], str], language: str) -> str:
    """The soonest, and how many follow."""
    if not known.deadlines:
        return ""
    one, more = known.deadlines[0], len(known.deadlines) - 1
    return f"{near(one.at)} {one.name.said_in(language)} {one.words}{f' +{more}' if more else ''}".strip()


def _harm(known: Pack) -> list[str]:
    who = [f"{one.name}{': ' + rules.cut(one.stop, 6) if one.stop else ''}" for one in known.harms[:3]]
    more = len(known.harms) - 3
    return [*known.components[:2], *who, *([f"+{more}"] if more > 0 else [])]


def _decide_at(incident_id: int) -> datetime | None:
    found = HandOver.objects.filter(incident=incident_id).exclude(decide_at=None).order_by("-id")
    return found.values_list("decide_at", flat=True).first()


def _hypothesis(incident_id: int) -> str:
    """As the last hand-over says, else the last fact that was noted."""
    said = Entry.objects.filter(incident=incident_id, code="hand_over.described", data__part="hypotheses")
    fact = Entry.objects.filter(incident=incident_id, code="note.fact")
    for rows in (said, fact):
        found = rows.exclude(body="").order_by("-seq").first()
        if found is not None:
            return timeline.facts(found).body
    return ""


def _running(incident_id: int, language: str) -> list[str]:
    """Measures whose effect nobody has judged yet, newest first."""
    found = [one for one in reversed(measures_of.measures(incident_id)) if one.judged is None]
    return [one.what or room_words.MEASURES[one.kind].said_in(language) for one in found[:2]]
