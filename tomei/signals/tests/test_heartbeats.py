"""Heartbeats: what a ping says, when silence is the alarm, and that it is told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.people import NOW
from tomei.clock.models import Job, Pulse, Standstill
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused, Stale
from tomei.kernel.text import Text
from tomei.promises.models import Promise
from tomei.signals import actions, door
from tomei.signals.models import Group, Heartbeat, Received, Signal, Source
from tomei.signals.rules import beating
from tomei.signals.rules.beating import Beat, Schedule
from tomei.signals.tests.conftest import MASTER
from tomei.wiring import engine

HOURLY = Schedule(3600, "", "UTC", 600)
TRIAGE = Actor("user", 2, "Lead", rights=frozenset({"signal.triage", "read"}))


def after(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


# Rules


@pytest.mark.parametrize(
    ("text", "word"),
    [("", ""), ("start", "start"), ("fail", "fail"), ("0", "0"), ("255", "255"), ("007", "7"), ("256", None),
     ("-1", None), ("Start", None), ("1.0", None), ("\u0661", None), ("0000", None), ("log", None)],
)  # fmt: skip
def test_what_stands_behind_the_key(text: str, word: str | None) -> None:
    assert beating.word_of(text) == word


def test_a_success_is_followed_by_period_and_grace() -> None:
    beat = beating.heard(Beat(), HOURLY, "", NOW)
    assert beat == Beat("up", "", NOW, None, after(3600), after(4200))
    assert beating.silent(beat) == replace(beat, state="down", reason="missed", due_at=None)
    assert beating.heard(beating.silent(beat), HOURLY, "0", after(9000)).state == "up"


def test_a_failure_is_down_at_once_and_a_start_does_not_end_it() -> None:
    beat = beating.heard(Beat(), HOURLY, "3", NOW)
    assert (beat.state, beat.reason, beat.due_at) == ("down", "failed", None)
    began = beating.heard(beat, HOURLY, "start", after(60))
    assert (began.state, began.due_at, began.started_at) == ("down", None, after(60))
    assert beating.heard(began, HOURLY, "", after(90)).state == "up"


def test_a_run_that_began_must_end_within_the_grace() -> None:
    first = beating.heard(Beat(), HOURLY, "start", NOW)
    assert (first.state, first.due_at) == ("up", after(600))
    assert beating.silent(first).reason == "overran"
    late = beating.heard(beating.heard(Beat(), HOURLY, "", NOW), HOURLY, "start", after(4000))
    assert late.due_at == after(4200)  # a start does not put off what is due


@pytest.mark.parametrize(
    ("zone", "at", "expected"),
    [
        # Berlin springs from 02:00 to 03:00 on 29 March 2026: the run of 02:30 comes right after the gap.
        ("Europe/Berlin", "2026-03-28T01:31:00+00:00", "2026-03-29T01:00:00+00:00"),
        ("Europe/Berlin", "2026-03-29T01:31:00+00:00", "2026-03-30T00:30:00+00:00"),
        # Berlin repeats 02:00 to 03:00 on 25 October 2026: the run of 02:30 comes once.
        ("Europe/Berlin", "2026-10-24T00:31:00+00:00", "2026-10-25T00:30:00+00:00"),
        ("Europe/Berlin", "2026-10-25T00:31:00+00:00", "2026-10-26T01:30:00+00:00"),
        ("Asia/Tokyo", "2026-03-28T17:31:00+00:00", "2026-03-29T17:30:00+00:00"),
        ("Asia/Tokyo", "2026-10-24T17:31:00+00:00", "2026-10-25T17:30:00+00:00"),
    ],
)
def test_cron_counts_on_the_wall_clock_of_its_zone(zone: str, at: str, expected: str) -> None:
    schedule = beating.checked(None, "30  2 * * *", zone, 3600)
    assert schedule.after(datetime.fromisoformat(at)).astimezone(UTC).isoformat() == expected


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ((None, "", "UTC", 600), "heartbeat.period"),
        ((59, "", "UTC", 600), "heartbeat.period"),
        ((366 * 86400, "", "UTC", 600), "heartbeat.period"),
        ((3600, "", "UTC", 59), "heartbeat.grace"),
        ((None, "* * * *", "UTC", 600), "heartbeat.cron"),
        ((None, "* * * * * *", "UTC", 600), "heartbeat.cron"),
        ((None, "@daily", "UTC", 600), "heartbeat.cron"),
        ((None, "61 * * * *", "UTC", 600), "heartbeat.cron"),
        ((None, "0 0 31 2 *", "UTC", 600), "heartbeat.cron"),
        ((None, "0 0 * * *", "Mars/Base", 600), "time.unknown_zone"),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_refused(given: Any, code: str) -> None:
    with pytest.raises(Refused) as error:
        beating.checked(*given)
    assert error.value.code == code


# Pings, silence and the clock


@pytest.fixture
def beat(house: Any, lead: Any) -> tuple[int, str]:
    return actions.add_heartbeat(Text("夜間バックアップ", "Nightly backup"), HOURLY, by=MASTER, now=NOW)


def ping(key: str, word: str = "", at: datetime = NOW, body: bytes = b"") -> int:
    return door.receive("heartbeat", key, body, at, word).status


def tick(at: datetime) -> None:
    engine().drain(at)


def stands(pk: int) -> tuple[str, str]:
    row = Heartbeat.objects.get(pk=pk)
    return row.state, row.reason


def triages() -> list[str]:
    return list(Promise.objects.filter(kind="triage").order_by("pk").values_list("state", flat=True))


@pytest.mark.django_db
def test_nothing_fires_before_the_first_ping(beat: tuple[int, str]) -> None:
    tick(after(30 * 86400))
    assert (stands(beat[0]), Group.objects.count(), Job.objects.filter(key=f"heartbeat:{beat[0]}").count()) == (
        ("new", ""), 0, 0,
    )  # fmt: skip


@pytest.mark.django_db
def test_silence_is_a_critical_group_under_a_promise_and_the_next_ping_ends_it(beat: tuple[int, str]) -> None:
    pk, key = beat
    assert ping(key, body="終わりました".encode()) == 200
    tick(after(4199))
    assert (stands(pk), Group.objects.count()) == (("up", ""), 0)
    tick(after(4200))
    tick(after(4260))
    group = Group.objects.get()
    assert (group.title, group.title_ja) == ("No ping from Nightly backup", "「夜間バックアップ」から通知が来ません")
    assert (group.severity, group.state, group.triage, group.source_id) == ("critical", "firing", "proposed", pk)
    assert (triages(), Signal.objects.count()) == (["open"], 1)
    assert ping(key, at=after(5000)) == 200
    group.refresh_from_db()
    assert (stands(pk), group.state, group.triage) == (("up", ""), "resolved", "passed")
    assert (len(triages()), triages() != ["open"], Received.objects.filter(source=pk).count()) == (1, True, 2)


@pytest.mark.django_db
def test_failing_twice_is_one_alarm_with_the_words_of_the_first(beat: tuple[int, str]) -> None:
    pk, key = beat
    ping(key, "fail", body=b"disk \x00full\xff")
    ping(key, "1", after(5))
    signal = Signal.objects.get()
    assert (signal.title, signal.text, stands(pk)) == (
        "Nightly backup reported a failure", "disk full\ufffd", ("down", "failed"),
    )  # fmt: skip
    assert list(Received.objects.order_by("pk").values_list("word", flat=True)) == ["fail", "1"]


@pytest.mark.django_db
def test_pings_of_one_batch_count_in_the_order_they_came(beat: tuple[int, str]) -> None:
    letters = [door.Letter("heartbeat", beat[1], b"", after(at), "en", word) for at, word in enumerate(("", "1", "0"))]
    assert [one.status for one in door.receive_all(letters)] == [200, 200, 200]
    assert (stands(beat[0]), Group.objects.get().state, Signal.objects.count()) == (("up", ""), "resolved", 2)


@pytest.mark.django_db
def test_a_run_that_does_not_end_fires_and_its_late_end_resolves(beat: tuple[int, str]) -> None:
    pk, key = beat
    ping(key, "start")
    tick(after(600))
    assert (stands(pk), Group.objects.get().title) == (("down", "overran"), "Nightly backup started and did not end")
    ping(key, "0", after(700))
    assert Group.objects.get().state == "resolved"


@pytest.mark.django_db
def test_after_a_standstill_the_grace_begins_anew(beat: tuple[int, str]) -> None:
    pk, key = beat
    ping(key)
    back = after(7200)
    Standstill.objects.create(kind="stopped", began_at=after(60), ended_at=back, seconds=7140)
    tick(back)
    assert (stands(pk), Heartbeat.objects.get().due_at) == (("up", ""), back + timedelta(seconds=600))
    tick(back + timedelta(seconds=599))
    assert stands(pk) == ("up", "")
    tick(back + timedelta(seconds=600))
    assert stands(pk) == ("down", "missed")


@pytest.mark.django_db
def test_a_short_restart_counts_as_one_and_another_clock_that_ticked_on_does_not(beat: tuple[int, str]) -> None:
    pk, key = beat
    ping(key)
    due = after(4200)
    beats: dict[str, Any] = {"host": "a", "pid": 1, "schema": "", "beat_at": due}
    Pulse.objects.create(instance="new", started_at=after(4190), **beats)
    tick(due)
    assert stands(pk) == ("up", "")
    Heartbeat.objects.update(due_at=due)
    Pulse.objects.create(instance="old", started_at=after(-9000), **beats)
    actions.run_watches([], due)
    assert stands(pk) == ("down", "missed")


@pytest.mark.django_db
def test_a_lost_job_costs_a_minute_and_not_the_alarm(beat: tuple[int, str]) -> None:
    ping(beat[1])
    Job.objects.all().delete()
    actions.run_watches([], after(4200))
    assert stands(beat[0]) == ("down", "missed")


@pytest.mark.django_db(transaction=True)
def test_two_clocks_fire_once(beat: tuple[int, str]) -> None:
    ping(beat[1])

    def clock() -> None:
        try:
            engine().drain(after(4200), raising=False)
        finally:
            connection.close()

    clocks = [Thread(target=clock) for _ in range(2)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()
    assert (Signal.objects.count(), triages()) == (1, ["open"])


@pytest.mark.django_db
def test_paused_it_is_neither_due_nor_down_and_resumed_it_gets_its_grace(beat: tuple[int, str]) -> None:
    pk, key = beat
    ping(key, "fail")
    actions.pause_heartbeat(pk, by=TRIAGE, now=after(10))
    assert (Group.objects.get().state, stands(pk)) == ("resolved", ("up", ""))
    ping(key, "fail", after(20))
    tick(after(90000))
    assert (Group.objects.get().state, Job.objects.filter(key=f"heartbeat:{pk}").count()) == ("resolved", 0)
    with pytest.raises(Stale):
        actions.pause_heartbeat(pk, by=TRIAGE, now=after(30))
    actions.resume_heartbeat(pk, by=TRIAGE, now=after(90000))
    assert Heartbeat.objects.get().due_at == after(90600)
    tick(after(90600))
    assert stands(pk) == ("down", "missed")


@pytest.mark.django_db
def test_deleted_its_address_opens_nothing_and_what_it_fired_is_over(beat: tuple[int, str]) -> None:
    pk, key = beat
    ping(key, "fail")
    actions.delete_heartbeat(pk, by=MASTER, now=after(10))
    assert (ping(key), Group.objects.get().state, Heartbeat.objects.count()) == (404, "resolved", 0)
    assert Source.objects.get(pk=pk).archived_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["add", "edit", "pause", "delete"])
def test_who_may_not_changes_nothing(beat: tuple[int, str], verb: str) -> None:
    reader = Actor("user", 3, "Reader", rights=frozenset({"read"}))
    before = list(Heartbeat.objects.values())
    with pytest.raises(Refused) as error:
        if verb == "add":
            actions.add_heartbeat(Text("x", "x"), HOURLY, by=reader, now=NOW)
        elif verb == "edit":
            actions.edit_heartbeat(
                beat[0], name=Text("x", "x"), schedule=HOURLY, component_id=None, seen=1, by=reader, now=NOW
            )
        else:
            getattr(actions, f"{verb}_heartbeat")(beat[0], by=reader, now=NOW)
    assert (error.value.code, list(Heartbeat.objects.values())) == ("rights.missing", before)


@pytest.mark.django_db
def test_the_door_takes_what_jobs_have_at_hand(beat: tuple[int, str]) -> None:
    client, address = Client(), f"/in/heartbeat/{beat[1]}"
    found = [
        client.get(address), client.head(address), client.post(address, b"ok", content_type="text/plain"),
        client.get(f"{address}/"), client.get(f"{address}/start"), client.post(f"{address}/0"),
    ]  # fmt: skip
    assert [one.status_code for one in found] == [200] * 6
    assert list(Received.objects.order_by("pk").values_list("word", flat=True)) == ["", "", "", "", "start", "0"]
    wrong = [client.get("/in/heartbeat/wrong"), client.get(f"{address}/256"), client.get(f"{address}/log")]
    assert [(one.status_code, one.json()["code"]) for one in wrong] == [(404, "signal.unknown_key")] * 3
    refused = client.put(address)
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD, POST")
    assert client.post("/in/generic/" + beat[1], b"{}", content_type="application/json").status_code == 404
