"""What later features lend to promises. `tomei.wiring` sets these once at start; each takes many and asks once.

Without wiring they do the least that is true: the owner is the whole ladder, nothing has a name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from tomei.promises.facts import Named, PromiseFacts
from tomei.promises.rules import Rung


def _owner_only(promises: Sequence[PromiseFacts], now: datetime) -> dict[int, list[Rung]]:
    return {row.id: [Rung("owner", (row.owner_id,))] for row in promises if row.owner_id is not None}


def _nothing_shown(incident_ids: Sequence[int], now: datetime) -> None:
    return None


def _no_lock(incident_ids: Sequence[int]) -> None:
    return None


def _no_names(
    incident_ids: Sequence[int], case_ids: Sequence[int], group_ids: Sequence[int], maintenance_ids: Sequence[int] = ()
) -> dict[tuple[str, int], Named]:
    return {}


def _holds_none(user_id: int) -> set[int]:
    return set()


# promise id -> rungs of today's ladder; whoever is missing is left out
ladder: Callable[[Sequence[PromiseFacts], datetime], dict[int, list[Rung]]] = _owner_only
# what incident rows show of their promises (next due, how many overdue) is out of date: write it anew
changed: Callable[[Sequence[int], datetime], None] = _nothing_shown
# lock these incident rows in id order: always taken before a promise row, so that nobody waits in a circle (law 7)
lock: Callable[[Sequence[int]], None] = _no_lock
# ("incident" | "case" | "group" | "maintenance", id) -> name
names: Callable[..., dict[tuple[str, int], Named]] = _no_names
# restricted incidents in which this person holds a role
holds: Callable[[int], set[int]] = _holds_none
