"""The same by the API, with a session here: tokens are tested where they are made."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.people import signed_in
from tomei.signals import queries
from tomei.signals.models import Group, Source
from tomei.signals.tests.bodies import alert, alertmanager
from tomei.signals.tests.conftest import World

pytestmark = pytest.mark.django_db


def call(client: Client, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    send = getattr(client, method)
    url = f"/api/v1{path}"
    response = send(url) if body is None else send(url, json.dumps(body), content_type="application/json")
    assert response.status_code == status, (response.status_code, response.content.decode()[:800])
    return response.json() if response.content else None


def test_groups_are_listed_read_and_decided(world: World, colleague: Any) -> None:
    world.send(alertmanager())
    world.send(alertmanager(alert("Other"), key="other"))
    client = signed_in(colleague)
    first = call(client, "get", "/signals?show=proposed&limit=1")
    rest = call(client, "get", f"/signals?show=proposed&limit=1&after={first['next'].replace('+', '%2B')}")
    assert [one["key"] for one in (first["items"] + rest["items"])] == ["other", '{}:{alertname="OrdersDown"}']
    assert rest["next"] is None
    pk = rest["items"][0]["id"]
    taken = call(client, "post", f"/signals/{pk}/take")
    assert (taken["triage"], taken["triaged_by"], len(taken["signals"])) == ("taken", colleague.name, 1)
    assert call(client, "post", f"/signals/{pk}/take", status=409)["code"] == "signal.already"
    assert call(client, "post", f"/signals/{pk}/dismiss", {"reason": ""}, 409)["code"] == "signal.no_reason"
    assert call(client, "post", f"/signals/{pk}/dismiss", {"reason": "計画停止"})["reason"] == "計画停止"
    other = first["items"][0]["id"]
    call(client, "post", f"/signals/{other}/declare", {"severity": "SEV9"}, 422)
    made = call(client, "post", f"/signals/{other}/declare", {"severity": "SEV2"})
    assert call(client, "get", f"/signals/{other}")["incident_id"] == made["incident_id"]
    call(client, "get", "/signals/999999", status=404)


def test_sources_show_their_address_only_to_who_may_see_it(world: World, admin: Any, watcher: Any) -> None:
    office, reader = signed_in(admin), signed_in(watcher)
    made = call(office, "post", "/sources", {"kind": "generic", "name": "監視"}, 201)
    assert "/in/generic/in_" in made["address"]
    assert call(reader, "get", f"/sources/{made['id']}")["address"] == ""
    assert call(office, "patch", f"/sources/{made['id']}", {"name": "新"})["name"] == "新"
    renewed = call(office, "post", f"/sources/{made['id']}/key")
    assert renewed["address"] != made["address"]
    assert call(office, "post", f"/sources/{made['id']}/archive")["is_archived"] is True
    call(reader, "post", "/sources", {"kind": "generic", "name": "x"}, 403)
    assert [one["address"] for one in call(reader, "get", "/sources")["items"]] == ["", "", ""]
    assert Source.objects.count() == 3


def test_what_was_received_is_read(world: World, watcher: Any) -> None:
    world.send(alertmanager())
    world.send(b"\xff")
    reader = signed_in(watcher)
    newest = call(reader, "get", f"/sources/{world.alertmanager}/received?limit=1")
    assert (newest["items"][0]["verdict"], newest["items"][0]["error"]) == (
        "not_understood",
        "signal.not_utf8 position: 0",
    )
    older = call(reader, "get", f"/sources/{world.alertmanager}/received?after={newest['next']}")
    detail = call(reader, "get", f"/sources/{world.alertmanager}/received/{older['items'][0]['id']}")
    assert detail["body"] == alertmanager().decode()
    call(reader, "get", f"/sources/{world.generic}/received/{detail['id']}", status=404)


def test_a_watch_is_bound_and_loosened(world: World, admin: Any, watcher: Any) -> None:
    world.send(alertmanager(alert(labels={"severity": "none"})))
    pk = Group.objects.get().pk
    office = signed_in(admin)
    [watch] = call(office, "post", f"/signals/{pk}/watch", {"every_s": 600})["items"]
    call(office, "post", f"/signals/{pk}/watch", {"every_s": 1}, 409)
    call(signed_in(watcher), "delete", f"/watches/{watch['id']}", status=403)
    assert len(queries.watches()) == 1
    call(office, "delete", f"/watches/{watch['id']}", status=204)
    assert call(office, "get", "/watches")["items"] == []
