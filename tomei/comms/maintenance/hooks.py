"""What alerts lend to maintenance; `tomei.wiring` sets both. Without wiring there is nothing to silence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from tomei.kernel.actor import Actor


def _nothing(slugs: Sequence[str], until: datetime, reason: str, by: Actor, now: datetime) -> list[int]:
    return []


def _no_end(silence_ids: Sequence[int], by: Actor, now: datetime) -> None:
    return None


# silence the alerts of these components until then; the ids of the silences
silence: Callable[[Sequence[str], datetime, str, Actor, datetime], list[int]] = _nothing
# they end now, those that have not ended by themselves
end_silences: Callable[[Sequence[int], Actor, datetime], None] = _no_end
