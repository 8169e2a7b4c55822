"""Decisions about people, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tomei.accounts import rights, rules
from tomei.kernel.errors import Refused

NOW = datetime(2026, 11, 18, 5, 0, tzinfo=UTC)
VERBS = {
    "observer": {"read"},
    "responder": {
        "incident.declare", "incident.work", "update.draft", "update.heartbeat", "role.take", "signal.triage",
        "promise.work", "maintenance.plan", "maintenance.run", "claim.work", "question.work", "duty.work",
    },
    "commander": {
        "update.publish", "incident.severity", "incident.role", "incident.overrule", "incident.restrict",
        "promise.withdraw", "customer.edit", "playbook.edit", "evidence.original", "evidence.release",
        "maintenance.tell", "template.edit", "claim.amounts", "claim.approve", "duty.withdraw",
    },
    "administrator": {
        "house.configure", "customer.edit", "playbook.edit", "delivery.release", "audit.read", "people.edit",
        "token.any", "restricted.read", "template.edit", "claim.amounts", "claim.approve",
    },
    "everybody": {"token.own", "me.edit"},
}  # fmt: skip


def refusal(call, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.code


@pytest.mark.parametrize("flag", [False, True])
@pytest.mark.parametrize("rank, role", list(enumerate(rights.ROLES)))
def test_the_table_gives_each_standing_exactly_its_verbs(rank, role, flag):
    expected = set(VERBS["everybody"])
    for lower in rights.ROLES[: rank + 1]:
        expected |= VERBS[lower]
    assert rights.of(role, is_administrator=flag) == expected | (VERBS["administrator"] if flag else set())


def test_an_unknown_role_holds_only_what_everybody_holds():
    assert rights.of("root", is_administrator=False) == VERBS["everybody"]


def test_administration_gives_no_verb_of_a_commander_but_the_shared_ones():
    shared = {"customer.edit", "playbook.edit", "template.edit", "claim.amounts", "claim.approve"}
    assert VERBS["administrator"] & VERBS["commander"] == shared


def test_every_verb_is_listed_once_and_in_both_languages():
    assert len(rights.VERBS) == len(rights.TABLE) == len(set().union(*VERBS.values()))
    assert [right.verb for right in rights.TABLE if right.says.missing] == []


@pytest.mark.parametrize(
    "typed, kept",
    [
        ("  佐藤  明 ", "佐藤 明"),
        ("A\nB\tC", "A B C"),
        ("\u202eمحمد\u202c", "\u202eمحمد\u202c"),
        ("👩‍👩‍👧 family", "👩‍👩‍👧 family"),
        ("क्षत्रिय", "क्षत्रिय"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("e\u0301", "\u00e9"),
        ("a\x00b\ud800c", "a bc"),
    ],
)
def test_names_of_any_script_are_kept_as_one_line(typed, kept):
    assert rules.name(typed) == kept


@pytest.mark.parametrize("typed", ["", " ", "\u200b\u200d", "\u202e", "\n\x00"])
def test_a_name_that_nobody_sees_is_refused(typed):
    assert refusal(rules.name, typed) == "person.name_missing"


def test_a_name_has_a_limit_in_characters():
    assert rules.name("名" * 120) == "名" * 120
    assert refusal(rules.name, "名" * 121, of="team") == "team.name_too_long"


@given(st.text(max_size=200))
def test_one_line_is_stable_and_free_of_controls(text):
    once = rules.one_line(text)
    assert rules.one_line(once) == once
    assert not any(ord(sign) < 32 for sign in once)
    once.encode()


@pytest.mark.parametrize("typed", ["Lead@Tomei.Test", " lead@tomei.test ", "ｌｅａｄ＠ｔｏｍｅｉ．ｔｅｓｔ"])
def test_mail_addresses_are_compared_in_one_form(typed):
    assert rules.mail(typed) == "lead@tomei.test"


@pytest.mark.parametrize(
    "deputies, active, expected",
    [
        ({1: 2, 2: None}, {2}, 2),
        ({1: 2, 2: 3, 3: None}, {3}, 3),
        ({1: 2, 2: 3, 3: None}, set(), None),
        ({1: 2, 2: 1}, {1}, None),
        ({1: None}, {2}, None),
        ({}, {2}, None),
    ],
)
def test_the_deputy_in_charge_is_the_first_who_can_act(deputies, active, expected):
    assert rules.deputy_in_charge(deputies, active, 1) == expected


def test_scopes_are_cut_to_the_maker():
    held = rights.of("responder", is_administrator=False)
    assert rules.scopes(["update.draft", "read", "read"], held) == ["read", "update.draft"]
    assert refusal(rules.scopes, [], held) == "token.no_scope"
    assert refusal(rules.scopes, ["update.publish"], held) == "token.scope_not_yours"
    assert refusal(rules.scopes, ["nonsense"], held) == "token.scope_not_yours"
    assert refusal(rules.scopes, ["token.own"], held) == "token.scope_not_yours"  # a token makes no tokens
    assert rights.cut(["read", "update.publish", "token.own"], held) == {"read"}


def test_a_token_ends_in_time():
    assert rules.expiry(None, NOW) is None
    assert rules.expiry(NOW + timedelta(seconds=1), NOW) == NOW + timedelta(seconds=1)
    assert refusal(rules.expiry, NOW, NOW) == "token.expiry_past"
    assert refusal(rules.expiry, NOW + timedelta(days=3651), NOW) == "token.expiry_far"


@pytest.mark.parametrize(
    "revoked, ends, active, state",
    [
        (False, None, True, "live"),
        (False, NOW + timedelta(seconds=1), True, "live"),
        (False, NOW, True, "expired"),
        (True, None, True, "revoked"),
        (True, NOW, False, "revoked"),
        (False, None, False, "asleep"),
    ],
)
def test_each_state_of_a_token(revoked, ends, active, state):
    assert rules.token_state(revoked=revoked, expires_at=ends, maker_is_active=active, now=NOW) == state


@pytest.mark.parametrize(
    "active, gone, state", [(True, False, "active"), (False, True, "deactivated"), (False, False, "invited")]
)
def test_each_standing(active, gone, state):
    assert rules.standing(is_active=active, was_deactivated=gone) == state


def test_role_and_language_are_judged():
    assert (rules.role("observer"), rules.language("en")) == ("observer", "en")
    assert refusal(rules.role, "administrator") == "person.role_unknown"
    assert refusal(rules.language, "fr") == "person.language_unknown"
