"""The status page: public only, right after a publish, uptime by hand, the Statuspage shape, without the database."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError

from tests.people import NOW
from tomei.cases import actions as cases
from tomei.comms import actions, statuspage
from tomei.comms.statuspage import addresses, cache, disk
from tomei.comms.statuspage import uptime as rules
from tomei.comms.statuspage.uptime import Interval
from tomei.comms.tests.factories import MINUTE, rows, update, words, world
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text

TOKYO = ZoneInfo("Asia/Tokyo")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _fresh(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.DATA = tmp_path
    monkeypatch.setattr(time, "now", lambda: NOW)
    cache.forget()
    yield
    cache.forget()


@pytest.fixture
def here(house: Any, lead: Any, by_lead: Actor) -> Any:
    return world(by_lead, owner=lead)


def publish(here: Any, by: Actor, *, now: Any = NOW, **given: Any) -> Any:
    return actions.publish(here.incident.id, update(now, **given), by=by, now=now, confirmed=True)


def body(path: str = "/status/", query: str = "lang=en", now: datetime = NOW) -> str:
    assert statuspage.refresh(now)
    found = statuspage.cached(path, query, "")
    assert found is not None
    assert found[0] == 200
    return found[2].decode()


# ---- uptime by hand ----


def at(hours: float) -> datetime:
    return datetime(2026, 11, 18, tzinfo=UTC) + hours * HOUR


@pytest.mark.parametrize(
    ("intervals", "seconds"),
    [
        ([], 0),
        ([Interval("major", at(1), at(2))], 3600),
        ([Interval("partial", at(1), at(2))], 1080),
        ([Interval("degraded", at(1), at(2)), Interval("maintenance", at(3), at(4))], 0),
        ([Interval("major", at(1), at(3)), Interval("major", at(2), at(4))], 3 * 3600),  # the union, not the sum
        ([Interval("partial", at(1), at(4)), Interval("major", at(2), at(3))], 3600 + 2 * 1080),  # the worst counts
        ([Interval("major", at(-5), at(1)), Interval("major", at(9), None)], 2 * 3600),  # cut to the window of 10 h
        ([Interval("major", at(2), at(2))], 0),
        ([Interval("rumour", at(1), at(2))], 0),
    ],
)
def test_weighted_seconds_of_harm(intervals: list[Interval], seconds: float) -> None:
    assert rules.down_seconds(intervals, at(0), at(10)) == seconds


def test_percent_is_never_rounded_up() -> None:
    start, end = at(0), at(0) + timedelta(days=30)
    assert rules.percent([], start, end) == 100.0
    assert rules.percent([Interval("major", start, start + timedelta(minutes=43, seconds=12))], start, end) == 99.9
    assert rules.percent([Interval("major", start, start + timedelta(seconds=1))], start, end) == 99.99


def test_days_fall_on_the_zone_of_the_page() -> None:
    now = datetime(2026, 11, 18, 5, tzinfo=UTC)  # 14:00 in Tokyo
    late = datetime(2026, 11, 16, 14, 30, tzinfo=UTC)  # 23:30 on the 16th in Tokyo
    days = rules.days([Interval("major", late, late + HOUR)], now=now, zone=TOKYO, count=4)
    assert [(day.on.day, day.worst, day.seconds) for day in days] == [
        (15, "", 0), (16, "major", 1800), (17, "major", 1800), (18, "", 0),
    ]  # fmt: skip


def test_before_the_component_there_is_no_record() -> None:
    now = datetime(2026, 11, 18, 5, tzinfo=UTC)
    days = rules.days([], now=now, zone=TOKYO, since=datetime(2026, 11, 17, 3, tzinfo=UTC), count=3)
    assert [day.worst for day in days] == ["none", "", ""]


# ---- what the public sees ----


@pytest.mark.django_db
def test_right_after_a_publish(here: Any, by_lead: Actor) -> None:
    assert "All services work" in body()
    publish(here, by_lead, audiences=("public", "affected"))
    page = body()
    assert "Some services are down" in page
    assert "60 % of shipments fail." in page
    assert "Next update by 14:15 JST (05:15 UTC)" in page
    assert "<script" not in page
    assert "style=" not in page
    assert len(page) < 50_000


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("en", "Overdue: we promised it"), ("ja", "期限超過")])
def test_the_public_sees_a_next_update_that_did_not_come(here: Any, by_lead: Actor, language: str, words: str) -> None:
    publish(here, by_lead, audiences=("public",), next_at=NOW + 15 * MINUTE)
    assert words not in body(query=f"lang={language}", now=NOW + 15 * MINUTE)  # the due second is in time
    assert words in body(query=f"lang={language}", now=NOW + 15 * MINUTE + timedelta(seconds=1))


def test_the_bytes_hold_only_what_is_public(here: Any, by_lead: Actor) -> None:
    publish(
        here,
        by_lead,
        audiences=("public",),
        parts=words("公開の言葉", "Public words, 60 %", internal=Text("秘密0", "secret0")),
    )
    other = ("affected", "internal", "executives", f"customer:{here.towa.pk}")
    for number, audience in enumerate(other, start=1):
        publish(
            here, by_lead, now=NOW + number * MINUTE, audiences=(audience,),
            parts=words(f"秘密{number}の言葉", f"secret{number} words", ask=Text(f"秘密{number}", f"secret{number}")),
            next_at=NOW + 16 * MINUTE,
        )  # fmt: skip
    statuspage.refresh(NOW + 9 * MINUTE)
    told = ("/status/", f"/status/incidents/{here.incident.key}/", *addresses.ENDPOINTS, *addresses.FEEDS)
    of_one = [addresses.feed(here.component.slug, form) for form in addresses.FEED_KINDS]
    silent = (
        "/status/history/",
        *(one for one in addresses.ENDPOINTS if "summary" not in one and "incidents" not in one),
    )
    for path in (*told, "/status/history/", *of_one):
        for language in ("ja", "en"):
            found = statuspage.cached(path, f"lang={language}", "")
            assert found is not None
            text = found[2].decode()
            assert ("Public words" in text or "公開の言葉" in text) is (path not in silent)
            for word in ("secret", "秘密", "Towa", "東和", "towa", "青葉"):
                assert word not in text
    for file in disk.folder().iterdir():
        assert "secret" not in file.read_text()


@pytest.mark.django_db
def test_an_incident_that_was_not_told_publicly_is_not_there(here: Any, by_lead: Actor) -> None:
    publish(here, by_lead, audiences=("affected",))
    page = body()
    assert "All services work" in page
    assert "Shipping fails" not in page
    assert statuspage.cached(f"/status/incidents/{here.incident.key}/", "", "") is None


@pytest.mark.django_db
def test_drills_and_what_became_restricted_are_not_there(house: Any, lead: Any, by_lead: Actor) -> None:
    drill = world(by_lead, owner=lead, drill=True, title=Text("演習です", "Only a drill"))
    publish(drill, by_lead, audiences=("public",))
    assert "Only a drill" not in body()


@pytest.mark.django_db
def test_restricted_later(here: Any, by_lead: Actor) -> None:
    publish(here, by_lead, audiences=("public",))
    cases.set_restricted(here.incident.id, True, by=by_lead, now=NOW)
    assert "Shipping fails" not in body()


@pytest.mark.django_db
def test_a_correction_marks_the_old_version(here: Any, by_lead: Actor) -> None:
    told = publish(here, by_lead, audiences=("public",))
    actions.correct(told.id, words("9割です。", "90 % fail."), reason="数字", by=by_lead, now=NOW + MINUTE)
    page = body(now=NOW + MINUTE)
    assert "replaced by update 2" in page
    assert "This corrects update 1." in page


@pytest.mark.django_db
def test_both_languages_by_query_and_by_header(here: Any, by_lead: Actor) -> None:
    statuspage.refresh(NOW)
    wanted = {
        ("lang=ja", ""): "ja", ("lang=en", "ja"): "en", ("", "en-GB,en;q=0.9,ja;q=0.1"): "en",
        ("", "fr, ja;q=0.5"): "ja",
        ("", "fr"): "ja", ("lang=xx", "en"): "en", ("", "en;q=0, ja"): "ja", ("", "english"): "ja", ("", ";q=x"): "ja",
    }  # fmt: skip
    for (query, header), language in wanted.items():
        found = statuspage.cached("/status/", query, header)
        assert found is not None
        assert (query, header, found[1]["Content-Language"]) == (query, header, language)


@pytest.mark.django_db
def test_etag_and_gzip(here: Any) -> None:
    statuspage.refresh(NOW)
    found = statuspage.cached("/status/", "", "", accept_encoding="br, gzip")
    plain = statuspage.cached("/status/", "", "")
    assert found is not None
    assert plain is not None
    assert (found[1]["Content-Encoding"], gzip.decompress(found[2])) == ("gzip", plain[2])
    again = statuspage.cached("/status/", "", "", if_none_match=plain[1]["ETag"])
    assert again is not None
    assert (again[0], again[2]) == (304, b"")


@pytest.mark.django_db
def test_without_the_database_the_last_page_stands_with_its_moment(
    here: Any, by_lead: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(here, by_lead, audiences=("public",))
    assert "As of" not in body()

    def away(now: datetime) -> Any:
        raise OperationalError("away")

    monkeypatch.setattr(cache, "build", away)
    assert statuspage.refresh(NOW + MINUTE) is False
    found = statuspage.cached("/status/", "lang=en", "")
    assert found is not None
    assert "As of 14:00 JST" in found[2].decode()
    cache.forget()  # another process, which never saw the database
    again = statuspage.cached("/status/", "lang=ja", "")
    assert again is not None
    assert "14:00 JST 現在の内容です" in again[2].decode()
    assert "出荷の6割" in again[2].decode()
    past = statuspage.cached(f"/status/incidents/{here.incident.key}/", "lang=en", "")
    assert past is not None
    summary = statuspage.cached(cache.SUMMARY, "", "")
    assert summary is not None
    assert json.loads(summary[2])["status"]["indicator"] == "critical"


@pytest.mark.django_db
def test_through_django_without_signing_in(here: Any, client: Any) -> None:
    answer = client.get("/status/", headers={"Accept-Language": "en"})
    assert (answer.status_code, "All services work" in answer.content.decode()) == (200, True)
    assert "Set-Cookie" not in answer.headers
    assert client.get("/status/incidents/INC-99/").status_code == 404
    assert client.get("/status/api/v2/summary.json").json()["status"]["indicator"] == "none"


@pytest.mark.django_db
def test_an_empty_house(client: Any) -> None:
    assert client.get("/status/").status_code == 200


# ---- the shape of Statuspage v2 ----

PAGE = {"id", "name", "url", "time_zone", "updated_at"}
COMPONENT = {
    "id", "name", "status", "created_at", "updated_at", "position", "description", "showcase", "start_date",
    "group_id", "page_id", "group", "only_show_if_degraded",
}  # fmt: skip
INCIDENT = {
    "id", "name", "status", "created_at", "updated_at", "monitoring_at", "resolved_at", "impact", "shortlink",
    "started_at", "page_id", "incident_updates", "components", "reminder_intervals",
}  # fmt: skip
UPDATE = {
    "id", "status", "body", "incident_id", "created_at", "updated_at", "display_at", "affected_components",
    "deliver_notifications", "custom_tweet", "tweet_id",
}  # fmt: skip


@pytest.mark.django_db
def test_the_summary_has_every_field_and_the_next_time(here: Any, by_lead: Actor) -> None:
    publish(here, by_lead, audiences=("public",))
    publish(
        here, by_lead, now=NOW + 5 * MINUTE, audiences=("public",), state="mitigating",
        parts=words("切替を始めました。", "Switching over since 14:04."),
    )  # fmt: skip
    found = json.loads(body(cache.SUMMARY, now=NOW + 5 * MINUTE))
    assert set(found) == {"page", "components", "incidents", "scheduled_maintenances", "status"}
    assert set(found["page"]) == PAGE
    assert found["page"]["time_zone"] == "Asia/Tokyo"
    group, component = found["components"]
    assert (set(component), set(group)) == (COMPONENT, COMPONENT | {"components"})
    assert (component["status"], component["group_id"], group["components"]) == (
        "major_outage", group["id"], [component["id"]],
    )  # fmt: skip
    [incident] = found["incidents"]
    assert set(incident) == INCIDENT | {"next_update_at"}
    assert (incident["status"], incident["impact"]) == ("identified", "critical")
    assert incident["next_update_at"] == "2026-11-18T05:20:00.000Z"
    assert incident["resolved_at"] is None
    assert set(incident["incident_updates"][0]) == UPDATE | {"next_update_at"}
    assert [one["status"] for one in incident["incident_updates"]] == ["identified", "investigating"]
    assert incident["incident_updates"][0]["affected_components"][0]["code"] == component["id"]
    assert found["status"] == {"indicator": "critical", "description": "Major Service Outage"}


@pytest.mark.django_db
def test_what_is_restored_is_resolved_and_in_the_history(here: Any, by_lead: Actor) -> None:
    publish(here, by_lead, audiences=("public",))
    publish(
        here, by_lead, now=NOW + 10 * MINUTE, audiences=("public",), state="restored", proof="測定", next_at=None,
        parts=words("14時10分に復旧しました。", "Restored at 14:10."),
    )  # fmt: skip
    later = NOW + 20 * MINUTE
    assert json.loads(body(cache.SUMMARY, now=later))["incidents"] == []
    page = body(now=later)
    assert "All services work" in page
    assert "1 of 1" in page  # the one named time was kept
    assert "99.99 %" in page
    assert "Cause and corrective action report: by Thu 26 Nov 2026, 18:00 JST" in body(
        f"/status/incidents/{here.incident.key}/", now=later
    )
    sent = NOW + 120 * MINUTE
    cases.stamp(here.incident.id, "report_sent", at=sent, by=by_lead, now=sent)
    assert "sent Wed 18 Nov" in body(now=sent) and "by Thu 26 Nov" not in body(now=sent)


@pytest.mark.parametrize(
    ("severity", "impact"),
    [("SEV1a", "critical"), ("SEV1b", "critical"), ("SEV2", "major"), ("SEV3", "minor"), ("SEV4", "none")],
)  # fmt: skip
@pytest.mark.django_db
def test_severity_is_impact(house: Any, lead: Any, by_lead: Actor, severity: str, impact: str) -> None:
    here = world(by_lead, owner=lead, severity=severity)
    publish(here, by_lead, audiences=("public",))
    assert [one["impact"] for one in json.loads(body(cache.SUMMARY))["incidents"]] == [impact]


@pytest.mark.django_db
def test_fifty_past_incidents_and_ninety_days(here: Any, by_lead: Actor, django_assert_max_num_queries: Any) -> None:
    for number in range(50):
        began = NOW - timedelta(days=number + 1)
        made = cases.declare(
            title=Text(f"障害{number}", f"Failure {number}"), severity="SEV2", component_ids=[here.component.pk],
            began_at=began, by=by_lead, now=began,
        )  # fmt: skip
        rows("cases", "Incident").filter(pk=made.id).update(state="closed", restored_at=began + 30 * MINUTE)
        rows("cases", "IncidentComponent").filter(incident=made.id).update(until_at=began + 30 * MINUTE)
        rows("comms", "Update").create(
            incident_id=made.id, number=1, state="restored", severity="SEV2",
            parts={"effect": {"ja": "済", "en": "Done"}}, languages=["ja", "en"], audiences=["public"],
            published_at=began,
        )  # fmt: skip
    with django_assert_max_num_queries(12):
        assert statuspage.refresh(NOW)
    page, history = statuspage.cached("/status/", "lang=en", ""), statuspage.cached("/status/history/", "lang=en", "")
    assert page is not None
    assert history is not None
    assert len(page[2]) < 50_000
    assert history[2].count(b"/status/incidents/") == 50
    assert page[2].count(b"30m 00s") >= 50
    # 50 half hours of a partial outage (0.3) in the 89 days and 14 hours shown
    assert f"{99.65:.2f} %" in page[2].decode()
