"""The default matrix, the JSON form, spans as people write them, and what counts on which clock."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tomei.customers import rules
from tomei.customers.rules import words
from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text

MATRIX = {  # first notice, update, acknowledge, executive, top tier, business hours
    Severity.SEV1A: (300, 900, 300, 1800, 7200, False),
    Severity.SEV1B: (300, 1200, 300, 3600, 7200, False),
    Severity.SEV2: (900, 1800, 900, None, 7200, False),
    Severity.SEV3: (3600, 7200, 3600, None, None, False),
    Severity.SEV4: (32400, 604800, 32400, None, None, True),
}


def test_the_default_is_the_matrix() -> None:
    terms = rules.default_terms()
    for severity, (first, update, acknowledge, executive, top, business) in MATRIX.items():
        own = terms.of(severity)
        assert (own.first_notice_s, own.update_s, own.acknowledge_s) == (first, update, acknowledge)
        assert (own.executive_s, own.top_tier_s, own.on_business_hours) == (executive, top, business)
        assert (own.silence_s, own.report_working_days) == (update, 5)
        assert own.scope_notice_s == (600 if severity.rank < 3 else update)  # with the first update at the latest
    assert terms.of("SEV1a").roles_s == {"commander": 300, "communications": 600, "scribe": 900}
    assert (terms.triage_s, terms.translation_s, terms.heartbeats_count) == (300, 900, True)
    assert terms.maintenance_days == 5
    assert rules.warnings(terms) == []


def test_terms_survive_their_json_form() -> None:
    terms = rules.default_terms()
    assert rules.Terms.of_json(json.loads(json.dumps(terms.as_json()))) == terms


def _broken(path: str, value: object) -> dict[str, Any]:
    form = rules.default_terms().as_json()
    target: Any = form
    *parents, last = path.split("/")
    for parent in parents:
        target = target[parent]
    target[last] = value
    return form


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("severities/SEV1a/update_s", 0, "field.span_not_positive"),
        ("severities/SEV1a/update_s", -1, "field.span_not_positive"),
        ("severities/SEV1a/update_s", "15m", "field.span_unreadable"),
        ("severities/SEV1a/update_s", None, "field.span_unreadable"),
        ("severities/SEV1a/update_s", True, "field.span_unreadable"),
        ("severities/SEV1a/update_s", 10**9, "field.span_too_long"),
        ("severities/SEV1a/on_business_hours", True, "policy.wall_clock"),
        ("severities/SEV2/report_working_days", 0, "policy.report_days"),
        ("severities/SEV2/roles_s", {"king": 5}, "policy.unreadable"),
        ("severities/SEV2", [], "policy.unreadable"),
        ("severities/SEV9", {}, "policy.unreadable"),
        ("severities", [], "policy.unreadable"),
        ("triage_s", 0, "field.span_not_positive"),
    ],
)
def test_terms_that_cannot_be_kept_are_refused(path: str, value: object, code: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.Terms.of_json(_broken(path, value))
    assert refused.value.code == code


def test_what_changed_is_named_with_its_severity_and_direction() -> None:
    old = rules.default_terms()
    worst = old.of(Severity.SEV1A)
    slower = replace(worst, update_s=1800, executive_s=None, roles_s={"commander": 60})
    new = replace(old, severities=(slower, *old.severities[1:]), translation_s=600)
    assert rules.diff(old, old) == []
    assert rules.diff(old, new) == [
        rules.Change("", "translation_s", 900, 600),
        rules.Change("SEV1a", "update_s", 900, 1800),
        rules.Change("SEV1a", "executive_s", 1800, None),
        rules.Change("SEV1a", "roles_s.commander", 300, 60),
        rules.Change("SEV1a", "roles_s.communications", 600, None),
        rules.Change("SEV1a", "roles_s.scribe", 900, None),
    ]
    assert [change.is_looser for change in rules.diff(old, new)] == [False, True, True, False, True, True]
    assert ("policy.slow_updates", "SEV1a") in rules.warnings(new)
    assert rules.stricter(old) < rules.stricter(new)


def test_business_hours_count_only_where_the_terms_say_so() -> None:
    terms, calendar = rules.default_terms(), rules.default_calendar()
    friday = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)  # 17:30 in Tokyo, before a long weekend
    small, worst = terms.of("SEV4"), terms.of("SEV1a")
    assert rules.due_at(friday, 300, worst, calendar) == friday + timedelta(minutes=5)
    assert rules.due_at(friday, 32400, small, calendar) == datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    assert rules.due_at(friday, 32400, small, None) == friday + timedelta(hours=9)
    weekly = rules.due_at(friday, 604800, small, calendar)
    assert weekly == friday + timedelta(days=7)
    assert rules.due_at(friday, 86400, small, calendar) == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


@given(st.integers(1, 366 * 86400))
def test_a_span_is_read_back_as_it_was_written(seconds: int) -> None:
    assert rules.parse_span(rules.format_span(seconds), "update_s") == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("15m", 900),
        ("2h", 7200),
        ("1h30m", 5400),
        ("7d", 604800),
        ("１５分", 900),
        ("2 時間", 7200),
        ("90s", 90),
        ("5 min", 300),
    ],
)
def test_spans_in_both_languages(text: str, seconds: int) -> None:
    assert rules.parse_span(text, "update_s") == seconds


@pytest.mark.parametrize("text", ["", "15", "soon", "m15", "15m later", "1.5h", "-5m", "15mm", "999999999999m"])
def test_words_that_are_no_span(text: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.parse_span(text, "update_s")
    assert refused.value.code == "field.span_unreadable"


@pytest.mark.parametrize(("text", "code"), [("0m", "field.span_not_positive"), ("400d", "field.span_too_long")])
def test_spans_that_nobody_may_promise(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.parse_span(text, "update_s")
    assert refused.value.code == code


def test_names_keep_every_script_and_lose_what_no_database_takes() -> None:
    assert words.line(" 東和\u0000精機\n（株） ", "name") == "東和精機 （株）"
    assert words.line("<script>alert(1)</script> مرحبا 👩‍🚒", "name") == "<script>alert(1)</script> مرحبا 👩‍🚒"
    assert words.said(Text("", "Towa"), "name") == Text("", "Towa")
    assert words.mail(" Taro@Example.COM ") == "taro@example.com"
    assert words.slug_of(Text("受注", "Order intake / API")) == "order-intake-api"


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda: words.line("x" * 201, "name"), "field.too_long"),
        (lambda: words.line("\ud800", "name"), "field.control_characters"),
        (lambda: words.said(Text(" ", ""), "name"), "field.missing"),
        (lambda: words.mail("no address"), "field.mail_unreadable"),
        (lambda: words.mail("a@b\nBcc: x@y"), "field.mail_unreadable"),
        (lambda: words.slug("日本"), "field.slug_unreadable"),
        (lambda: words.language("fr"), "field.not_a_choice"),
    ],
)
def test_words_that_are_refused(ask: Any, code: str) -> None:
    with pytest.raises(Refused) as refused:
        ask()
    assert refused.value.code == code
