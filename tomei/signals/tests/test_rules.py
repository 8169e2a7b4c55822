"""What bodies say, whatever they hold, and what an event changes."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tomei.kernel.errors import Refused
from tomei.signals import rules
from tomei.signals.rules import Event, Standing, fold, parse_alertmanager, parse_generic
from tomei.signals.rules.alertmanager import of_labels
from tomei.signals.rules.shapes import KEY, moment
from tomei.signals.tests.bodies import alert, alertmanager, generic

NOW = datetime(2026, 11, 18, 5, 0, tzinfo=UTC)


def test_an_alert_as_alertmanager_sends_it() -> None:
    [event] = parse_alertmanager(alertmanager()).events
    assert event == Event(
        status="firing",
        group_key='{}:{alertname="OrdersDown"}',
        fingerprint="fp-OrdersDown",
        title="OrdersDown: orders fail",
        severity="critical",
        component="orders",
        at=datetime(2026, 11, 18, 4, 58, 21, 123456, tzinfo=UTC),
        url="http://prometheus.example/graph?g0.expr=up",
        text="5xx over 20 %",
        labels={"alertname": "OrdersDown", "severity": "critical", "component": "orders"},
    )


def test_without_a_group_key_component_and_name_say_what_belongs_together() -> None:
    [event] = parse_alertmanager(alertmanager(key="")).events
    assert event.group_key == "orders/OrdersDown"


def test_without_a_fingerprint_the_labels_are_the_alert() -> None:
    first, second = (
        alert(fingerprint=None, labels={"b": "2", "a": "1"}),
        alert(fingerprint=None, labels={"a": "1", "b": "2"}),
    )
    one, two = parse_alertmanager(alertmanager(first, second)).events
    assert one.fingerprint == two.fingerprint == of_labels(one.labels)


def test_the_generic_shape() -> None:
    [event] = parse_generic(
        generic(at="2026-11-18T13:58:21+09:00", url="https://x.example/1", key="k", labels={"zone": 1})
    ).events
    assert (event.group_key, event.fingerprint, event.status) == ("k", "k", "firing")
    assert event.at == datetime(2026, 11, 18, 4, 58, 21, tzinfo=UTC)
    assert (event.labels, event.url) == ({"zone": "1"}, "https://x.example/1")
    [plain] = parse_generic(b'{"title": "x"}').events
    assert (plain.status, plain.group_key, plain.severity, plain.at) == ("firing", "/x", "", None)
    assert len(parse_generic(json.dumps({"events": [{"title": "a"}, {"title": "b"}]}).encode()).events) == 2


def test_unknown_fields_change_nothing() -> None:
    body = json.loads(alertmanager())
    body |= {"notes": {"deep": [1]}, "orgId": 1}
    body["alerts"][0]["silenceURL"] = "http://x"
    assert parse_alertmanager(json.dumps(body).encode()) == parse_alertmanager(alertmanager())
    assert parse_generic(generic(colour="red")) == parse_generic(generic())


DEEP = b'{"title": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "signal.broken_json"),
        (b"{", "signal.broken_json"),
        (b"not json", "signal.broken_json"),
        (b'{"title": NaN}', "signal.broken_json"),
        (b'{"a": ' + b"9" * 5000 + b"}", "signal.broken_json"),
        (b"\xff\xfe{}", "signal.not_utf8"),
        (b'{"title": "\xe3\x81"}', "signal.not_utf8"),
        (DEEP, "signal.too_deep"),
        (b"[]", "signal.wrong_shape"),
        (b"null", "signal.wrong_shape"),
        (b'"text"', "signal.wrong_shape"),
        (b"{}", "signal.wrong_shape"),
        (b" " * (rules.MOST_BYTES + 1), "signal.too_large"),
    ],
)
def test_what_is_no_body_is_refused_by_both_doors(body: bytes, code: str) -> None:
    for parse in (parse_alertmanager, parse_generic):
        with pytest.raises(Refused) as refused:
            parse(body)
        expected = "signal.wrong_version" if parse is parse_alertmanager and body == b"{}" else code
        assert refused.value.code == expected


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (alertmanager(version="3"), "signal.wrong_version"),
        (alertmanager(version=None), "signal.wrong_version"),
        (alertmanager(alerts=None), "signal.wrong_shape"),
        (alertmanager(alerts={}), "signal.wrong_shape"),
        (alertmanager(alerts=["x"]), "signal.wrong_shape"),
        (alertmanager(groupKey=7), "signal.wrong_shape"),
        (alertmanager(alert(status="pending")), "signal.wrong_shape"),
        (alertmanager({**alert(), "labels": []}), "signal.wrong_shape"),
        (alertmanager(alerts=[{"status": "firing"}] * (rules.MOST_EVENTS + 1)), "signal.too_many"),
    ],
)
def test_what_is_no_alertmanager_body_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_alertmanager(body)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"title": 5},
        {"title": None},
        {"title": "\u0000"},
        {"status": "maybe"},
        {"status": True},
        {"key": 5},
        {"severity": ["critical"]},
        {"component": {}},
        {"labels": "a=b"},
        {"at": 5},
        {"at": "yesterday"},
        {"at": "2026-11-18T05:00:00"},
        {"at": "9999-12-31T23:59:59-12:00"},
        {"events": {}},
        {"events": [{"title": "good"}, {"title": ""}]},
    ],
)
def test_what_is_no_generic_body_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        parse_generic(generic(**fields))
    assert refused.value.code == "signal.wrong_shape"


@pytest.mark.parametrize(
    "starts",
    [
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "",
        None,
        5,
        "soon",
        "2026-11-18T05:00:00",
        "+99999-01-01T00:00:00Z",
    ],
)
def test_moments_that_nobody_believes_are_no_moments(starts: object) -> None:
    [event] = parse_alertmanager(alertmanager(alert(startsAt=starts))).events
    assert event.at is None


def test_what_no_database_keeps_is_left_out_of_the_words() -> None:
    odd = alert(annotations={"summary": "a\u0000b\ud800c\u202e"}, labels={"alertname": "x" * 900, "n\u0000": ["list"]})
    [event] = parse_alertmanager(alertmanager(odd)).events
    assert event.title == "ab\ufffdc\u202e"
    assert len(event.labels["alertname"]) == 500
    assert event.labels["n"] == '["list"]'
    event.title.encode()


def test_a_long_key_is_shortened_and_stays_one_of_its_kind() -> None:
    long, longer = "k" * 5000, "k" * 5001
    keys = [parse_alertmanager(alertmanager(key=key)).events[0].group_key for key in (long, longer, long)]
    assert keys[0] == keys[2] != keys[1]
    assert all(len(key) <= KEY for key in keys)


def test_a_link_that_runs_is_no_link() -> None:
    [event] = parse_generic(generic(url="javascript:alert(1)")).events
    assert event.url == ""


def test_thousands_of_labels_are_cut() -> None:
    [event] = parse_generic(generic(labels={f"l{number}": number for number in range(5000)})).events
    assert len(event.labels) == 64


@given(st.binary(max_size=300))
@settings(max_examples=200)
def test_no_bytes_break_a_door(body: bytes) -> None:
    for parse in rules.PARSERS.values():
        with suppress(Refused):
            parse(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@given(JSON, JSON, JSON, JSON)
@settings(max_examples=200)
def test_no_json_breaks_a_door(labels: Any, notes: Any, starts: Any, other: Any) -> None:
    body = alertmanager({**alert(), "labels": labels, "annotations": notes, "startsAt": starts, "fingerprint": other})
    for parse, given_body in (
        (parse_alertmanager, body),
        (parse_generic, generic(labels=labels, key=notes, at=starts, text=other)),
    ):
        try:
            for event in parse(given_body).events:
                event.title.encode()
                event.group_key.encode()
                json.dumps(dict(event.labels)).encode()
        except Refused:
            pass


# -- fold -------------------------------------------------------------------------------------------------------------


def event(status: str, minute: int | None) -> Event:
    return Event(status, "k", "f", "t", at=None if minute is None else NOW + timedelta(minutes=minute))


def at(minute: int | None) -> datetime | None:
    return None if minute is None else NOW + timedelta(minutes=minute)


@pytest.mark.parametrize(
    ("current", "new", "standing", "verdict"),
    [
        (None, ("firing", 0), ("firing", 0), "new"),
        (None, ("resolved", 0), ("resolved", 0), "new"),
        (("firing", 0), ("firing", 0), None, "repeated"),
        (("firing", 0), ("resolved", 0), ("resolved", 0), "new"),
        (("resolved", 0), ("resolved", 0), None, "repeated"),
        (("resolved", 0), ("firing", 0), None, "late"),
        (("resolved", 5), ("firing", 0), None, "late"),
        (("firing", 5), ("resolved", 0), None, "late"),
        (("firing", 0), ("resolved", 5), ("resolved", 5), "new"),
        (("resolved", 0), ("firing", 5), ("firing", 5), "new"),
        (("firing", 0), ("firing", 5), ("firing", 5), "new"),
        (("firing", None), ("firing", None), None, "repeated"),
        (("firing", None), ("resolved", None), ("resolved", None), "new"),
        (("firing", 0), ("resolved", None), ("resolved", 0), "new"),
        (("firing", None), ("firing", 3), ("firing", 3), "repeated"),
    ],
)
def test_every_pair_of_events_is_decided(current: Any, new: Any, standing: Any, verdict: str) -> None:
    held = Standing(current[0], at(current[1])) if current else None
    expected = Standing(standing[0], at(standing[1])) if standing else None
    assert fold(held, event(*new)) == (expected, verdict)


@given(
    st.lists(st.tuples(st.sampled_from(["firing", "resolved"]), st.integers(0, 6)), min_size=1, max_size=8),
    st.randoms(),
)
@settings(max_examples=200)
def test_the_order_of_delivery_does_not_matter(told: list[tuple[str, int]], chance: Any) -> None:
    def last(order: list[tuple[str, int]]) -> Standing | None:
        standing: Standing | None = None
        for status, minute in order:
            standing = fold(standing, event(status, minute))[0] or standing
        return standing

    shuffled = list(told)
    chance.shuffle(shuffled)
    assert last(told) == last(shuffled)


@pytest.mark.parametrize(
    ("severity", "wants"), [("critical", True), ("CRITICAL", True), ("warning", False), ("", False)]
)
def test_only_critical_asks_for_a_person(severity: str, wants: bool) -> None:
    assert rules.wants_a_person(severity) is wants


def test_nanoseconds_are_read() -> None:
    assert moment("2020-02-06T00:17:58.432911368Z") == datetime(2020, 2, 6, 0, 17, 58, 432911, tzinfo=UTC)
