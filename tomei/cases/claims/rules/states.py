"""What may happen to a claim, and to an answer of ours."""

from __future__ import annotations

from datetime import datetime

from tomei.kernel.errors import Refused

KINDS = ("credit", "compensation", "termination", "other")
OUTCOMES = ("full", "part", "refused")
STATES = ("open", "answered", "settled", "withdrawn")
_FROM = {
    "propose": ("open",),
    "postpone": ("open",),
    "tell": ("open",),
    "settle": ("answered",),
    "withdraw": ("open", "answered"),
}


def may(move: str, state: str) -> bool:
    return state in _FROM[move]


def check(move: str, state: str) -> None:
    """Refuses `claim.no_such_move`: an answer ends the asking, a settlement follows an answer."""
    if not may(move, state):
        raise Refused("claim.no_such_move", move=move, state=state)


def check_kind(kind: str) -> str:
    if kind not in KINDS:
        raise Refused("claim.unknown_kind", kind=str(kind)[:40])
    return kind


def check_outcome(outcome: str) -> str:
    if outcome not in OUTCOMES:
        raise Refused("claim.unknown_outcome", outcome=str(outcome)[:40])
    return outcome


def check_decider(author_id: int | None, decider_id: int | None) -> None:
    """Four eyes: a person decides, and never on words of their own, by whatever token."""
    if decider_id is None or decider_id == author_id:
        raise Refused("claim.own_answer")


def check_decided(state: str) -> None:
    if state != "proposed":
        raise Refused("claim.decided_already", state=state)


def check_moment(at: datetime, not_before: datetime, now: datetime) -> None:
    """Something was said or heard: not in the future, and not before what it follows."""
    if at > now:
        raise Refused("time.in_future", at=at.isoformat(timespec="minutes"))
    if at < not_before:
        raise Refused("claim.too_early", at=at.isoformat(timespec="minutes"))
