import json

import pytest

from tomei.delivery.models import Message
from tomei.oncall.models import ContactMethod

pytestmark = pytest.mark.django_db
API = "/api/v1/me/contact-methods"


def post(client, url, body=None):
    return client.post(url, json.dumps(body or {}), content_type="application/json")


def test_my_contact_methods(client_of, lead, colleague, client):
    mine = client_of(lead)
    assert client.get(API).status_code == 401
    assert mine.get(API).json()["items"] == []
    made = post(mine, API, {"kind": "webhook", "template": "slack", "url": "https://hooks.slack.com/services/SECRET"})
    assert made.status_code == 201
    assert made.json()["hint"] == "hooks.slack.com" and "SECRET" not in made.content.decode()
    number = made.json()["id"]
    assert post(mine, f"{API}/{number}/test").json()["state"] == "waiting"
    assert post(client_of(colleague), f"{API}/{number}/test").status_code == 404
    assert client_of(colleague).delete(f"{API}/{number}").status_code == 404
    assert Message.objects.count() == 1
    assert mine.delete(f"{API}/{number}").status_code == 204
    assert ContactMethod.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "mail", "address": "x"}, 409),
        ({"kind": "fax"}, 422),
        ({"kind": "webhook", "url": "x"}, 409),
        ({}, 422),
    ],
)
def test_what_cannot_be_a_method(client_of, lead, body, status):
    assert (post(client_of(lead), API, body).status_code, ContactMethod.objects.count()) == (status, 0)
