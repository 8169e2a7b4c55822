"""Nothing holds an update past its promise (3.3); an admission of liability never passes in silence (2.7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tomei.comms.rules.timing import spoken
from tomei.kernel.errors import Refused

EARLY_S = 120


@dataclass(frozen=True, slots=True)
class Approval:
    """`unapproved` is recorded and shown; `from_at` is when the author may send alone, None without a promise.

    `by_id` is who approved this very version, None where nobody had to.
    """

    unapproved: bool
    from_at: datetime | None = None
    by_id: int | None = None
    by_name: str = ""


def needs_second(audiences: Iterable[str], *, public: bool, outside: bool) -> bool:
    """Does the policy want a second person: for the public (`public`), or for everybody outside (`outside`)."""
    return outside or (public and "public" in set(audiences))


def approval(
    *,
    may_publish: bool,
    may_draft: bool,
    due_at: datetime | None,
    now: datetime,
    approved: tuple[int, str] | None = None,
    second: bool = False,
    liability: bool = False,
) -> Approval:
    """A commander publishes, and whoever drafts what somebody else approved word for word; everybody who drafts may do
    it alone from two minutes before the promise falls due.

    `second`: the policy wants another person's approval also of a commander. `liability`: the text reads as an
    admission, which always wants it. Refuses `update.needs_approval`, `update.needs_second` and `update.liability`
    with that moment (– when no promise waits).
    """
    from_at = due_at - timedelta(seconds=EARLY_S) if due_at else None
    if approved is not None and (may_publish or may_draft):
        return Approval(False, from_at, *approved)
    if may_publish and not second and not liability:
        return Approval(False, from_at)
    if may_draft and from_at is not None and now >= from_at:
        return Approval(True, from_at)
    code = "update.liability" if liability else "update.needs_second" if may_publish else "update.needs_approval"
    raise Refused(code, alone_from=spoken(from_at) if from_at else "–")
