"""The question at the declaration, the page of duties, the board, the rules, and the same by the API."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.people import NOW, signed_in
from tomei.accounts.doors import actor
from tomei.cases.duties import actions, queries
from tomei.cases.duties.models import Duty, DutyRule, Exposure
from tomei.cases.duties.rules.applying import Answer
from tomei.cases.models import Incident
from tomei.cases.tests.factories import declared
from tomei.kernel import time

HOUR = timedelta(hours=1)
YES = {"exposure": "yes", "aware": "2026-11-18T06:00", "jurisdictions": ["eu", "jp"], "capacity": "controller"}


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr(time, "now", lambda: NOW + HOUR)


@pytest.fixture
def incident(house, lead):
    return declared(actor(lead))


def send(client, url, body):
    return client.post(f"/api/v1{url}", body, content_type="application/json")


def test_the_declare_form_asks_and_the_duties_run(house, lead):
    client = signed_in(lead)
    assert 'name="exposure"' in client.get("/incidents/declare/").content.decode()
    posted = {"title.ja": "個人情報が見える", "severity": "SEV1b", **YES}
    assert client.post("/incidents/declare/", posted).status_code == 303
    assert Duty.objects.count() == 4
    assert client.post("/incidents/declare/", {"title.ja": "x", "severity": "SEV3"}).status_code == 303
    assert (Exposure.objects.count(), Incident.objects.count()) == (1, 2)


def test_a_declaration_whose_answer_cannot_be_is_refused_whole(house, lead):
    posted = {"title.ja": "x", "severity": "SEV3", **YES, "aware": "2026-12-01T00:00"}
    refused = signed_in(lead).post("/incidents/declare/", posted)
    assert (refused.status_code, Incident.objects.count(), Exposure.objects.count()) == (422, 0, 0)
    assert 'value="2026-12-01T00:00"' in refused.content.decode()


def test_the_page_answers_fulfils_and_withdraws(incident, lead, colleague):
    client = signed_in(colleague)
    here = f"{incident.url}duties/"
    assert client.get(here).status_code == 200
    wrong = client.post(f"{incident.url}exposure/", {"exposure": "yes", "jurisdictions": ["eu"]})
    assert (wrong.status_code, Exposure.objects.count()) == (422, 0)
    assert client.post(f"{incident.url}exposure/", YES | {"seen": "0"}).status_code == 303
    page = client.get(here).content.decode()
    assert "GDPR 第33条第1項" in page or "GDPR Art. 33(1)" in page
    duty = Duty.objects.get(rule="eu.art33")
    assert client.post(f"{here}{duty.pk}/fulfil/", {"reference": ""}).status_code == 422
    assert client.post(f"{here}{duty.pk}/fulfil/", {"reference": "BfDI-1"}).status_code == 303
    other = Duty.objects.get(rule="jp.persons")
    assert client.post(f"{here}{other.pk}/ask/", {"reason": "x"}).status_code == 403
    boss = signed_in(lead)
    assert boss.post(f"{here}{other.pk}/ask/", {"reason": "含まれない"}).status_code == 303
    assert boss.post(f"{here}{other.pk}/withdraw/").status_code == 422
    assert boss.post(f"{here}{other.pk}/keep/", {"reason": "含まれる"}).status_code == 303
    assert boss.post(f"{here}{other.pk}/dance/").status_code == 404
    assert boss.post(f"/incidents/INC-99/duties/{other.pk}/keep/", {"reason": "x"}).status_code == 404
    assert [one.state for one in queries.of_incident(incident.id)].count("fulfilled") == 1


def test_the_war_room_and_the_board_say_what_is_owed(incident, lead):
    actions.answer(incident.id, Answer("yes", NOW - 50 * HOUR, ("eu",)), by=actor(lead), now=NOW)
    client = signed_in(lead)
    for page in (incident.url, "/"):
        assert f"{incident.url}duties/" in client.get(page).content.decode(), page


def test_the_rules_page_adds_a_version_and_ends_it(house, admin, lead):
    client = signed_in(admin)
    posted = {"code": "sector", "kind": "authority_notice", "name.ja": "業法", "source": "第1条", "amount": "24",
              "unit": "hours", "zone": "Asia/Tokyo"}  # fmt: skip
    assert client.get("/settings/duties/").status_code == 200
    assert client.post("/settings/duties/", posted).status_code == 303
    assert client.post("/settings/duties/", posted | {"amount": "x"}).status_code == 422
    assert client.post("/settings/duties/sector/end/").status_code == 303
    assert client.post("/settings/duties/sector/end/").status_code == 404
    assert DutyRule.objects.count() == 2
    assert signed_in(lead).get("/settings/duties/").status_code == 403


def test_the_same_by_the_api(house, lead, client_of):
    client = client_of(lead)
    made = send(client, "/incidents", {"title": {"en": "x"}, "severity": "SEV2",
                                       "exposure": {"answer": "perhaps", "jurisdictions": ["eu"]}})  # fmt: skip
    assert made.status_code == 201
    here = f"/incidents/{made.json()['key']}"
    found = client.get(f"/api/v1{here}/duties").json()
    assert [one["rule"] for one in found["duties"]] == ["eu.art33"]
    again = send(client, f"{here}/exposure", {"answer": "yes", "aware_at": NOW.isoformat(), "jurisdictions": ["eu"],
                                              "high_risk": True, "reason": "ログ", "seen": 1})  # fmt: skip
    assert [one["rule"] for one in again.json()["duties"]] == ["eu.art33", "eu.art34"]
    duty = f"{here}/duties/{again.json()['duties'][0]['id']}"
    assert send(client, duty, {"verb": "fulfil"}).status_code == 409
    done = send(client, duty, {"verb": "fulfil", "reference": "BfDI-1"})
    assert (done.status_code, done.json()["state"]) == (200, "fulfilled")
    assert send(client, f"{here}/exposure", {"answer": "maybe"}).status_code == 422
    assert len(client.get("/api/v1/duty-rules").json()) == 8


def test_rules_by_the_api(house, admin, client_of):
    client = client_of(admin)
    body = {"code": "sector", "kind": "authority_notice", "name": {"ja": "業法"}, "source": "第1条", "amount": 24,
            "unit": "hours"}  # fmt: skip
    assert len(send(client, "/duty-rules", body).json()) == 9
    assert len(send(client, "/duty-rules/sector/end", {}).json()) == 8
    assert send(client, "/duty-rules", body | {"amount": 9_000}).status_code == 422
