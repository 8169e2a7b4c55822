"""The same by the API: with a session here, because tokens are tested where they are made."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tomei.kernel import time
from tomei.kernel.actor import CLOCK
from tomei.promises import actions
from tomei.promises.tests.factories import incident, promise

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def owed(house):
    now = time.now()
    return promise(house, incident(house), now=now, due_at=now + 15 * MINUTE, told=True)


def get(client, path: str, **query: str):
    return client.get(f"/api/v1{path}", query)


def post(client, path: str, body: dict[str, str] | None = None):
    return client.post(f"/api/v1{path}", json.dumps(body or {}), content_type="application/json")


def test_the_list_and_one(house, owed, colleague, client_of):
    client = client_of(colleague)
    listed = get(client, "/promises").json()
    assert [(item["id"], item["state"], item["overdue"], item["told"]) for item in listed["items"]] == [
        (owed.pk, "open", False, True)
    ]
    assert listed["items"][0]["text"] == {"ja": "次回報告", "en": "Next update"}
    assert listed["next"] is None
    assert get(client, f"/promises/{owed.pk}").json()["steps"] == []
    assert get(client, "/promises/999999").status_code == 404


def test_lists_are_paged(house, owed, colleague, client_of):
    promise(house, owed.incident_id, now=time.now(), due_at=owed.due_at + MINUTE)
    client = client_of(colleague)
    first = get(client, "/promises", limit="1").json()
    rest = get(client, "/promises", limit="1", after=first["next"]).json()
    assert first["items"][0]["id"] == owed.pk
    assert (len(rest["items"]), rest["next"]) == (1, None)
    assert get(client, "/promises", after="odd").status_code == 404
    assert get(client, "/promises", limit="0").status_code == 422
    assert get(client, "/promises", state="odd").status_code == 422


def test_states(house, owed, colleague, client_of):
    now = time.now()
    broken = promise(house, owed.incident_id, kind="silence", now=now - 30 * MINUTE, due_at=now - MINUTE)
    actions.keep("next_update", incident_id=owed.incident_id, by=CLOCK, now=now)
    client = client_of(colleague)
    found = {
        state: [item["id"] for item in get(client, "/promises", state=state).json()["items"]]
        for state in ("open", "overdue", "kept", "late", "ended")
    }
    assert found == {"open": [broken.pk], "overdue": [broken.pk], "kept": [owed.pk], "late": [], "ended": [owed.pk]}


def test_the_figures(house, owed, colleague, client_of):
    client = client_of(colleague)
    empty = get(client, "/promises/ledger").json()
    assert (empty["total"]["n"], empty["total"]["rate"], empty["total"]["low"], empty["open"]) == (0, None, None, 1)
    actions.keep("next_update", incident_id=owed.incident_id, by=CLOCK, now=time.now())
    figures = get(client, "/promises/ledger", period="all").json()
    assert figures["total"]["n"] in (0, 1)  # due within the period only if today lasts a quarter of an hour yet


def test_take_and_withdraw(house, owed, lead, colleague, watcher, client_of):
    assert post(client_of(watcher), f"/promises/{owed.pk}/take").status_code == 403
    assert post(client_of(colleague), f"/promises/{owed.pk}/take").json()["owner_name"] == colleague.name
    assert post(client_of(colleague), f"/promises/{owed.pk}/withdraw", {"reason": "x"}).status_code == 403
    refused = post(client_of(lead), f"/promises/{owed.pk}/withdraw", {"reason": " "})
    assert (refused.status_code, refused.json()["code"]) == (409, "promise.no_reason")
    assert post(client_of(lead), f"/promises/{owed.pk}/withdraw", {"reason": "moved"}).json() == {"state": "withdrawn"}
    assert post(client_of(lead), f"/promises/{owed.pk}/take").json()["code"] == "promise.ended"
