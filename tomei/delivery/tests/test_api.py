import json

import pytest

from tomei.delivery import hold
from tomei.delivery.models import Message

pytestmark = pytest.mark.django_db
API = "/api/v1"


def post(client, url, body=None):
    return client.post(f"{API}{url}", json.dumps(body or {}), content_type="application/json")


def test_only_an_administrator(client_of, client, lead, mail, now):
    hold.begin("restored", now=now)
    number = mail()
    before = list(Message.objects.values())
    reads = ["/outbox", f"/outbox/{number}", "/held", "/held/messages"]
    writes = ["/held/release", f"/outbox/{number}/retry"]
    assert [client_of(lead).get(API + url).status_code for url in reads] == [403] * 4
    assert [post(client_of(lead), url).status_code for url in writes] == [403] * 2
    assert post(client_of(lead), "/held/drop", {"all": True}).status_code == 403
    assert client.get(f"{API}/outbox").status_code == 401
    assert (list(Message.objects.values()), hold.on()) == (before, True)


def test_the_outbox_by_keyset(client_of, admin, mail):
    numbers = [mail(key=f"k:{n}") for n in range(5)]
    client = client_of(admin)
    first = client.get(f"{API}/outbox?limit=3").json()
    second = client.get(f"{API}/outbox?limit=3&after={first['next']}").json()
    assert [item["id"] for item in first["items"] + second["items"]] == numbers[::-1]
    assert second["next"] is None
    assert client.get(f"{API}/outbox?state=failed").json() == {"items": [], "next": None}
    assert client.get(f"{API}/outbox/{numbers[0]}").json()["to"] == "a@example.com"
    assert client.get(f"{API}/outbox/99999").status_code == 404
    assert client.get(f"{API}/outbox/{2**70}").status_code == 422


def test_hold_drop_release(client_of, admin, mail, now):
    client = client_of(admin)
    assert client.get(f"{API}/held").json()["held"] is False
    hold.begin("restored", now=now)
    numbers = [mail(key=f"k:{n}") for n in range(3)]
    assert client.get(f"{API}/held").json()["waiting"] == 3
    assert len(client.get(f"{API}/held/messages").json()["items"]) == 3
    assert post(client, "/held/drop", {"ids": numbers[:1]}).json() == {"messages": 1}
    assert post(client, "/held/drop", {"ids": []}).status_code == 409
    assert post(client, "/held/release").json() == {"messages": 2}
    assert post(client, "/held/release").json()["code"] == "delivery.not_held"
