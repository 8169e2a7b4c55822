"""The hand-over pack as text for a chat and as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tomei.cases import room_words, words
from tomei.cases.authority import texts as levels
from tomei.cases.facts import HandOverFacts, IncidentFacts
from tomei.cases.pack import Pack, build, names_of
from tomei.cases.queries.hand_overs import Words, words_of
from tomei.cases.queries.measures import Measure
from tomei.cases.rules.handover import State
from tomei.cases.stakes import texts as stake_texts
from tomei.cases.stakes.queries import DeadlineFacts
from tomei.kernel.text import Text
from tomei.ui import moments

HEADS: dict[str, Text] = {
    "hand_over": Text(
        "{role}の引き継ぎ: {giver} → {taker}({state})", "Hand-over of {role}: {giver} → {taker} ({state})"
    ),
    "since": Text("発生", "Since"),
    "state": Text("状態", "State"),
    "harm": Text("影響", "Impact"),
    "told": Text("最後の連絡", "Last update"),
    "next": Text("次の連絡", "Next update"),
    "decide": Text("次の判断", "Next decision"),
    "deadlines": Text("業務上の期限", "Hard deadlines"),
    "costs": Text("回避策の費用", "Cost of workarounds so far"),
    "authority": Text("権限カード", "Authority card"),
    "proposal": Text("提案(未採用)", "a proposal, adopted by nobody"),
    "card": Text("第{n}版", "version {n}"),
    "owed": Text("未履行の約束", "Open promises"),
    "on": Text("対応中の人", "People on"),
    "off": Text("離れた人", "People off"),
    "lines": Text("主な経過", "What happened last"),
    "measures": Text("打ち手", "Measures taken"),
    "questions": Text("質問", "Questions"),
    "none": Text("なし", "none"),
    "unanswered": Text("(未回答)", "(not answered)"),
}


@dataclass(frozen=True, slots=True)
class Whole:
    """The pack, the hand-over it belongs to with its names, and what was said in it."""

    pack: Pack
    one: HandOverFacts
    shown: dict[str, Any]
    words: Words


def named(one: HandOverFacts, language: str) -> dict[str, Any]:
    """A hand-over with the names and words that a page shows."""
    people = names_of([one.from_id, one.to_id, *([one.started_by_id] if one.started_by_id else [])])
    return {
        "one": one, "role": words.ROLES[one.role].said_in(language), "giver": people.get(one.from_id, ""),
        "taker": people.get(one.to_id, ""), "starter": people.get(one.started_by_id or 0, ""),
        "state": room_words.HAND_OVER_STATES[one.state].said_in(language),
    }  # fmt: skip


def whole(incident: IncidentFacts, one: HandOverFacts, now: datetime, language: str, zone: str) -> Whole:
    """As it stands now, or as it was accepted."""
    past = one.state == State.ACCEPTED and one.ended_at is not None
    at = one.ended_at if past and one.ended_at else now
    return Whole(build(incident, at, past=past, language=language, zone=zone), one, named(one, language), words_of(one))


def as_text(whole: Whole, language: str, zone: str) -> str:
    """One line per fact, times with their zone: true wherever it is pasted."""

    def full(at: datetime | None) -> str:
        return moments.full(at, zone, language) if at else HEADS["none"].said_in(language)

    def head(name: str) -> str:
        return HEADS[name].said_in(language)

    pack, shown = whole.pack, whole.shown
    harm = [f"{one.name} {one.severity}{': ' + one.stop if one.stop else ''}" for one in pack.harms]
    lines = [
        head("hand_over").format(**{name: shown[name] for name in ("role", "giver", "taker", "state")}),
        f"{pack.key} {pack.severity} {pack.title}",
        f"{head('state')}: {pack.state} / {head('since')}: {full(pack.since_at)}",
        f"{head('harm')}: {', '.join([*pack.components, *harm]) or head('none')}",
        f"{head('told')}: {full(pack.told_at)} / {head('next')}: {full(pack.next_at)}",
        f"{head('decide')}: {full(whole.one.decide_at)}",
        *_listed(head("deadlines"), (_deadline(one, language) for one in pack.deadlines)),
        *([f"{head('costs')}: {pack.costs}"] if pack.costs else []),
        f"{head('authority')}: {said_card(pack, language)}",
        *(f"- {levels.LEVELS[one.level].said_in(language)}: {one.text.said_in(language)}" for one in pack.card.lines),
        *_listed(head("owed"), (f"{full(one.due_at)} {one.words} ({one.owner or '–'})" for one in pack.owed)),
        *_listed(head("on"), (f"{one.word}: {one.name}" for one in pack.on)),
        *_listed(head("off"), (f"{one.word}: {one.name} ({full(one.left_at)})" for one in pack.off)),
        *(f"{room_words.PARTS[part].said_in(language)}: {entry.body}" for part, entry in whole.words.parts.items()),
        *_listed(head("lines"), (f"{full(one.entry.at)} {one.sentence} {one.entry.body}" for one in pack.lines)),
        *_listed(head("measures"), (_measure(one, language) for one in pack.measures)),
        *_listed(head("questions"), _questions(whole, head("unanswered"))),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _listed(title: str, items: Iterator[str] | Any) -> Iterator[str]:
    found = list(items)
    if found:
        yield f"{title}:"
        yield from (f"- {item}" for item in found)


def _measure(one: Measure, language: str) -> str:
    kind = room_words.MEASURES[one.kind].said_in(language)
    judged = room_words.OUTCOMES[one.outcome].said_in(language) if one.judged else ""
    return " / ".join(filter(None, (kind, one.what, one.expected, judged, one.judged.body if one.judged else "")))


def _deadline(one: DeadlineFacts, language: str) -> str:
    """In the zone in which the customer named it."""
    what = one.words or stake_texts.KINDS[one.kind].said_in(language)
    lost = f" ({one.loss})" if one.loss else ""
    return f"{moments.full(one.at, one.zone, language)} {one.name.said_in(language)}: {what}{lost}"


def said_card(pack: Pack, language: str) -> str:
    """Which version of the authority card held."""
    name = HEADS["proposal" if pack.card.is_proposal else "card"].said_in(language)
    return name.format(n=pack.card.number)


def _questions(whole: Whole, nothing: str) -> Iterator[str]:
    for question, answers in whole.words.questions:
        yield f"{question.body} → {' / '.join(one.body for one in answers) or nothing}"


def as_plain(whole: Whole) -> dict[str, Any]:
    """For programs: the same facts, moments in ISO 8601."""
    pack, one = whole.pack, whole.one
    return {
        "id": one.id, "incident": pack.key, "url": f"{pack.url}hand-over/{one.id}/", "role": one.role,
        "state": one.state, "from": {"id": one.from_id, "name": whole.shown["giver"]},
        "to": {"id": one.to_id, "name": whole.shown["taker"]}, "started_at": _iso(one.started_at),
        "ended_at": _iso(one.ended_at), "as_known_at": _iso(pack.at), "drill": pack.drill, "title": pack.title,
        "severity": pack.severity, "incident_state": pack.state, "since": _iso(pack.since_at),
        "components": pack.components, "next_decision_at": _iso(one.decide_at), "last_update_at": _iso(pack.told_at),
        "next_update_at": _iso(pack.next_at),
        "customers": [{"name": h.name, "severity": h.severity, "state": h.state, "stop": h.stop} for h in pack.harms],
        "promises": [{"what": p.words, "kind": p.kind, "due_at": _iso(p.due_at), "owner": p.owner,
                      "overdue": p.overdue} for p in pack.owed],
        "deadlines": [{"at": _iso(d.at), "zone": d.zone, "kind": d.kind, "words": d.words, "loss": d.loss,
                       "organisation_id": d.organisation_id} for d in pack.deadlines],
        "workaround_cost": pack.costs,
        "authority": {"number": pack.card.number, "lines": [line.as_json() for line in pack.card.lines]},
        "people_on": [{"role": s.role, "name": s.name, "since": _iso(s.since_at)} for s in pack.on],
        "people_off": [{"role": s.role, "name": s.name, "left_at": _iso(s.left_at)} for s in pack.off],
        "words": {part: entry.body for part, entry in whole.words.parts.items()},
        "questions": [{"seq": question.seq, "question": question.body, "answers": [a.body for a in answers]}
                      for question, answers in whole.words.questions],
        "measures": [{"kind": m.kind, "what": m.what, "expected": m.expected, "at": _iso(m.taken.at),
                      "outcome": m.outcome} for m in pack.measures],
        "timeline": [{"seq": line.entry.seq, "at": _iso(line.entry.at), "sentence": line.sentence,
                      "body": line.entry.body} for line in pack.lines],
    }  # fmt: skip


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
