"""The clock's rows for this feature: one per waiting message, and the broom that wakes many in small batches."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tomei.clock import actions as clock

SEND = "delivery.send"
SWEEP = "delivery.sweep"


def send(message_id: int, *, rank: int, due_at: datetime, now: datetime) -> None:
    """Try this message at `due_at`; a row that waits already is moved."""
    clock.schedule(
        SEND, due_at=due_at, key=f"message:{message_id}", rank=rank, payload={"message": message_id}, now=now
    )


def send_many(messages: Iterable[tuple[int, int]], *, now: datetime) -> None:
    """Try these messages (id, rank) now."""
    clock.schedule_many(
        [clock.Wanted(SEND, now, f"message:{number}", rank, {"message": number}) for number, rank in messages], now=now
    )


def sweep(state: str, *, now: datetime, after: int = 0) -> None:
    """Wake the messages of `state` (held or waiting) with an id above `after`, a batch at a time."""
    clock.schedule(
        SWEEP,
        due_at=now,
        key=f"sweep:{state}:{after}",
        rank=0,
        payload={"state": state, "after": after},
        now=now,
    )
