"""What later features lend to search. `tomei.wiring` sets it once at start; without it nobody holds anything."""

from __future__ import annotations

from collections.abc import Callable


def _holds_none(user_id: int) -> set[int]:
    return set()


# restricted incidents in which this person holds a role
holds: Callable[[int], set[int]] = _holds_none
