from hypothesis import given
from hypothesis import strategies as st

from tomei.oncall.ladder import NAMES, LadderFacts, Rung, next_rung, rungs

ALL = frozenset(range(1, 20))


def test_the_whole_ladder_in_its_order():
    facts = LadderFacts(1, (2,), 3, (4,), (5,), (6, 7), ALL)
    assert rungs(facts) == [
        Rung("owner", (1,)), Rung("deputy", (2,)), Rung("team_lead", (3,)), Rung("commander", (4,)),
     Rung("sponsor", (5,)),
        Rung("every_commander", (6, 7)),
    ]  # fmt: skip


def test_who_is_missing_is_skipped():
    assert rungs(LadderFacts(None, (), 3, (), (), (6,), ALL)) == [
        Rung("team_lead", (3,)),
        Rung("every_commander", (6,)),
    ]


def test_who_stood_lower_does_not_stand_again():
    facts = LadderFacts(1, (1, 2), 2, (1,), (3,), (1, 2, 3, 4), ALL)
    assert rungs(facts) == [
        Rung("owner", (1,)), Rung("deputy", (2,)), Rung("sponsor", (3,)), Rung("every_commander", (4,))
    ]  # fmt: skip


def test_who_has_left_is_skipped():
    assert rungs(LadderFacts(1, (2,), 3, (4,), (5,), (6,), frozenset({4}))) == [Rung("commander", (4,))]


def test_a_ladder_that_finds_nobody_is_empty():
    assert rungs(LadderFacts()) == []
    assert rungs(LadderFacts(1, (2,), 3, (4,), (5,), (6,), frozenset())) == []


def test_the_next_rung():
    ladder = rungs(LadderFacts(1, (2,), None, (4,), (), (), ALL))
    assert next_rung(ladder, []) == Rung("owner", (1,))
    assert next_rung(ladder, ["owner"]) == Rung("deputy", (2,))
    assert next_rung(ladder, ["owner", "deputy", "commander"]) is None


people = st.lists(st.integers(1, 12), max_size=4).map(tuple)
maybe = st.none() | st.integers(1, 12)


@given(maybe, people, maybe, people, people, people, st.frozensets(st.integers(1, 12)))
def test_nobody_stands_twice_and_everybody_active_is_found(owner, deputy, lead, commander, sponsor, every, active):
    ladder = rungs(LadderFacts(owner, deputy, lead, commander, sponsor, every, active))
    found = [one for rung in ladder for one in rung.user_ids]
    assert len(found) == len(set(found))
    assert set(found) == ({owner, lead, *deputy, *commander, *sponsor, *every} - {None}) & active
    assert [rung.name for rung in ladder] == [name for name in NAMES if name in {rung.name for rung in ladder}]
