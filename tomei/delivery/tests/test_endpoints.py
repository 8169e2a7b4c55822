"""Endpoints against a real server on loopback: signed, rotated, tried again, given up in the open."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.people import NOW, signed_in
from tomei.delivery import actions as outbox
from tomei.delivery.endpoints import actions, queries, queueing, rules
from tomei.delivery.endpoints.actions import EndpointIn
from tomei.delivery.models import Endpoint, Message
from tomei.delivery.tests.servers import http_server
from tomei.kernel import events, time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused, Stale

pytestmark = pytest.mark.django_db
BY = Actor("user", 1, "Master", rights=frozenset({"house.configure", "delivery.release", "customer.edit"}))
HOUSE = ("house",)


@pytest.fixture(autouse=True)
def here(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TOMEI_PRIVATE_NETWORKS = ["127.0.0.0/8"]
    monkeypatch.setattr(time, "now", lambda: NOW)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    names = ("endpoint.failing", "endpoint.stopped", "endpoint.works")
    keep = lambda event: found.append((event.name, event["why"]))  # noqa: E731
    monkeypatch.setattr(events, "_with", {name: [keep] for name in names})
    monkeypatch.setattr(events, "_after", {})
    return found


def add(port: int, kind: str = "webhook", **given: Any) -> tuple[int, str]:
    wanted = {"name": "Ours", "url": f"http://127.0.0.1:{port}/in", "events": ("incident.declared",), **given}
    made, secret = actions.add("house", kind, EndpointIn(**wanted), by=BY, now=NOW)
    return made.id, secret


def send(endpoint_id: int, what: str = "1", kind: str = "webhook", data: Any = None, now: Any = NOW) -> Message:
    payload = data or queueing.event("incident.declared", {"incident": {"key": "INC-1"}}, now)
    key = queueing.key("incident.declared", endpoint_id, what)
    queueing.queue(
        [queueing.HookIn(endpoint_id, kind, "127.0.0.1", key, "Said", payload)], purpose="event", rank=1, now=now
    )
    return Message.objects.get(key=key)


# -- signed ------------------------------------------------------------------------------------------------------------


def test_a_payload_is_signed_and_verified_by_the_library(tick: Any) -> None:
    with http_server() as (kept, port):
        number, secret = add(port)
        send(number)
        tick(NOW)
    _path, headers, body = kept.requests[0]
    got = {name.lower(): value for name, value in headers.items()}
    moment = str(int(NOW.timestamp()))
    assert got["webhook-timestamp"] == moment and got["webhook-id"].startswith("msg_")
    signed = Webhook(secret).sign(got["webhook-id"], NOW, body.decode())
    assert got["webhook-signature"] == signed and signed.startswith("v1,")
    assert json.loads(body) == {
        "type": "incident.declared", "version": 1, "timestamp": NOW.isoformat(), "data": {"incident": {"key": "INC-1"}},
    }  # fmt: skip
    row = Endpoint.objects.get()
    assert (row.last_accepted_at, row.failures) == (NOW, 0)
    assert secret not in row.secret and "127.0.0.1" not in row.address  # sealed
    assert Message.objects.get().answer == "200 ok"


def test_the_library_of_the_receiver_takes_it_and_refuses_a_changed_body(
    tick: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = datetime.now(UTC)
    with http_server() as (kept, port):
        number, secret = add(port)
        send(number, now=real)
        monkeypatch.setattr(time, "now", lambda: real)
        tick(real)
    _path, headers, body = kept.requests[0]
    assert Webhook(secret).verify(body, {name.lower(): value for name, value in headers.items()})
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body + b" ", {name.lower(): value for name, value in headers.items()})


def test_after_a_rotation_both_secrets_sign_for_a_day(tick: Any) -> None:
    with http_server() as (kept, port):
        number, old = add(port)
        new = actions.rotate(number, uses=HOUSE, by=BY, now=NOW)
        send(number, "1")
        tick(NOW)
        Endpoint.objects.update(old_secret_until=NOW)
        send(number, "2")
        tick(NOW)
    assert new != old
    for place, secrets in ((0, [new, old]), (1, [new])):
        _path, headers, body = kept.requests[place]
        got = {name.lower(): value for name, value in headers.items()}
        assert got["webhook-signature"].split() == [
            Webhook(one).sign(got["webhook-id"], NOW, body.decode()) for one in secrets
        ]


def test_the_same_message_has_the_same_id_and_body_on_every_attempt(tick: Any) -> None:
    with http_server() as (kept, port):
        kept.answers = [(503, {}, b"later")]
        number, _secret = add(port)
        send(number)
        tick(NOW)
        assert Message.objects.get().answer == "503 later"
        tick(NOW + timedelta(minutes=1))
    first, second = kept.requests
    assert first[2] == second[2] and first[1]["webhook-id"] == second[1]["webhook-id"]


# -- given up in the open ----------------------------------------------------------------------------------------------


def test_410_turns_it_off_at_once(tick: Any, heard: Any) -> None:
    with http_server() as (kept, port):
        kept.answers = [(410, {}, b"gone")]
        number, _secret = add(port)
        send(number, "1")
        tick(NOW)
        send(number, "2")
        tick(NOW)
    assert len(kept.requests) == 1
    found = queries.one(number, HOUSE)
    assert (found.is_on, found.off_why, found.last_error) == (False, "gone", "410 gone")
    assert heard == [("endpoint.stopped", "gone")]
    assert [row.state for row in Message.objects.order_by("pk")] == ["failed", "failed"]


@pytest.mark.parametrize(
    ("kind", "status", "body", "off"),
    [("slack", 404, b"no_service", True), ("slack", 410, b"channel_is_archived", True), ("slack", 400, b"bad", False),
     ("webhook", 404, b"no_service", False), ("mattermost", 404, b"not here", False),
     ("slack", 403, b"invalid_token", True)],
)  # fmt: skip
def test_what_a_chat_says_of_a_dead_webhook(
    tick: Any, heard: Any, kind: str, status: int, body: bytes, off: bool
) -> None:
    with http_server() as (kept, port):
        kept.answers = [(status, {}, body)]
        number, _secret = add(port, kind)
        data = None if kind == "webhook" else queueing.note("T", "x")
        send(number, kind=kind, data=data)
        tick(NOW)
    assert queries.one(number, HOUSE).is_on is not off
    assert Message.objects.get().state == "failed"


def test_429_waits_as_long_as_it_was_asked(tick: Any) -> None:
    with http_server() as (kept, port):
        kept.answers = [(429, {"Retry-After": "300"}, b"rate_limited")]
        number, _secret = add(port, "slack")
        send(number, kind="slack", data=queueing.note("T", "x"))
        tick(NOW)
    row = Message.objects.get()
    assert (row.state, row.next_try_at) == ("waiting", NOW + timedelta(seconds=300))


def test_teams_that_accepts_and_says_too_much_is_tried_again(tick: Any) -> None:
    with http_server() as (kept, port):
        kept.answers = [(200, {}, b"Microsoft Teams endpoint returned HTTP error 429 with ContextId")]
        number, _secret = add(port, "teams")
        send(number, kind="teams", data=queueing.note("T", "x"))
        tick(NOW)
    assert Message.objects.get().state == "waiting"


def test_three_failures_are_said_once_and_five_days_turn_it_off(tick: Any, heard: Any) -> None:
    with http_server() as (kept, port):
        kept.answers = [(500, {}, b"")] * 500
        number, _secret = add(port)
        for hour in range(0, 24 * 5 + 2, 4):
            send(number, f"{hour}", now=NOW + timedelta(hours=hour))
            tick(NOW + timedelta(hours=hour))
    assert heard == [("endpoint.failing", ""), ("endpoint.stopped", "failing")]
    found = queries.one(number, HOUSE)
    assert found.failing_since == NOW and found.off_at == NOW + rules.GIVEN_UP


def test_what_works_again_forgets_its_failures(tick: Any, heard: Any) -> None:
    with http_server() as (kept, port):
        kept.answers = [(500, {}, b"")] * 3
        number, _secret = add(port)
        for minute in (0, 1, 3, 8):
            if minute == 0:
                send(number)
            tick(NOW + timedelta(minutes=minute))
    assert heard == [("endpoint.failing", ""), ("endpoint.works", "")]
    found = queries.one(number, HOUSE)
    assert (found.failures, found.failing_since, found.last_error) == (0, None, "")


def test_an_address_inside_the_house_is_never_reached(tick: Any, settings: Any) -> None:
    settings.TOMEI_PRIVATE_NETWORKS = []
    with http_server() as (kept, port):
        number, _secret = add(port)
        send(number)
        tick(NOW)
    assert kept.requests == []
    assert Message.objects.get().state == "failed" and "private_address" in Message.objects.get().last_error


def test_what_waits_for_a_removed_one_fails(tick: Any) -> None:
    number, _secret = add(9)
    send(number)
    actions.remove(number, uses=HOUSE, by=BY, now=NOW)
    tick(NOW)
    assert "endpoint.removed" in Message.objects.get().last_error


# -- verbs -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "given", "code"),
    [("fax", {}, "endpoint.unknown_kind"), ("webhook", {"events": ()}, "endpoint.no_event"),
     ("webhook", {"events": ("x",)}, "endpoint.unknown_event"), ("webhook", {"url": "ftp://x"}, "delivery.bad_url"),
     ("webhook", {"url": ""}, "delivery.bad_url"), ("slack", {"language": "fr"}, "endpoint.unknown_language")],
)  # fmt: skip
def test_what_is_refused_is_not_kept(kind: str, given: Any, code: str) -> None:
    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        add(9, kind, **given)
    assert Endpoint.objects.count() == 0


def test_only_who_configures_the_house(lead: Any) -> None:
    number, _secret = add(9)
    nobody = Actor("user", 2, "x", rights=frozenset({"read", "customer.edit"}))
    for verb in (
        lambda: actions.remove(number, uses=HOUSE, by=nobody, now=NOW),
        lambda: actions.rotate(number, uses=HOUSE, by=nobody, now=NOW),
        lambda: actions.test(number, uses=HOUSE, language="en", by=nobody, now=NOW),
        lambda: actions.switch(number, False, uses=HOUSE, by=nobody, now=NOW),
    ):
        with pytest.raises(Refused, match=r"rights\.missing"):
            verb()
    with pytest.raises(Missing):
        actions.remove(number, uses=("organisation", "contact"), by=BY, now=NOW)
    assert (Endpoint.objects.get().off_at, Message.objects.count()) == (None, 0)


def test_a_change_that_did_not_see_the_newest_is_stale() -> None:
    number, _secret = add(9)
    given = EndpointIn(name="B", events=("case.opened",))
    assert actions.change(number, given, uses=HOUSE, seen=1, by=BY, now=NOW).version == 2
    with pytest.raises(Stale):
        actions.change(number, EndpointIn(name="C", events=("case.opened",)), uses=HOUSE, seen=1, by=BY, now=NOW)
    assert Endpoint.objects.get().name == "B"


def test_off_by_hand_and_on_again() -> None:
    number, _secret = add(9)
    actions.switch(number, False, uses=HOUSE, by=BY, now=NOW)
    with pytest.raises(Refused, match=r"endpoint\.off"):
        actions.test(number, uses=HOUSE, language="en", by=BY, now=NOW)
    actions.switch(number, True, uses=HOUSE, by=BY, now=NOW)
    assert queries.one(number, HOUSE).is_on


# -- pages and API -----------------------------------------------------------------------------------------------------


def test_added_by_the_page_the_secret_is_shown_once(house: Any, admin: Any) -> None:
    client = signed_in(admin)
    given = {"kind": "webhook", "url": "https://ours.example.com/in", "name": "Ours", "event": "update.published"}
    place = client.post("/settings/endpoints/", given)["Location"]
    first, second = client.get(place).content.decode(), client.get(place).content.decode()
    assert "whsec_" in first and "whsec_" not in second and "ours.example.com" in second
    assert client.post(f"{place}test/").status_code == 303
    assert "endpoint.test" in client.get(place).content.decode()
    assert client.post(f"{place}dance/").status_code == 404


def test_the_api_does_the_same(house: Any, admin: Any) -> None:
    client = signed_in(admin)
    body = {"kind": "slack", "url": "https://hooks.slack.com/services/x", "events": ["update.published"]}
    made = client.post("/api/v1/endpoints", body, content_type="application/json").json()
    assert made["secret"] == "" and made["endpoint"]["host"] == "hooks.slack.com"
    place = f"/api/v1/endpoints/{made['endpoint']['id']}"
    assert client.post(f"{place}/test").status_code == 200
    assert len(client.get(f"{place}/deliveries").json()["items"]) == 1
    assert client.post(f"{place}/off").json()["off_why"] == "person"
    assert client.post(f"{place}/rotate").json()["code"] == "endpoint.no_secret"
    assert client.delete(place).status_code == 204 and client.get(place).status_code == 404


def test_a_list_costs_as_many_queries_for_ten_as_for_one(
    house: Any, admin: Any, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(admin)
    for _time in range(10):
        add(9)
    with django_assert_max_num_queries(12):
        assert client.get("/settings/endpoints/").status_code == 200


def test_a_message_is_retried_by_a_person_as_any_other(tick: Any) -> None:
    with http_server() as (kept, port):
        kept.answers = [(400, {}, b"no")]
        number, _secret = add(port)
        row = send(number)
        tick(NOW)
        outbox.retry(row.pk, by=BY, now=NOW)
        tick(NOW)
    assert Message.objects.get().state == "sent"
