"""Many requests in one transaction: the outcome is that of one after the other, and whoever fails, fails alone."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

import pytest
from django.db import DataError, OperationalError

from tests.people import NOW
from tomei.promises.models import Promise
from tomei.signals import actions, door, rules
from tomei.signals.actions import storing
from tomei.signals.models import Group, Member, Received, Signal
from tomei.signals.tests.bodies import alert, alertmanager
from tomei.signals.tests.conftest import MASTER, World

pytestmark = pytest.mark.django_db
MOMENTS = ("2026-11-18T04:50:00Z", "2026-11-18T04:55:00Z", "2026-11-18T04:58:00Z")


def letter(key: str, body: bytes, kind: str = "alertmanager", language: str = "en") -> door.Letter:
    return door.Letter(kind, key, body, NOW, language)


def of_group(name: str, *alerts: dict[str, Any]) -> bytes:
    return alertmanager(*(alerts or (alert(name),)), key=name)


def mixed(chance: random.Random) -> Iterable[bytes]:
    """Deliveries over three groups, in any order of their moments, now and then unreadable."""
    for _turn in range(30):
        name = chance.choice(("a", "b", "c"))
        given = [
            alert(
                f"{name}{one}", chance.choice(("firing", "resolved")), startsAt=chance.choice(MOMENTS),
                labels={"severity": chance.choice(("critical", "warning"))},
            )
            for one in range(chance.randint(1, 3))
        ]  # fmt: skip
        yield chance.choice((of_group(name, *given), of_group(name, *given), of_group(name, *given), b"{"))


def outcome(source_id: int) -> list[list[tuple[Any, ...]]]:
    """What one source has left behind, without the ids."""
    groups = Group.objects.filter(source=source_id).order_by("key")
    ids = {row.pk: row.key for row in groups}
    members = Member.objects.filter(group__in=ids).values_list("group_id", "fingerprint", "status", "at")
    signals = Signal.objects.filter(group__in=ids).values_list("group_id", "fingerprint", "status", "at", "is_late")
    promises = Promise.objects.filter(signal_group_id__in=ids).values_list("signal_group_id", "kind", "state", "due_at")
    columns = ("key", "title", "severity", "state", "triage", "events", "fired_at", "resolved_at", "triage_due_at")
    return [
        list(groups.values_list(*columns)),
        *(sorted((ids[pk], *map(str, rest)) for pk, *rest in rows) for rows in (members, signals, promises)),
        list(Received.objects.filter(source=source_id).order_by("pk").values_list("verdict", "events", "error")),
    ]


def counted(reply: door.Reply) -> tuple[Any, ...]:
    told = reply.json
    return (reply.status, *(told.get(name) for name in ("events", "new", "repeated", "late", "error")))


@pytest.mark.parametrize("seed", range(6))
def test_a_batch_has_the_outcome_of_one_after_the_other(world: World, seed: int) -> None:
    bodies = list(mixed(random.Random(seed)))
    other, key = actions.add_source("alertmanager", "予備", by=MASTER, now=NOW)
    singly = [door.receive("alertmanager", world.alertmanager_key, body, NOW) for body in bodies]
    together = door.receive_all([letter(key, body) for body in bodies])
    assert [counted(reply) for reply in together] == [counted(reply) for reply in singly]
    assert outcome(other.id) == outcome(world.alertmanager)


def test_each_gets_its_own_answer_in_its_own_language(world: World) -> None:
    key = world.alertmanager_key
    replies = door.receive_all(
        [
            letter(key, of_group("a")),
            letter("in_guess", of_group("a"), language="ja"),
            letter(key, b"{", language="ja"),
            letter(key, b" " * (rules.MOST_BYTES + 1)),
            letter(world.generic_key, b'{"title": "T"}', "generic"),
        ]
    )
    assert [reply.status for reply in replies] == [200, 404, 400, 413, 200]
    assert [str(reply.json.get("message", "a")).isascii() for reply in replies] == [True, False, False, True, True]
    kept = list(Received.objects.order_by("pk").values_list("pk", "verdict", "size"))
    verdicts = [("understood", len(of_group("a"))), ("not_understood", 1), ("not_understood", rules.MOST_BYTES + 1)]
    assert [row[1:] for row in kept] == [*verdicts, ("understood", 14)]
    assert (replies[0].json["received"], replies[2].json["received"]) == (kept[0][0], kept[1][0])


def test_one_that_cannot_be_stored_fails_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    add = storing.add_signals

    def refuses(rows: Any, now: Any) -> None:
        given = list(rows)
        if any(event.title.startswith("poison") for _group, _received, event, _is_late in given):
            raise DataError("this row cannot be stored")
        add(given, now)

    monkeypatch.setattr(storing, "add_signals", refuses)
    names = ("a", "poison", "b")
    replies = door.receive_all([letter(world.alertmanager_key, of_group(name)) for name in names])
    assert [(reply.status, reply.json.get("code")) for reply in replies] == [
        (200, None),
        (500, "signal.fault"),
        (200, None),
    ]
    assert sorted(Group.objects.values_list("key", flat=True)) == ["a", "b"]
    assert Received.objects.count() == 2


def test_a_parser_that_breaks_takes_nobody_with_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(body: bytes) -> rules.Parsed:
        raise ZeroDivisionError

    monkeypatch.setitem(rules.PARSERS, "generic", breaks)
    replies = door.receive_all(
        [letter(world.generic_key, b"{}", "generic"), letter(world.alertmanager_key, of_group("a"))]
    )
    assert [reply.status for reply in replies] == [500, 200]


@pytest.mark.parametrize(("fault", "status"), [("database is locked", 503), ("database or disk is full", 507)])
def test_what_befalls_the_database_is_tried_once_for_all(
    world: World, monkeypatch: pytest.MonkeyPatch, fault: str, status: int
) -> None:
    tries: list[int] = []

    def away(deliveries: Any, **_more: Any) -> Any:
        tries.append(len(deliveries))
        raise OperationalError(fault)

    monkeypatch.setattr(actions, "take_in", away)
    replies = door.receive_all([letter(world.alertmanager_key, of_group(name)) for name in "abc"])
    assert ([reply.status for reply in replies], tries) == ([status] * 3, [3])
    assert all("Retry-After" in reply.headers for reply in replies)


def test_a_key_that_is_shut_opens_nothing_from_then_on(world: World) -> None:
    batch = [letter(world.alertmanager_key, of_group("a")), letter(world.generic_key, b'{"title": "T"}', "generic")]
    assert [reply.status for reply in door.receive_all(batch)] == [200, 200]
    actions.archive_source(world.alertmanager, by=MASTER, now=NOW)
    assert [reply.status for reply in door.receive_all(batch)] == [404, 200]
    fresh = actions.renew_key(world.alertmanager, by=MASTER, now=NOW)
    assert door.receive_all([letter(fresh, of_group("a"))])[0].status == 200


def test_many_requests_cost_few_queries(world: World, django_assert_max_num_queries: Any) -> None:
    def batch(label: str, count: int) -> list[door.Letter]:
        named = (f"{label}{number}" for number in range(count))
        return [
            letter(world.alertmanager_key, of_group(name, alert(name, labels={"severity": "warning"})))
            for name in named
        ]

    door.receive_all(batch("a", 2))
    with django_assert_max_num_queries(18):
        assert {reply.json["new"] for reply in door.receive_all(batch("b", 200))} == {1}


def test_critical_ones_are_proposed_together(world: World, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(45):
        replies = door.receive_all([letter(world.alertmanager_key, of_group(f"g{number}")) for number in range(50)])
    assert {reply.status for reply in replies} == {200}
    assert set(Group.objects.values_list("triage", flat=True)) == {"proposed"}
    assert Promise.objects.filter(kind="triage", state="open").count() == 50
