"""Who has the ball, where the time went, ping-pong: pure rules, verbs, pages, API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import NOW, signed_in
from tomei.cases import actions, history, queries
from tomei.cases.rules import replay
from tomei.cases.tests import factories as make
from tomei.cases.tests.factories import MINUTE
from tomei.cases.waiting import actions as balls
from tomei.cases.waiting import queries as waiting
from tomei.cases.waiting.models import BallMove
from tomei.cases.waiting.rules import passing, spans
from tomei.cases.waiting.rules.spans import NOBODY, OURS, VENDOR, Holder, Move
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import Text
from tomei.promises import actions as promises

HOUR = timedelta(hours=1)
PARTY = st.sampled_from([OURS, Holder("customer", 1), Holder("customer", 2), Holder(VENDOR, 3), Holder(NOBODY)])
MOMENT = st.integers(-500, 1500).map(lambda seconds: NOW + timedelta(seconds=seconds))
MOVES = st.lists(st.builds(Move, MOMENT, PARTY, st.sampled_from(["", "answer"]), st.booleans(), st.integers(0, 9)))


@given(MOVES, st.integers(-10, 1000))
def test_spans_cover_the_elapsed_time_exactly(moves: list[Move], seconds: int) -> None:
    end = NOW + timedelta(seconds=seconds)
    found = spans.spans(NOW, end, moves)
    assert spans.total(found) == max(end - NOW, timedelta())
    assert spans.net(found) + spans.paused(found) == spans.total(found)
    assert sum((one.length for one in spans.shares(found)), timedelta()) == spans.total(found)
    assert all(one.length > timedelta() for one in found)
    assert [one.end for one in found[:-1]] == [one.start for one in found[1:]]
    assert spans.flagged(found) <= spans.total(found)


@given(MOVES)
def test_the_order_in_which_moves_are_read_does_not_matter(moves: list[Move]) -> None:
    numbered = [Move(one.since, one.holder, one.reason, one.flagged, place + 1) for place, one in enumerate(moves)]
    assert spans.spans(NOW, NOW + HOUR, numbered) == spans.spans(NOW, NOW + HOUR, reversed(numbered))


@given(st.lists(PARTY))
def test_a_return_is_to_somebody_who_gave_it_away(holders: list[Holder]) -> None:
    found = passing.passed(holders, OURS)
    changed = [one for place, one in enumerate(holders) if place == 0 or holders[place - 1] != one]
    assert found.offs == max(0, len(changed) - 1)
    assert all(changed[place] != OURS and changed[place] in changed[:place] for place in found.returns)
    others = [one for one in changed if one != OURS]
    assert len(found.returns) == len(others) - len(set(others))


def test_asking_and_hearing_back_is_no_ping_pong() -> None:
    vendor = Holder(VENDOR, 3)
    assert passing.passed([OURS, vendor, OURS], OURS) == passing.Passed(2, ())
    assert passing.passed([OURS, vendor, OURS, vendor], OURS) == passing.Passed(3, (3,))
    assert passing.passed([7, 8, 7]) == passing.Passed(2, (2,))  # an owner has no home: coming back is a return


def test_we_profit_by_a_pause_that_nobody_promised() -> None:
    assert spans.profits(Holder(VENDOR, 3), "us", promised=False)
    assert not spans.profits(Holder(VENDOR, 3), "us", promised=True)
    assert not spans.profits(OURS, "us", promised=False)
    assert not spans.profits(Holder("customer", 1), "customer", promised=False)


@pytest.fixture
def world(house: Any, lead: Any, by_lead: Any) -> dict[str, Any]:
    """An incident of two customers, and a vendor."""
    by = by_lead
    one, two = make.organisation("東和精機"), make.organisation("みなと物流")
    vendor = make.organisation("Cloud KK", kind="vendor")
    incident = make.declared(by, organisation_ids=[one.pk, two.pk])
    cases = queries.cases_of(incident.id)
    return {"by": by, "a": one.pk, "b": two.pk, "vendor": vendor.pk, "id": incident.id, "key": incident.key,
            "case": cases[0], "other": cases[1], "lead": lead}  # fmt: skip


def _waiting(world: dict[str, Any], at: Any) -> Any:
    return waiting.of_incident(queries.incident(world["id"]), at)


def test_it_lies_with_us_until_somebody_says_otherwise(world: dict[str, Any]) -> None:
    found = _waiting(world, NOW + HOUR)
    assert (found.gross, found.net, found.paused, found.holder) == (HOUR, HOUR, timedelta(), OURS)
    assert found.owner_ids == (world["lead"].pk,)


def test_a_move_is_counted_said_and_flagged(world: dict[str, Any]) -> None:
    given_: dict[str, Any] = {"incident_id": world["id"], "by": world["by"]}
    vendor: dict[str, Any] = {"party": VENDOR, "organisation_id": world["vendor"], "reason": "fix"}
    assert balls.move(**given_, **vendor, now=NOW + 10 * MINUTE)
    assert not balls.move(**given_, **vendor, now=NOW + 11 * MINUTE)  # the second tap says nothing new
    assert balls.move(**given_, party="us", reason="checking", now=NOW + 40 * MINUTE)
    found = _waiting(world, NOW + HOUR)
    assert (found.net, found.paused, found.flagged) == (30 * MINUTE, 30 * MINUTE, 30 * MINUTE)
    assert found.ball == passing.Passed(2, ())
    lines = history.page(world["id"], language="en", zone="UTC").items
    assert [line.sentence for line in lines if line.entry.code.startswith("ball.")] == [
        "The ball is with us (checking)",
        "The ball is with Cloud KK, a vendor (a fix) (set by us, without their promise)",
    ]
    spoken = history.page(world["id"], language="ja", zone="UTC").items
    assert spoken[0].sentence == "ボールは当社に(確認中)"


def test_a_case_follows_the_incident_until_it_is_said_of_it_alone(world: dict[str, Any]) -> None:
    by = world["by"]
    balls.move(incident_id=world["id"], party=NOBODY, reason="observing", by=by, now=NOW + 10 * MINUTE)
    balls.move(case_id=world["case"].id, party="customer", reason="test", by=by, now=NOW + 20 * MINUTE)
    mine, other = (waiting.of_case(world[name], NOW + HOUR) for name in ("case", "other"))
    assert mine.holder == Holder("customer", world["case"].organisation_id)
    assert other.holder == Holder(NOBODY)
    assert mine.gross == other.gross == HOUR


def test_their_open_promise_is_proposed_and_never_set(world: dict[str, Any]) -> None:
    by = world["by"]
    promise_id = actions.promise(
        incident_id=world["id"], whose="theirs", organisation_id=world["vendor"], what=Text("修正版", "a fix"),
        due_at=NOW + HOUR, by=by, now=NOW,
    )  # fmt: skip
    found = _waiting(world, NOW + MINUTE)
    assert found.holder == OURS
    assert [(one.holder, one.promised.id) for one in found.proposals if one.promised] == [
        (Holder(VENDOR, world["vendor"]), promise_id)
    ]
    balls.move(incident_id=world["id"], party=VENDOR, organisation_id=world["vendor"], promise_id=promise_id, by=by,
               now=NOW + MINUTE)  # fmt: skip
    found = _waiting(world, NOW + 2 * MINUTE)
    assert (found.proposals, found.flagged) == ((), timedelta())  # on their own word: no flag
    promises.fulfil(promise_id, line="came", by=by, now=NOW + 3 * MINUTE)
    [back] = _waiting(world, NOW + 4 * MINUTE).proposals
    assert (back.holder, back.promised) == (OURS, None)
    assert _waiting(world, NOW + 4 * MINUTE).holder == Holder(VENDOR, world["vendor"])


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("ball.unknown_party", {"party": "them"}),
        ("ball.nobody_named", {"party": "vendor"}),
        ("ball.nobody_named", {"party": "customer"}),
        ("ball.no_vendor", {"party": "vendor", "organisation_id": 2**62}),
        ("ball.not_affected", {"party": "customer", "organisation_id": 2**62}),
        ("ball.unknown_reason", {"party": "us", "reason": "lunch"}),
        ("time.in_future", {"party": "us", "since": NOW + HOUR}),
        ("ball.too_early", {"party": "us", "since": NOW - HOUR}),
        ("ball.no_such_promise", {"party": "nobody", "promise_id": 2**62}),
    ],
)
def test_refusals_change_nothing(world: dict[str, Any], code: str, values: dict[str, Any]) -> None:
    seq = queries.incident(world["id"]).seq
    with pytest.raises(Refused) as refused:
        balls.move(incident_id=world["id"], **values, by=world["by"], now=NOW + MINUTE)
    assert refused.value.code == code
    assert (BallMove.objects.count(), queries.incident(world["id"]).seq) == (0, seq)


def test_over_is_over(world: dict[str, Any]) -> None:
    actions.dismiss(world["id"], reason="error", by=world["by"], now=NOW + 20 * MINUTE)
    with pytest.raises(Refused) as refused:
        balls.move(incident_id=world["id"], party="nobody", by=world["by"], now=NOW + HOUR)
    assert refused.value.code == "ball.over"
    assert _waiting(world, NOW + HOUR).gross == 20 * MINUTE


def test_restricted_is_not_there_for_others(world: dict[str, Any], colleague: Any, by_colleague: Any) -> None:
    actions.set_restricted(world["id"], True, by=world["by"], now=NOW)
    with pytest.raises(Missing):
        balls.move(incident_id=world["id"], party="nobody", by=by_colleague, now=NOW)
    assert signed_in(colleague).get(f"/incidents/{world['key']}/waiting/").status_code == 404


def test_somebody_is_accountable_at_every_moment(world: dict[str, Any], colleague: Any, by_colleague: Any) -> None:
    """Whatever is taken, left, handed over, and whoever leaves the house: after each entry there is one owner."""
    lead, other = world["lead"].pk, colleague.pk
    actions.take_role(world["id"], "commander", by=world["by"], now=NOW + MINUTE)
    actions.take_role(world["id"], "commander", user_id=other, by=world["by"], now=NOW + 2 * MINUTE)
    actions.take_role(world["id"], "commander", by=world["by"], now=NOW + 3 * MINUTE)
    actions.leave_role(world["id"], "commander", by=world["by"], now=NOW + 4 * MINUTE)
    actions.take_role(world["id"], "commander", by=by_colleague, now=NOW + 5 * MINUTE)
    actions.person_left(other, lead, now=NOW + 6 * MINUTE)
    entries = history.everything(world["id"])
    owners = [replay(entries[: place + 1]).owner_id for place in range(len(entries))]
    assert None not in owners
    found = _waiting(world, NOW + HOUR)
    assert found.owner_ids == (lead, other, lead, other, lead)
    assert found.owners == passing.Passed(4, (2, 3, 4))
    assert found.owners.back_and_forth


def test_one_tap_on_the_page(world: dict[str, Any]) -> None:
    client = signed_in(world["lead"])
    page = f"/incidents/{world['key']}/waiting/"
    assert client.get(page).status_code == 200
    answer = client.post(f"/incidents/{world['key']}/ball/", {"party": "customer", "organisation": world["a"]})
    assert (answer.status_code, answer["Location"]) == (303, page)
    assert BallMove.objects.get().organisation_id == world["a"]
    assert client.get(f"{world['case'].url}waiting/").status_code == 200
    assert client.post(f"{world['case'].url}ball/", {"party": "nobody"}).status_code == 303
    assert b'class="bands"' in client.get(page).content
    assert b"/waiting/" in client.get(f"/incidents/{world['key']}/").content


@pytest.mark.parametrize("party", ["\x00", "them", "x" * 5000, ""])
def test_hostile_parties_are_refused_in_words(world: dict[str, Any], party: str) -> None:
    client = signed_in(world["lead"])
    answer = client.post(f"/incidents/{world['key']}/ball/", {"party": party, "organisation": world["a"]})
    assert answer.status_code in (409, 422)
    assert not BallMove.objects.exists()
