"""The API of updates: the same actions behind, the one error shape, moments with zone."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tomei.accounts import rights, tokens
from tomei.comms.tests.factories import rows, world
from tomei.kernel import time
from tomei.kernel.actor import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(house: Any, lead: Any, by_lead: Actor) -> Any:
    return world(by_lead, owner=lead, now=time.now())


@pytest.fixture
def call(client_of: Any, now: Any) -> Any:
    def make(by: Actor, *scopes: str) -> Any:
        wanted = list(scopes) or list(rights.grantable(by.rights))
        _, secret = tokens.make("api", scopes=wanted, expires_at=None, by=by, now=now)
        client = client_of(None, headers={"Authorization": f"Bearer {secret}"})

        def send(method: str, path: str, body: Any = None) -> Any:
            data = b"" if body is None else json.dumps(body).encode()
            return client.generic(method, f"/api/v1/incidents/INC-1{path}", data, "application/json")

        return send

    return make


def later(minutes: int = 10) -> str:
    return (time.now() + timedelta(minutes=minutes)).isoformat()


def body(**given: Any) -> dict[str, Any]:
    values = {
        "parts": {"effect": {"ja": "出荷の6割が失敗しています。", "en": "60 % of shipments fail."}},
        "audiences": ["affected", "public"], "next_at": later(), "confirmed": True,
    }  # fmt: skip
    return {**values, **given}


def test_publish_list_and_read(here: Any, by_lead: Actor, call: Any) -> None:
    send = call(by_lead)
    made = send("POST", "/updates", body())
    assert made.status_code == 201
    assert (made.json()["number"], made.json()["incident"], made.json()["state"]) == (1, "INC-1", "investigating")
    assert send("GET", "/updates/1").json() == made.json()
    assert send("GET", "/updates").json() == {"items": [made.json()], "next": ""}
    assert {one["organisation_id"] for one in made.json()["reach"]} == {here.towa.pk, here.aoba.pk}


def test_pages_by_cursor(here: Any, by_lead: Actor, call: Any) -> None:
    send = call(by_lead)
    for number in range(3):
        send("POST", "/updates", body(parts={"effect": {"ja": f"{number}台目です。", "en": f"Server {number}."}}))
    first = send("GET", "/updates?limit=2").json()
    assert ([one["number"] for one in first["items"]], first["next"]) == ([3, 2], "2")
    assert [one["number"] for one in send("GET", "/updates?limit=2&after=2").json()["items"]] == [1]
    assert send("GET", "/updates?after=x").status_code == 409


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"next_at": None}, 409, "update.no_next_time"),
        ({"next_at": "2026-01-01T10:00:00"}, 422, "api.unreadable"),
        ({"next_at": later(600)}, 409, "update.next_too_late"),
        ({"confirmed": False}, 409, "update.confirm"),
        ({"parts": {"effect": {"en": "Back soon."}}}, 409, "update.guard"),
        ({"parts": {"rumour": {"en": "x"}}}, 409, "update.unknown_part"),
        ({"state": "gone"}, 422, "api.unreadable"),
        ({"audiences": "public"}, 422, "api.unreadable"),
    ],
)
def test_refusals_in_the_one_shape(
    here: Any, by_lead: Actor, call: Any, given: dict[str, Any], status: int, code: str
) -> None:
    answer = call(by_lead)("POST", "/updates", body(**given))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) == {"code", "message", "way_out", "facts"}
    assert not rows("comms", "Update").exists()


def test_heartbeat_correct_translate_check_and_draft(here: Any, by_lead: Actor, call: Any) -> None:
    send = call(by_lead)
    send("POST", "/updates", body(parts={"effect": {"ja": "止まっています。"}}))
    words = {"language": "en", "words": {"effect": "Shipping stopped."}}
    assert send("POST", "/updates/1/translate", words).json()["languages"] == ["ja", "en"]
    fixed = send("POST", "/updates/2/correct", {"parts": body()["parts"], "reason": "figures"}).json()
    assert (fixed["kind"], fixed["corrects"]) == ("correction", 2)
    assert send("GET", "/updates/2").json()["corrected_by"] == 3
    beat = send("POST", "/heartbeat", {"tried": {"ja": "再起動しました。", "en": "Restarted."}, "next_at": later()})
    assert (beat.status_code, beat.json()["kind"]) == (201, "heartbeat")
    [found] = send("POST", "/draft/check", {"parts": {"doing": {"en": "Back soon, Ken."}}}).json()
    assert (found["guard"], found["start"], found["end"]) == ("vague", 5, 9)
    kept = send("PUT", "/draft", {"data": {"effect.en": "x"}}).json()
    assert send("GET", "/draft").json() == kept
    assert send("PUT", "/draft", {"data": {}, "seen": 0}).json()["code"] == "draft.stale"
    assert send("POST", "/draft/review").json()["asked_review_at"]
    assert send("DELETE", "/draft").status_code == 204
    assert send("GET", "/draft").status_code == 404


def test_rights_are_those_of_the_token(here: Any, by_lead: Actor, by_watcher: Actor, call: Any) -> None:
    assert call(by_lead, "read")("POST", "/updates", body()).json()["code"] == "rights.missing"
    send = call(by_watcher, "read")
    assert send("GET", "/updates").status_code == 200
    assert send("POST", "/draft/check", {"parts": {}}).status_code == 403
    assert send("GET", "/updates/7").status_code == 404
