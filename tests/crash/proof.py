"""What must hold after `wired.live_through`: every step once in rows and chains, every message owed has arrived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from typing import Any

from tests.crash.wired import Filled, World
from tomei.cases import timeline
from tomei.cases.models import Entry, Incident
from tomei.clock.models import DEAD, Job, Standstill
from tomei.delivery.models import Message
from tomei.kernel.ids import digest
from tomei.promises import rules
from tomei.promises.models import Promise, Step
from tomei.promises.rows import facts_of
from tomei.wiring import ladder

CATCH_UP = timedelta(seconds=60)
Taken = tuple[int, str, str, datetime]  # promise, code, rung, planned


@dataclass(frozen=True, slots=True)
class Proof:
    """What was counted on the way."""

    promises: int
    steps: int
    messages: int
    repeated: int

    def __str__(self) -> str:
        return (
            f"{self.promises} promises with {self.steps} steps, each once in its row and once in a chain that holds;"
            f" {self.messages} messages, each arrived, {self.repeated} of them more than once as the same message"
        )


def check(world: World, filled: Filled, until: datetime) -> Proof:
    """Everything that fell due up to `until`; an assertion says what does not hold."""
    assert not Job.objects.filter(state=DEAD).exists()
    steps = list(Step.objects.values_list("promise_id", "code", "rung", "planned_at", "user_id", "at"))
    taken = {row[:4] for row in steps}
    promises = _as_the_rules_say(steps, until)
    _ours(filled, taken)
    _in_the_chains(taken)
    _told(steps)
    return Proof(promises, len(taken), *_arrived(world))


def _as_the_rules_say(steps: Iterable[tuple[Any, ...]], until: datetime) -> int:
    """Open promises have exactly the steps of the pure rules, for exactly those people; ended ones none besides."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    for promise_id, *step in steps:
        found.setdefault(promise_id, []).append((step[0], step[1], step[2], step[3]))
    rows = list(Promise.objects.order_by("pk"))
    ladders = ladder.of([facts_of(row) for row in rows], until)
    for row in rows:
        expected = _expected(row, ladders[row.pk], until + timedelta(minutes=10))
        here = Counter(found.get(row.pk, ()))
        assert here <= expected, f"promise {row.pk}: {here - expected}"
        if row.state == "open":
            due = Counter({step: n for step, n in expected.items() if step[2] <= until})
            assert due <= here, f"promise {row.pk}: forgotten {due - here}"
    return len(rows)


def _expected(row: Promise, rungs: Iterable[Any], until: datetime) -> Counter[tuple[Any, ...]]:
    facts = rules.Facts(
        kind=row.kind, rank=row.rank, since_at=row.since_at, due_at=row.due_at,
        ladder=tuple(rules.Rung(rung.name, tuple(rung.user_ids)) for rung in rungs),
    )  # fmt: skip
    return Counter(
        (step.code, step.rung, step.planned_at, user_id)
        for step in rules.due_steps(facts, until)
        for user_id in step.user_ids or (None,)
    )


def _ours(filled: Filled, taken: Iterable[Taken]) -> None:
    """Each was warned once, broken once, and climbed at least to its owner's deputy or whoever came next."""
    counts = Counter((promise_id, code) for promise_id, code, _, _ in taken)
    for promise_id in filled.ours:
        told = [counts[promise_id, code] for code in ("warned", "overdue")]
        assert told == [1, 1], f"promise {promise_id}: {told}"
        assert counts[promise_id, "escalated"] > 0, f"promise {promise_id} was not escalated"


def _in_the_chains(taken: Iterable[Taken]) -> None:
    """One entry per step, however many people it told, and every chain verifies."""
    written: Counter[Taken] = Counter()
    codes = [f"promise.{code}" for code in ("warned", "overdue", "escalated", "unanswered")]
    for code, at, data in Entry.objects.filter(code__in=codes).values_list("code", "at", "data"):
        written[data["promise_id"], code.removeprefix("promise."), data.get("rung", ""), at] += 1
    assert written == Counter(taken)
    for pk in Incident.objects.values_list("pk", flat=True):
        assert timeline.verify(pk).holds, f"the chain of incident {pk} is broken"


def _told(steps: Iterable[tuple[Any, ...]]) -> None:
    """A page for each step in time and person; for late ones a digest per person and stand-still, or batch outside."""
    pages: Counter[tuple[int, int]] = Counter()
    digests = set()
    stood = list(Standstill.objects.order_by("-pk").values_list("pk", "ended_at", "caught_up_at"))
    assert all(caught_up_at for _, _, caught_up_at in stood)
    for promise_id, _code, _rung, planned_at, user_id, at in steps:
        if user_id is not None and at - planned_at > CATCH_UP:
            over = [pk for pk, ended_at, caught_up_at in stood if ended_at <= at <= caught_up_at]
            digests.add((user_id, f"standstill:{over[0]}" if over else f"late:{at.isoformat()}"))
        elif user_id is not None:
            pages[promise_id, user_id] += 1
    sent = Message.objects.filter(purpose="page").exclude(promise_id=None)
    assert Counter(sent.values_list("promise_id", "user_id")) == pages
    keys = Message.objects.filter(purpose="digest").values_list("user_id", "key")
    assert Counter((user_id, key.rsplit(":", 2)[0]) for user_id, key in keys) == Counter(digests)


def _arrived(world: World) -> tuple[int, int]:
    """What the database owes, all sent, is what arrived: by the same name each time, and with the same words."""
    rows = list(Message.objects.values_list("channel", "state", "message_id", "key"))
    assert {row[1] for row in rows} == {"sent"}
    mails = _by_name((str(message_from_bytes(raw)["Message-ID"]), raw) for raw in world.box.raw)
    posts = _by_name(world.chat.received)
    assert set(mails) == {name for channel, _, name, _ in rows if channel == "mail"}
    assert set(posts) == {digest(key) for channel, _, _, key in rows if channel == "webhook"}
    return len(rows), sum(count > 1 for one in (mails, posts) for count, _ in one.values())


def _by_name(arrivals: Iterable[tuple[str, Any]]) -> Mapping[str, tuple[int, set[Any]]]:
    """How often each came and with which words; a repeat with other words is another message under one name."""
    found: dict[str, tuple[int, set[Any]]] = {}
    for name, words in arrivals:
        count, said = found.get(name, (0, set()))
        found[name] = (count + 1, said | {words})
    assert not [name for name, (_, said) in found.items() if len(said) > 1]
    return found
