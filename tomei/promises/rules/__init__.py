"""Decisions about promises, pure: how one ends, who is told when, the table of kinds, honest figures."""

from tomei.promises.rules.ending import (
    EXPIRES_AFTER,
    Ending,
    State,
    broken_at,
    closed,
    due_second,
    expired,
    is_overdue,
    kept,
    shortened,
    superseded,
    withdrawn,
)
from tomei.promises.rules.figures import NEEDED, NEEDED_P90, Tally, percentile, place, verdict, wilson
from tomei.promises.rules.kinds import KINDS, Kind, kind, rank_for
from tomei.promises.rules.steps import (
    RUNGS,
    Facts,
    Rung,
    Standing,
    Step,
    after,
    due_steps,
    first_step_at,
    gap,
    hurried,
    is_catch_up,
    next_step,
    rung_index,
    standing,
    warnings,
)

__all__ = [
    "EXPIRES_AFTER", "KINDS", "NEEDED", "NEEDED_P90", "RUNGS", "Ending", "Facts", "Kind", "Rung", "Standing", "State",
    "Step", "Tally", "after", "broken_at", "closed", "due_second", "due_steps", "expired", "first_step_at", "gap",
    "hurried", "is_catch_up", "is_overdue", "kept", "kind", "next_step", "percentile", "place", "rank_for",
    "rung_index", "shortened", "standing", "superseded", "verdict", "warnings", "wilson", "withdrawn",
]  # fmt: skip
