"""Every vendor's door, from the request to the page: begun, ended, told, kept."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from tests.people import NOW
from tomei.kernel import ids
from tomei.kernel.actor import Actor
from tomei.promises import queries as promises
from tomei.signals import actions, queries, rules, snippets, told
from tomei.signals.models import Change, Group, Received, Remark, Signal
from tomei.signals.tests import vendors
from tomei.signals.tests.conftest import MASTER, World

pytestmark = pytest.mark.django_db
REAL = os.environ.get("TOMEI_REAL_DATA", "")
READER = Actor("user", 1, "Reader", rights=frozenset({"read"}))
POSTED = tuple(kind for kind in vendors.PAIRS if kind != "cloudwatch")
# Bodies there that their own makers marked as no published kind.
NOT_PUBLISHED = {"pagerduty": 3}


def opened(kind: str) -> str:
    _made, key = actions.add_source(kind, kind, by=MASTER, now=NOW)
    return key


def post(client: Client, url: str, body: bytes | vendors.Body, **headers: str) -> Any:
    data = body if isinstance(body, bytes) else vendors.raw(body)
    return client.post(url, data=data, content_type="application/json", headers=headers)


@pytest.mark.parametrize("kind", POSTED)
def test_an_alert_begins_and_ends_by_post(world: World, client: Client, kind: str) -> None:
    url = f"/in/{kind}/{opened(kind)}"
    begins, ends = vendors.PAIRS[kind]
    first = post(client, url, begins)
    assert (first.status_code, first.json()["events"], first.json()["new"]) == (200, 1, 1)
    group = Group.objects.get()
    assert (group.state, group.triage, group.severity) == ("firing", "proposed", "critical")
    again = post(client, url, begins).json()
    assert (again["new"], again["repeated"]) == (0, 1)
    assert post(client, url, ends).json()["new"] == 1
    group.refresh_from_db()
    assert (group.state, group.triage) == ("resolved", "passed")
    late = post(client, url, begins).json()
    if kind != "opsgenie":  # its API carries no moment: what comes after the end is a new alert
        assert (late["new"], late["repeated"]) == (0, 1)
        group.refresh_from_db()
        assert group.state == "resolved"


@pytest.mark.parametrize("kind", POSTED)
def test_what_is_not_understood_is_kept(world: World, client: Client, kind: str) -> None:
    url = f"/in/{kind}/{opened(kind)}"
    for body in (b"{", b"\xff\xfe{}", b"[]", b'{"half": 1}'):
        answer = post(client, url, body)
        assert (answer.status_code, answer.json()["code"]) == (400, "not_understood")
    assert [row.verdict for row in Received.objects.all()] == ["not_understood"] * 4
    assert not Group.objects.exists()


@pytest.mark.parametrize("kind", [kind for kind in rules.PARSERS if kind != "cloudwatch"])
def test_the_line_to_try_is_understood_and_wakes_nobody(world: World, kind: str) -> None:
    body = snippets.TESTS[kind] if kind in snippets.TESTS else json.loads(
        snippets.curl(kind, "https://x.test/in/pagerduty/in_k").split(" -d '")[1].split("' ")[0]
    )  # fmt: skip
    [event] = rules.PARSERS[kind](json.dumps(body).encode()).events
    assert (event.status, event.title.endswith("Test from curl"), rules.wants_a_person(event.severity)) == (
        "firing", True, False,
    )  # fmt: skip


def test_what_is_pasted_into_datadog_and_uptimerobot_is_json_that_is_read() -> None:
    for kind in ("datadog", "uptimerobot"):
        payload = snippets.paste(kind, "https://x.test/in/k/in_k").partition(":\n")[2]
        assert set(json.loads(payload)) <= {*vendors.DATADOG, *vendors.UPTIMEROBOT}
    assert set(snippets.ZABBIX_PARAMETERS) <= {*vendors.ZABBIX, "update_message", "message"}


def test_uptimerobot_by_form_by_query_and_by_get(world: World, client: Client) -> None:
    url = f"/in/uptimerobot/{opened('uptimerobot')}"
    query = vendors.form(vendors.UPTIMEROBOT).decode()
    form = client.post(url, data=query, content_type="application/x-www-form-urlencoded")
    assert (form.status_code, form.json()["new"]) == (200, 1)
    assert client.post(f"{url}?{query}", data=b"", content_type="text/plain").json()["repeated"] == 1
    assert client.get(f"{url}?{query}").json()["repeated"] == 1
    assert client.get(url).status_code == 405
    assert client.get(f"/in/generic/{world.generic_key}?title=x").status_code == 405


# -- PagerDuty --------------------------------------------------------------------------------------------------------


def test_a_sender_of_pagerduty_changes_host_and_key(world: World, client: Client) -> None:
    key = opened("pagerduty")
    begun = post(client, "/v2/enqueue", {**vendors.PAGERDUTY, "routing_key": key})
    assert (begun.status_code, begun.json()) == (
        202, {"status": "success", "message": "Event processed", "dedup_key": "orders/5xx"},
    )  # fmt: skip
    assert Group.objects.get().state == "firing"
    post(client, "/v2/enqueue", {"routing_key": key, "event_action": "resolve", "dedup_key": "orders/5xx"})
    assert Group.objects.get().state == "resolved"


def test_without_a_dedup_key_the_answer_names_one_that_resolves(world: World, client: Client) -> None:
    key = opened("pagerduty")
    body = {
        "routing_key": key,
        "event_action": "trigger",
        "payload": {"summary": "Down", "source": "x", "severity": "info"},
    }
    given = post(client, "/v2/enqueue", body).json()["dedup_key"]
    post(client, "/v2/enqueue", {"routing_key": key, "event_action": "resolve", "dedup_key": given})
    assert [(group.key, group.state) for group in Group.objects.all()] == [(given, "resolved")]


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        (b"{", ["'routing_key' is missing or blank"]),
        (b'{"event_action": "trigger"}', ["'routing_key' is missing or blank"]),
        (b'{"routing_key": 5, "event_action": []}', ["'routing_key' is invalid"]),
        (b'{"routing_key": "in_wrong", "event_action": "trigger"}', ["'routing_key' is invalid"]),
    ],
)
def test_pagerduty_refusals(world: World, client: Client, body: bytes, errors: list[str]) -> None:
    answer = post(client, "/v2/enqueue", body)
    assert (answer.status_code, answer.json()) == (
        400, {"status": "invalid event", "message": "Event object is invalid", "errors": errors},
    )  # fmt: skip
    assert not Received.objects.exists()


def test_a_pagerduty_event_that_is_not_understood_is_kept(world: World, client: Client) -> None:
    key = opened("pagerduty")
    answer = post(client, "/v2/enqueue", {"routing_key": key, "event_action": "explode"})
    assert (answer.status_code, answer.json()["status"]) == (400, "invalid event")
    assert Received.objects.get().verdict == "not_understood"
    assert client.get("/v2/enqueue").status_code == 405


def test_pagerduty_is_told_when_too_many_wait(world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tomei.signals.door.MOST_WAITING", 0)
    answer = post(client, "/v2/enqueue", {**vendors.PAGERDUTY, "routing_key": opened("pagerduty")})
    assert (answer.status_code, answer.json()["status"], answer["Retry-After"]) == (429, "throttle exceeded", "5")


def test_a_change_event_is_kept_once_and_shown(world: World, client: Client, lead: Any) -> None:
    key = opened("pagerduty")
    payload = {
        "summary": "Deployed 4.2",
        "source": "ci",
        "timestamp": vendors.START,
        "custom_details": {"component": "orders"},
    }
    body = {"routing_key": key, "payload": payload, "links": [{"href": "https://ci.example/42"}]}
    for _turn in range(2):
        answer = post(client, "/v2/change/enqueue", body)
        assert (answer.status_code, answer.json()) == (202, {"status": "success", "message": "Change event processed"})
    change = Change.objects.get()
    assert (change.title, change.component_id, change.url) == (
        "Deployed 4.2",
        world.component_id,
        "https://ci.example/42",
    )
    assert not Group.objects.exists()
    start = change.at
    assert [one.title for one in told.changes_between(start, start + timedelta(seconds=1))] == ["Deployed 4.2"]
    assert told.changes_between(start - timedelta(hours=1), start) == []
    client.force_login(lead)
    page = client.get(f"/signals/sources/{change.source_id}/").content.decode()
    assert "Deployed 4.2" in page and "https://ci.example/42" in page


# -- Opsgenie ---------------------------------------------------------------------------------------------------------


def test_a_sender_of_opsgenie_changes_host_and_key(world: World, client: Client) -> None:
    auth = {"Authorization": f"GenieKey {opened('opsgenie')}"}
    made = post(client, "/v2/alerts", vendors.OPSGENIE, **auth)
    assert (made.status_code, made.json()["result"]) == (202, "Request will be processed")
    assert set(made.json()) == {"result", "took", "requestId"}
    asked = client.get(f"/v2/alerts/requests/{made.json()['requestId']}", headers=auth).json()["data"]
    assert (asked["success"], asked["alertId"], asked["alias"]) == (True, "orders-5xx", "orders-5xx")
    for operation, body in (("acknowledge", {"user": "aoi"}), ("notes", {"note": "rolled back", "user": "aoi"})):
        assert post(client, f"/v2/alerts/orders-5xx/{operation}?identifierType=alias", body, **auth).status_code == 202
    assert [(one.kind, one.who, one.text) for one in Remark.objects.order_by("pk")] == [
        ("acknowledged", "aoi", ""), ("note", "aoi", "rolled back"),
    ]  # fmt: skip
    assert post(client, "/v2/alerts/orders-5xx/close?identifierType=alias", b"", **auth).status_code == 202
    assert Group.objects.get().state == "resolved"


def test_an_alias_with_a_slash_and_an_unknown_operation(world: World, client: Client) -> None:
    auth = {"Authorization": f"GenieKey {opened('opsgenie')}"}
    post(client, "/v2/alerts", {"message": "Down", "alias": "a/b c"}, **auth)
    assert post(client, "/v2/alerts/a%2Fb%20c/close", b"{}", **auth).status_code == 202
    assert [(group.key, group.state) for group in Group.objects.all()] == [("a/b c", "resolved")]
    assert post(client, "/v2/alerts/x/explode", b"{}", **auth).status_code == 404


@pytest.mark.parametrize("header", [None, "", "Bearer x", "GenieKey"])
def test_opsgenie_without_a_key(world: World, client: Client, header: str | None) -> None:
    answer = post(client, "/v2/alerts", vendors.OPSGENIE, **({} if header is None else {"Authorization": header}))
    assert answer.status_code == 422
    assert not Received.objects.exists()


def test_opsgenie_refusals(world: World, client: Client) -> None:
    wrong = {"Authorization": "GenieKey in_wrong"}
    assert post(client, "/v2/alerts", vendors.OPSGENIE, **wrong).status_code == 401
    auth = {"Authorization": f"GenieKey {opened('opsgenie')}"}
    broken = post(client, "/v2/alerts", {"alias": "x"}, **auth)
    assert (broken.status_code, list(broken.json()["errors"])) == (422, ["message"])
    deep = b"[" * 3000
    assert post(client, "/v2/alerts/x/close", deep, **auth).status_code == 422
    assert [row.verdict for row in Received.objects.all()] == ["not_understood"] * 2
    request_id = broken.json()["requestId"]
    assert client.get(f"/v2/alerts/requests/{request_id}", headers=auth).json()["data"]["success"] is False
    assert client.get(f"/v2/alerts/requests/{request_id}", headers=wrong).status_code == 404
    assert client.get("/v2/alerts/requests/x", headers=auth).status_code == 404


# -- remarks ----------------------------------------------------------------------------------------------------------


def test_an_acknowledgement_from_outside_is_recorded_and_silences_nothing(
    world: World, client: Client, lead: Any
) -> None:
    key = opened("pagerduty")
    post(client, "/v2/enqueue", {**vendors.PAGERDUTY, "routing_key": key})
    group = queries.group(Group.objects.get().pk)
    signals = Signal.objects.count()
    ack = {"routing_key": key, "event_action": "acknowledge", "dedup_key": "orders/5xx", "client": "Aoi"}
    for _turn in range(2):
        assert post(client, "/v2/enqueue", ack).status_code == 202
    after = queries.group(group.id)
    assert (after.triage, after.triage_due_at, after.state) == ("proposed", group.triage_due_at, "firing")
    [owed] = promises.owed(promises.Filters(kind="triage"), by=READER, limit=9).items
    assert (owed.signal_group_id, owed.due_at) == (group.id, group.triage_due_at)
    [remark] = told.remarks_of(after)
    assert told.acknowledged(after, [remark]) == remark and remark.who == "Aoi"
    assert Signal.objects.count() == signals
    client.force_login(lead)
    assert "Aoi" in client.get(f"/signals/{group.id}/").content.decode()
    post(client, "/v2/enqueue", {"routing_key": key, "event_action": "resolve", "dedup_key": "orders/5xx"})
    assert told.acknowledged(queries.group(group.id), [remark]) is None


def test_an_acknowledgement_before_its_trigger_is_kept(world: World, client: Client) -> None:
    key = opened("pagerduty")
    post(client, "/v2/enqueue", {"routing_key": key, "event_action": "acknowledge", "dedup_key": "orders/5xx"})
    assert not Group.objects.exists()
    post(client, "/v2/enqueue", {**vendors.PAGERDUTY, "routing_key": key})
    assert [one.kind for one in told.remarks_of(queries.group(Group.objects.get().pk))] == ["acknowledged"]


# -- pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("kind", list(rules.PARSERS))
def test_the_page_of_a_source_has_what_to_paste(
    world: World, client: Client, admin: Any, kind: str, language: str
) -> None:
    client.force_login(admin)
    answer = client.post(
        f"/signals/sources/?lang={language}", {"kind": kind, "name": f"Our {kind}", "component_id": ""}
    )
    source = apps.get_model("signals", "Source").objects.get(name=f"Our {kind}")
    assert (answer.status_code, source.kind) == (303, kind)
    page = client.get(f"/signals/sources/{source.pk}/?lang={language}").content.decode()
    key = queries.shown(source.pk, by=MASTER).address.rpartition("/")[2]
    assert ids.digest(key) == source.key_digest and key in page
    assert ("まだ何も届いていません" if language == "ja" else "nothing arrived yet") in page


# -- real records -----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not REAL, reason="TOMEI_REAL_DATA is not set: the real payloads are not here")
@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("alertmanager", "alertmanager"), ("grafana", "grafana"), ("opsgenie", "opsgenie"),
        ("pagerduty", "pagerduty"), ("pagerduty-events-v2", "pagerduty"), ("sentry", "sentry"),
        ("statuspage", "statuspage"), ("zabbix", "zabbix"),
    ],
)  # fmt: skip
def test_real_payloads_are_taken_in(world: World, client: Client, folder: str, kind: str) -> None:
    url = f"/in/{kind}/{opened(kind)}"
    files = sorted((Path(REAL) / "webhook-payloads" / folder).glob("*.json"))
    assert files
    answers = [(path.name, post(client, url, path.read_bytes())) for path in files]
    refused = [name for name, answer in answers if answer.status_code != 200]
    assert refused == [name for name, _answer in answers if name.startswith("unsupported_")]
    assert len(refused) == NOT_PUBLISHED.get(folder, 0)
    assert Received.objects.count() == len(files)
    for path in files:
        answer = post(client, url, path.read_bytes())
        assert answer.status_code == 400 or answer.json()["new"] in (0, 1)
