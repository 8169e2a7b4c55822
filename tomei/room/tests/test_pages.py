"""What a guest sees, and what no page of the room ever says."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.people import NOW
from tomei.cases import actions as cases
from tomei.cases import queries as incidents
from tomei.comms import actions as comms
from tomei.comms import queries as updates
from tomei.comms.facts import UpdateInput
from tomei.customers import actions as customers
from tomei.kernel import time
from tomei.kernel.text import Text
from tomei.room import actions, queries
from tomei.room.models import Device, FeedKey
from tomei.room.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.wired]
FEEDS = ("feed.atom", "feed.rss", "feed.json", "api/v2/summary.json", "api/v2/status.json", "api/v2/components.json",
         "api/v2/incidents.json", "api/v2/incidents/unresolved.json", "api/v2/scheduled-maintenances.json")  # fmt: skip


@pytest.fixture
def rooms(house: Any, by_lead: Any, monkeypatch: Any) -> world.Rooms:
    monkeypatch.setattr(time, "now", lambda: world.LATER)
    return world.build(by_lead)


@pytest.fixture
def guest(rooms: world.Rooms) -> Client:
    return world.enter(rooms.contacts["a"])


def key_of(rooms: world.Rooms, name: str = "a") -> str:
    reader = queries.guest(Device.objects.filter(contact=rooms.contacts[name]).latest("pk"))
    assert reader is not None
    actions.make_key(by=reader, now=world.LATER)
    return queries.keys(reader)[-1].place


def every_page(rooms: world.Rooms, client: Client, place: str) -> dict[str, Any]:
    urls = ["/room/", "/room/?after=999", "/room/status/", "/room/devices/", "/room/choose/", "/room/sign-in/sent/"]
    urls += [f"/room/incidents/{key}/" for key in rooms.keys.values()]
    urls += [f"{place}{name}{query}" for name in FEEDS for query in ("", "?lang=ja", "?lang=en")]
    return {
        url + lang: client.get(url + lang)
        for url in urls
        for lang in ("", "?lang=ja")
        if "feed/" not in url or not lang
    }


@pytest.mark.parametrize(("name", "other"), [("a", world.THEIRS), ("b", world.OURS)])
def test_no_word_of_another_organisation_is_on_any_page(rooms: world.Rooms, name: str, other: str) -> None:
    client = world.enter(rooms.contacts[name])
    found = every_page(rooms, client, key_of(rooms, name))
    said = {url: answer.content.decode().lower() for url, answer in found.items()}
    words = [other.lower(), *(one.lower() for one in world.SECRETS)]
    assert [(url, word) for url, text in said.items() for word in words if word in text] == []
    own = (world.OURS if name == "a" else world.THEIRS).lower()
    for url in (
        "/room/",
        "/room/status/",
        f"/room/incidents/{rooms.keys[name]}/",
        f"/room/incidents/{rooms.keys['both']}/",
    ):
        assert found[url].status_code == 200 and own in said[url], url


def test_what_is_not_theirs_is_not_there(rooms: world.Rooms, guest: Client) -> None:
    answered = {name: guest.get(f"/room/incidents/{key}/").status_code for name, key in rooms.keys.items()}
    assert answered == {"a": 200, "both": 200, "b": 404, "restricted": 404, "drill": 404, "untold": 404}


@pytest.mark.parametrize("key", ["INC-0", "inc-1x", "INC-99999999999999", "%00", "../", "CASE-1"])
def test_wrong_keys_are_not_there(guest: Client, key: str) -> None:
    assert guest.get(f"/room/incidents/{key}/").status_code == 404


def test_the_four_answers(rooms: world.Rooms, guest: Client) -> None:
    text = guest.get(f"/room/incidents/{rooms.keys['both']}/").content.decode()
    for said in ("Since when", "What, and why", "Who works on it", "Next update", "佐藤 明", "data-countdown"):
        assert said in text, said
    assert f"for {world.OURS} alone: 60 % of orders fail" in text
    assert "Promised to you" in text and "JST" in text


def test_a_next_time_that_was_kept_or_late_is_shown(
    rooms: world.Rooms, guest: Client, by_lead: Any, monkeypatch: Any
) -> None:
    late = NOW + 20 * world.MINUTE  # the time that was told was 14:15
    monkeypatch.setattr(time, "now", lambda: late)
    told = UpdateInput(
        parts={"effect": Text("失敗は4割に減りました。", "Failures fell to 40 %.")}, state="identified",
        audiences=("affected",), next_at=late + 15 * world.MINUTE,
    )  # fmt: skip
    comms.publish(rooms.ids["a"], told, by=by_lead, now=late, confirmed=True)
    text = guest.get(f"/room/incidents/{rooms.keys['a']}/").content.decode()
    assert 'data-state="late"' in text and "1 promise that has ended" in text
    assert "Failures fell to 40 %." in text.split("Who works on it")[0]


def test_a_correction_is_marked_and_the_old_one_a_click_away(rooms: world.Rooms, guest: Client, by_lead: Any) -> None:
    words = Text("失敗は2割です。", "20 % fail.")
    first = updates.by_number(rooms.ids["a"], 1)
    comms.correct(first.id, {"effect": words}, reason="counted again", by=by_lead, now=world.LATER)
    text = guest.get(f"/room/incidents/{rooms.keys['a']}/").content.decode()
    assert "replaced by update 2" in text and "This corrects update 1." in text and "Read the old version" in text


def test_what_became_restricted_is_gone(rooms: world.Rooms, guest: Client, by_lead: Any) -> None:
    url = f"/room/incidents/{rooms.keys['a']}/"
    cases.set_restricted(rooms.ids["a"], True, by=by_lead, now=world.LATER)
    assert guest.get(url).status_code == 404
    assert f"{world.OURS} orders fail" not in guest.get("/room/").content.decode()
    assert f"{world.OURS} orders fail" not in guest.get("/room/status/").content.decode()


def test_an_end_moves_it_into_the_history_by_pages(rooms: world.Rooms, guest: Client, monkeypatch: Any) -> None:
    from tomei.comms.statuspage import own

    monkeypatch.setattr(own, "PAGE", 1)
    from tomei.cases.models import Incident

    Incident.objects.filter(pk__in=[rooms.ids["a"], rooms.ids["both"]]).update(state="restored", restored_at=NOW)
    first = guest.get("/room/").content.decode()
    assert "Nothing is going on" in first and "Both suffer" in first and f"{world.OURS} orders fail" not in first
    assert f"/room/?after={rooms.ids['both']}" in first
    second = guest.get(f"/room/?after={rooms.ids['both']}").content.decode()
    assert f"{world.OURS} orders fail" in second and "Both suffer" not in second and 'rel="next"' not in second
    assert guest.get("/room/?after=x").status_code == 404


def test_the_status_page_has_their_components_first(rooms: world.Rooms, guest: Client) -> None:
    text = guest.get("/room/status/").content.decode()
    assert 0 < text.index("orders-quokka") < text.rindex("<b>shared</b>")
    assert "edi-wombat" not in text and "you are affected" in text


def test_feeds_carry_only_what_they_may_read(rooms: world.Rooms, guest: Client) -> None:
    place = key_of(rooms)
    feed = Client().get(f"{place}feed.json")
    body = json.loads(feed.content)
    assert feed.status_code == 200 and feed["Cache-Control"] == "private, max-age=30"
    assert {one["url"].partition("?")[0] for one in body["items"]} == {
        f"http://127.0.0.1:8000/room/incidents/{rooms.keys[name]}/" for name in ("a", "both")
    }
    assert body["feed_url"].startswith(f"http://127.0.0.1:8000{place}feed.json")
    summary = json.loads(Client().get(f"{place}api/v2/summary.json").content)
    assert {one["name"] for one in summary["incidents"]} == {f"{world.OURS} orders fail", "Both suffer"}
    assert {one["name"] for one in summary["components"]} == {"orders-quokka", "shared"}
    assert Client().get(f"{place}feed.json", headers={"If-None-Match": feed["ETag"]}).status_code == 304


def test_a_revoked_or_made_up_key_opens_nothing(rooms: world.Rooms, guest: Client) -> None:
    place = key_of(rooms)
    stranger = world.enter(rooms.contacts["b"])
    pk = FeedKey.objects.get().pk
    assert stranger.post(f"/room/keys/{pk}/revoke/").status_code == 404
    assert Client().get(f"{place}nothing.json").status_code == 404
    assert Client().get(f"/room/feed/{pk}-{'0' * 40}/feed.atom").status_code == 404
    assert Client().get("/room/feed/é/feed.atom").status_code == 404
    assert guest.post(f"/room/keys/{pk}/revoke/").status_code == 303
    assert Client().get(f"{place}feed.atom").status_code == 404


def test_five_keys_are_enough(rooms: world.Rooms, guest: Client) -> None:
    answers = [guest.post("/room/keys/").status_code for _ in range(6)]
    assert answers == [303] * 5 + [409] and FeedKey.objects.count() == 5


def test_pages_ask_the_database_the_same_number_of_times(
    rooms: world.Rooms, guest: Client, by_lead: Any, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked(url: str) -> int:
        guest.get(url)
        with CaptureQueriesContext(connection) as found:
            assert guest.get(url).status_code == 200
        return len(found)

    urls = ("/room/", "/room/status/", f"/room/incidents/{rooms.keys['both']}/", "/room/devices/")
    before = [asked(url) for url in urls]
    for number in range(3):
        made = cases.declare(
            title=Text("more", f"more {number}"), severity="SEV3", product_id=None, component_ids=[], words="more",
            organisation_ids=[rooms.a], by=by_lead, now=NOW,
        )  # fmt: skip
        rooms.ids["more"] = made.id
        world.tell(rooms, "more", "more", by_lead)
    world.enter(rooms.contacts["a"])
    assert incidents.incident(made.id).updates == 1
    assert [asked(url) for url in urls] == before
    assert max(before) <= 20, before


def test_mails_lead_into_the_room_and_carry_no_authority(rooms: world.Rooms) -> None:
    from django.apps import apps

    found = apps.get_model("delivery", "Message").objects.filter(purpose="update", organisation_id=rooms.a)
    texts = [one.text for one in found]
    assert any(f"http://127.0.0.1:8000/room/incidents/{rooms.keys['a']}/#update-1" in text for text in texts)
    answer = Client().get(f"/room/incidents/{rooms.keys['a']}/")
    assert answer["Location"] == f"/room/sign-in/?next=/room/incidents/{rooms.keys['a']}/"
    restricted = [one.text for one in found.filter(incident_id=rooms.ids["restricted"])]
    assert restricted and not any("/room/" in text for text in restricted)


def test_an_executive_reads_what_was_told_to_executives(rooms: world.Rooms, by_lead: Any) -> None:
    boss = customers.add_contact(
        rooms.a, name="Boss", mail="boss@customer.test", language="en", is_executive=True, by=world.EDITOR, now=NOW
    )
    world.tell(rooms, "a", "for the board", by_lead, audiences=("executives",), minute=4)
    url = f"/room/incidents/{rooms.keys['a']}/"
    assert "for the board" in world.enter(boss).get(url).content.decode()
    assert "for the board" not in world.enter(rooms.contacts["a"]).get(url).content.decode()


def test_files_of_an_update_are_read_by_whom_it_was_told_to(rooms: world.Rooms, guest: Client, by_lead: Any) -> None:
    from tomei.files import actions as files

    kept = files.add("plan.txt", "text/plain", b"plan", about=f"incident:{rooms.ids['a']}", by=by_lead, now=NOW)
    told = UpdateInput(
        parts={"effect": Text("回避策の手順を添えます。", "The steps around it are attached.")}, state="investigating",
        audiences=("affected",), next_at=world.LATER + 9 * world.MINUTE, file_ids=(kept.id,),
    )  # fmt: skip
    comms.publish(rooms.ids["a"], told, by=by_lead, now=world.LATER, confirmed=True)
    url = f"/room/files/{kept.id}/plan.txt"
    assert url in guest.get(f"/room/incidents/{rooms.keys['a']}/").content.decode()
    assert b"".join(guest.get(url).streaming_content) == b"plan"  # type: ignore[attr-defined]
    assert world.enter(rooms.contacts["b"]).get(url).status_code == 404
    assert Client().get(url).status_code == 303
    assert guest.get(f"/room/files/{kept.id}/other.txt").status_code == 404


def test_when_a_device_was_used_is_known_to_the_hour(rooms: world.Rooms, guest: Client, monkeypatch: Any) -> None:
    guest.get("/room/")
    assert Device.objects.get().last_seen_at == world.LATER
    later = world.LATER + timedelta(hours=2)
    monkeypatch.setattr(time, "now", lambda: later)
    guest.get("/room/")
    assert Device.objects.get().last_seen_at == later
