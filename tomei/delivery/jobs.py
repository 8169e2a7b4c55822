"""The clock's rows for this feature: one per waiting message, and the broom that wakes many in small batches."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tomei.clock import actions as clock

SEND = "delivery.send"
SWEEP = "delivery.sweep"
MEND = "delivery.mend"
READ = "delivery.read_mail"
POLL = "delivery.poll_mail"
LOOK = "delivery.look"  # periodic: sees that the poll is due when it should be
FORGET = "delivery.forget_mail"  # periodic


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


def read(inbound_id: int, *, now: datetime) -> None:
    """Read this mail now."""
    clock.schedule(READ, due_at=now, key=f"inbound:{inbound_id}", rank=2, payload={"inbound": inbound_id}, now=now)


def poll(*, due_at: datetime, now: datetime) -> None:
    """Look into the mailbox at `due_at`; one look at a time."""
    clock.schedule_unless_running(POLL, due_at=due_at, key="mailbox", now=now)


def poll_again(*, due_at: datetime, now: datetime) -> None:
    """From the end of a look: the next one."""
    clock.schedule(POLL, due_at=due_at, key="mailbox", now=now)
