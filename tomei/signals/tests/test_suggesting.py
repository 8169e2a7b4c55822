"""A mapping proposed from an example: what is found, and what hostile bodies do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tomei.signals.rules import mapping, suggesting

NESTED = {
    "alert": {
        "id": "A-77", "name": "Disk nearly full", "state": "ALERT", "level": "high",
        "started": "2026-11-22T09:50:00Z", "service": "orders",
    },
    "tags": ["team:db", "city:tokyo"], "link": "https://mon.example.com/a/77",
}  # fmt: skip


def body(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def test_the_usual_names_are_found_below_a_table() -> None:
    assert suggesting.suggest(body(NESTED)) == {
        "title": "alert.name", "status": "alert.state", "status_values": "alert = firing", "key": "alert.id",
        "severity": "alert.level", "component": "alert.service", "at": "alert.started", "url": "link",
        "labels": "tags",
    }  # fmt: skip


def test_what_is_suggested_reads_the_example() -> None:
    found = suggesting.suggest(body(NESTED))
    tables = {"status": found.pop("status_values")}
    (one,) = mapping.try_out(mapping.checked(found, tables), body(NESTED))
    assert one.event is not None
    assert (one.event.status, one.event.title, one.event.component) == ("firing", "Disk nearly full", "orders")


def test_a_list_of_events_is_seen_and_read_by_its_first() -> None:
    several = {"version": 2, "events": [{"summary": "Down", "status": "resolved"}, {"summary": "Slow"}]}
    assert suggesting.suggest(body(several)) == {"events": "events", "title": "summary", "status": "status"}
    assert suggesting.suggest(body([{"title": "Down"}])) == {"events": "@", "title": "title"}


def test_names_that_need_quotes_get_them() -> None:
    given = {"alert-title": "止まりました", "現在": {"state": "OK"}}
    assert suggesting.suggest(body(given)) == {
        "title": '"alert-title"', "status": '"現在".state', "status_values": "ok = resolved",
    }  # fmt: skip


def test_one_text_is_not_proposed_for_two_fields() -> None:
    assert suggesting.suggest(body({"message": "Down"})) == {"title": "message"}


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b"[1]", b"7", b'"x"', b"null", b"\xff", b'{"a": 1}'])
def test_nothing_is_suggested_where_no_title_is_seen(broken: bytes) -> None:
    assert suggesting.suggest(broken) == {}


def test_places_say_what_stands_where() -> None:
    assert suggesting.places(body({"a b": {"c": True}, "d": "x", "e": [1], "f": ""})) == [
        ("d", "x"),
        ('"a b".c', "True"),
    ]


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
))  # fmt: skip
def test_whatever_is_suggested_can_be_read(value: Any) -> None:
    found = suggesting.suggest(body({"title": "x", "more": value}))
    tables = {"status": found.pop("status_values", "")}
    assert mapping.try_out(mapping.checked(found, tables), body({"title": "x", "more": value}))
