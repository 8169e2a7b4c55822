"""Claims: written down, answered by two people, told, postponed, settled, withdrawn; who sees what."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.people import NOW
from tomei.accounts.doors import actor
from tomei.cases import actions as case_actions
from tomei.cases import history, timeline
from tomei.cases.claims import actions, queries
from tomei.cases.claims.models import Claim, ClaimAnswer
from tomei.cases.models import Case, Entry
from tomei.cases.tests.factories import declared, organisation, rows
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import Text
from tomei.promises.models import Promise

HOUR = timedelta(hours=1)
DUE = NOW + timedelta(days=3)


@pytest.fixture
def actors(house, lead, colleague, watcher, admin):
    return {name: actor(user) for name, user in
            {"lead": lead, "colleague": colleague, "watcher": watcher, "admin": admin}.items()}  # fmt: skip


def a_case(actors, **given):
    customer = organisation()
    one = declared(actors["lead"], organisation_ids=[customer.pk], **given)
    return customer, one, Case.objects.get(incident=one.id)


def write_down(customer, by, **given):
    values = {"kind": "credit", "words": "返金してほしい", "heard_at": NOW, "due_at": DUE, "now": NOW + HOUR}
    return actions.write_down(customer.pk, **{**values, **given}, by=by)


def counts():
    return Claim.objects.count(), ClaimAnswer.objects.count(), Promise.objects.count(), Entry.objects.count()


def promise_of(claim):
    return Promise.objects.get(pk=Claim.objects.get(pk=claim.id).promise_id)


def test_a_claim_makes_a_promise_to_the_customer_and_writes_on_the_case(actors):
    customer, incident, case = a_case(actors)
    made = write_down(
        customer, actors["colleague"], case_id=case.pk, amount="1,200,000", currency="jpy", clause="第8条"
    )
    promise = promise_of(made)
    assert (promise.kind, promise.owed_to_id, promise.due_at, promise.told, promise.incident_id) == (
        "claim_answer", customer.pk, DUE, True, incident.id,
    )  # fmt: skip
    assert promise.owner_id == actors["colleague"].user_id
    entry = Entry.objects.filter(case=case.pk).order_by("-seq")[0]
    assert (entry.code, entry.audience, entry.body) == ("claim.written", "internal", "")
    assert "1200000" not in str(entry.data)
    assert timeline.verify(case_id=case.pk).holds
    [line, *_] = history.page(case_id=case.pk, language="en", zone="Asia/Tokyo").items
    assert line.sentence.startswith(f"Claim written down: {made.key} (answer due ")


def test_a_claim_may_come_without_a_case(actors):
    made = write_down(organisation(), actors["colleague"])
    promise = promise_of(made)
    assert (made.case_id, promise.customer_id, promise.incident_id) == (None, made.organisation_id, None)


def test_an_answer_is_approved_by_another_and_told(actors):
    customer, _, case = a_case(actors)
    claim = write_down(customer, actors["colleague"], case_id=case.pk)
    actions.propose(claim.id, outcome="part", words=Text("一部をお返しします", ""), amount="50000", currency="JPY",
                    by=actors["colleague"], now=NOW + HOUR)  # fmt: skip
    approved = actions.approve(claim.id, 1, by=actors["lead"], now=NOW + 2 * HOUR)
    assert approved.waiting.state == "approved"
    told = actions.tell(claim.id, at=NOW + 3 * HOUR, told_to="田村様", by=actors["colleague"], now=NOW + 4 * HOUR)
    assert (told.state, told.outcome, told.answered_at) == ("answered", "part", NOW + 3 * HOUR)
    assert (promise_of(claim).state, promise_of(claim).ended_at) == ("kept", NOW + 3 * HOUR)
    settled = actions.settle(claim.id, closing="12月分の請求で相殺", by=actors["colleague"], now=NOW + 5 * HOUR)
    assert (settled.state, settled.closing) == ("settled", "12月分の請求で相殺")
    codes = list(
        Entry.objects.filter(case=case.pk, code__startswith="claim.").order_by("seq").values_list("code", flat=True)
    )
    assert codes == ["claim.written", "claim.proposed", "claim.approved", "claim.answered", "claim.settled"]


def test_a_late_answer_is_late_by_when_it_was_told(actors):
    claim = write_down(organisation(), actors["colleague"])
    later = DUE + HOUR
    actions.propose(claim.id, outcome="refused", words=Text("", "no"), by=actors["colleague"], now=later)
    actions.approve(claim.id, 1, by=actors["lead"], now=later)
    actions.tell(claim.id, at=later + HOUR, told_to="x", by=actors["colleague"], now=later + 2 * HOUR)
    assert (promise_of(claim).state, promise_of(claim).late_s) == ("late", 7200.0)


def test_nobody_decides_on_an_answer_of_their_own(actors):
    claim = write_down(organisation(), actors["lead"])
    actions.propose(claim.id, outcome="full", words=Text("x", "x"), by=actors["lead"], now=NOW + HOUR)
    before = list(ClaimAnswer.objects.values())
    for act in (lambda: actions.approve(claim.id, 1, by=actors["lead"], now=NOW + HOUR),
                lambda: actions.decline(claim.id, 1, reason="y", by=actors["lead"], now=NOW + HOUR)):  # fmt: skip
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "claim.own_answer"
    with pytest.raises(Refused) as refused:  # nor by a token of the same person
        actions.approve(claim.id, 1, by=replace(actors["lead"], kind="token", id=99), now=NOW + HOUR)
    assert (refused.value.code, list(ClaimAnswer.objects.values())) == ("claim.own_answer", before)


def test_a_declined_answer_stays_and_another_takes_its_place(actors):
    claim = write_down(organisation(), actors["colleague"])
    actions.propose(claim.id, outcome="full", words=Text("a", ""), by=actors["colleague"], now=NOW + HOUR)
    actions.decline(claim.id, 1, reason="金額が違う", by=actors["admin"], now=NOW + HOUR)
    with pytest.raises(Refused) as refused:
        actions.tell(claim.id, at=NOW + HOUR, told_to="x", by=actors["colleague"], now=NOW + HOUR)
    assert refused.value.code == "claim.not_approved"
    actions.propose(claim.id, outcome="part", words=Text("b", ""), by=actors["colleague"], now=NOW + HOUR)
    found = actions.propose(claim.id, outcome="part", words=Text("c", ""), by=actors["colleague"], now=NOW + HOUR)
    assert [(one.number, one.state) for one in found.answers] == [(3, "proposed"), (2, "replaced"), (1, "declined")]


def test_a_later_time_withdraws_the_promise_and_makes_a_new_one(actors):
    claim = write_down(organisation(), actors["colleague"])
    old = promise_of(claim).pk
    found = actions.postpone(
        claim.id, due_at=DUE + timedelta(days=2), reason="法務の確認", by=actors["lead"], now=NOW + HOUR
    )
    assert (Promise.objects.get(pk=old).state, found.due_at) == ("withdrawn", DUE + timedelta(days=2))
    assert (promise_of(claim).state, promise_of(claim).due_at) == ("open", found.due_at)
    with pytest.raises(Refused) as refused:
        actions.postpone(claim.id, due_at=DUE, reason="x", by=actors["colleague"], now=NOW + HOUR)
    assert (refused.value.code, promise_of(claim).due_at) == ("rights.missing", found.due_at)


def test_a_withdrawn_claim_ends_its_promise(actors):
    claim = write_down(organisation(), actors["colleague"])
    actions.withdraw(claim.id, closing="電話で取り下げ(田村様)", by=actors["colleague"], now=NOW + HOUR)
    assert (promise_of(claim).state, Claim.objects.get(pk=claim.id).state) == ("withdrawn", "withdrawn")


def test_the_promise_ends_at_the_claim_only(actors):
    from tomei.promises import actions as promises  # the door that people use on the ledger

    customer, incident, case = a_case(actors)
    claim = write_down(customer, actors["colleague"], case_id=case.pk)
    with pytest.raises(Refused) as refused:
        promises.withdraw(promise_of(claim).pk, reason="x", by=actors["lead"], now=NOW + HOUR)
    assert (refused.value.code, promise_of(claim).state) == ("promise.guarded", "open")
    case_actions.dismiss(incident.id, reason="false alarm", by=actors["lead"], now=NOW + HOUR)
    assert promise_of(claim).state == "open"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "gift"}, "claim.unknown_kind"),
        ({"words": " "}, "field.missing"),
        ({"words": "a\x00b"}, "field.control_characters"),
        ({"words": "x" * 4001}, "field.too_long"),
        ({"heard_at": NOW + 2 * HOUR}, "time.in_future"),
        ({"due_at": NOW}, "promise.due_past"),
        ({"due_at": NOW + timedelta(days=500)}, "promise.due_far"),
        ({"amount": "1.5", "currency": "JPY"}, "field.not_an_amount"),
        ({"amount": "1", "currency": ""}, "credit.currency"),
        ({"contract_id": 999999}, "claim.not_theirs"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(actors, given, code):
    customer, before = organisation(), counts()
    with pytest.raises(Refused) as refused:
        write_down(customer, actors["colleague"], **given)
    assert (refused.value.code, counts()) == (code, before)


def test_a_case_of_another_customer_and_our_own_house_are_refused(actors):
    _, _, case = a_case(actors)
    ours = rows("customers", "Organisation").get(kind="ours")
    before = counts()
    for one, given in ((organisation("他社"), {"case_id": case.pk}), (ours, {})):
        with pytest.raises(Refused) as refused:
            write_down(one, actors["colleague"], **given)
        assert (refused.value.code, counts()) == (
            "claim.not_theirs" if given else "incident.unknown_organisation",
            before,
        )


def test_rights_are_asked_for(actors):
    claim = write_down(organisation(), actors["colleague"])
    actions.propose(claim.id, outcome="full", words=Text("a", ""), by=actors["colleague"], now=NOW + HOUR)
    before = counts()
    for act in (
        lambda: write_down(organisation("他"), actors["watcher"]),
        lambda: actions.propose(claim.id, outcome="full", words=Text("a", ""), by=actors["watcher"], now=NOW),
        lambda: actions.approve(claim.id, 1, by=replace(actors["colleague"], user_id=7), now=NOW),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "rights.missing"
    assert counts()[1:] == before[1:]


def test_amounts_are_hidden_from_who_may_not_see_them(actors):
    claim = write_down(organisation(), actors["colleague"], amount="500", currency="EUR")
    actions.propose(claim.id, outcome="part", words=Text("a", ""), amount="100", currency="EUR", by=actors["colleague"],
                    now=NOW + HOUR)  # fmt: skip
    hidden, shown = queries.by_number(claim.key, actors["colleague"]), queries.by_number(claim.key, actors["lead"])
    assert (hidden.amount, hidden.is_hidden, hidden.answers[0].amount) == ("", True, "")
    assert (shown.amount, shown.currency, shown.is_hidden, shown.answers[0].amount) == (
        "500.00",
        "EUR",
        False,
        "100.00",
    )


def test_a_claim_of_a_restricted_incident_is_found_by_its_people_only(actors):
    customer, incident, case = a_case(actors)
    claim = write_down(customer, actors["lead"], case_id=case.pk)
    case_actions.set_restricted(incident.id, True, by=actors["lead"], now=NOW + HOUR)
    with pytest.raises(Missing):
        queries.by_number(claim.key, actors["colleague"])
    with pytest.raises(Missing):
        actions.withdraw(claim.id, closing="x", by=actors["colleague"], now=NOW + HOUR)
    for name in ("lead", "admin"):
        assert queries.by_number(claim.key, actors[name]).id == claim.id
    assert queries.page(queries.Filters(state="all"), actors["colleague"], now=NOW).items == []


def test_the_register_goes_on_where_it_stopped(actors):
    customer = organisation()
    made = [write_down(customer, actors["colleague"], due_at=DUE + HOUR * (n % 3)).id for n in range(7)]
    for state in ("open", "all"):
        found, after = [], ""
        while True:
            page = queries.page(queries.Filters(state=state), actors["watcher"], now=NOW, after=after, limit=2)
            found += [one.id for one in page.items]
            if not page.next:
                break
            after = page.next
        assert sorted(found) == made
    for wrong in ("x", "9~9", "2026-01-01~1", "~", "-1"):
        with pytest.raises(Refused) as refused:
            queries.page(queries.Filters(), actors["watcher"], now=NOW, after=wrong)
        assert refused.value.code == "list.unreadable_cursor"


def test_the_register_filters(actors):
    one, other = organisation(), organisation("他社")
    first = write_down(one, actors["colleague"])
    write_down(other, actors["colleague"], due_at=NOW + timedelta(days=30))

    def found(now=NOW, **given):
        return [row.id for row in queries.page(queries.Filters(**given), actors["watcher"], now=now).items]

    assert found(organisation_id=one.pk) == [first.id]
    assert found(due="week") == [first.id]
    assert (found(due="overdue"), found(due="overdue", now=DUE + HOUR)) == ([], [first.id])


def test_the_register_asks_as_often_for_many_as_for_one(actors, django_assert_num_queries):
    customer, _, case = a_case(actors)
    for _ in range(5):
        write_down(customer, actors["colleague"], case_id=case.pk)
    with django_assert_num_queries(1):
        queries.page(queries.Filters(), actors["admin"], now=NOW)
