"""The demo's button, and that a real house has none."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.people import NOW
from tomei.customers import actions as customers
from tomei.kernel.text import Text
from tomei.room.door import COOKIE
from tomei.room.models import Device
from tomei.room.tests.world import EDITOR
from tomei.web import demo

pytestmark = [pytest.mark.django_db, pytest.mark.wired]


@pytest.fixture
def lead_of_it(house: Any) -> int:
    pk = customers.add_organisation("customer", name=Text("東和精機", "Towa"), by=EDITOR, now=NOW).id
    return customers.add_contact(pk, name="山本 誠", mail=demo.CUSTOMER, language="en", by=EDITOR, now=NOW)


def test_one_click_opens_the_room(lead_of_it: int, settings: Any) -> None:
    settings.DEMO = True
    client = Client(headers={"Accept-Language": "en"})
    assert b"IT lead" in client.get("/demo/enter/").content
    answer = client.post("/demo/enter/", {"as": "customer"})
    assert (answer.status_code, answer["Location"], answer.cookies[COOKIE]["path"]) == (303, "/room/", "/room/")
    assert client.get("/room/").status_code == 200 and client.get("/incidents/").status_code == 302


def test_a_real_house_has_no_such_door(lead_of_it: int, settings: Any) -> None:
    settings.DEMO = False
    client = Client()
    assert client.get("/demo/enter/").status_code == 404
    assert client.post("/demo/enter/", {"as": "customer"}).status_code == 404
    assert not Device.objects.exists() and COOKIE not in client.cookies
