"""A way to write down what happened as lines of a script, played in order through the same verbs as in production."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from tomei.cases import actions as cases
from tomei.clock import queries as clock
from tomei.clock.engine import Engine
from tomei.comms import actions as comms
from tomei.comms.facts import UpdateInput
from tomei.comms.rules import Cadence
from tomei.kernel.text import Text
from tomei.site.story.cast import Cast

ON_CALL = "当番のため"  # recorded where the story plays soon after a night


@dataclass(frozen=True, slots=True)
class Line:
    """At `at`, somebody does something. Lines of several incidents are played in one order of time."""

    at: datetime
    act: Callable[[datetime], object]


class Played(Protocol):
    """Anything with lines: an incident, a maintenance."""

    lines: list[Line]


@dataclass(slots=True)
class Incident:
    """One incident of the script; `id` is known once it is declared."""

    cast: Cast
    start: datetime
    severity: str
    title: Text
    product: str
    slugs: tuple[str, ...]
    customers: tuple[str, ...] | None = None
    lead: str = "saeki"
    voice: str = "takahashi"
    detected_by: str = "us"
    began_before_s: int = 180
    id: int = 0
    lines: list[Line] = field(default_factory=list)

    def at(self, minutes: float, act: Callable[[datetime], object]) -> None:
        self.lines.append(Line(self.start + timedelta(minutes=minutes), act))

    def declared(self) -> Incident:
        """Declared at the start; commander and voice join in their time."""
        ids = self.cast.components

        def declare(now: datetime) -> None:
            wanted = None if self.customers is None else [self.cast.customers[key] for key in self.customers]
            made = cases.declare(
                title=self.title, severity=self.severity, product_id=self.cast.products[self.product],
                component_ids=[ids[slug] for slug in self.slugs], organisation_ids=wanted, detected_by=self.detected_by,
                began_at=now - timedelta(seconds=self.began_before_s), by=self.cast.actors[self.lead], now=now,
            )  # fmt: skip
            self.id = made.id

        self.at(0, declare)
        self.role(0.8, "commander", self.lead)
        self.role(1.5, "communications", self.voice)
        self.role(2.5, "scribe", "ono")
        return self

    def role(self, minutes: float, role: str, key: str) -> Incident:
        self.at(minutes, lambda now: _take(self, role, key, now))
        return self

    def tells(
        self,
        minutes: float,
        state: str,
        ja: str,
        en: str,
        *,
        next_in: float | None = None,
        scope: tuple[str, str] | None = None,
        to: tuple[str, ...] = ("affected", "public"),
        cadence: Cadence | None = None,
        proof: str = "",
    ) -> Incident:
        """An update at `minutes`, naming the next in `next_in` minutes."""
        parts = {"effect" if state != "restored" else "known": Text(ja, en)}
        if scope:
            parts["scope"] = Text(*scope)

        def publish(now: datetime) -> None:
            next_at = now + timedelta(minutes=next_in) if next_in is not None else None
            update = UpdateInput(parts=parts, state=state, audiences=to, next_at=next_at, cadence=cadence, proof=proof)
            comms.publish(self.id, update, by=self.cast.actors[self.voice], now=now, confirmed=True)

        self.at(minutes, publish)
        return self

    def beats(self, minutes: float, ja: str, en: str, *, next_in: float) -> Incident:
        def heartbeat(now: datetime) -> None:
            comms.heartbeat(
                self.id,
                Text(ja, en),
                next_at=now + timedelta(minutes=next_in),
                by=self.cast.actors[self.voice],
                now=now,
            )

        self.at(minutes, heartbeat)
        return self

    def notes(self, minutes: float, key: str, body: str, kind: str = "note") -> Incident:
        self.at(minutes, lambda now: _note(self, key, body, kind, now))
        return self

    def calls(self, minutes: float, key: str, customer: str, whom: str, line: str) -> Incident:
        def spoke(now: datetime) -> None:
            cases.spoke(
                self.id, [self.cast.customers[customer]], channel="phone", with_whom=whom, line=line,
                by=self.cast.actors[key], now=now,
            )  # fmt: skip

        self.at(minutes, spoke)
        return self

    def does(self, minutes: float, act: Callable[[int, datetime], object]) -> Incident:
        self.at(minutes, lambda now: act(self.id, now))
        return self


def _take(incident: Incident, role: str, key: str, now: datetime) -> None:
    cases.take_role(incident.id, role, reason=ON_CALL, by=incident.cast.actors[key], now=now)


def _note(incident: Incident, key: str, body: str, kind: str, now: datetime) -> None:
    cases.note(incident.id, body, kind=kind, by=incident.cast.actors[key], now=now)


def play(
    incidents: Iterable[Played],
    engine: Engine,
    until: datetime,
    heard: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Every line in order of time; between two lines the clock runs each thing at the moment at which it falls due.

    After each line `heard` is told how many of how many are played.
    """
    every = (line for incident in incidents for line in incident.lines if line.at <= until)
    lines = sorted(every, key=lambda line: line.at)
    for number, line in enumerate(lines, 1):
        _run(engine, line.at)
        line.act(line.at)
        engine.drain(line.at)
        heard(number, len(lines))
    _run(engine, until)


def _run(engine: Engine, until: datetime) -> None:
    """As a clock that ticks all the time would: warned when a warning falls due, not when somebody next acts."""
    while (due := clock.next_due()) is not None and due <= until:
        if not engine.drain(due):
            return  # what waits is of no kind that this clock runs
