"""Sign-in of contacts: the same answer for everybody, one browser, once, five tries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from tests.people import NOW
from tomei.accounts.models import AuditEntry
from tomei.customers import actions as customers
from tomei.customers.listing import contact as contact_row
from tomei.kernel import time
from tomei.room import actions, rules
from tomei.room.door import ASKING, COOKIE
from tomei.room.models import Device, FeedKey, Gate, SignIn
from tomei.room.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.wired]


@pytest.fixture
def rooms(house: Any, by_lead: Any, monkeypatch: Any) -> world.Rooms:
    monkeypatch.setattr(time, "now", lambda: world.LATER)
    return world.build(by_lead)


def browser() -> Client:
    return Client(headers={"Accept-Language": "en", "User-Agent": "Firefox Linux"})


def ask(client: Client, mail: str = "quokka@customer.test", **more: str) -> SignIn:
    answer = client.post("/room/sign-in/", {"mail": mail, "next": "/room/status/", "keep": "1", **more})
    assert (answer.status_code, answer["Location"]) == (303, "/room/sign-in/sent/")
    return SignIn.objects.latest("pk")


def mails() -> list[Any]:
    return list(apps.get_model("delivery", "Message").objects.filter(purpose="signin").order_by("pk"))


def codes() -> list[str]:
    return list(AuditEntry.objects.filter(code__startswith="room.").order_by("pk").values_list("code", flat=True))


def test_a_contact_enters_by_the_link(rooms: world.Rooms) -> None:
    client = browser()
    row = ask(client, "QUOKKA@customer.test ")
    actions.send([world.job(row)], world.LATER)
    (message,) = mails()
    token, code = world.mailed(row)
    assert message.address == "quokka@customer.test" and token in message.text
    assert f"{code[:3]} {code[3:]}" in message.text
    page = client.get(f"/room/sign-in/link/{token}/")
    assert page.status_code == 200 and b"One press" in page.content
    assert SignIn.objects.get(pk=row.pk).used_at is None  # programs follow links
    answer = client.post(f"/room/sign-in/link/{token}/")
    assert (answer.status_code, answer["Location"]) == (303, "/room/status/")
    cookie = answer.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (
        "/room/",
        True,
        "Lax",
        30 * 86400,
    )
    assert client.get("/room/").status_code == 200
    assert mails() == []  # the mail that let them in is erased
    assert codes() == ["room.asked", "room.mailed", "room.entered"]


def test_the_code_enters_where_it_was_asked_for(rooms: world.Rooms) -> None:
    client = browser()
    row = ask(client)
    answer = client.post("/room/sign-in/code/", {"code": world.mailed(row)[1]})
    assert (answer.status_code, answer["Location"]) == (303, "/room/status/")
    assert client.get("/room/").status_code == 200


def test_nothing_at_rest_opens_the_room(rooms: world.Rooms) -> None:
    client = browser()
    row = ask(client)
    token, code = world.mailed(row)
    kept = repr(
        [
            list(SignIn.objects.values()),
            list(AuditEntry.objects.values()),
            list(apps.get_model("clock", "Job").objects.values()),
        ]
    )
    assert token not in kept and code not in repr([row.salt, row.token, row.browser])
    client.post("/room/sign-in/code/", {"code": code})
    assert client.cookies[COOKIE].value not in repr(list(Device.objects.values()))


def test_unknown_addresses_are_answered_alike(rooms: world.Rooms, django_assert_num_queries: Any) -> None:
    answers = []
    for mail in ("quokka@customer.test", "nobody@nowhere.test"):
        client = browser()
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as found:
            answer = client.post("/room/sign-in/", {"mail": mail, "next": "/room/"})
        page = client.get("/room/sign-in/sent/")
        body = page.content.decode()
        body = body.split('name="csrfmiddlewaretoken"')[0] + body.split("csrfmiddlewaretoken", 1)[1][90:]
        answers.append((answer.status_code, answer["Location"], answer.content, len(found), len(page.content), body))
    assert answers[0] == answers[1]
    actions.send([world.job(row) for row in SignIn.objects.all()], world.LATER)
    assert [one.address for one in mails()] == ["quokka@customer.test"]


def test_a_link_works_once_and_for_ten_minutes(rooms: world.Rooms, monkeypatch: Any) -> None:
    client = browser()
    token = world.mailed(ask(client))[0]
    monkeypatch.setattr(time, "now", lambda: world.LATER + rules.LIFETIME)
    assert client.post(f"/room/sign-in/link/{token}/").status_code == 404
    monkeypatch.setattr(time, "now", lambda: world.LATER + rules.LIFETIME - timedelta(seconds=1))
    assert client.post(f"/room/sign-in/link/{token}/").status_code == 303
    assert client.post(f"/room/sign-in/link/{token}/").status_code == 404
    assert Device.objects.count() == 1


def test_two_browsers_with_one_link(rooms: world.Rooms) -> None:
    first, second = browser(), browser()
    token = world.mailed(ask(first))[0]
    ask(second, "wombat@customer.test")
    for answer in (second.get(f"/room/sign-in/link/{token}/"), second.post(f"/room/sign-in/link/{token}/")):
        assert answer.status_code == 409 and b"not the browser" in answer.content
    assert browser().post(f"/room/sign-in/link/{token}/").status_code == 409
    assert not Device.objects.exists()
    assert first.post(f"/room/sign-in/link/{token}/").status_code == 303


def test_asking_again_kills_what_was_asked_before(rooms: world.Rooms) -> None:
    client = browser()
    old = ask(client)
    new = ask(client)
    assert client.post(f"/room/sign-in/link/{world.mailed(old)[0]}/").status_code == 404
    assert client.post(f"/room/sign-in/link/{world.mailed(new)[0]}/").status_code == 303


def test_five_tries_and_the_code_is_dead(rooms: world.Rooms) -> None:
    client = browser()
    row = ask(client)
    right = world.mailed(row)[1]
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    said = [client.post("/room/sign-in/code/", {"code": wrong}).content.decode() for _ in range(5)]
    assert [f"Tries left: {left}" in text for left, text in zip((4, 3, 2, 1), said, strict=False)] == [True] * 4
    assert "wrong five times" in said[4]
    assert client.post("/room/sign-in/code/", {"code": right}).status_code == 409
    assert not Device.objects.exists()
    assert codes().count("room.code_wrong") == 5


def test_a_code_without_its_browser_opens_nothing(rooms: world.Rooms) -> None:
    row = ask(browser())
    answer = browser().post("/room/sign-in/code/", {"code": world.mailed(row)[1]})
    assert answer.status_code == 409 and not Device.objects.exists()


def test_limits_are_told_and_the_same_for_all(rooms: world.Rooms, monkeypatch: Any) -> None:
    for mail in ("quokka@customer.test", "nobody@nowhere.test"):
        for _ in range(rules.PER_ADDRESS):
            ask(browser(), mail)
        answer = browser().post("/room/sign-in/", {"mail": mail})
        assert answer.status_code == 429 and b"5 times an hour" in answer.content and answer["Retry-After"] == "3600"
    monkeypatch.setattr(time, "now", lambda: world.LATER + rules.HOUR)
    ask(browser())


def test_a_network_is_a_64_of_ipv6(rooms: world.Rooms) -> None:
    for number in range(rules.PER_NETWORK):
        client = Client(REMOTE_ADDR=f"2001:db8::{number:x}")
        assert client.post("/room/sign-in/", {"mail": f"n{number}@nowhere.test"}).status_code == 303
    assert Client(REMOTE_ADDR="2001:db8::ffff").post("/room/sign-in/", {"mail": "x@nowhere.test"}).status_code == 429
    assert Client(REMOTE_ADDR="2001:db8:0:1::1").post("/room/sign-in/", {"mail": "x@nowhere.test"}).status_code == 303


def test_an_organisation_gets_so_many_mails_an_hour(rooms: world.Rooms, monkeypatch: Any) -> None:
    monkeypatch.setattr(rules, "PER_ORGANISATION", 2)
    for _ in range(3):
        actions.send([world.job(ask(browser()))], world.LATER)
    assert len(mails()) == 2 and codes()[-1] == "room.busy"


@pytest.mark.parametrize("mail", ["", "x", "a b@c", "a@b\x00.test", "a@b.test\r\nBcc: c@d.test", "ä" * 300 + "@x.test"])
def test_unreadable_addresses_are_refused(rooms: world.Rooms, mail: str) -> None:
    answer = browser().post("/room/sign-in/", {"mail": mail})
    assert answer.status_code in (303, 422)
    if answer.status_code == 422:
        assert not SignIn.objects.exists()


def test_who_leaves_is_signed_out_at_once(rooms: world.Rooms) -> None:
    client = world.enter(rooms.contacts["a"])
    reader = client.post("/room/keys/")
    assert reader.status_code == 303 and FeedKey.objects.count() == 1
    seen = contact_row(rooms.contacts["a"], rooms.a).version
    customers.archive_contact(rooms.contacts["a"], organisation_id=rooms.a, seen=seen, by=world.EDITOR, now=world.LATER)
    assert not Device.objects.exists() and not FeedKey.objects.exists()
    answer = client.get("/room/status/")
    assert (answer.status_code, answer["Location"]) == (303, "/room/sign-in/?next=/room/status/")


def test_an_archived_organisation_signs_out_everybody(rooms: world.Rooms) -> None:
    client = world.enter(rooms.contacts["a"])
    from tomei.customers import queries

    customers.archive_organisation(rooms.a, seen=queries.version_of(rooms.a), by=world.EDITOR, now=world.LATER)
    assert client.get("/room/").status_code == 303
    customers.return_organisation(rooms.a, seen=queries.version_of(rooms.a), by=world.EDITOR, now=world.LATER)
    assert client.get("/room/").status_code == 303  # and stays out


def test_one_person_of_two_organisations_chooses(rooms: world.Rooms) -> None:
    second = customers.add_contact(
        rooms.b, name="Two Hats", mail="quokka@customer.test", language="en", by=world.EDITOR, now=NOW
    )
    client = browser()
    row = ask(client, next="/room/incidents/INC-1/")
    token = world.mailed(row)[0]
    assert client.post(f"/room/sign-in/link/{token}/")["Location"] == "/room/incidents/INC-1/"
    answer = client.get("/room/incidents/INC-1/")
    assert answer["Location"] == "/room/choose/?next=/room/incidents/INC-1/"
    page = client.get(answer["Location"])
    assert world.OURS.encode() in page.content and world.THEIRS.encode() in page.content
    assert client.post("/room/choose/", {"contact": "999", "next": "/room/"}).status_code == 404
    chosen = client.post("/room/choose/", {"contact": str(second), "next": "/room/status/"})
    assert chosen["Location"] == "/room/status/"
    assert world.THEIRS.encode() in client.get("/room/").content
    assert b"Another organisation" in client.get("/room/").content


def test_staff_and_contacts_share_nothing(rooms: world.Rooms, client_of: Any, lead: Any) -> None:
    assert client_of(lead).get("/room/")["Location"] == "/room/sign-in/?next=/room/"
    guest = world.enter(rooms.contacts["a"])
    for url in ("/", "/incidents/", "/api/v1/incidents", "/settings/room/"):
        assert guest.get(url).status_code in (302, 401)
    assert "tomei_session" not in guest.cookies


def test_devices_are_listed_and_revoked(rooms: world.Rooms) -> None:
    here, there = world.enter(rooms.contacts["a"]), world.enter(rooms.contacts["a"])
    stranger = world.enter(rooms.contacts["b"])
    page = here.get("/room/devices/")
    assert page.content.count(b"/revoke/") == 2 and b"this one" in page.content
    other, mine = (Device.objects.order_by("pk").values_list("pk", flat=True)[place] for place in (1, 0))
    assert stranger.post(f"/room/devices/{other}/revoke/").status_code == 404
    assert here.post(f"/room/devices/{other}/revoke/").status_code == 303
    assert there.get("/room/").status_code == 303 and here.get("/room/").status_code == 200
    here.post("/room/sign-out/")
    assert not Device.objects.filter(pk=mine).exists()


def test_a_device_that_is_not_remembered_ends_sooner(rooms: world.Rooms, monkeypatch: Any) -> None:
    client = browser()
    answer = client.post("/room/sign-in/", {"mail": "quokka@customer.test"})
    assert answer.cookies[ASKING]["path"] == "/room/"
    row = SignIn.objects.latest("pk")
    answer = client.post(f"/room/sign-in/link/{world.mailed(row)[0]}/")
    assert answer.cookies[COOKIE]["max-age"] == ""
    monkeypatch.setattr(time, "now", lambda: world.LATER + rules.SHORT)
    assert client.get("/room/").status_code == 303


def test_the_house_says_how_long(rooms: world.Rooms, client_of: Any, admin: Any, lead: Any) -> None:
    page = client_of(admin)
    assert page.post("/settings/room/", {"days": "7"}).status_code == 303
    assert page.post("/settings/room/", {"days": "0"}).status_code == 409
    assert client_of(lead).get("/settings/room/").status_code == 403
    world.enter(rooms.contacts["a"])
    assert Device.objects.get().ends_at == world.LATER + timedelta(days=7)


def test_what_is_old_is_forgotten(rooms: world.Rooms) -> None:
    ask(browser())
    world.enter(rooms.contacts["a"])
    actions.prune([], world.LATER + timedelta(days=31))
    assert (SignIn.objects.count(), Device.objects.count(), Gate.objects.count()) == (0, 0, 0)


def test_a_cookie_is_secure_behind_https(rooms: world.Rooms, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    answer = browser().post("/room/sign-in/", {"mail": "quokka@customer.test"})
    assert answer.cookies[ASKING]["secure"]


def test_the_mail_speaks_the_contacts_language(rooms: world.Rooms) -> None:
    customers.add_contact(rooms.b, name="鈴木", mail="suzuki@customer.test", language="ja", by=world.EDITOR, now=NOW)
    actions.send([world.job(ask(browser(), "suzuki@customer.test"))], world.LATER)
    assert "お客様ルーム" in mails()[0].subject  # asked in English
