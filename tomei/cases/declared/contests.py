"""The end of a contest: the answer that was owed is given. Apart, since changing the severity is an answer too."""

from __future__ import annotations

from datetime import datetime

from tomei.cases.declared import queries
from tomei.cases.declared.models import Declaration
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.promises import actions as promises

KIND = "severity_answer"


def needs_reason(case_id: int, reason: str) -> bool:
    """Whether the customer declared this case; then they read why its severity changes (`declared.no_reason`)."""
    if queries.of_case(case_id) is None:
        return False
    if not reason:
        raise Refused("declared.no_reason")
    return True


def settle(case_id: int, *, by: Actor, now: datetime) -> None:
    """Answered: the promise is kept, or late. Without an open contest nothing happens."""
    Declaration.objects.filter(case=case_id).exclude(contested_at=None).update(answered_at=now)
    promises.keep(KIND, case_id=case_id, now=now, by=by, act=f"case:{case_id}")
