"""Who may hand a role to whom, and how a hand-over ends. The outgoing person answers until it is accepted. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tomei.cases.rules import roles
from tomei.kernel.errors import Refused


class State(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


# What only the outgoing person knows, in the order in which it is read aloud.
PARTS = ("changes", "mood", "hypotheses", "more")


@dataclass(frozen=True, slots=True)
class Start:
    """A hand-over as it is asked for. `inside`: the incoming person may read this incident."""

    role: str
    from_id: int
    to_id: int
    by_id: int | None
    reason: str
    may_give: bool
    inside: bool


def start(asked: Start, held: Mapping[str, Sequence[int]], open_pairs: Sequence[tuple[str, int]]) -> None:
    """Refuses what cannot be handed over: a role that is not held, to oneself, twice, or for another without reason."""
    present = held.get(roles.known(asked.role), ())
    if asked.from_id not in present:
        raise Refused("role.not_held", role=asked.role)
    if asked.by_id != asked.from_id:
        _for_another(asked)
    if asked.to_id == asked.from_id:
        raise Refused("hand_over.to_oneself")
    if asked.to_id in present:
        raise Refused("role.held_already", role=asked.role)
    if not asked.inside:
        raise Refused("hand_over.outside")
    if (asked.role, asked.from_id) in open_pairs:
        raise Refused("hand_over.open_already", role=asked.role)


def _for_another(asked: Start) -> None:
    """A lead may start it when the holder cannot be reached, and says why."""
    if not asked.may_give:
        raise Refused("rights.missing", verb="incident.role")
    if not asked.reason:
        raise Refused("hand_over.no_reason")


def still_open(state: str) -> None:
    if state != State.OPEN:
        raise Refused("hand_over.over", state=state)


def accept(state: str, *, to_id: int, by_id: int | None) -> None:
    """Only the incoming person says "I have it"."""
    still_open(state)
    if by_id != to_id:
        raise Refused("hand_over.not_for_you")


def decline(state: str, *, to_id: int, by_id: int | None, reason: str) -> None:
    accept(state, to_id=to_id, by_id=by_id)
    if not reason:
        raise Refused("hand_over.no_reason")


def withdraw(state: str, *, from_id: int, starter_id: int | None, by_id: int | None, may_give: bool) -> None:
    """By the outgoing person, by whoever started it, or by somebody who gives roles."""
    still_open(state)
    if by_id not in (from_id, starter_id) and not may_give:
        raise Refused("rights.missing", verb="incident.role")


def describe(state: str, *, from_id: int, starter_id: int | None, by_id: int | None, may_give: bool) -> None:
    """The outgoing person's words are theirs; a lead who started it writes in their place."""
    withdraw(state, from_id=from_id, starter_id=starter_id, by_id=by_id, may_give=may_give)
