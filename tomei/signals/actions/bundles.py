"""What one transaction works on: deliveries as they came, and their events by group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tomei.kernel.actor import Actor
from tomei.signals.models import Group, Source
from tomei.signals.rules import Event, Parsed

MIND = "signals.watch"  # the clock minds what must come, what it asked for, and what flaps
LOOK = "signals.look"  # the clock puts to people what fires and was put to nobody


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request of a known sender. `parsed` is None where it was not understood, and `error` says why.

    Without both nothing of it is believed yet: it is kept, and the clock verifies it.
    """

    source: Source
    by: Actor
    at: datetime
    body: bytes
    size: int
    parsed: Parsed | None = None
    error: str = ""
    is_replay: bool = False
    word: str = ""  # what a heartbeat's address says behind its key

    @property
    def is_unverified(self) -> bool:
        return self.parsed is None and not self.error


@dataclass(slots=True)
class Arrival:
    """A delivery that was understood, under the id of what was received; its events by group key.

    Nothing was received where the clock found it out.
    """

    received_id: int | None
    source: Source
    by: Actor
    by_key: dict[str, list[Event]]
    is_replay: bool = False  # read again later: what it says is told to nobody until all of it is read
    component_id: int | None = None  # of events that name none, before that of the source

    @property
    def places(self) -> set[tuple[int, str]]:
        return {(self.source.pk, key) for key in self.by_key}


@dataclass(slots=True)
class Bundle:
    """One group with what one delivery says about it."""

    group: Group
    arrival: Arrival
    given: list[Event]
    was: str  # the state before, or "new"
    news: list[Event] = field(default_factory=list)
    late: list[Event] = field(default_factory=list)
    repeated: int = 0


def arrival(received_id: int, delivery: Delivery) -> Arrival:
    by_key: dict[str, list[Event]] = {}
    for event in delivery.parsed.events if delivery.parsed else ():
        given = replace(event, at=event.at or delivery.at) if delivery.is_replay else event
        by_key.setdefault(event.group_key, []).append(given)
    return Arrival(received_id, delivery.source, delivery.by, by_key, delivery.is_replay)


def waves(arrivals: Sequence[Arrival]) -> Iterator[list[Arrival]]:
    """All of them in the order they came; within one wave no group is spoken of twice.

    So one wave is digested as a set, and the outcome is that of one delivery after the other.
    """
    rest = list(arrivals)
    while rest:
        wave: list[Arrival] = []
        later: list[Arrival] = []
        taken: set[tuple[int, str]] = set()
        for one in rest:
            places = one.places
            (wave if taken.isdisjoint(places) else later).append(one)
            taken |= places
        yield wave
        rest = later
