"""What the public sees: page, its own page, JSON, feeds, calendar, files; and what of it is down time."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar

from tests.people import NOW
from tomei.comms import statuspage
from tomei.comms.maintenance import actions
from tomei.comms.maintenance.tests.test_actions import DAY, GO_ON, HOUR, MINUTE, START, told, wanted
from tomei.comms.maintenance.tests.test_actions import part as part  # a fixture
from tomei.comms.statuspage import cache, export
from tomei.comms.statuspage.page import build, build_month
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text

pytestmark = pytest.mark.django_db
API = "/status/api/v2/scheduled-maintenances"


@pytest.fixture(autouse=True)
def _fresh(settings: Any, tmp_path: Any) -> Any:
    settings.DATA = tmp_path
    cache.forget()
    yield
    cache.forget()


def body(path: str, at: Any, language: str = "en") -> str:
    return (statuspage.render(build(at), path, language) or b"").decode()


def data(path: str, at: Any) -> Any:
    return json.loads(body(path, at))


def test_what_is_planned_is_no_news_to_the_public(part: Any, by_lead: Actor) -> None:
    made = actions.plan(wanted(part), by=by_lead, now=NOW)
    private = told(part, by_lead, audiences=("affected",))
    for path in ("/status/", f"{API}.json", "/status/feed.atom", "/status/maintenance.ics"):
        assert "Platform upgrade" not in body(path, NOW), path
    assert body(f"/status/maintenances/{made.key}/", NOW) == body(f"/status/maintenances/{private.key}/", NOW) == ""


def test_the_page_says_the_window_in_both_zones(part: Any, by_lead: Actor) -> None:
    one = told(part, by_lead)
    page = body("/status/", NOW)
    assert "Scheduled maintenance" in page
    assert "Mon 30 Nov 2026, 22:00 JST to Tue 1 Dec 2026, 00:00 JST (13:00–15:00 UTC)" in page
    assert "Shipping: Down" in page
    assert "1 of 1 told times kept" in body(f"/status/maintenances/{one.key}/", NOW)
    assert "22:00 JST から" in body(f"/status/maintenances/{one.key}/", NOW, "ja")


def test_the_endpoints_have_the_shape_of_that_api(part: Any, by_lead: Actor) -> None:
    one = told(part, by_lead)
    found = data(f"{API}.json", NOW)["scheduled_maintenances"]
    assert found == data(f"{API}/upcoming.json", NOW)["scheduled_maintenances"]
    assert found == data("/status/api/v2/summary.json", NOW)["scheduled_maintenances"]
    assert data(f"{API}/active.json", NOW)["scheduled_maintenances"] == []
    (work,) = found
    assert (work["name"], work["status"], work["impact"]) == ("Platform upgrade", "scheduled", "maintenance")
    assert (work["scheduled_for"], work["scheduled_until"]) == ("2026-11-30T13:00:00.000Z", "2026-11-30T15:00:00.000Z")
    assert [each["status"] for each in work["incident_updates"]] == ["scheduled"]
    assert [each["name"] for each in work["components"]] == ["Shipping"]
    actions.start(one.id, by=by_lead, now=START)
    assert data(f"{API}/upcoming.json", START)["scheduled_maintenances"] == []
    (active,) = data(f"{API}/active.json", START)["scheduled_maintenances"]
    assert (active["status"], active["components"][0]["status"]) == ("in_progress", "under_maintenance")
    assert data("/status/api/v2/status.json", START)["status"]["indicator"] == "maintenance"
    actions.complete(one.id, by=by_lead, now=START + HOUR)
    summary = data("/status/api/v2/summary.json", START + DAY)
    assert (summary["scheduled_maintenances"], summary["page"]["updated_at"]) == ([], "2026-11-30T14:00:00.000Z")
    (over,) = data(f"{API}.json", START + DAY)["scheduled_maintenances"]
    assert (over["status"], over["resolved_at"]) == ("completed", "2026-11-30T14:00:00.000Z")


def test_the_page_changes_when_something_changes_and_not_with_the_clock(part: Any, by_lead: Actor) -> None:
    first = data("/status/api/v2/status.json", NOW)["page"]["updated_at"]
    assert data("/status/api/v2/status.json", NOW + DAY)["page"]["updated_at"] == first
    told(part, by_lead, at=NOW + HOUR)
    assert data("/status/api/v2/status.json", NOW + DAY)["page"]["updated_at"] == "2026-11-18T06:00:00.000Z"


def percent(at: Any) -> float:
    return build(at).components[0].percent


def test_told_in_time_it_is_no_down_time(part: Any, by_lead: Actor) -> None:
    one = told(part, by_lead)
    actions.start(one.id, by=by_lead, now=START)
    actions.complete(one.id, by=by_lead, now=START + 2 * HOUR)
    at = START + DAY
    assert percent(at) == 100.0
    assert [day.worst for day in build(at).components[0].days if day.worst] == ["maintenance"]


def test_told_late_it_is_the_outage_that_it_was(part: Any, by_lead: Actor) -> None:
    one = told(part, by_lead, at=START - DAY)
    actions.start(one.id, by=by_lead, now=START)
    assert build(START + HOUR).components[0].impact == "major"
    actions.complete(one.id, by=by_lead, now=START + 2 * HOUR)
    assert percent(START + DAY) == 99.9  # 2 of some 2150 hours, rounded down


def test_an_overrun_counts_from_the_end_that_was_told_in_time(part: Any, by_lead: Actor) -> None:
    one = told(part, by_lead)
    actions.start(one.id, by=by_lead, now=START)
    end = START + 2 * HOUR
    actions.update(one.id, GO_ON, next_at=end, ends_at=end + HOUR, by=by_lead, now=end - MINUTE)
    assert build(end - MINUTE).components[0].impact == "maintenance"
    assert build(end + MINUTE).components[0].impact == "major"
    text = Text("3台目の注文画面を確かめています。", "We check orders on the third server.")
    actions.update(one.id, text, verifying=True, next_at=end + HOUR, by=by_lead, now=end + 2 * MINUTE)
    actions.complete(one.id, by=by_lead, now=end + HOUR)
    days = [day for day in build(end + DAY).components[0].days if day.worst]
    assert [(day.worst, day.seconds) for day in days] == [("maintenance", 7200.0), ("major", 3600.0)]


def test_feeds_and_calendar_have_every_notice(part: Any, by_lead: Actor) -> None:
    one = told(part, by_lead)
    later = START + 2 * DAY
    actions.move(one.id, later, later + HOUR, Text("部品の入荷が2日遅れます。", "A part comes two days late."),
                 by=by_lead, now=NOW + DAY)  # fmt: skip
    items = json.loads(body("/status/feed.json", NOW + DAY))["items"]
    assert [item["title"] for item in items] == [
        "Platform upgrade — Moved to another time", "Platform upgrade — Maintenance scheduled",
    ]  # fmt: skip
    assert "It was: Mon 30 Nov 2026, 22:00 JST" in items[0]["content_text"]
    assert [i["id"] for i in json.loads(body("/status/components/shipping/feed.json", NOW + DAY))["items"]] == [
        i["id"] for i in items
    ]
    (event,) = Calendar.from_ical(body("/status/maintenance.ics", NOW + DAY)).events
    assert (event["summary"], event.start, event.end) == ("Platform upgrade", later, later + HOUR)
    assert (event["sequence"], event["status"]) == (2, "CONFIRMED")
    actions.cancel(
        one.id, Text("別の方法で直りました。", "It was mended in another way."), by=by_lead, now=NOW + 2 * DAY
    )
    (event,) = Calendar.from_ical(body("/status/maintenance.ics", NOW + 2 * DAY)).events
    assert (event["status"], event["sequence"]) == ("CANCELLED", 3)


def test_the_history_and_the_files_have_it(part: Any, by_lead: Actor, tmp_path: Any) -> None:
    one = told(part, by_lead)
    actions.start(one.id, by=by_lead, now=START)
    actions.complete(one.id, by=by_lead, now=START + HOUR)
    at = START + 2 * DAY
    month = build_month(START.date(), at)
    assert [work.key for work in month.maintenances] == [one.key]
    assert "Past maintenance" in body("/status/history/", at)
    target = tmp_path / "out"
    export.write(target, at)
    page = (target / "en" / "maintenances" / f"{one.key}.html").read_text()
    assert "Platform upgrade" in page and "3 of 3 told times kept" not in page
    assert (target / "ja" / "maintenance.ics").read_text().startswith("BEGIN:VCALENDAR")
    assert f'href="maintenances/{one.key}.html"' in (target / "en" / "index.html").read_text()


def test_through_django_and_of_any_age(part: Any, by_lead: Actor, client: Any, monkeypatch: Any) -> None:
    one = told(part, by_lead)
    actions.start(one.id, by=by_lead, now=START)
    actions.complete(one.id, by=by_lead, now=START + HOUR)
    monkeypatch.setattr(time, "now", lambda: START + timedelta(days=200))
    answer = client.get(f"/status/maintenances/{one.key}/?lang=en")
    assert answer.status_code == 200 and "Platform upgrade" in answer.content.decode()
    for wrong in ("MNT-999999", "MNT-0", "x", f"mnt-{one.id}"):
        assert client.get(f"/status/maintenances/{wrong}/").status_code == 404
    assert client.get("/status/maintenance.ics?lang=ja")["Content-Type"] == "text/calendar; charset=utf-8"
