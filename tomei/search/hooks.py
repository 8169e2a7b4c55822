"""What later features lend to search. `tomei.wiring` sets it once at start; without it nobody holds anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tomei.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Source:
    """What a hit is taken from, as it reads now: its title, and its lines with their language (empty: any)."""

    title: Text
    lines: tuple[tuple[str, str], ...] = ()


def _no_sources(refs: Sequence[str]) -> Mapping[str, Source]:
    return {}


def _holds_none(user_id: int) -> set[int]:
    return set()


# restricted incidents in which this person holds a role
holds: Callable[[int], set[int]] = _holds_none
# ref -> what it reads now; the index keeps no text to show, so that what was erased cannot be shown
sources: Callable[[Sequence[str]], Mapping[str, Source]] = _no_sources
