"""Every answer of the door, and what it has kept by then."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from tests.people import NOW
from tomei.kernel.actor import Actor
from tomei.promises import queries as promises
from tomei.signals import actions, door, queries
from tomei.signals.models import Group, Member, Received, Signal
from tomei.signals.tests.bodies import alert, alertmanager, generic
from tomei.signals.tests.conftest import MASTER, World

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)
READER = Actor("user", 1, "Reader", rights=frozenset({"read"}))


def only() -> Group:
    return Group.objects.get()


def test_an_alert_is_stored_grouped_and_counted(world: World) -> None:
    reply = world.send(alertmanager(alert("A"), alert("B")))
    assert reply.status == 200
    row = only()
    assert reply.json == {
        "received": Received.objects.get().pk, "events": 2, "new": 2, "repeated": 0, "late": 0, "groups": [row.pk]
    }  # fmt: skip
    assert (row.state, row.events, row.component_id, row.severity) == ("firing", 2, world.component_id, "critical")
    assert sorted(Signal.objects.values_list("fingerprint", flat=True)) == ["fp-A", "fp-B"]
    kept = queries.received_of(world.alertmanager)[0]
    assert (kept.verdict, kept.events) == ("understood", 2)
    text = queries.received(kept.id, world.alertmanager)[1]
    assert text == alertmanager(alert("A"), alert("B")).decode()
    source = queries.source(world.alertmanager)
    assert source.first_received_at == source.last_received_at == NOW


def test_the_same_delivery_counts_once(world: World) -> None:
    for _turn in range(3):
        reply = world.send(alertmanager(), LATER)
    assert (reply.json["new"], reply.json["repeated"]) == (0, 1)
    assert (only().events, Signal.objects.count()) == (1, 1)
    assert [row.verdict for row in queries.received_of(world.alertmanager)] == ["repeated", "repeated", "understood"]


def test_a_group_is_resolved_when_all_its_alerts_are(world: World) -> None:
    world.send(alertmanager(alert("A"), alert("B")))
    world.send(alertmanager(alert("A", "resolved"), alert("B")), LATER)
    assert only().state == "firing"
    world.send(alertmanager(alert("B", "resolved")), LATER)
    assert (only().state, only().resolved_at, only().events) == ("resolved", LATER, 4)


def test_a_resolve_before_its_trigger_is_kept_and_never_fires(world: World) -> None:
    world.send(alertmanager(alert("A", "resolved")))
    assert (only().state, only().triage) == ("resolved", "none")
    for _turn in range(2):
        reply = world.send(alertmanager(alert("A")), LATER)
    assert (reply.json["new"], reply.json["late"], reply.json["repeated"]) == (0, 0, 1)
    assert (only().state, only().triage) == ("resolved", "none")
    assert list(Signal.objects.order_by("pk").values_list("status", "is_late")) == [
        ("resolved", False),
        ("firing", True),
    ]
    assert queries.waiting() == []
    world.send(alertmanager(alert("A", startsAt="2026-11-18T05:10:00Z")), LATER)
    assert (only().state, only().triage) == ("firing", "proposed")


def test_a_wrong_key_is_the_same_answer_whatever_is_wrong(world: World) -> None:
    actions.archive_source(world.generic, by=MASTER, now=NOW)
    before = Received.objects.count()
    replies = [
        door.receive("alertmanager", "in_guess", alertmanager(), NOW),
        door.receive("alertmanager", "", alertmanager(), NOW),
        door.receive("alertmanager", world.generic_key, alertmanager(), NOW),
        door.receive("generic", world.generic_key, generic(), NOW),
        door.receive("grafana", world.alertmanager_key, alertmanager(), NOW),
        door.receive("alertmanager", "\ud800\x00", alertmanager(), NOW),
    ]
    assert {reply.status for reply in replies} == {404}
    assert {json.dumps(reply.json) for reply in replies} == {json.dumps(replies[0].json)}
    assert Received.objects.count() == before


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"{", "signal.broken_json"),
        (b"\xff\xfe", "signal.not_utf8"),
        (b"", "signal.broken_json"),
        (b'{"a":' + b"[" * 100_000, "signal.too_deep"),
        (b'{"version": "3", "alerts": []}', "signal.wrong_version"),
        (b"[1]", "signal.wrong_shape"),
    ],
)
def test_what_is_not_understood_is_kept_and_said(world: World, body: bytes, error: str) -> None:
    reply = world.send(body)
    assert (reply.status, reply.json["code"], reply.json["error"]) == (400, "not_understood", error)
    kept = queries.received_of(world.alertmanager)[0]
    assert (kept.id, kept.verdict, kept.size) == (reply.json["received"], "not_understood", len(body))
    assert kept.error.startswith(error)
    assert queries.received(kept.id, world.alertmanager, 10**7)[1] == body.decode("utf-8", "replace")
    assert Group.objects.count() == 0


def test_five_megabytes_are_taken_and_a_byte_more_is_not(world: World) -> None:
    body = alertmanager(padding="")
    full = alertmanager(padding="x" * (5 * 1024 * 1024 - len(body)))
    assert (len(full), world.send(full).status) == (5 * 1024 * 1024, 200)
    reply = world.send(full + b" ")
    assert (reply.status, reply.json["code"]) == (413, "signal.too_large")
    kept = queries.received_of(world.alertmanager)[0]
    assert (kept.size, kept.verdict) == (5 * 1024 * 1024 + 1, "not_understood")
    assert queries.received(kept.id, world.alertmanager)[1] == ""


def test_beyond_the_bounded_queue_come_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "_waiting", door.MOST_WAITING)
    reply = world.send(alertmanager())
    assert (reply.status, reply.headers) == (429, {"Retry-After": "5"})
    assert Received.objects.count() == 0
    monkeypatch.setattr(door, "_waiting", 0)
    assert world.send(b"{").status == 400
    assert door._waiting == 0


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("database is locked", (503, "signal.database", {"Retry-After": "2"})),
        ("database or disk is full", (507, "signal.no_space", {"Retry-After": "60"})),
    ],
)
def test_a_database_that_cannot_write_is_said_plainly(
    world: World, monkeypatch: pytest.MonkeyPatch, fault: str, said: Any
) -> None:
    def full(*_given: Any, **_named: Any) -> Any:
        raise OperationalError(fault)

    monkeypatch.setattr(actions, "take_in", full)
    reply = world.send(alertmanager())
    assert (reply.status, reply.json["code"], reply.headers) == said
    assert door._waiting == 0


def test_nothing_is_half_stored_when_the_last_write_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: Any, **_named: Any) -> Any:
        raise OperationalError("locked")

    monkeypatch.setattr("tomei.signals.actions.storing.save_groups", broken)
    assert world.send(alertmanager()).status == 503
    assert [kind.objects.count() for kind in (Received, Group, Member, Signal)] == [0, 0, 0, 0]
    assert promises.owed(promises.Filters(), by=READER).items == []


def test_absurd_moments_and_words_are_stored(world: World) -> None:
    odd = alert("x" * 2000, startsAt="0001-01-01T00:00:00Z", annotations={"summary": "a\u0000b\ud800 👩‍🚒 مرحبا"})
    assert world.send(alertmanager(odd, alert("B", startsAt="9999-12-31T23:59:59Z"))).status == 200
    assert set(Signal.objects.values_list("at", flat=True)) == {NOW}
    assert world.send(alertmanager(odd), LATER).json["repeated"] == 1


def test_thousands_of_alerts_in_few_queries(world: World, django_assert_max_num_queries: Any) -> None:
    many = alertmanager(*(alert(f"A{number}") for number in range(2000)))
    with django_assert_max_num_queries(80):
        reply = world.send(many)
    assert (reply.status, reply.json["new"], only().events) == (200, 2000, 2000)
    assert world.send(many, LATER).json["repeated"] == 2000


def test_many_groups_at_once(world: World) -> None:
    events = [{"title": f"T{number}", "key": f"k{number}", "severity": "warning"} for number in range(900)]
    reply = world.send(json.dumps({"events": events}).encode(), kind="generic")
    assert (reply.json["new"], Group.objects.count()) == (900, 900)
    assert world.send(json.dumps({"events": events}).encode(), LATER, "generic").json["repeated"] == 900
    assert set(Group.objects.values_list("component_id", flat=True)) == {world.component_id}


def test_one_alert_costs_few_queries(world: World, django_assert_max_num_queries: Any) -> None:
    world.send(alertmanager(alert("A", labels={"severity": "warning"})))
    again = alertmanager(alert("A", "resolved", labels={"severity": "warning"}))
    with django_assert_max_num_queries(18):
        world.send(again, LATER)


def test_a_generic_event_fires_and_resolves_by_its_key(world: World) -> None:
    world.send(generic(key="k"), kind="generic")
    assert (only().state, only().triage) == ("firing", "proposed")
    assert world.send(generic(key="k"), LATER, "generic").json["repeated"] == 1
    world.send(generic(key="k", status="resolved"), LATER, "generic")
    assert (only().state, only().triage) == ("resolved", "passed")


def test_an_empty_list_of_alerts_is_understood_and_means_nothing(world: World) -> None:
    reply = world.send(alertmanager(alerts=[]))
    assert (reply.status, reply.json["events"], Group.objects.count()) == (200, 0, 0)
    assert queries.received_of(world.alertmanager)[0].verdict == "understood"


REAL = os.environ.get("TOMEI_REAL_DATA", "")


def has_a_title(path: Path) -> bool:
    """Grafana's own bodies carry `title` and `status` at the top, which is all that the generic door asks for."""
    whole = json.loads(path.read_bytes())
    return (
        isinstance(whole, dict) and bool(whole.get("title")) and whole.get("status", "firing") in ("firing", "resolved")
    )


@pytest.mark.real_data
@pytest.mark.skipif(not REAL, reason="TOMEI_REAL_DATA is not set: the real payloads are not here")
@pytest.mark.parametrize("kind", ["alertmanager", "generic"])
def test_every_real_payload_has_a_defined_answer(world: World, kind: str) -> None:
    files = sorted(Path(REAL, "webhook-payloads").glob("*/*.json"))
    assert files
    for path in files:
        before = Received.objects.count()
        reply = world.send(path.read_bytes(), kind=kind)
        understood = path.parent.name == "alertmanager" if kind == "alertmanager" else has_a_title(path)
        assert reply.status == (200 if understood else 400), (path, reply)
        assert Received.objects.count() == before + 1


@pytest.mark.real_data
@pytest.mark.skipif(not REAL, reason="TOMEI_REAL_DATA is not set: the real payloads are not here")
def test_a_real_alert_proposes_and_its_partial_resolve_leaves_it_firing(world: World) -> None:
    folder = Path(REAL, "webhook-payloads", "alertmanager")
    world.send((folder / "alert.json").read_bytes())
    assert (only().state, only().triage, only().title) == ("firing", "proposed", "High CPU core temperature")
    world.send((folder / "single_alert.json").read_bytes(), LATER)
    assert (only().state, only().key) == ("firing", "{}/{}:{}")
