"""The only writers of incidents and cases: one function per verb, each in one transaction with its timeline entry."""

from tomei.cases.actions.affected import add_case, edit_affected, link_case
from tomei.cases.actions.cases import (
    acknowledge_case,
    close_case,
    describe_case,
    hand_on_case,
    reopen_case,
    resume_case,
    set_case_severity,
    withdraw_case,
)
from tomei.cases.actions.declare import declare
from tomei.cases.actions.handover import (
    accept_hand_over,
    answer_hand_over,
    ask_hand_over,
    decline_hand_over,
    describe_hand_over,
    start_hand_over,
    withdraw_hand_over,
)
from tomei.cases.actions.impacts import correct_impact, set_impacts
from tomei.cases.actions.marks import (
    announce_cadence,
    apply_policy,
    duplicate,
    retitle,
    set_drill,
    set_restricted,
    stamp,
)
from tomei.cases.actions.measures import go, join, judge_measure, take_measure
from tomei.cases.actions.people import person_left
from tomei.cases.actions.promised import promise
from tomei.cases.actions.roles import leave_role, take_role
from tomei.cases.actions.rows import lock, refresh, together
from tomei.cases.actions.severity import set_severity
from tomei.cases.actions.shifts import SHIFTS, run_shifts, set_shift_limits
from tomei.cases.actions.stakes import add_deadline, drop_deadline, end_workaround, move_deadline, set_workaround
from tomei.cases.actions.states import close, dismiss, move, reopen, restore
from tomei.cases.actions.undo import undo
from tomei.cases.actions.words import note, spoke, threat, update_published, word_to

__all__ = [
    "SHIFTS",
    "accept_hand_over",
    "acknowledge_case",
    "add_case",
    "add_deadline",
    "announce_cadence",
    "answer_hand_over",
    "apply_policy",
    "ask_hand_over",
    "close",
    "close_case",
    "correct_impact",
    "declare",
    "decline_hand_over",
    "describe_case",
    "describe_hand_over",
    "dismiss",
    "drop_deadline",
    "duplicate",
    "edit_affected",
    "end_workaround",
    "go",
    "hand_on_case",
    "join",
    "judge_measure",
    "leave_role",
    "link_case",
    "lock",
    "move",
    "move_deadline",
    "note",
    "person_left",
    "promise",
    "refresh",
    "reopen",
    "reopen_case",
    "restore",
    "resume_case",
    "retitle",
    "run_shifts",
    "set_case_severity",
    "set_drill",
    "set_impacts",
    "set_restricted",
    "set_severity",
    "set_shift_limits",
    "set_workaround",
    "spoke",
    "stamp",
    "start_hand_over",
    "take_measure",
    "take_role",
    "threat",
    "together",
    "undo",
    "update_published",
    "withdraw_case",
    "withdraw_hand_over",
    "word_to",
]
