"""States, parts, times and likeness, without a database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.people import NOW
from tomei.diagnosis.rules import asking
from tomei.diagnosis.tests.factories import DUE, MINUTE, NEXT, parts
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text

EXPECTED = {
    "draft": ("edit", "ask", "withdraw"),
    "asked": ("answer", "withdraw"),
    "partly": ("answer", "use", "unused", "withdraw"),
    "answered": ("answer", "use", "unused"),
    "used": (),
    "unused": (),
    "withdrawn": (),
}


def code(call, *args):
    with pytest.raises(Refused) as refused:
        call(*args)
    return refused.value.code, refused.value.facts


@pytest.mark.parametrize("state", asking.STATES)
def test_every_state_and_move_is_decided(state):
    assert asking.moves_from(state) == EXPECTED[state]
    for move in ("edit", "ask", "answer", "use", "unused", "withdraw"):
        if move in EXPECTED[state]:
            asking.check_move(move, state)
        else:
            assert code(asking.check_move, move, state)[0] == "question.no_such_move"


@pytest.mark.parametrize("part", asking.PARTS)
def test_each_part_is_needed_in_the_language_of_the_customer(part):
    asking.check_parts(parts(), "ja")
    lacking = parts(**{part: Text("", "only English")})
    asking.check_parts(lacking, "en")
    wanted = "question.no_why" if part == "why" else "question.part_missing"
    assert code(asking.check_parts, lacking, "ja") == (wanted, {"part": part, "language": "ja"})


def test_the_times_follow_each_other():
    asking.check_times(DUE, NEXT, NOW)
    assert code(asking.check_times, None, NEXT, NOW)[0] == "question.no_time"
    assert code(asking.check_times, NOW, NEXT, NOW)[0] == "question.due_past"
    assert code(asking.check_times, NEXT, NEXT, NOW)[0] == "question.next_before_answer"
    assert code(asking.check_times, DUE, NOW + timedelta(days=401), NOW)[0] == "question.due_far"


def test_a_late_answer_is_not_used_late_by_that():
    assert asking.feedback_due(DUE, NEXT, DUE) == NEXT
    assert asking.feedback_due(DUE, NEXT, DUE + 10 * MINUTE) == NEXT + 10 * MINUTE


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (Text("出荷サーバーのログを送ってください", ""), Text("出荷サーバーのログをお願いします", ""), True),
        (Text("出荷サーバーのログを送ってください", ""), Text("利用者の人数を教えてください", ""), False),
        (Text("", "Please send the log of the shipping server"), Text("", "Shipping server logs since noon"), True),
        (Text("", "Please send the log"), Text("", "Please tell us the number of users"), False),
        (Text("ログ", ""), Text("", "log"), False),
        (Text(), Text(), False),
    ],
)
def test_likeness(one, other, alike):
    assert asking.is_alike(one, other) is alike


@pytest.mark.parametrize(
    ("set_by_house", "minutes"), [({}, 60), (None, 60), ("x", 60), ({"SEV2": 20}, 20), ({"SEV2": 0}, 60)]
)
def test_idle_minutes(set_by_house, minutes):
    assert asking.idle_minutes(set_by_house, "SEV2") == minutes
