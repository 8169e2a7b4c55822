"""Decisions of the feature, pure: no Django, no rows."""

from tomei.cases.rules.chain import anchor
from tomei.cases.rules.replay import Known, replay
from tomei.cases.rules.states import CaseMove, CaseState, CloseFacts, Move, State, next_case_state, next_state

__all__ = [
    "CaseMove",
    "CaseState",
    "CloseFacts",
    "Known",
    "Move",
    "State",
    "anchor",
    "next_case_state",
    "next_state",
    "replay",
]
