"""Nothing holds an update past its promise (3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tomei.comms.rules.timing import spoken
from tomei.kernel.errors import Refused

EARLY_S = 120


@dataclass(frozen=True, slots=True)
class Approval:
    """`unapproved` is recorded and shown; `from_at` is when the author may send alone, None without a promise."""

    unapproved: bool
    from_at: datetime | None = None


def approval(*, may_publish: bool, may_draft: bool, due_at: datetime | None, now: datetime) -> Approval:
    """A commander publishes; whoever drafts may do it alone from two minutes before the promise falls due.

    Refuses `update.needs_approval` with that moment (empty when no promise waits).
    """
    from_at = due_at - timedelta(seconds=EARLY_S) if due_at else None
    if may_publish:
        return Approval(False, from_at)
    if may_draft and from_at is not None and now >= from_at:
        return Approval(True, from_at)
    raise Refused("update.needs_approval", alone_from=spoken(from_at) if from_at else "–")
