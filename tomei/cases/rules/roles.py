"""Who does what in the war room, and who is accountable when nobody took it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from tomei.kernel.errors import Refused

SINGLE = ("commander", "deputy", "scribe", "communications")
MANY = (
    "liaison",
    "internal_liaison",
    "escalation_manager",
    "expert",
    "top_tier",
    "sponsor",
    "vendor_lead",
)
ROLES = (*SINGLE, *MANY)
REQUIRED = ("commander", "communications", "scribe")  # a promise stands until each is filled
UNDO = timedelta(seconds=10)


def known(role: str) -> str:
    """Return `role`, or refuse `role.unknown`."""
    if role not in ROLES:
        raise Refused("role.unknown", role=role[:40])
    return role


def accountable(
    holders: Mapping[str, Sequence[int]],
    *,
    product_owner_id: int | None,
    declarer_id: int | None,
    anyone: Sequence[int],
) -> int | None:
    """The one who answers for the incident: commander, deputy, the product's owner, the declarer, then any commander.

    None only in a house where nobody could be named at all.
    """
    candidates = [
        *holders.get("commander", ())[:1],
        *holders.get("deputy", ())[:1],
        product_owner_id,
        declarer_id,
        *anyone,
    ]
    return next((user_id for user_id in candidates if user_id is not None), None)


def may_undo(done_at: datetime, now: datetime) -> bool:
    """A slip is taken back within ten seconds; after that it is a change like any other."""
    return timedelta(0) <= now - done_at <= UNDO
