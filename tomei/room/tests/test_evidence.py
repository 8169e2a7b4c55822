"""A contact gives a file; colleagues see it after the scan, another customer never."""

from __future__ import annotations

from typing import Any

import pytest

from tests.people import signed_in
from tomei.accounts.doors import actor
from tomei.cases.evidence.models import Evidence, Reading
from tomei.cases.models import Entry
from tomei.cases.tests.test_evidence import LOG, SECRET, body_of, looked, piece, put
from tomei.customers import actions as customers
from tomei.kernel import time
from tomei.room.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.wired]


@pytest.fixture
def rooms(house: Any, by_lead: Any, monkeypatch: Any, settings: Any, tmp_path: Any) -> world.Rooms:
    monkeypatch.setattr(time, "now", lambda: world.LATER)
    settings.DATA = tmp_path
    made = world.build(by_lead)
    for name in ("a", "b"):
        _may_answer(made, name)
    return made


def _may_answer(made: world.Rooms, name: str, role: str = "answerer") -> None:
    from tomei.customers.models import Contact

    Contact.objects.filter(pk=made.contacts[name]).update(room_role=role)


def given(client: Any, key: str) -> int:
    place = f"/room/incidents/{key}/evidence/"
    upload = client.post(f"{place}begin/", {"name": "theirs.log", "size": len(LOG)}).json()
    assert put(client, f"{place}uploads/{upload['key']}/0/", piece(LOG, 0)).status_code == 200
    return int(client.post(f"{place}uploads/{upload['key']}/").json()["id"])


def test_a_contact_gives_and_reads(rooms, lead):
    guest, key = world.enter(rooms.contacts["a"]), rooms.keys["both"]
    place = f"/room/incidents/{key}/evidence/"
    pk = given(guest, key)
    second = customers.add_contact(rooms.a, name="Second", mail="second@customer.test", by=world.EDITOR, now=world.NOW)
    colleague, stranger = world.enter(second), world.enter(rooms.contacts["b"])
    assert [one.get(f"{place}{pk}/").status_code for one in (guest, colleague, stranger)] == [200, 404, 404]
    assert "theirs.log" not in signed_in(lead).get(f"/incidents/{key}/evidence/").content.decode()
    assert looked(pk).state == "ready"
    assert [one.get(f"{place}{pk}/").status_code for one in (guest, colleague, stranger)] == [200, 200, 404]
    assert SECRET.encode() not in body_of(colleague.get(f"{place}{pk}/file/"))
    assert colleague.post(f"{place}{pk}/original/", {"reason": "x"}).status_code in (403, 422)
    assert stranger.get(f"{place}{pk}/file/").status_code == 404
    assert stranger.post(f"{place}{pk}/original/", {"reason": "x"}).status_code == 404
    assert body_of(guest.post(f"{place}{pk}/original/", {"reason": "mine"})) == LOG
    assert list(Reading.objects.order_by("pk").values_list("by_kind", "copy")) == [
        ("contact", "masked"), ("contact", "original"),
    ]  # fmt: skip
    assert Entry.objects.get(code="evidence.given").audience == "customer"
    assert "theirs.log" in signed_in(lead).get(f"/incidents/{key}/evidence/").content.decode()
    page = signed_in(lead).get(f"/incidents/{key}/evidence/{pk}/").content.decode()
    assert "mine" in page and "Second" in page


def test_a_reader_gives_nothing(rooms):
    _may_answer(rooms, "a", "reader")
    guest, key = world.enter(rooms.contacts["a"]), rooms.keys["both"]
    place = f"/room/incidents/{key}/evidence/"
    assert guest.get(place).status_code == 200
    assert "data-upload=" not in guest.get(place).content.decode()
    refused = guest.post(f"{place}begin/", {"name": "a.log", "size": 3})
    assert (refused.status_code, refused.json()["code"]) == (403, "rights.missing")
    assert Evidence.objects.count() == 0


@pytest.mark.parametrize("name", ["b", "restricted", "drill", "untold"])
def test_incidents_that_are_not_theirs_take_nothing(rooms, name):
    guest = world.enter(rooms.contacts["a"])
    place = f"/room/incidents/{rooms.keys[name]}/evidence/"
    assert guest.get(place).status_code == 404
    assert guest.post(f"{place}begin/", {"name": "a.log", "size": 3}).status_code == 404
    assert put(guest, f"{place}uploads/abc/0/", b"abc").status_code == 404


def test_what_we_give_for_a_customer_is_theirs_when_shared(rooms, lead):
    guest, key = world.enter(rooms.contacts["a"]), rooms.keys["both"]
    ours, place = signed_in(lead), f"/incidents/{rooms.keys['both']}/evidence/"
    upload = ours.post(f"{place}begin/", {"name": "o.log", "size": len(LOG), "organisation": rooms.a}).json()
    put(ours, f"{place}uploads/{upload['key']}/0/", LOG)
    pk = ours.post(f"{place}uploads/{upload['key']}/").json()["id"]
    looked(pk)
    room = f"/room/incidents/{key}/evidence/{pk}/"
    assert guest.get(room).status_code == 404
    assert ours.post(f"{place}{pk}/share/", {"shared": "1"}).status_code == 303
    assert guest.get(room).status_code == 200
    assert ours.post(f"{place}{pk}/share/", {}).status_code == 303
    assert guest.get(room).status_code == 404
    assert actor(lead).may("evidence.release")
