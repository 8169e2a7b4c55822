from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tomei.live.rules import Cursor, entry, oldest_open, read_cursor, read_topics

NOW = datetime(2026, 11, 18, 5, 0, tzinfo=UTC)


def test_a_cursor_reads_back():
    assert read_cursor(str(Cursor(7, 42))) == Cursor(7, 42)
    assert Cursor(7, 42) < Cursor(8, 1)


@pytest.mark.parametrize("text", ["", "7", "-", "a-b", "1-", "1--2", "1-2-3", "٣-٤", f"1-{2**63}", "9" * 50 + "-1"])
def test_what_is_no_cursor_is_as_if_nothing_was_seen(text):
    assert read_cursor(text) is None


def test_topics_are_cut_to_what_names_something():
    assert read_topics("now, incident:12,,now,a\nb," + "x" * 61) == ["now", "incident:12"]
    assert len(read_topics(",".join(f"incident:{n}" for n in range(100)))) == 60


def test_a_frame_is_one_event_whatever_it_carries():
    made = entry(Cursor(0, 3), "incident:1", "ring", {"text": "約束\n\ndata: forged\r\n"}, NOW)
    head, name, data, *rest = made.frame.decode().split("\n")
    assert (head, name, rest) == ("id: 0-3", "event: ring", ["", ""])
    assert json.loads(data.removeprefix("data: ")) == {
        "topic": "incident:1",
        "kind": "ring",
        "data": {"text": "約束\n\ndata: forged\r\n"},
        "now": "2026-11-18T05:00:00+00:00",
    }


def test_a_kind_cannot_forge_an_event():
    assert entry(Cursor(0, 3), "now", "x\ndata: 1", {}, NOW).frame.count(b"\n") == 4


@pytest.mark.parametrize(
    ("following", "open_", "oldest"),
    [
        (1000, [], 1000),
        (1000, [990, 995, 1003], 990),
        (2**32 + 5, [2**32 - 3, 2], 2**32 - 3),
        (3 * 2**32 + 7, [6, 9], 3 * 2**32 + 6),
    ],
)
def test_the_oldest_open_transaction_survives_the_wrap_of_its_number(following, open_, oldest):
    assert oldest_open(following, open_) == oldest
