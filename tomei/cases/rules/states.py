"""Where an incident or a case may go next. Every state × move is decided here and walked by a test."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tomei.kernel.errors import Refused


class State(StrEnum):
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MITIGATING = "mitigating"
    MONITORING = "monitoring"
    RESTORED = "restored"
    CLOSED = "closed"
    DISMISSED = "dismissed"

    @property
    def is_working(self) -> bool:
        """The failure is still there, or not yet proven gone."""
        return self in WORKING


WORKING = (State.INVESTIGATING, State.IDENTIFIED, State.MITIGATING, State.MONITORING)


class Move(StrEnum):
    INVESTIGATE = "investigate"
    IDENTIFY = "identify"
    MITIGATE = "mitigate"
    MONITOR = "monitor"
    RESTORE = "restore"
    CLOSE = "close"
    REOPEN = "reopen"
    DISMISS = "dismiss"


_TARGETS = {
    Move.INVESTIGATE: State.INVESTIGATING,
    Move.IDENTIFY: State.IDENTIFIED,
    Move.MITIGATE: State.MITIGATING,
    Move.MONITOR: State.MONITORING,
    Move.RESTORE: State.RESTORED,
    Move.DISMISS: State.DISMISSED,
}
MOVES: dict[tuple[State, Move], State] = {
    **{(state, move): target for state in WORKING for move, target in _TARGETS.items() if target is not state},
    (State.RESTORED, Move.CLOSE): State.CLOSED,
    (State.RESTORED, Move.REOPEN): State.INVESTIGATING,
    (State.CLOSED, Move.REOPEN): State.INVESTIGATING,
    (State.DISMISSED, Move.REOPEN): State.INVESTIGATING,
}


@dataclass(frozen=True, slots=True)
class CloseFacts:
    """What closing must know. A case is settled when it is closed, withdrawn or handed on to a named owner."""

    unsettled_cases: int = 0
    open_promises: int = 0  # all but the report, whose date was told


def next_state(
    current: State, move: Move, *, proof: str = "", reason: str = "", facts: CloseFacts | None = None
) -> State:
    """Return where the incident stands after `move`, or refuse it and say why.

    Refuses `incident.no_such_move`, `incident.no_proof`, `incident.no_reason` (reopen and dismiss say why),
    `incident.open_cases` and `incident.open_promises` with their counts.
    """
    target = MOVES.get((current, move))
    if target is None:
        raise Refused("incident.no_such_move", state=str(current), move=str(move))
    if target is State.RESTORED and not proof:
        raise Refused("incident.no_proof")
    if move in (Move.REOPEN, Move.DISMISS) and not reason:
        raise Refused("incident.no_reason", move=str(move))
    if target is State.CLOSED:
        _may_close(facts or CloseFacts())
    return target


def _may_close(facts: CloseFacts) -> None:
    if facts.unsettled_cases:
        raise Refused("incident.open_cases", count=facts.unsettled_cases, promises=facts.open_promises)
    if facts.open_promises:
        raise Refused("incident.open_promises", count=facts.open_promises)


def moves_from(current: State) -> list[Move]:
    """The moves that a page may offer."""
    return [move for state, move in MOVES if state is current]


class CaseState(StrEnum):
    OPEN = "open"
    RESUMED = "resumed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class CaseMove(StrEnum):
    RESUME = "resume"
    CLOSE = "close"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"


CASE_MOVES: dict[tuple[CaseState, CaseMove], CaseState] = {
    (CaseState.OPEN, CaseMove.RESUME): CaseState.RESUMED,
    (CaseState.OPEN, CaseMove.CLOSE): CaseState.CLOSED,
    (CaseState.OPEN, CaseMove.WITHDRAW): CaseState.WITHDRAWN,
    (CaseState.RESUMED, CaseMove.CLOSE): CaseState.CLOSED,
    (CaseState.RESUMED, CaseMove.REOPEN): CaseState.OPEN,
    (CaseState.CLOSED, CaseMove.REOPEN): CaseState.OPEN,
    (CaseState.WITHDRAWN, CaseMove.REOPEN): CaseState.OPEN,
}


def next_case_state(current: CaseState, move: CaseMove, *, reason: str = "") -> CaseState:
    """Return where the case stands after `move`; refuses `case.no_such_move` and `case.no_reason`."""
    target = CASE_MOVES.get((current, move))
    if target is None:
        raise Refused("case.no_such_move", state=str(current), move=str(move))
    if move in (CaseMove.REOPEN, CaseMove.WITHDRAW) and not reason:
        raise Refused("case.no_reason", move=str(move))
    return target


def is_settled(state: str, remaining_owner: str) -> bool:
    """Whether a case no longer holds the incident open: done, taken back, or handed on with a named owner."""
    return state in (CaseState.CLOSED, CaseState.WITHDRAWN) or bool(remaining_owner.strip())
