"""The pages and the API: planned, told, run and ended by hand; refused, what was typed is there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import NOW
from tomei.comms.maintenance import actions, queries
from tomei.comms.maintenance.tests.test_actions import GO_ON, HOUR, MINUTE, START, told, wanted
from tomei.comms.maintenance.tests.test_actions import part as part  # a fixture
from tomei.comms.tests.factories import rows
from tomei.kernel import time
from tomei.kernel.actor import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    def move(moment: Any) -> None:
        monkeypatch.setattr(time, "now", lambda: moment)

    move(NOW)
    return move


def form(part: Any, **given: str) -> dict[str, Any]:
    return {
        "title.ja": "基盤の更新", "title.en": "Platform upgrade", "text.ja": "出荷の画面が止まります。",
        "text.en": "Shipping will stop.", f"component.{part.pk}": "major", "starts_at": "2026-11-30T22:00",
        "ends_at": "2026-12-01T00:00", "to": ["public", "affected"], "which": "users", **given,
    }  # fmt: skip


def test_by_hand_from_the_plan_to_the_end(part: Any, lead: Any, client_of: Any, at: Any) -> None:
    browser = client_of(lead, headers={"Accept-Language": "en"})
    assert browser.get("/maintenance/").status_code == browser.get("/maintenance/plan/").status_code == 200
    answer = browser.post("/maintenance/plan/", form(part))
    assert answer.status_code == 303
    url = answer["Location"]
    one = queries.by_key(url.split("/")[2])
    assert (one.state, one.starts_at) == ("planned", START)
    assert browser.get(f"{url}edit/").status_code == 200
    assert browser.post(f"{url}tell/", {"seen": str(one.version)}).status_code == 303
    assert browser.post(f"{url}tell/", {}).status_code == 422  # twice changes nothing
    at(START)
    assert browser.post(f"{url}start/", {"next_at": "2026-11-30T22:30"}).status_code == 303
    at(START + 30 * MINUTE)
    given = {"text.ja": GO_ON.ja, "text.en": GO_ON.en, "next_at": "2026-11-30T23:00", "ends_at": "2026-12-01T00:00"}
    assert browser.post(f"{url}update/", given).status_code == 303
    assert browser.post(f"{url}silence/").status_code == 303
    assert rows("signals", "Silence").get().until == START + 2 * HOUR
    at(START + HOUR)
    assert browser.post(f"{url}complete/").status_code == 303
    page = browser.get(url).content.decode()
    assert "完了" in page or "Completed" in page
    assert {state for _k, state in rows("promises", "Promise").values_list("kind", "state")} == {"kept"}
    assert "Platform upgrade" in browser.get("/maintenance/?over=1").content.decode() or "基盤の更新" in page


def test_refused_it_comes_back_with_what_was_typed(part: Any, lead: Any, client_of: Any, at: Any, by_lead: Any) -> None:
    browser = client_of(lead)
    answer = browser.post("/maintenance/plan/", form(part, ends_at="2026-11-30T21:00"))
    assert answer.status_code == 422 and "出荷の画面が止まります。" in answer.content.decode()
    one = told(part, by_lead)
    at(START)
    actions.start(one.id, by=by_lead, now=START)
    at(START + MINUTE)
    typed = {"text.ja": "まもなく終わります。", "next_at": "2026-11-30T22:30"}
    answer = browser.post(f"{one.url}update/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and "まもなく終わります。" in page and 'name="reason.' in page
    assert len(queries.notices(one.id)) == 2


@pytest.mark.parametrize("key", ["MNT-999", "MNT-0", "INC-1", "x", "MNT-1e9", "MNT-99999999999999999999"])
def test_what_is_not_there(house: Any, lead: Any, client_of: Any, at: Any, key: str) -> None:
    browser = client_of(lead)
    assert browser.get(f"/maintenance/{key}/").status_code == 404
    assert browser.post(f"/maintenance/{key}/start/").status_code == 404


def test_hostile_forms_change_nothing(part: Any, lead: Any, client_of: Any, at: Any) -> None:
    browser = client_of(lead)
    for given in (
        {"starts_at": "never"}, {"starts_at": ""}, {f"component.{part.pk}": "explodes"},
        {"title.ja": "\x00", "title.en": ""},
        {"title.ja": "あ" * 201}, {"to": "everybody"}, {"which": "chosen", "customer": "99999"},
        {"component.99999": "major"}, {"starts_at": "0001-01-01T00:00"}, {"ends_at": "9999-12-31T23:59"},
    ):  # fmt: skip
        assert browser.post("/maintenance/plan/", form(part, **given)).status_code == 422, given
    assert rows("comms", "Maintenance").count() == rows("promises", "Promise").count() == 0


def test_the_board_names_what_runs_and_what_is_late(
    part: Any, lead: Any, client_of: Any, at: Any, by_lead: Actor
) -> None:
    one = told(part, by_lead)
    browser = client_of(lead)
    assert one.key not in browser.get("/").content.decode()
    at(START + 2 * MINUTE)
    assert one.key in browser.get("/").content.decode()
    actions.start(one.id, by=by_lead, now=START + 2 * MINUTE)
    at(START + 3 * HOUR)
    assert one.url in browser.get("/").content.decode()
    browser.get("/maintenance/")
    with _counted() as few:
        browser.get("/maintenance/")
    for _ in range(10):
        actions.plan(wanted(part, starts_at=START + 24 * HOUR, ends_at=START + 26 * HOUR), by=by_lead, now=NOW)
    with _counted() as many:
        browser.get("/maintenance/")
    assert len(many) == len(few)


def _counted() -> Any:
    return CaptureQueriesContext(connection)


def test_the_api_does_the_same(part: Any, lead: Any, client_of: Any, at: Any) -> None:
    client = client_of(lead)

    def call(method: str, path: str, body: Any = None) -> Any:
        options = {"data": json.dumps(body or {}), "content_type": "application/json"} if method != "get" else {}
        return getattr(client, method)(f"/api/v1/maintenances{path}", **options)

    plan = {
        "title": {"ja": "基盤の更新", "en": "Upgrade"}, "text": {"ja": "出荷が止まります。", "en": "It stops."},
        "components": [{"id": part.pk, "impact": "major"}], "starts_at": START.isoformat(),
        "ends_at": (START + 2 * HOUR).isoformat(),
    }  # fmt: skip
    made = call("post", "", plan)
    assert made.status_code == 201, made.content
    key = made.json()["key"]
    assert call("put", f"/{key}", {**plan, "seen": 99}).status_code == 409
    assert call("post", f"/{key}/tell").json()["in_time"] is True
    window = {"starts_at": (START + HOUR).isoformat(), "ends_at": (START + 3 * HOUR).isoformat()}
    moved = call("post", f"/{key}/move", {**window, "text": {"ja": "部品の到着が1時間遅れます。"}})
    assert [one["kind"] for one in moved.json()["notices"]] == ["moved", "scheduled"]
    assert call("post", f"/{key}/notices/1/translate", {"text": "Again."}).status_code == 409
    assert call("post", f"/{key}/notices/2/translate", {"text": "A part comes an hour late."}).status_code == 200
    assert call("post", f"/{key}/start").status_code == 409
    at(START + HOUR)
    assert call("post", f"/{key}/start").json()["state"] == "in_progress"
    became = call("post", f"/{key}/declare", {"severity": "SEV2"})
    assert became.status_code == 201
    assert call("get", f"/{key}").json()["incident"] == became.json()["incident"]
    assert call("post", f"/{key}/complete").json()["state"] == "completed"
    assert [one["key"] for one in call("get", "?over=true").json()["items"]] == [key]
    for cursor in ("nonsense", "0001-01-01T00:00:00%2B23:59~1", "2026-11-18T05:00:00Z~x", "~", "%00"):
        assert call("get", f"?after={cursor}").status_code == 409, cursor
    one = call("get", "?over=true&limit=1").json()
    assert (len(one["items"]), one["next"]) == (1, None)


def test_the_incident_that_it_became_leads_back(part: Any, lead: Any, client_of: Any, at: Any, by_lead: Actor) -> None:
    one = told(part, by_lead)
    actions.start(one.id, by=by_lead, now=START)
    at(START + MINUTE)
    answer = client_of(lead).post(f"{one.url}declare/", {"severity": "SEV2"})
    assert answer.status_code == 303
    page = client_of(lead).get(answer["Location"]).content.decode()
    assert f'href="{one.url}"' in page
    assert answer["Location"] in client_of(lead).get(one.url).content.decode()
