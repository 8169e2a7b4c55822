"""The same verbs by `/api/v1/`."""

from __future__ import annotations

import pytest

from tests.people import NOW
from tomei.cases import queries
from tomei.cases.models import Incident
from tomei.cases.tests.factories import declared, organisation
from tomei.kernel import time

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/incidents"


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr(time, "now", lambda: NOW)


def send(client, url, body, method="post"):
    return getattr(client, method)(url, body, content_type="application/json")


def test_an_incident_from_declared_to_restored(house, client_of, lead):
    client, towa = client_of(lead), organisation()
    made = send(client, ROOT, {"title": {"ja": "出荷できない"}, "severity": "SEV2", "organisation_ids": [towa.pk]})
    assert (made.status_code, made.json()["key"], made.json()["title"]) == (
        201,
        "INC-1",
        {"ja": "出荷できない", "en": ""},
    )
    one = f"{ROOT}/INC-1"
    for path, body, status in (
        ("notes", {"body": "メモ", "kind": "fact"}, 201),
        ("spoke", {"organisation_ids": [towa.pk], "line": "説明"}, 201),
        ("roles", {"role": "commander", "seen": 0}, 200),
        ("severity", {"severity": "SEV1a", "seen": 0}, 200),
        ("undo", {}, 200),
        ("stamps", {"name": "began", "at": "2026-11-18T13:00:00+09:00"}, 200),
        ("move", {"move": "restore", "seen": 0, "proof": "失敗 0 件"}, 200),
    ):
        answer = send(client, f"{one}/{path}", body)
        assert answer.status_code == status, (path, answer.json())
    got = client.get(one).json()
    assert (got["state"], got["severity"], got["owner_id"]) == ("restored", "SEV2", lead.pk)
    assert client.get(f"{one}/roles").json() == {"commander": [lead.pk]}
    assert client.get(f"{one}/timeline/verify").json()["holds"] is True
    page = client.get(f"{one}/timeline?limit=2").json()
    assert len(page["items"]) == 2 and page["head"] == got["head"] and page["next"]
    [case] = client.get(f"{one}/cases").json()
    for verb, state in (("acknowledge", "open"), ("resume", "resumed"), ("close", "closed")):
        assert send(client, f"/api/v1/cases/{case['key']}", {"verb": verb}).json()["state"] == state
    assert [item["key"] for item in client.get(f"{ROOT}?state=restored").json()["items"]] == ["INC-1"]


def test_errors_have_one_shape_and_change_nothing(house, client_of, lead, watcher, by_lead):
    declared(by_lead)
    client = client_of(lead)
    before = list(Incident.objects.values())
    for url, body, status, code in (
        (ROOT, {"title": {"ja": "x"}, "severity": "SEV9"}, 422, "api.unreadable"),
        (ROOT, {"title": {}, "severity": "SEV2"}, 422, "field.missing"),
        (ROOT, {"title": {"ja": "x\ud800"}, "severity": "SEV2"}, 422, "field.control_characters"),
        (f"{ROOT}/INC-9/notes", {"body": "x"}, 404, "api.missing"),
        (f"{ROOT}/INC-1/move", {"move": "restore"}, 409, "incident.no_proof"),
        (f"{ROOT}/INC-1/move", {"move": "identify", "seen": 7}, 409, "incident.changed_meanwhile"),
        (f"{ROOT}/INC-1/stamps", {"name": "began", "at": "2026-11-18T13:00:00"}, 422, "api.unreadable"),
    ):
        answer = send(client, url, body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert send(client_of(watcher), f"{ROOT}/INC-1/notes", {"body": "x"}).status_code == 403
    assert list(Incident.objects.values()) == before


def test_a_change_is_all_or_nothing(house, client_of, lead, by_lead):
    made = declared(by_lead)
    answer = send(client_of(lead), f"{ROOT}/INC-1", {"title": {"ja": "新"}, "organisation_ids": [999]}, "patch")
    assert answer.status_code == 409
    assert queries.incident(made.id).title == made.title
    assert (
        send(client_of(lead), f"{ROOT}/INC-1", {"title": {"ja": "新"}, "drill": True}, "patch").json()["drill"] is True
    )


def test_pages_of_a_list_meet_without_gap(house, client_of, lead, by_lead):
    made = [declared(by_lead, severity=("SEV1a", "SEV2", "SEV4")[n % 3]).key for n in range(7)]
    for state, wanted in (("all", made[::-1]), ("open", None)):
        keys, after = [], ""
        while True:
            page = client_of(lead).get(f"{ROOT}?state={state}&limit=3&after={after}").json()
            keys += [item["key"] for item in page["items"]]
            after = page["next"]
            if not after:
                break
        assert sorted(keys) == sorted(made)
        if wanted:
            assert keys == wanted
