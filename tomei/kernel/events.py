"""What happened, told to who listens. The table of listeners is `tomei.wiring`; there is no other way to listen.

`with` listeners run in the action's own transaction and write rows only (promises, outbox, live events).
`after` listeners are run by the clock from a durable row, at least once; their fault never undoes the action.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """`name` is past tense (`incident.restored`); `facts` are JSON values, ids for people and rows."""

    name: str
    at: datetime
    facts: Mapping[str, Any]

    def __getitem__(self, fact: str) -> Any:
        return self.facts[fact]


Listener = Callable[[Event], None]
Table = Mapping[str, Sequence[Listener]]
_with: Table = {}
_after: Table = {}
_enqueue: Callable[[Event, str], None] | None = None


def wire(with_: Table, after: Table, enqueue: Callable[[Event, str], None]) -> None:
    """Set the tables once at start; `enqueue(event, listener name)` writes a durable row for the clock."""
    global _with, _after, _enqueue
    _with, _after, _enqueue = with_, after, enqueue


def emit(name: str, *, now: datetime, **facts: Any) -> None:
    """Say that `name` happened, inside the transaction of the action that did it."""
    event = Event(name, now, facts)
    for listener in _with.get(name, ()):
        listener(event)
    if _enqueue is not None:
        for listener in _after.get(name, ()):
            _enqueue(event, listener.__name__)


def run_after(event: Event, listener_name: str) -> None:
    """Run one `after` listener by name; called by the clock."""
    for listener in _after.get(event.name, ()):
        if listener.__name__ == listener_name:
            listener(event)
            return
