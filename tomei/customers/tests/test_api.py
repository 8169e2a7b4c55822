"""The same by the API, with a session here: tokens are tested where they are made."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.people import signed_in
from tomei.customers import hooks, queries, rules
from tomei.customers.models import Organisation, PolicyVersion
from tomei.customers.tests.factories import component, customer, default_policy_id
from tomei.kernel.text import Text

pytestmark = pytest.mark.django_db


class Api:
    def __init__(self, client: Client) -> None:
        self.client = client

    def __call__(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        send = getattr(self.client, method)
        url = f"/api/v1{path}"
        response = send(url) if body is None else send(url, json.dumps(body), content_type="application/json")
        assert response.status_code == status, (response.status_code, response.content.decode()[:800])
        return response.json() if response.content else None


@pytest.fixture
def front(lead: Any, house: Any) -> Api:
    return Api(signed_in(lead))


@pytest.fixture
def office(admin: Any, house: Any) -> Api:
    return Api(signed_in(admin))


def test_an_organisation_from_beginning_to_end(front: Api) -> None:
    made = front("post", "/organisations", {"name": {"ja": "東和精機"}, "zone": "Asia/Tokyo"}, 201)
    pk, part = made["id"], component()
    assert (made["kind"], made["version"], made["contacts"]) == ("customer", 1, [])
    edit = {"name": {"ja": "東和", "en": "Towa"}, "zone": "Asia/Tokyo", "seen": 1}
    assert front("put", f"/organisations/{pk}", edit)["version"] == 2
    stale = front("put", f"/organisations/{pk}", edit, 409)
    assert (stale["code"], set(stale)) == ("customers.stale", {"code", "message", "way_out", "facts"})
    contact = front("post", f"/organisations/{pk}/contacts", {"name": "山田", "mail": "y@example.com"}, 201)
    again = {"name": "山田 花子", "mail": "y@example.com", "seen": 1}
    assert front("put", f"/organisations/{pk}/contacts/{contact['id']}", again)["name"] == "山田 花子"
    contract = {"policy_id": default_policy_id(), "renews_on": "2027-04-01"}
    held = front("post", f"/organisations/{pk}/contracts", contract, 201)
    front("put", f"/organisations/{pk}/contracts/{held['id']}", {**contract, "number": "K-1", "seen": 1})
    assert front("put", f"/organisations/{pk}/uses", {"component_ids": [part]})["component_ids"] == [part]
    shown = front("get", f"/organisations/{pk}")
    assert (shown["renews_on"], shown["contracts"][0]["number"]) == ("2027-04-01", "K-1")
    front("post", f"/organisations/{pk}/contacts/{contact['id']}/archive", {"seen": 2})
    front("post", f"/organisations/{pk}/contracts/{held['id']}/archive", {"seen": 2})
    front("post", f"/organisations/{pk}/archive", {"seen": 2})
    assert front("get", "/organisations")["items"] == []
    assert [one["id"] for one in front("get", "/organisations?archived=true")["items"]] == [pk]
    front("post", f"/organisations/{pk}/return", {"seen": 3})


def test_the_list_goes_on_where_it_stopped(front: Api) -> None:
    ids = [customer(f"客{number}") for number in range(5)]
    seen, after = [], ""
    while True:
        part = front("get", f"/organisations?limit=2&after={after}")
        seen += [one["id"] for one in part["items"]]
        after = part["next"]
        if after is None:
            break
    assert seen == ids
    front("get", "/organisations?limit=0", status=422)


def test_the_catalogue(front: Api, lead: Any) -> None:
    product = front("post", "/products", {"name": {"en": "Orders"}, "owner_id": lead.pk}, 201)
    part = front("post", f"/products/{product['id']}/components", {"name": {"en": "Order API"}}, 201)
    assert (part["slug"], part["declares"]) == ("order-api", False)
    change = {"name": {"en": "Order API"}, "slug": "orders", "declares": True, "declares_as": "SEV2", "seen": 1}
    assert front("put", f"/components/{part['id']}", change)["declares_as"] == "SEV2"
    assert (
        front("put", f"/components/{part['id']}", {**change, "declares_as": "SEV9", "seen": 2}, 422)["code"]
        == "field.not_a_choice"
    )
    front("put", f"/products/{product['id']}", {"name": {"en": "Orders"}, "seen": 1})
    front("post", f"/components/{part['id']}/archive", {"seen": 2})
    front("post", f"/components/{part['id']}/return", {"seen": 3})
    front("post", f"/products/{product['id']}/archive", {"seen": 2})
    front("post", f"/products/{product['id']}/return", {"seen": 3})
    front("post", f"/products/{product['id']}/burn", {"seen": 4}, 422)
    assert [one["slug"] for one in front("get", "/products")["items"][0]["components"]] == ["orders"]


def test_policies_and_calendars(office: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    hours = {"0": [["09:00", "18:00"]]}
    calendar = office("post", "/calendars", {"name": "月曜", "hours": hours}, 201)
    edited = {"name": "月曜だけ", "hours": hours, "country": "DE-BY", "seen": 1}
    assert office("put", f"/calendars/{calendar['id']}", edited)["country"] == "DE-BY"
    policy = office("post", "/policies", {"name": "金融", "calendar_id": calendar["id"]}, 201)
    terms = rules.default_terms().as_json()
    terms["severities"]["SEV1a"]["update_s"] = 600
    version = {"terms": terms, "calendar_id": calendar["id"], "reason": "契約", "seen": 1}
    grown = office("post", f"/policies/{policy['id']}/versions", version, 201)
    assert [one["number"] for one in grown["versions"]] == [2, 1]
    terms["severities"]["SEV1a"]["update_s"] = 0
    assert (
        office("post", f"/policies/{policy['id']}/versions", {**version, "seen": 2}, 422)["code"]
        == "field.span_not_positive"
    )
    assert (
        office("post", f"/policies/{policy['id']}/versions", {**version, "terms": {}, "seen": 2}, 409)["code"]
        == "policy.unreadable"
    )
    assert PolicyVersion.objects.filter(policy=policy["id"]).count() == 2
    monkeypatch.setattr(hooks, "running", lambda pk: [hooks.RunningFacts(12, "INC-12", Text("x"), 1)])
    applied: list[int] = []
    monkeypatch.setattr(hooks, "apply", lambda incident, version, by, now: applied.append(incident))
    assert office("get", f"/policies/{policy['id']}/running")["items"][0]["key"] == "INC-12"
    office("post", f"/policies/{policy['id']}/running/12")
    office("post", f"/policies/{policy['id']}/running/13", status=404)
    assert applied == [12]
    assert office("post", f"/policies/{policy['id']}/default")["is_default"] is True
    assert office("post", f"/policies/{policy['id']}/archive", status=409)["code"] == "policy.default_stays"
    assert office("post", f"/calendars/{calendar['id']}/archive", {"seen": 2}, 409)["code"] == "calendar.in_use"
    assert len(office("get", "/policies")["items"]) == len(office("get", "/calendars")["items"]) == 2


def test_who_only_reads_changes_nothing(watcher: Any, house: Any) -> None:
    one, part = customer(), component()
    api = Api(signed_in(watcher))
    for path in ("/organisations", f"/organisations/{one}", "/products", "/policies", "/calendars"):
        api("get", path)
    assert api("post", "/organisations", {"name": {"ja": "x"}}, 403)["code"] == "rights.missing"
    api("put", f"/organisations/{one}/uses", {"component_ids": [part]}, 403)
    api("post", "/policies", {"name": "x"}, 403)
    api("post", "/products", {"name": {"ja": "x"}}, 403)
    assert (Organisation.objects.count(), queries.users_of([part])) == (2, [])
    Api(Client())("get", "/organisations", status=401)


@pytest.mark.parametrize("name", ["\u0000", "x" * 121, ""])
def test_names_that_cannot_be_are_refused(front: Api, name: str) -> None:
    front("post", "/organisations", {"name": {"ja": name}}, 422)
    assert Organisation.objects.filter(kind="customer").count() == 0
