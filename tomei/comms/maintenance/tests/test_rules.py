"""What may be done when, what counts as down time, and that whole seconds decide."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.people import NOW
from tomei.comms.maintenance import rules
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text

HOUR = timedelta(hours=1)


def refused(code: str, call: object, *args: object) -> None:
    with pytest.raises(Refused) as said:
        call(*args)  # type: ignore[operator]
    assert said.value.code == code


def test_a_window_is_of_whole_minutes_to_come() -> None:
    start, end = rules.check_window(NOW + HOUR + timedelta(seconds=12), NOW + 2 * HOUR, NOW)
    assert (start, end) == (NOW + HOUR, NOW + 2 * HOUR)
    refused("maintenance.in_past", rules.check_window, NOW, NOW + HOUR, NOW)
    refused("maintenance.ends_first", rules.check_window, NOW + HOUR, NOW + HOUR, NOW)
    refused("maintenance.too_long", rules.check_window, NOW + HOUR, NOW + timedelta(days=15), NOW)
    refused("maintenance.too_far", rules.check_window, NOW + 401 * 24 * HOUR, NOW + 402 * 24 * HOUR, NOW)


def test_one_language_may_come_first_but_whole() -> None:
    assert rules.check_words(Text("更新", ""), Text("止まります。", "")) == ("ja",)
    assert rules.check_words(Text("更新", "Work"), Text("止まります。", "")) == ("ja",)
    assert rules.check_words(Text("更新", "Work"), Text("止まります。", "It stops.")) == ("ja", "en")
    refused("maintenance.no_words", rules.check_words, Text("更新", ""), Text("", "It stops."))
    refused("maintenance.no_words", rules.check_words, Text("更新", ""), Text("止まります。", "It stops."))
    refused("maintenance.too_many_letters", rules.check_words, Text("あ" * 201, ""), Text("い", ""))


def test_a_start_is_kept_while_its_minute_lasts() -> None:
    assert rules.told_in_time(NOW + timedelta(seconds=59.9), rules.start_due(NOW))
    assert not rules.told_in_time(NOW + timedelta(seconds=60), rules.start_due(NOW))
    refused("maintenance.too_early", rules.check_start, NOW + HOUR, NOW + HOUR - timedelta(seconds=1))


def test_the_next_time_never_lies_beyond_the_told_end() -> None:
    assert rules.latest_next(NOW + HOUR, 7200, NOW) == NOW + HOUR
    assert rules.latest_next(NOW + 9 * HOUR, 7200, NOW) == NOW + 2 * HOUR
    assert rules.latest_next(NOW - HOUR, 7200, NOW) == NOW + 2 * HOUR
    refused("maintenance.no_next", rules.check_next, None, NOW + HOUR, NOW)
    refused("maintenance.next_in_past", rules.check_next, NOW, NOW + HOUR, NOW)
    refused("maintenance.next_too_late", rules.check_next, NOW + 2 * HOUR, NOW + HOUR, NOW)


def test_an_overrun_names_a_new_end() -> None:
    assert rules.check_end(NOW + HOUR, None, NOW) is None
    assert rules.check_end(NOW + HOUR, NOW + HOUR, NOW) is None
    assert rules.check_end(NOW + HOUR, NOW + 2 * HOUR, NOW) == NOW + 2 * HOUR
    refused("maintenance.end_passed", rules.check_end, NOW - HOUR, None, NOW)
    refused("maintenance.end_in_past", rules.check_end, NOW + HOUR, NOW, NOW)


def test_only_what_was_told_in_time_is_no_down_time() -> None:
    end = NOW + 2 * HOUR
    assert rules.harm("major", NOW, NOW + HOUR, end) == [("maintenance", NOW, NOW + HOUR)]
    assert rules.harm("major", NOW, None, None) == [("major", NOW, None)]
    assert rules.harm("major", NOW, NOW + 3 * HOUR, end) == [("maintenance", NOW, end), ("major", end, NOW + 3 * HOUR)]
    assert rules.harm("partial", NOW, None, end) == [("maintenance", NOW, end), ("partial", end, None)]


@pytest.mark.parametrize("verb", sorted(rules.VERBS))
def test_each_verb_has_its_states(verb: str) -> None:
    for state in (*rules.OPEN, "completed", "cancelled"):
        if state in rules.VERBS[verb]:
            rules.check_state(state, verb)
        else:
            refused("maintenance.not_now", rules.check_state, state, verb)
