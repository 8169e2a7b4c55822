"""The whole house under kill -9: real incidents and promises, pages and updates by real SMTP, wired as in production.

One run: promises fall due bit by bit while clock processes are killed, the mail server goes and comes back, and the
wall clock jumps an hour ahead. `check` then compares what is in the database with what the rules say should be.
"""

from __future__ import annotations

import random
import time as clock
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from django.db import DatabaseError, connection

from tests.crash import house
from tomei import wiring
from tomei.accounts import doors, queries
from tomei.cases import actions as cases
from tomei.clock.engine import Effect, Engine
from tomei.clock.models import Job, Pulse, Standstill
from tomei.comms import actions as comms
from tomei.comms.facts import UpdateInput
from tomei.customers import actions as customers
from tomei.customers.queries import ours
from tomei.delivery.models import Message
from tomei.delivery.tests.servers import Mailbox, free_port, smtp_server
from tomei.kernel import time
from tomei.kernel.text import Text
from tomei.oncall import actions as oncall
from tomei.promises import actions as promises
from tomei.promises.facts import New
from tomei.site.story import cast as story

Done = TypeVar("Done")
PER_INCIDENT = 10
FRESH = 6  # of ten: warned and broken while the clocks are killed; the others were, and climb to the next rung
JUMP_S = 3600
OWNERS = ("saeki", "hasegawa", "takahashi", "ono")
WORDS = Text(
    "受注が登録できない状態が続いています。原因を調べています。", "Orders cannot be entered. We are finding the cause."
)


@dataclass(slots=True)
class World:
    """What is outside the house: a mail server and a chat tool, both of which can go and come back."""

    box: Mailbox = field(default_factory=Mailbox)
    port: int = field(default_factory=free_port)
    chat: house.Sink = field(default_factory=house.Sink)
    _open: ExitStack = field(default_factory=ExitStack)

    def up(self) -> None:
        self._open.enter_context(smtp_server(self.port, self.box))
        self.chat.down = False

    def down(self) -> None:
        self._open.close()
        self.chat.down = True


@contextmanager
def world() -> Iterator[World]:
    one = World()
    one.up()
    try:
        yield one
    finally:
        one.down()
        one.chat.close()


@dataclass(frozen=True, slots=True)
class Plan:
    """How much and how long. `disturb` is called between two kills (it may end the database's connections)."""

    promises: int
    kills: int
    over_s: float
    clocks: int = 1
    disturb: Callable[[], None] = lambda: None


@dataclass(slots=True)
class Filled:
    """Incidents that hold `ours`, one that is spoken in, and the people."""

    cast: story.Cast
    incidents: list[int]
    spoken: int
    ours: list[int]
    updates: int = 0


def fill(world: World, plan: Plan) -> Filled:
    """Incidents declared ten minutes ago with an update each, and promises of two sorts whose steps fall due soon."""
    declared_at = time.now() - timedelta(minutes=10)
    customers.found(Text("自社", "Our company"), zone="Asia/Tokyo", language="ja", now=declared_at)
    cast = story.gather(declared_at)
    by = doors.actor(queries.row(cast.ids["hasegawa"]))  # a chat tool beside the mail, with keys of its own
    oncall.add_webhook("mattermost", world.chat.url, by=by, now=declared_at)
    ids = [_incident(cast, n, declared_at) for n in range(plan.promises // PER_INCIDENT + 1)]
    start = time.now()
    made = _climbing(cast, ids[1:], plan.over_s, start)
    return Filled(cast, ids, ids[0], made + _fresh(cast, ids[1:], plan.over_s, time.now()))


def _incident(cast: story.Cast, n: int, now: datetime) -> int:
    made = cases.declare(
        title=Text(f"受注の障害 {n}", f"Orders fail {n}"), severity=("SEV1a", "SEV1b")[n % 2],
        product_id=cast.products["erp"], component_ids=[cast.components["orders"]],
        organisation_ids=[cast.customers[name] for name in ("towa", "kitahama")],
        by=cast.actors["saeki"], now=now,
    )  # fmt: skip
    say(cast, made.id, 1, now + timedelta(minutes=1))
    return made.id


def say(cast: story.Cast, incident_id: int, number: int, now: datetime) -> None:
    """An update to the affected customers: mails that are owed, promises kept and made."""
    words = Text(f"{WORDS.ja}（第{number}報）", f"{WORDS.en} (update {number})")
    update = UpdateInput(
        parts={"effect": words}, state="investigating", audiences=("affected",), next_at=now + timedelta(minutes=15)
    )
    comms.publish(incident_id, update, by=cast.actors["takahashi"], now=now, confirmed=True)


def _fresh(cast: story.Cast, incidents: list[int], over_s: float, now: datetime) -> list[int]:
    """Made now, warned at two thirds of a few seconds, broken at their end."""
    count = len(incidents) * FRESH
    news = [
        _new(cast, incidents[n % len(incidents)], n, now + timedelta(seconds=3 + over_s * n / count))
        for n in range(count)
    ]
    return promises.make_many(news, by=cast.actors["saeki"], now=now)


def _climbing(cast: story.Cast, incidents: list[int], over_s: float, now: datetime) -> list[int]:
    """Made and broken two minutes ago, each step taken at its time: the next rung falls due soon."""
    count, made_at = len(incidents) * (PER_INCIDENT - FRESH), now - timedelta(seconds=150)
    spread = min(over_s, 60.0)
    news = [
        _new(cast, incidents[n % len(incidents)], 1000 + n, now - timedelta(seconds=115 - spread * n / count))
        for n in range(count)
    ]
    made = promises.make_many(news, by=cast.actors["saeki"], now=made_at)
    effects = {kind: one for kind, one in wiring.HANDLERS.items() if isinstance(one, Effect)}
    for second in range(-150, -52, 7):
        Engine(effects).drain(now + timedelta(seconds=second))
    return made


def _new(cast: story.Cast, incident_id: int, n: int, due_at: datetime) -> New:
    return New(
        kind="next_update", incident_id=incident_id, owed_by=ours().id, audience="affected", about=f"crash:{n}",
        owner_id=cast.ids[OWNERS[n % len(OWNERS)]], rank=0, due_at=due_at,
    )  # fmt: skip


def worker(world: World, jump_file: Path) -> house.Process:
    return house.Process(
        "tests.crash.wired_worker", jump_file,
        TOMEI_MAIL_URL=f"smtp://127.0.0.1:{world.port}/?from=support@asagiri.example",
        TOMEI_PRIVATE_NETWORKS="127.0.0.0/8",
    )  # fmt: skip


def live_through(world: World, filled: Filled, plan: Plan, folder: Path, chance: random.Random) -> datetime:
    """Kill, take the mail server away, jump, kill once more; returns the moment up to which everything was done."""
    jump_file = folder / "jump"
    running = [worker(world, jump_file) for _ in range(plan.clocks)]
    for one in running:
        one.ready()
    try:
        for n in range(plan.kills):
            if n == plan.kills // 3:
                world.down()
            if n == max(2 * plan.kills // 3, plan.kills // 3 + 1):
                world.up()
            _kill_one(running, world, jump_file, chance, lambda: _between(filled, plan))
        _jump(jump_file, [one.process.pid for one in running])
        _kill_one(running, world, jump_file, chance, lambda: None)
        until = again(settle)
    finally:
        for one in running:
            one.stop()
    return until


def _kill_one(
    running: list[house.Process], world: World, jump_file: Path, chance: random.Random, between: Callable[[], None]
) -> None:
    following = worker(world, jump_file)  # starts while the others work
    between()
    clock.sleep(chance.uniform(0.0, 1.0))
    running.pop(chance.randrange(len(running))).kill()
    running.append(following.ready())


def _between(filled: Filled, plan: Plan) -> None:
    plan.disturb()
    filled.updates += 1
    again(lambda: say(filled.cast, filled.spoken, filled.updates + 1, time.now()))


def again(act: Callable[[], Done], seconds: float = 60.0) -> Done:
    """`act`, once more while the database is away: it may be starting again."""
    end = clock.monotonic() + seconds
    while True:
        try:
            return act()
        except DatabaseError:
            if clock.monotonic() > end:
                raise
            connection.close()
            clock.sleep(0.2)


def _jump(jump_file: Path, pids: list[int]) -> None:
    """An hour ahead, written in one step; returns once a clock has seen it."""
    # A clock that has not looked once cannot tell a jump from a stop: both are a late first look to it.
    wait(lambda: Pulse.objects.filter(pid__in=pids).count() == len(pids), "not all clocks beat", 60)
    whole = jump_file.with_suffix(".new")
    whole.write_text(str(JUMP_S))
    whole.replace(jump_file)
    wait(lambda: Standstill.objects.filter(kind="jumped").exists(), "nobody saw the jump", 60)


def settle() -> datetime:
    """Wait until everything that is due by now (after the jump) was done and no message waits."""
    until = time.now() + timedelta(seconds=JUMP_S)

    def idle() -> bool:
        due = Job.objects.filter(due_at__lte=until, kind__in=("promise.step", "promise.reach", "event.after"))
        return not due.exists() and not Message.objects.exclude(state="sent").exists()

    wait(idle, "not everything was done", 600)
    return until


def wait(holds: Callable[[], bool], otherwise: str, seconds: float) -> None:
    end = clock.monotonic() + seconds
    while not holds():
        assert clock.monotonic() < end, f"{otherwise} in {seconds:.0f} s"
        clock.sleep(0.1)
