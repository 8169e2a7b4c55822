"""States of a question, its four parts, its times, and when two questions ask the same. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text
from tomei.search.tokens import tokens

STATES = ("draft", "asked", "partly", "answered", "used", "unused", "withdrawn")
OPEN = ("asked", "partly", "answered")
THEIRS, OURS = ("asked", "partly"), ("answered",)  # whose turn it is
PARTS = ("what", "why", "use", "following")
MOST_OPEN = 7  # open questions to one organisation before we warn
IDLE = 60  # minutes that an answer may lie unused
LONGEST_IDLE = 7 * 24 * 60
FARTHEST = timedelta(days=400)
ALIKE = 0.6  # share of the words of the shorter question

_FROM: Mapping[str, tuple[str, ...]] = {
    "edit": ("draft",),
    "ask": ("draft",),
    "answer": OPEN,
    "use": ("partly", "answered"),
    "unused": ("partly", "answered"),
    "withdraw": ("draft", "asked", "partly"),
}


def moves_from(state: str) -> tuple[str, ...]:
    return tuple(move for move, states in _FROM.items() if state in states)


def check_move(move: str, state: str) -> None:
    """Refuses what this state does not have."""
    if state not in _FROM[move]:
        raise Refused("question.no_such_move", move=move, state=state)


def turn(state: str) -> str:
    """Who has to act: theirs, ours, or nobody any more."""
    return "theirs" if state in THEIRS else "ours" if state in (*OURS, "draft") else ""


def check_parts(parts: Mapping[str, Text], language: str) -> None:
    """Refuses to ask while one of the four is not there in the customer's language; a missing why before the others."""
    for name in ("why", *PARTS):
        text = parts[name]
        if not (text.en if language == "en" else text.ja).strip():
            code = "question.no_why" if name == "why" else "question.part_missing"
            raise Refused(code, part=name, language=language)


def check_times(due_at: datetime | None, next_at: datetime | None, now: datetime) -> None:
    """Both times are still to come, ours after theirs, and no year was mistyped."""
    if due_at is None or next_at is None:
        raise Refused("question.no_time")
    if due_at <= now:
        raise Refused("question.due_past")
    if next_at <= due_at:
        raise Refused("question.next_before_answer")
    if next_at - now > FARTHEST:
        raise Refused("question.due_far")


def feedback_due(due_at: datetime, next_at: datetime, answered_at: datetime) -> datetime:
    """By when we tell what became of the answer: as told; after a late answer, as long after it as was told."""
    return next_at if answered_at <= due_at else max(next_at, answered_at + (next_at - due_at))


def check_said(at: datetime, asked_at: datetime, now: datetime) -> None:
    """An answer came after the question and not in the future."""
    if at > now:
        raise Refused("question.said_in_future")
    if at < asked_at.replace(second=0, microsecond=0):
        raise Refused("question.said_before_asked")


def idle_minutes(set_by_house: object, severity: Severity | str) -> int:
    """How long an answer may lie unused at this severity."""
    found = set_by_house.get(str(severity), IDLE) if isinstance(set_by_house, dict) else IDLE
    return found if isinstance(found, int) and 1 <= found <= LONGEST_IDLE else IDLE


def is_alike(one: Text, other: Text) -> bool:
    """Whether two questions ask for the same, in either language: most words of the shorter stand in the other."""
    return _share(one.ja, other.ja) >= ALIKE or _share(one.en, other.en) >= ALIKE


def _share(one: str, other: str) -> float:
    mine, theirs = _words(tokens(one)), _words(tokens(other))
    smaller = min(len(mine), len(theirs))
    return len(mine & theirs) / smaller if smaller else 0.0


def _words(found: Iterable[str]) -> set[str]:
    """Without what every question has: please, the, of …; single kana pairs like です carry no meaning either."""
    return {token for token in found if token not in _COMMON and len(token) > 1}


_COMMON = frozenset(
    ["the", "of", "a", "an", "to", "and", "or", "in", "on", "at", "for", "is", "are", "was", "were", "do", "did", "you",
     "your", "we", "our", "us", "it", "this", "that", "pleas", "send", "give", "tell", "what", "which", "when", "since",
     "くだ", "ださ", "さい", "です", "ます", "てく", "して", "ので", "から", "まで", "教え", "えて", "をお", "お教",
     "送り", "願い", "いし", "しま", "した", "いた", "ただ", "だけ", "けま", "ませ", "すか", "せん", "んか"]
)  # fmt: skip
