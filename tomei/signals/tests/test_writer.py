"""The one writer: what waits goes together, nobody is answered before, nobody is forgotten."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.people import NOW
from tomei.signals import door, writer
from tomei.signals.door import Letter, Reply
from tomei.signals.writer import Pace, Writer


def letter(name: str, size: int = 1) -> Letter:
    return Letter("generic", name, b" " * size, NOW, "en")


class Held:
    """Stands for the door: notes what it got together, and waits at the gate."""

    def __init__(self) -> None:
        self.together: list[list[str]] = []
        self.gate, self.inside = threading.Event(), threading.Event()
        self.answered: dict[str, int] = {}
        self.faulty = False

    def receive_all(self, letters: Any, began: Any) -> list[Reply]:
        self.together.append([one.key for one in letters])
        self.inside.set()
        assert self.gate.wait(30)
        if self.faulty:
            raise ValueError("no")
        began()
        return [Reply(200, {"key": one.key}) for one in letters]

    def hear(self, found: Any) -> None:
        for token, reply in found:
            assert token not in self.answered
            assert reply.status == 500 or reply.json["key"] == token
            self.answered[token] = reply.status


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    one = Held()
    monkeypatch.setattr(door, "receive_all", one.receive_all)
    monkeypatch.setattr(writer, "GATHER_S", 0.0)
    return one


@pytest.fixture
def at_work(held: Held) -> Iterator[Writer]:
    """A writer that is busy with the letter `first` until the gate opens."""
    one = Writer(held.hear)
    one.submit(letter("first"), "first")
    assert held.inside.wait(30)
    yield one
    held.gate.set()
    one.stop()


@pytest.mark.django_db
def test_what_came_while_it_wrote_goes_together_and_in_order(held: Held, at_work: Writer) -> None:
    names = [f"l{number}" for number in range(20)]
    for name in names:
        at_work.submit(letter(name), name)
    assert held.answered == {}
    held.gate.set()
    at_work.stop()
    assert held.together == [["first"], names]
    assert held.answered == dict.fromkeys(["first", *names], 200)


@pytest.mark.django_db
def test_no_more_goes_together_than_one_transaction_bears(held: Held, at_work: Writer) -> None:
    at_work.pace.allowed = 4
    for name in "abcdefg":
        at_work.submit(letter(name), name)
    at_work.submit(letter("large", 100 * writer.BYTES), "large")
    at_work.submit(letter("last"), "last")
    held.gate.set()
    at_work.stop()
    assert held.together[:2] == [["first"], ["a", "b", "c", "d"]]
    assert [name for part in held.together for name in part] == ["first", *"abcdefg", "large", "last"]
    assert ["large"] in held.together


@pytest.mark.django_db
def test_a_fault_of_the_door_answers_all_and_ends_nothing(held: Held, at_work: Writer) -> None:
    held.faulty = True
    at_work.submit(letter("a"), "a")
    held.gate.set()
    for _turn in range(3000):
        if len(held.answered) == 2:
            break
        threading.Event().wait(0.01)
    held.faulty = False
    at_work.submit(letter("b"), "b")
    at_work.stop()
    assert held.answered == {"first": 500, "a": 500, "b": 200}


@pytest.mark.parametrize(
    ("held_s", "weight", "allowed"),
    [(0.1, 64, 22), (0.1, 500, 22), (60.0, 64, 8), (0.01, 64, 128), (0.01, 10, 64), (0.04, 64, 64)],
)
def test_the_pace_follows_how_long_the_lock_was_held(
    monkeypatch: pytest.MonkeyPatch, held_s: float, weight: int, allowed: int
) -> None:
    moments = iter([100.0, 100.0 + held_s])
    monkeypatch.setattr("tomei.kernel.time.monotonic", lambda: next(moments))
    pace = Pace()
    pace.began()
    pace.ended(weight)
    pace.ended(weight)  # one that never began says nothing
    assert pace.allowed == allowed
