"""Decisions without a database: every state × move, severity, roles, the chain."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import NOW
from tomei.cases.rules import CaseMove, CaseState, CloseFacts, Move, State, chain, next_case_state, next_state
from tomei.cases.rules import roles as role_rules
from tomei.cases.rules import severity as severity_rules
from tomei.cases.rules.states import CASE_MOVES, MOVES, WORKING, is_settled, moves_from
from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity

TABLE = {
    "investigating": "- identified mitigating monitoring restored - - dismissed",
    "identified": "investigating - mitigating monitoring restored - - dismissed",
    "mitigating": "investigating identified - monitoring restored - - dismissed",
    "monitoring": "investigating identified mitigating - restored - - dismissed",
    "restored": "- - - - - closed investigating -",
    "closed": "- - - - - - investigating -",
    "dismissed": "- - - - - - investigating -",
}
COLUMNS = ("investigate", "identify", "mitigate", "monitor", "restore", "close", "reopen", "dismiss")


@pytest.mark.parametrize(("state", "move"), list(itertools.product(State, Move)))
def test_every_state_and_move_is_decided(state, move):
    wanted = TABLE[state].split()[COLUMNS.index(move)]
    if wanted == "-":
        with pytest.raises(Refused) as refused:
            next_state(state, move, proof="p", reason="r")
        assert (refused.value.code, refused.value.facts) == (
            "incident.no_such_move",
            {"state": str(state), "move": str(move)},
        )
    else:
        assert next_state(state, move, proof="p", reason="r") == State(wanted)


CASE_TABLE = {
    "open": "resumed closed - withdrawn",
    "resumed": "- closed open -",
    "closed": "- - open -",
    "withdrawn": "- - open -",
}


@pytest.mark.parametrize(("state", "move"), list(itertools.product(CaseState, CaseMove)))
def test_every_case_state_and_move_is_decided(state, move):
    wanted = CASE_TABLE[state].split()[("resume", "close", "reopen", "withdraw").index(move)]
    if wanted == "-":
        with pytest.raises(Refused, match=r"case\.no_such_move"):
            next_case_state(state, move, reason="r")
    else:
        assert next_case_state(state, move, reason="r") == CaseState(wanted)


def test_what_a_move_must_bring():
    with pytest.raises(Refused, match=r"incident\.no_proof"):
        next_state(State.MONITORING, Move.RESTORE)
    for state, move in ((State.RESTORED, Move.REOPEN), (State.MONITORING, Move.DISMISS)):
        with pytest.raises(Refused, match=r"incident\.no_reason"):
            next_state(state, move)
    for state, move in ((CaseState.CLOSED, CaseMove.REOPEN), (CaseState.OPEN, CaseMove.WITHDRAW)):
        with pytest.raises(Refused, match=r"case\.no_reason"):
            next_case_state(state, move)


def test_closing_counts_what_is_in_its_way():
    with pytest.raises(Refused) as refused:
        next_state(State.RESTORED, Move.CLOSE, facts=CloseFacts(2, 3))
    assert (refused.value.code, refused.value.facts) == ("incident.open_cases", {"count": 2, "promises": 3})
    with pytest.raises(Refused) as refused:
        next_state(State.RESTORED, Move.CLOSE, facts=CloseFacts(0, 1))
    assert (refused.value.code, refused.value.facts) == ("incident.open_promises", {"count": 1})
    assert next_state(State.RESTORED, Move.CLOSE, facts=CloseFacts()) is State.CLOSED


def test_settled_cases():
    states = ("open", "resumed", "closed", "withdrawn")
    assert [is_settled(state, "") for state in states] == [False, False, True, True]
    assert [is_settled(state, "高橋") for state in states] == [True] * 4
    assert not is_settled("open", "  ")


def test_pages_offer_what_the_table_allows():
    assert {(state, move) for state in State for move in moves_from(state)} == set(MOVES)
    assert [str(state) for state in WORKING] == ["investigating", "identified", "mitigating", "monitoring"]
    assert len(CASE_MOVES) == 7


def test_severity_rises_at_once_and_falls_with_a_reason():
    up = severity_rules.change(Severity.SEV3, Severity.SEV1A, reason="", cases=[])
    assert up is Severity.SEV1A
    down = severity_rules.change(Severity.SEV1A, Severity.SEV2, reason="回避策あり", cases=[Severity.SEV2])
    assert down is Severity.SEV2
    for wanted, reason, cases, code in (
        (Severity.SEV2, "", [], "incident.lowered_without_reason"),
        (Severity.SEV2, "r", [Severity.SEV1B], "incident.below_case"),
        (Severity.SEV1A, "r", [], "incident.same_severity"),
    ):
        with pytest.raises(Refused) as refused:
            severity_rules.change(Severity.SEV1A, wanted, reason=reason, cases=cases)
        assert refused.value.code == code
    assert severity_rules.at_least(Severity.SEV3, [Severity.SEV2, Severity.SEV1B]) is Severity.SEV1B


def test_one_is_accountable_whoever_comes_and_goes():
    def who(holders, product=None, declarer=None, anyone=()):
        return role_rules.accountable(holders, product_owner_id=product, declarer_id=declarer, anyone=anyone)

    assert who({"commander": [1], "deputy": [2]}, 3, 4, [5]) == 1
    assert who({"commander": [], "deputy": [2]}, 3, 4, [5]) == 2
    assert who({"scribe": [9]}, 3, 4, [5]) == 3
    assert who({}, None, 4, [5]) == 4
    assert who({}, None, None, [5, 6]) == 5
    assert who({}) is None


def test_a_slip_is_undone_within_ten_seconds():
    seconds = [-1, 0, 10, 10.001]
    assert [role_rules.may_undo(NOW, NOW + timedelta(seconds=s)) for s in seconds] == [False, True, True, False]


def links(bodies):
    """A chain over these bodies, as the timeline would write it."""
    made, previous = [], ""
    for seq, body in enumerate(bodies, start=1):
        salt = f"salt{seq}" if body else ""
        digest = chain.hash_body(salt, body) if body else ""
        one = chain.Link(seq, NOW, NOW, "user", 1, "note.note", "internal", {"n": seq}, digest, "", body, salt)
        one = replace(one, hash=chain.hash_entry(one, previous))
        previous = one.hash
        made.append(one)
    return made


@given(st.lists(st.text(max_size=20), min_size=1, max_size=6), st.data())
def test_nothing_in_a_chain_changes_unseen(bodies, data):
    made = links(bodies)
    assert chain.verify(made, seq=len(made), head=made[-1].hash).holds
    at = data.draw(st.integers(0, len(made) - 1))
    changes = {"code": "other", "audience": "public", "data": {"n": 0}, "actor_id": 2, "body": made[at].body + "x",
               "at": NOW + timedelta(microseconds=1), "known_at": NOW + timedelta(seconds=1)}  # fmt: skip
    name = data.draw(st.sampled_from(sorted(changes)))
    made[at] = replace(made[at], **{name: changes[name]})
    assert chain.verify(made, seq=len(made), head=made[-1].hash).broken_at == at + 1


def test_a_missing_tail_and_a_missing_middle_are_seen():
    made = links(["a", "b", "c"])
    assert chain.verify(made[:2], seq=3, head=made[-1].hash).broken_at == 3
    assert chain.verify([made[0], made[2]], seq=3, head=made[-1].hash).broken_at == 2
    assert chain.verify([], seq=0, head="").holds


def test_a_body_vanishes_only_by_an_entry_that_says_so():
    made = links(["secret", ""])
    silent = [replace(made[0], body="", salt=""), made[1]]
    assert chain.verify(silent, seq=2, head=made[1].hash).broken_at == 1
    said = chain.Link(3, NOW, NOW, "user", 1, "erased", "internal", {"of": 1}, "", "")
    said = replace(said, hash=chain.hash_entry(said, made[1].hash))
    assert chain.verify([*silent, said], seq=3, head=said.hash).holds


def test_numbers_are_kept_as_both_databases_give_them_back():
    given = {"late": 12.34567, "zero": -0.0, "deep": [{"x": 1e3}], "nul": "a\x00b", 5: {"at": NOW}}
    assert chain.plain(given) == {
        "late": 12.346,
        "zero": 0.0,
        "deep": [{"x": 1000.0}],
        "nul": "ab",
        "5": {"at": "2026-11-18T05:00:00.000000+00:00"},
    }
    assert chain.anchor(12, "9f3ac1ffff") == "12·9f3ac1"
