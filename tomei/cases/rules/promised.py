"""Promises that people make by word of mouth: between us and one other, with a time still to come. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from tomei.kernel.errors import Refused
from tomei.kernel.text import Text

OURS, THEIRS = "ours", "theirs"  # whose promise it is
FARTHEST = timedelta(days=400)  # later than that a year was mistyped


def kind_of(whose: str, organisation: str) -> str:
    """The kind of promise: ours to anybody is an answer; theirs is a vendor's (or partner's), or a customer's."""
    if whose not in (OURS, THEIRS) or organisation == "ours":
        raise Refused("promise.not_between_us")
    if whose == OURS:
        return "answer"
    return "reply" if organisation == "customer" else "vendor"


def check(what: Text, due_at: datetime, now: datetime) -> None:
    """Refuses a promise of nothing, one that would be broken as it is made, and a year mistyped."""
    if not what:
        raise Refused("promise.no_words")
    if due_at <= now:
        raise Refused("promise.due_past")
    if due_at - now > FARTHEST:
        raise Refused("promise.due_far")
