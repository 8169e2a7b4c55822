"""Pages, API and room of questions: by hand as people, and no word of one customer before another."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.people import NOW, signed_in
from tomei.cases.tests.factories import rows
from tomei.diagnosis import actions, watch
from tomei.diagnosis.models import Question
from tomei.diagnosis.tests import factories
from tomei.diagnosis.tests.factories import MINUTE
from tomei.kernel import time
from tomei.kernel.text import Text
from tomei.room.tests import world as rooms_world

pytestmark = [pytest.mark.django_db, pytest.mark.wired]
WORDS = {
    "what.ja": "利用者の人数", "what.en": "Number of users", "why.ja": "影響の大きさを知るため", "why.en": "To size it",
    "use.ja": "優先順位を決めます", "use.en": "To set priorities", "following.ja": "順位をお伝えします",
    "following.en": "You hear the order", "due": "2026-11-18T14:30", "next_at": "2026-11-18T15:00",
}  # fmt: skip


@pytest.fixture(autouse=True)
def at_now(monkeypatch: Any) -> None:
    monkeypatch.setattr(time, "now", lambda: NOW)


@pytest.fixture
def client(lead: Any) -> Client:
    lead.language = "en"
    lead.save()
    return signed_in(lead, headers={"Accept-Language": "en"})


def test_a_question_goes_its_whole_way_by_hand(client: Client, incident: Any, towa: Any, monkeypatch: Any) -> None:
    page = client.get(f"{incident.url}questions/").content.decode()
    assert "Nothing was asked yet" in page
    case_key = page.split("/questions/new/?case=")[1].split('"')[0]
    for place in page.split("/questions/new/?case=")[1:]:
        if "東和精機" in place.split("</a>")[0]:
            case_key = place.split('"')[0]
    assert client.get(f"/questions/new/?case={case_key}").status_code == 200
    made = client.post("/questions/new/", {"case": case_key, **WORDS})
    url = made["Location"]
    assert made.status_code == 303 and "Ask it now" in client.get(f"{url}?lang=en").content.decode()
    assert client.post(f"{url}ask/").status_code == 303
    said = {"words": "約300人です", "said_by": "山本", "channel": "phone"}
    assert client.post(f"{url}answer/", said).status_code == 303
    assert "約300人です" in client.get(url).content.decode()
    refused = client.post(f"{url}use/", {"outcome.en": "English only"})
    assert refused.status_code == 422 and "English only" in refused.content.decode()
    assert client.post(f"{url}use/", {"outcome.ja": "300人と分かり、先に直します"}).status_code == 303
    one = Question.objects.get(organisation=towa.pk)
    assert (one.state, one.outcome["ja"]) == ("used", "300人と分かり、先に直します")
    line = client.get(f"{incident.url}timeline/?lang=en").content.decode()
    assert "asked of 東和精機" in line and "told what became of it" in line
    japanese = client.get(f"{incident.url}timeline/?lang=ja").content.decode()
    assert "に質問(回答期限" in japanese


def test_without_why_the_page_says_so_and_keeps_what_was_typed(
    client: Client, incident: Any, by_lead: Any, towa: Any
) -> None:
    draft = factories.draft(incident, towa.pk, by_lead, why=Text(), what=Text("人数", ""))
    page = client.post(f"{draft.url}ask/")
    assert page.status_code == 422 and "without why" in page.content.decode()
    edited = client.post(f"{draft.url}edit/", {**WORDS, "why.ja": "あ" * 2001})
    assert edited.status_code == 422 and "利用者の人数" in edited.content.decode()


def test_many_open_questions_warn(client: Client, incident: Any, towa: Any, by_lead: Any) -> None:
    for _ in range(8):
        factories.asked(incident, towa.pk, by_lead)
    draft = factories.draft(incident, towa.pk, by_lead)
    assert "They have 8 open questions from us" in client.get(draft.url).content.decode()


def test_an_unused_answer_stands_on_the_board_and_in_the_war_room(
    client: Client, asked: Any, incident: Any, by_lead: Any, monkeypatch: Any
) -> None:
    actions.type_answer(asked.id, "ログ", said_by="山本", channel="phone", said_at=NOW, by=by_lead, now=NOW)
    watch.run([], NOW + 61 * MINUTE)
    monkeypatch.setattr(time, "now", lambda: NOW + 61 * MINUTE)
    assert "lie unused" in client.get("/").content.decode()
    room = client.get(incident.url)
    assert "1 lies unused" in room.content.decode()


def test_the_list_asks_as_much_of_the_database_for_many_as_for_few(
    client: Client, incident: Any, towa: Any, by_lead: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        factories.asked(incident, towa.pk, by_lead)
    with django_assert_max_num_queries(14):
        assert client.get("/questions/").content.decode().count("data-row") == 12
    for name in ("export.csv", "export.json"):
        assert client.get(f"/questions/{name}?which=all").status_code == 200
    assert client.get("/questions/?which=mine").status_code == 409
    assert client.get("/questions/?after=x").status_code == 409


def test_the_api_does_what_the_pages_do(client: Client, incident: Any, towa: Any) -> None:
    text = {"ja": "ログ", "en": "log"}
    body = {"case_id": factories.case_of(incident, towa.pk), "what": text, "why": text, "use": text, "following": text,
            "due_at": "2026-11-18T05:30:00Z", "next_at": "2026-11-18T06:00:00Z"}  # fmt: skip

    def post(path: str, given: Any) -> Any:
        return client.post(f"/api/v1/questions{path}", given, content_type="application/json")

    made = post("", body)
    assert made.status_code == 201
    key = made.json()["key"]
    assert post(f"/{key}/ask", {}).json()["turn"] == "theirs"
    answered = post(f"/{key}/answers", {"words": "はい", "said_by": "山本", "channel": "mail"}).json()
    assert (answered["state"], answered["answers"][0]["said_by"]) == ("answered", "山本")
    assert post(f"/{key}/end", {"verb": "unused", "outcome": text}).json()["state"] == "unused"
    assert client.get("/api/v1/questions?which=ended").json()["items"][0]["key"] == key
    assert post(f"/{key}/ask", {}).json()["code"] == "question.no_such_move"
    wrongs: tuple[Any, ...] = ({"words": 5}, {"words": "x", "said_by": "y", "channel": "pigeon"}, [], "\x00")
    for wrong in wrongs:
        assert post(f"/{key}/answers", wrong).status_code in (400, 409, 422)


def test_settings_are_read_and_refused(admin: Any, house: Any) -> None:
    client = signed_in(admin, headers={"Accept-Language": "en"})
    given = dict.fromkeys(("SEV1a", "SEV1b", "SEV2", "SEV3", "SEV4"), "30")
    assert client.post("/settings/questions/", given).status_code == 303
    assert 'value="30"' in client.get("/settings/questions/").content.decode()
    assert client.post("/settings/questions/", {**given, "SEV2": "0"}).status_code == 409


@pytest.fixture
def rooms(house: Any, by_lead: Any, monkeypatch: Any) -> rooms_world.Rooms:
    monkeypatch.setattr(time, "now", lambda: rooms_world.LATER)
    return rooms_world.build(by_lead)


def _ask(rooms: rooms_world.Rooms, name: str, by: Any, incident: str = "both") -> Any:
    from_incident = type("Named", (), {"id": rooms.ids[incident]})
    word = rooms_world.OURS if name == "a" else rooms_world.THEIRS
    text = Text(f"{word}のログ", f"The log of {word}")
    parts = dict.fromkeys(("what", "why", "use", "following"), text)
    return factories.asked(from_incident, getattr(rooms, name), by, now=rooms_world.LATER, **parts)


def test_guests_read_and_answer_their_own_questions_alone(rooms: rooms_world.Rooms, by_lead: Any) -> None:
    mine, other = _ask(rooms, "a", by_lead), _ask(rooms, "b", by_lead)
    hidden = [_ask(rooms, "a", by_lead, name) for name in ("restricted", "drill")]
    rows("customers", "Contact").filter(pk=rooms.contacts["a"]).update(room_role="answerer")
    guest, stranger = rooms_world.enter(rooms.contacts["a"]), rooms_world.enter(rooms.contacts["b"])
    for url in ("/room/questions/", f"/room/incidents/{rooms.keys['both']}/", f"/room/questions/{mine.key}/"):
        text = guest.get(url).content.decode()
        assert f"The log of {rooms_world.OURS}" in text and rooms_world.THEIRS not in text, url
    for one in (other, *hidden):
        assert guest.get(f"/room/questions/{one.key}/").status_code == 404
        assert guest.post(f"/room/questions/{one.key}/answer/", {"words": "x"}).status_code == 404
    assert stranger.get(f"/room/questions/{mine.key}/").status_code == 404
    assert stranger.post(f"/room/questions/{other.key}/answer/", {"words": "x"}).status_code == 403  # only reads
    place = f"/room/questions/{mine.key}/"
    assert guest.post(f"{place}answer/", {"words": "  "}).status_code == 422
    assert guest.post(f"{place}answer/", {"words": "Half of it", "in_part": "1"}).status_code == 303
    assert guest.post(f"{place}answer/", {"words": "All of it"}).status_code == 303
    text = guest.get(place).content.decode()
    assert "Half of it" in text and "All of it" in text and "Add to your answer" in text
    actions.use(mine.id, outcome=Text("照合しました", "It matched"), by=by_lead, now=rooms_world.LATER)
    assert "It matched" in guest.get(place).content.decode()
    assert guest.post(f"{place}answer/", {"words": "late"}).status_code == 422
    assert Question.objects.get(pk=mine.id).answers.count() == 2


@pytest.mark.parametrize("key", ["QST-0", "x", "INC-1", "QST-99999999999999999999", "%00"])
def test_wrong_keys_are_not_there(client: Client, house: Any, rooms: rooms_world.Rooms, key: str) -> None:
    guest = rooms_world.enter(rooms.contacts["a"])
    assert client.get(f"/questions/{key}/").status_code == 404
    assert guest.get(f"/room/questions/{key}/").status_code == 404
    assert client.get(f"/api/v1/questions/{key}").status_code == 404
