"""What a customer says of the end of their case in the room, and who may say it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.people import NOW, signed_in
from tomei.cases import actions, history
from tomei.cases import queries as incidents
from tomei.cases.waiting import actions as balls
from tomei.cases.waiting import closing, told
from tomei.cases.waiting.models import ClosingAnswer, CustomerWord
from tomei.cases.waiting.rules import closing as rules
from tomei.customers import actions as customers
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text
from tomei.promises import queries as promises
from tomei.room.tests import world
from tomei.room.tests.world import EDITOR, LATER

ANSWERS = {"heard_first": "yes", "always_informed": "no", "will_not_return": "unknown"}


@pytest.fixture
def rooms(house: Any, by_lead: Any, monkeypatch: Any) -> world.Rooms:
    made = world.build(by_lead)
    made.contacts["answerer"] = customers.add_contact(
        made.a, name="Quokka Lead", mail="lead@quokka.test", language="en", room_role="answerer", by=EDITOR, now=NOW
    )
    monkeypatch.setattr(time, "now", lambda: LATER)
    return made


def _case(rooms: world.Rooms, name: str = "a") -> Any:
    return incidents.cases_of(rooms.ids[name])[0]


def _say(rooms: world.Rooms, word: str, who: str = "answerer", key: str = "a", **typed: str) -> Any:
    return world.enter(rooms.contacts[who]).post(f"/room/incidents/{rooms.keys[key]}/say/{word}/", typed)


def _sentences(rooms: world.Rooms) -> list[str]:
    lines = history.page(rooms.ids["a"], language="en", zone="UTC").items
    return [line.sentence for line in lines if line.entry.code.startswith("case.")]


def test_business_runs_again_when_they_say_so(rooms: world.Rooms) -> None:
    assert _say(rooms, "resumed").status_code == 303
    case = _case(rooms)
    assert (case.state, case.resumed_at) == ("resumed", LATER)
    [word] = told.of_case(case.id).words
    assert (word.code, word.who, word.recorded_by) == ("resumed", "Quokka Lead", "")
    assert _sentences(rooms)[0] == "Business resumed at Quokka (confirmed by the customer)"
    assert _say(rooms, "resumed").status_code == 409  # once


def test_not_yet_is_a_word_and_a_promise_to_answer(rooms: world.Rooms) -> None:
    for _twice in range(2):
        assert _say(rooms, "not-yet", line="EDI still fails").status_code == 303
    owed = [one for one in promises.open_of(rooms.ids["a"]) if one.kind == "answer"]
    assert [(one.owed_to_id, one.told) for one in owed] == [(rooms.a, True)]
    assert _sentences(rooms)[0] == "Quokka: business does not run again yet"
    page = world.enter(rooms.contacts["a"]).get(f"/room/incidents/{rooms.keys['a']}/").content.decode()
    assert "Answer to what they said" in page


def test_closing_answers_and_opening_again(rooms: world.Rooms, monkeypatch: Any) -> None:
    assert _say(rooms, "answers", **ANSWERS).status_code == 409  # not before it is closed
    assert _say(rooms, "close").status_code == 409  # says why
    assert _say(rooms, "close", line="All well").status_code == 303
    assert _case(rooms).state == "closed"
    assert _say(rooms, "answers", **{**ANSWERS, "heard_first": "perhaps"}).status_code == 409
    assert _say(rooms, "answers", **ANSWERS, line="Thanks").status_code == 303
    assert _say(rooms, "answers", **ANSWERS).status_code == 409  # once per contact
    assert _say(rooms, "answers", who="a", **ANSWERS).status_code == 303  # a reader too
    found = told.of_case(_case(rooms).id)
    assert (found.n, found.tally["always_informed"]) == (2, {"yes": 0, "no": 2, "unknown": 0})
    assert _say(rooms, "reopen", line="It fails again").status_code == 303
    assert _case(rooms).state == "open"


def test_too_late_to_open_again(rooms: world.Rooms, monkeypatch: Any) -> None:
    _say(rooms, "close", line="All well")
    guest = Actor("contact", rooms.contacts["answerer"], "", rooms.a, rights=frozenset({"room.answer"}))
    late = LATER + timedelta(days=rules.REOPEN_DAYS, seconds=1)
    with pytest.raises(Refused) as refused:
        closing.reopen(_case(rooms).id, line="again", by=guest, now=late)
    assert refused.value.code == "closing.too_late"
    assert _case(rooms).state == "closed"


def test_keeping_it_open_ends_a_hand_on_that_they_did_not_accept(rooms: world.Rooms, by_lead: Any) -> None:
    actions.hand_on_case(_case(rooms).id, remaining_owner="Vendor desk", by=by_lead, now=LATER)
    assert _say(rooms, "keep-open", line="We want you").status_code == 303
    assert (_case(rooms).state, _case(rooms).remaining_owner) == ("open", "")


@pytest.mark.parametrize(
    ("who", "key"),
    [("b", "a"), ("answerer", "b"), ("answerer", "restricted"), ("answerer", "drill"), ("answerer", "untold")],
)
def test_what_is_not_theirs_is_not_there(rooms: world.Rooms, who: str, key: str) -> None:
    for word in ("resumed", "not-yet", "close", "keep-open", "reopen", "answers", "unknown", "x" * 300):
        assert _say(rooms, word, who=who, key=key, line="x", **ANSWERS).status_code == 404
    assert (CustomerWord.objects.count(), ClosingAnswer.objects.count()) == (0, 0)


def test_a_reader_may_not_speak_for_their_house(rooms: world.Rooms) -> None:
    for word in ("resumed", "not-yet", "close", "keep-open"):
        assert _say(rooms, word, who="a", line="x").status_code == 403
    assert _case(rooms).state == "open"
    page = world.enter(rooms.contacts["a"]).get(f"/room/incidents/{rooms.keys['a']}/").content.decode()
    assert "Our business runs again" not in page


def test_hostile_words_are_refused_and_change_nothing(rooms: world.Rooms) -> None:
    for line in ("", "\x00", "x" * 5000):
        assert _say(rooms, "not-yet", line=line).status_code == 409
    assert not CustomerWord.objects.exists()


def test_our_people_record_who_said_so(rooms: world.Rooms, lead: Any) -> None:
    case = _case(rooms)
    client = signed_in(lead)
    assert client.post(f"{case.url}resume/", {"told_by": "Ms Wallaby", "seen": case.state_v}).status_code == 303
    [word] = told.of_case(case.id).words
    assert (word.who, word.recorded_by) == ("Ms Wallaby", lead.name)
    assert _sentences(rooms)[0] == "Business resumed at Quokka (told to us by the customer, recorded by us)"
    assert "Ms Wallaby" in client.get(case.url).content.decode()


def test_the_room_says_whose_turn_it_is_and_names_no_vendor(rooms: world.Rooms, by_lead: Any) -> None:
    vendor = customers.add_organisation("vendor", name=Text("Echidna", "Echidna"), language="en", by=EDITOR, now=NOW).id
    both = rooms.ids["both"]
    balls.move(incident_id=both, party="vendor", organisation_id=vendor, by=by_lead, now=NOW + world.MINUTE)
    balls.move(incident_id=both, party="customer", organisation_id=rooms.b, by=by_lead, now=NOW + 2 * world.MINUTE)
    pages = {who: world.enter(rooms.contacts[who]).get(f"/room/incidents/{rooms.keys['both']}/").content.decode()
             for who in ("a", "b")}  # fmt: skip
    assert "Echidna" not in pages["a"] + pages["b"]
    assert "It waits for you now" in pages["b"]
    assert "It waits for you now" not in pages["a"]
    assert "Wombat" not in pages["a"].replace("for Wombat alone", "")
    assert "a supplier of ours" in pages["a"]
