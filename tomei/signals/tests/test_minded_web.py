"""Pages and API of heartbeats and probes: without JavaScript, in both languages, and hostile input refused."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import NOW, signed_in
from tomei.clock.handlers import JobFacts
from tomei.clock.models import Job
from tomei.kernel import time
from tomei.kernel.text import Text
from tomei.signals import actions, door, minded
from tomei.signals.actions import probing as acting
from tomei.signals.models import Group, Heartbeat, Probe, ProbeResult, Source
from tomei.signals.rules.beating import Schedule
from tomei.signals.rules.probing import Found, Setting
from tomei.signals.tests.bodies import generic
from tomei.signals.tests.conftest import MASTER, World

pytestmark = pytest.mark.django_db
DAILY = Schedule(86400, "", "UTC", 3600)
BEAT = {"name.ja": "夜間", "name.en": "Nightly", "period": "1d", "cron": "", "zone": "Asia/Tokyo", "grace": "1h"}
PROBE = {
    "name.ja": "窓口", "name.en": "Desk", "kind": "http", "target": "https://desk.example.com/", "every": "1m",
    "timeout_s": "5", "failures": "2", "successes": "1", "method": "GET", "status_from": "200", "status_to": "299",
    "must": "", "must_not": "", "warn_days": "21", "critical_days": "7",
}  # fmt: skip


def looked(pk: int, outcome: str, minutes: int) -> None:
    at = NOW + timedelta(minutes=minutes)
    job = JobFacts(1, acting.JOB, None, 6, at, {"probe_id": pk}, 0, 0)
    acting.settle(job, acting.Looked(Found(outcome), 30 + minutes, Probe.objects.get(pk=pk).version), at)


def test_a_heartbeat_by_hand(house: Any, admin: Any) -> None:
    client = signed_in(admin)
    made = client.post("/signals/heartbeats/", BEAT)
    pk = Heartbeat.objects.get().pk
    assert (made.status_code, made["Location"]) == (303, f"/signals/heartbeats/{pk}/")
    page = client.get(f"/signals/heartbeats/{pk}/?lang=en").content.decode()
    address = minded.heartbeat(pk, NOW, MASTER).address
    assert f"{address}/start" in page and "Waiting for the first ping" in page and "Nightly" in page
    assert client.get("/in/" + address.split("/in/")[1]).status_code == 200
    assert "Waiting for the first ping" not in client.get(f"/signals/heartbeats/{pk}/?lang=en").content.decode()
    saved = client.post(f"/signals/heartbeats/{pk}/", {**BEAT, "cron": "0 2 * * *", "period": "", "seen": "1"})
    assert (saved.status_code, Heartbeat.objects.get().cron) == (303, "0 2 * * *")
    stale = client.post(f"/signals/heartbeats/{pk}/", {**BEAT, "grace": "3h", "seen": "1"})
    assert (stale.status_code, Heartbeat.objects.get().grace_s) == (422, 3600)
    assert client.post(f"/signals/heartbeats/{pk}/pause/").status_code == 303
    assert ">paused<" in client.get("/signals/heartbeats/?lang=en").content.decode()
    assert client.post(f"/signals/heartbeats/{pk}/resume/").status_code == 303
    assert client.post(f"/signals/heartbeats/{pk}/key/").status_code == 303
    assert minded.heartbeat(pk, NOW, MASTER).address != address
    assert client.get(f"/signals/sources/{pk}/")["Location"] == f"/signals/heartbeats/{pk}/"
    assert client.post(f"/signals/sources/{pk}/archive/").status_code == 404
    assert client.post(f"/signals/heartbeats/{pk}/delete/").status_code == 303
    assert client.get(f"/signals/heartbeats/{pk}/").status_code == 404
    assert client.get(f"/signals/sources/{pk}/").status_code == 200


@pytest.mark.parametrize(
    "given",
    [{"name.ja": "", "name.en": ""}, {"name.en": "x" * 121}, {"period": "soon"},
     {"period": "1s"},
     {"cron": "* * *"}, {"cron": "1" * 5000}, {"zone": "Moon/Base"}, {"zone": "../etc"}, {"grace": ""},
     {"component_id": "9" * 30}, {"component_id": "999"}],
)  # fmt: skip
def test_a_heartbeat_that_is_refused_comes_back_as_typed(house: Any, admin: Any, given: dict[str, str]) -> None:
    answer = signed_in(admin).post("/signals/heartbeats/", {**BEAT, **given})
    assert (answer.status_code, Heartbeat.objects.count(), Source.objects.count()) == (422, 0, 0)
    assert "夜間" in answer.content.decode() or not given.get("name.ja", "x")


def test_a_probe_by_hand(house: Any, admin: Any) -> None:
    client = signed_in(admin)
    assert client.post("/signals/probes/", PROBE).status_code == 303
    pk = Probe.objects.get().pk
    assert "It has not looked yet" in client.get(f"/signals/probes/{pk}/?lang=en").content.decode()
    looked(pk, "ok", 0)
    looked(pk, "wrong_host", 1)
    looked(pk, "wrong_host", 2)
    page = client.get(f"/signals/probes/{pk}/?lang=en").content.decode()
    assert "the certificate is for another host name" in page and '<svg class="uptime"' in page
    assert "証明書がこのホスト名のものではありません" in client.get("/signals/probes/?lang=ja").content.decode()
    listed = client.get("/signals/?lang=en").content.decode()
    assert "probe fails" in listed and f"/signals/probes/{pk}/" in listed
    Job.objects.all().delete()
    assert client.post(f"/signals/probes/{pk}/try/").status_code == 303
    assert Job.objects.get(key=f"probe:{pk}").payload["asked"] is True
    assert client.post(f"/signals/probes/{pk}/", {**PROBE, "every": "5m", "seen": "1"}).status_code == 303
    assert (Probe.objects.get().every_s, Group.objects.get().state) == (300, "resolved")
    for verb in ("pause", "resume", "delete"):
        assert client.post(f"/signals/probes/{pk}/{verb}/").status_code == 303, verb
    assert (client.get(f"/signals/probes/{pk}/").status_code, ProbeResult.objects.count()) == (404, 0)


@pytest.mark.parametrize(
    "given",
    [{"target": ""}, {"target": "ftp://x/"}, {"kind": "tcp"}, {"kind": "x"},
     {"every": "1s"}, {"timeout_s": "x"}, {"timeout_s": "11"}, {"failures": "-1"}, {"status_from": "9" * 40},
     {"must": "x" * 201}, {"method": "TRACE"}, {"critical_days": "30"}],
)  # fmt: skip
def test_a_probe_that_is_refused_comes_back_as_typed(house: Any, admin: Any, given: dict[str, str]) -> None:
    answer = signed_in(admin).post("/signals/probes/", {**PROBE, **given})
    assert (answer.status_code, Probe.objects.count(), Job.objects.filter(kind=acting.JOB).count()) == (422, 0, 0)
    assert 'value="窓口"' in answer.content.decode()


def test_shares_count_hours_and_not_results(house: Any, lead: Any) -> None:
    pk = actions.add_probe(Text("x", "x"), Setting("tcp", "x:1"), by=MASTER, now=NOW)
    for minute, outcome in ((0, "ok"), (1, "timeout"), (2, "ok"), (60 * 30, "ok")):
        looked(pk, outcome, minute)
    facts = minded.probe(pk, NOW + timedelta(hours=30))
    assert (facts.day, facts.week) == (1.0, 0.75)
    assert minded.probe(pk, NOW + timedelta(days=30)).week is None


def test_lists_cost_the_same_however_long(house: Any, lead: Any) -> None:
    client, counts = signed_in(lead), list[int]()
    client.get("/signals/heartbeats/")
    for turn in range(2):
        for number in range(3):
            actions.add_heartbeat(Text(f"{turn}{number}"), DAILY, by=MASTER, now=NOW)
            actions.add_probe(Text(f"{turn}{number}"), Setting("tcp", "x:1"), by=MASTER, now=NOW)
        for url in ("/signals/heartbeats/", "/signals/probes/"):
            with CaptureQueriesContext(
                connection,
            ) as seen:
                client.get(url)
            counts.append(len(seen))
    assert counts[:2] == counts[2:]


def test_flapping_is_said_on_the_page_the_list_the_filter_and_by_the_api(world: World, lead: Any) -> None:
    now = time.now()
    for minute in range(4):
        body = generic(key="flip", status="resolved" if minute % 2 else "firing")
        world.send(body, now + timedelta(seconds=minute), kind="generic")
    world.send(generic(key="calm"), now, kind="generic")
    client, pk = signed_in(lead), Group.objects.get(key="flip").pk
    assert "Flapping since" in client.get(f"/signals/{pk}/?lang=en").content.decode()
    assert "4 changes" in client.get("/signals/?lang=en").content.decode()
    assert "1 signal is flapping" in client.get("/?lang=en").content.decode()
    listed = client.get("/api/v1/signals?show=flapping").json()["items"]
    assert [(one["id"], one["flaps"], one["flapping_at"] is not None) for one in listed] == [(pk, 4, True)]


# API


def call(client: Any, method: str, url: str, **body: Any) -> Any:
    return getattr(client, method)(f"/api/v1{url}", json.dumps(body), content_type="application/json")


def test_heartbeats_by_the_api(house: Any, admin: Any, lead: Any) -> None:
    client, given = signed_in(admin), {"name": {"en": "Nightly"}, "period_s": 3600, "grace_s": 600}
    made = call(client, "post", "/heartbeats", **given)
    one = made.json()
    pk, key = one["id"], one["address"].rsplit("/", 1)[1]
    assert (made.status_code, one["stands"], one["version"]) == (201, "new", 1)
    assert door.receive("heartbeat", key, b"all well", time.now()).status == 200
    pings = client.get(f"/api/v1/heartbeats/{pk}/pings").json()["items"]
    assert [(ping["word"], ping["text"], ping["is_good"]) for ping in pings] == [("", "all well", True)]
    edited = call(
        client, "put", f"/heartbeats/{pk}", **{**given, "cron": "0 3 * * *", "zone": "Europe/Berlin", "seen": 1}
    )
    assert (edited.status_code, edited.json()["cron"], edited.json()["period_s"]) == (200, "0 3 * * *", None)
    assert call(client, "put", f"/heartbeats/{pk}", **given, seen=1).status_code == 409
    assert signed_in(lead).get(f"/api/v1/heartbeats/{pk}").json()["address"] == ""
    assert client.post(f"/api/v1/heartbeats/{pk}/pause").json()["stands"] == "paused"
    assert client.post(f"/api/v1/heartbeats/{pk}/resume").json()["stands"] == "up"
    assert client.post(f"/api/v1/heartbeats/{pk}/key").json()["address"] != one["address"]
    assert client.delete(f"/api/v1/heartbeats/{pk}").status_code == 204
    assert client.get("/api/v1/heartbeats").json()["items"] == []
    assert client.get(f"/api/v1/heartbeats/{pk}").status_code == 404


@pytest.mark.parametrize(
    "given",
    [{"period_s": "x"}, {"period_s": -1}, {"period_s": 2**70}, {"grace_s": None}, {"name": "x"}, {"name": {}},
     {"cron": 5}, {"cron": "\x00"}, {"component_id": 0}],
)  # fmt: skip
def test_a_heartbeat_that_the_api_refuses_leaves_nothing(house: Any, admin: Any, given: dict[str, Any]) -> None:
    body = {"name": {"en": "x"}, "period_s": 3600, "grace_s": 600, **given}
    answer = call(signed_in(admin), "post", "/heartbeats", **body)
    assert (answer.status_code // 100, Heartbeat.objects.count()) == (4, 0)


def test_probes_by_the_api(house: Any, admin: Any) -> None:
    client, given = signed_in(admin), {"name": {"ja": "窓口"}, "kind": "tcp", "target": "db.example.com:5432"}
    made = call(client, "post", "/probes", **given)
    pk = made.json()["id"]
    assert (made.status_code, made.json()["setting"]["every_s"], made.json()["stands"]) == (201, 60, "new")
    looked(pk, "refused", 0)
    one = client.get(f"/api/v1/probes/{pk}").json()
    assert (one["stands"], one["outcome"], one["results"][0]["ms"]) == ("failing", "refused", 30)
    assert call(client, "put", f"/probes/{pk}", **given, every_s=300, seen=1).json()["setting"]["every_s"] == 300
    assert call(client, "put", f"/probes/{pk}", **given, seen=1).status_code == 409
    assert call(client, "put", f"/probes/{pk}", **{**given, "target": "x"}, seen=2).json()["code"] == "probe.target"
    assert [client.post(f"/api/v1/probes/{pk}/{verb}").status_code for verb in ("try", "pause", "resume")] == [200] * 3
    assert client.delete(f"/api/v1/probes/{pk}").status_code == 204
    assert client.get("/api/v1/probes").json()["items"] == []
