"""Hard deadlines watched by a promise, and what a workaround costs by time alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import NOW
from tomei.cases import actions, brief, history, pack, queries
from tomei.cases.models import Entry
from tomei.cases.stakes import queries as stakes
from tomei.cases.stakes import rules
from tomei.cases.stakes.models import Deadline, Workaround
from tomei.cases.tests.factories import declared, organisation
from tomei.kernel import time
from tomei.kernel.errors import Refused, Stale
from tomei.promises import queries as promises
from tomei.promises.rules import steps

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class Runs:
    per_hour: Decimal | None
    currency: str
    since_at: datetime
    until_at: datetime | None = None


@given(st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from(["JPY", "USD", "EUR"]), st.integers(0, 10**6))))
def test_currencies_are_never_added_together_and_rounded_once(some):
    now = NOW + timedelta(days=20)
    found = [Runs(Decimal(rate), code, NOW, NOW + timedelta(seconds=spent)) for rate, code, spent in some]
    cost = rules.cost(found, now)
    assert set(cost) == {code for _rate, code, _spent in some}
    for code, total in cost.items():
        exact = sum(Decimal(rate) * spent for rate, one, spent in some if one == code)
        assert abs(total - exact / 3600) <= (Decimal("0.5") if code == "JPY" else Decimal("0.005"))


def test_cost_is_reckoned_from_time_alone():
    running = Runs(Decimal("300000"), "JPY", NOW)
    ended = Runs(Decimal("10.50"), "USD", NOW, NOW + 30 * MINUTE)
    unknown = Runs(None, "", NOW)
    found = [running, ended, unknown]
    assert rules.cost(found, NOW + 100 * MINUTE) == {"JPY": Decimal("500000"), "USD": Decimal("5.25")}
    assert rules.cost(found, NOW) == {"JPY": Decimal("0"), "USD": Decimal("0.00")}
    assert rules.rate(found) == {"JPY": Decimal("300000")}


def test_a_deadline_warns_at_half_time_and_an_hour_and_a_quarter_before():
    def names(hours):
        return [(name, (at - NOW) / MINUTE) for name, at in steps.warnings("deadline", NOW, NOW + hours * HOUR)]

    assert names(6) == [("half", 180), ("before_60", 300), ("before_15", 345)]
    assert names(2) == [("half", 60), ("before_15", 105)]  # half time and one hour before fall together
    assert names(0.75) == [("half", 22.5), ("before_15", 30)]
    assert names(0) == []


@pytest.fixture
def burning(house, by_lead):
    return declared(by_lead, organisation_ids=[organisation().pk, organisation("みなと").pk])


@pytest.fixture
def case(burning):
    return queries.cases_of(burning.id)[0]


def named(case, by, **change):
    values = {"zone": "Asia/Tokyo", "kind": "batch", "words": "15時30分の便", "loss": "翌日の納品", "now": NOW}
    at = change.pop("at", NOW + 6 * HOUR)
    return actions.add_deadline(case.id, at, **{**values, **change}, by=by)


def promise_of(one):
    return promises.by_ids([one.promise_id])[one.promise_id]


def all_rows():
    return (list(Deadline.objects.values()), list(Workaround.objects.values()), Entry.objects.count())


@pytest.mark.django_db
def test_a_named_deadline_is_told_and_kept_when_business_runs_in_time(burning, case, by_lead, lead):
    actions.take_role(burning.id, "commander", by=by_lead, now=NOW)
    one = named(case, by_lead)
    owed = promise_of(one)
    assert (owed.kind, owed.told, owed.owed_to_id, owed.owner_id, owed.due_at) == (
        "deadline", True, case.organisation_id, lead.pk, one.at)  # fmt: skip
    assert queries.case(case.id).deadline_at == one.at
    actions.resume_case(case.id, by=by_lead, now=NOW + 5 * HOUR)
    assert (promise_of(one).state, stakes.of_incident(burning.id)) == ("kept", [])
    assert Deadline.objects.get().ended == "met" and queries.case(case.id).deadline_at is None


@pytest.mark.django_db
@pytest.mark.parametrize(("since", "ended", "state"), [(7, "passed", "missed"), (5, "met", "kept")])
def test_what_counts_is_when_business_ran_again_not_when_it_was_written(case, by_lead, since, ended, state):
    one = named(case, by_lead)
    actions.resume_case(case.id, at=NOW + since * HOUR, by=by_lead, now=NOW + 8 * HOUR)
    assert (Deadline.objects.get().ended, promise_of(one).state) == (ended, state)


@pytest.mark.django_db
def test_a_moved_deadline_is_withdrawn_with_the_reason_and_watched_anew(burning, case, by_lead):
    one = named(case, by_lead)
    moved = actions.move_deadline(one.id, NOW + 9 * HOUR, reason="便を変えた", seen=0, by=by_lead, now=NOW + HOUR)
    assert (promise_of(one).state, promise_of(one).reason) == ("withdrawn", "便を変えた")
    assert (promise_of(moved).state, promise_of(moved).due_at, moved.v) == ("open", NOW + 9 * HOUR, 1)
    before = all_rows()
    with pytest.raises(Stale):
        actions.move_deadline(one.id, NOW + 8 * HOUR, reason="r", seen=0, by=by_lead, now=NOW + HOUR)
    with pytest.raises(Refused):
        actions.move_deadline(one.id, NOW + 8 * HOUR, reason=" ", by=by_lead, now=NOW + HOUR)
    assert all_rows() == before
    late = actions.drop_deadline(one.id, reason="不要", by=by_lead, now=NOW + 10 * HOUR)
    assert (late.ended, promise_of(moved).state) == ("withdrawn", "missed")
    lines = history.page(burning.id, language="en", zone="Asia/Tokyo", limit=9).items
    assert "The customer moved the deadline from" in " ".join(line.sentence for line in lines)


@pytest.mark.django_db
def test_nothing_changes_by_what_is_refused(case, by_lead, by_watcher):
    running = named(case, by_lead)
    before = all_rows()
    tries = [
        lambda: named(case, by_lead, at=NOW), lambda: named(case, by_lead, at=NOW + timedelta(days=400)),
        lambda: named(case, by_lead, kind="soon"), lambda: named(case, by_lead, zone="Mars/Base"),
        lambda: named(case, by_watcher), lambda: named(case, by_lead, words="x" * 2000),
        lambda: actions.describe_case(case.id, deadline_at=NOW + HOUR, by=by_lead, now=NOW),
        lambda: actions.describe_case(case.id, deadline_at=None, by=by_lead, now=NOW),
        lambda: actions.set_workaround(case.id, words="", by=by_lead, now=NOW),
        lambda: actions.set_workaround(case.id, words="w", per_hour="NaN", currency="JPY", by=by_lead, now=NOW),
        lambda: actions.set_workaround(case.id, words="w", per_hour="5", currency="", by=by_lead, now=NOW),
        lambda: actions.set_workaround(case.id, words="w", people=-1, by=by_lead, now=NOW),
        lambda: actions.set_workaround(case.id, words="w", since_at=NOW + HOUR, by=by_lead, now=NOW),
        lambda: actions.set_workaround(case.id, words="w", seen=7, by=by_lead, now=NOW),
        lambda: actions.end_workaround(case.id, by=by_lead, now=NOW),
        lambda: actions.drop_deadline(running.id, reason="", by=by_lead, now=NOW),
    ]  # fmt: skip
    for one in tries:
        with pytest.raises((Refused, Stale)):
            one()
    assert all_rows() == before


@pytest.mark.django_db
def test_a_change_ends_one_workaround_and_begins_the_next_and_resuming_ends_it(burning, case, by_lead):
    given = {"by": by_lead, "currency": "JPY"}
    first = actions.set_workaround(case.id, words="手書き", per_hour="120,000", people=40, now=NOW, **given)
    actions.set_workaround(case.id, words="CSV", per_hour="60000", seen=first.id, now=NOW + HOUR, **given)
    actions.resume_case(case.id, at=NOW + 3 * HOUR, by=by_lead, now=NOW + 4 * HOUR)
    meter = stakes.meter(stakes.workarounds_of(burning.id), NOW + 9 * HOUR)
    assert (meter.spent, meter.rate, meter.people) == ({"JPY": Decimal(240_000)}, {}, 0)


@pytest.mark.django_db
def test_a_case_that_opens_again_has_its_deadline_watched_again(case, by_lead):
    named(case, by_lead)
    actions.resume_case(case.id, by=by_lead, now=NOW + HOUR)
    actions.reopen_case(case.id, reason="また止まった", by=by_lead, now=NOW + 2 * HOUR)
    [one] = stakes.of_case(case.id)
    assert (one.ended, promise_of(one).state, queries.case(case.id).deadline_at) == ("", "open", one.at)


@pytest.mark.django_db
def test_a_case_that_is_linked_takes_its_deadline_along(burning, by_lead):
    alone = actions.add_case(None, organisation("港").pk, deadline_at=NOW + 3 * HOUR, by=by_lead, now=NOW)
    [before] = stakes.of_case(alone.id)
    actions.link_case(alone.id, burning.id, by=by_lead, now=NOW + MINUTE)
    [after] = stakes.of_incident(burning.id)
    assert (promise_of(before).state, promise_of(after).incident_id) == ("withdrawn", burning.id)


@pytest.mark.django_db
def test_an_incident_declared_in_error_owes_no_decision(burning, case, by_lead):
    one = named(case, by_lead)
    actions.dismiss(burning.id, reason="誤報", by=by_lead, now=NOW + MINUTE)
    assert (promise_of(one).state, Deadline.objects.get().ended) == ("withdrawn", "withdrawn")


@pytest.mark.django_db
def test_brief_and_pack_say_the_deadline_first_and_the_board_within_a_day(burning, case, by_lead):
    named(case, by_lead)
    actions.set_workaround(case.id, words="紙", per_hour="60000", currency="JPY", by=by_lead, now=NOW)
    now = NOW + HOUR
    text = brief.build(queries.incident(burning.id), now, "en", "Asia/Tokyo").text
    assert "Hard deadline" in text and "15時30分の便" in text
    known = pack.build(queries.incident(burning.id), now, past=False, language="en", zone="Asia/Tokyo")
    assert ([one.words for one in known.deadlines], known.costs) == (["15時30分の便"], "60,000 JPY")
    assert [one.words for one in stakes.soon(by_lead, now)] == ["15時30分の便"]
    assert stakes.soon(by_lead, NOW - 30 * HOUR) == []


@pytest.mark.django_db
def test_pages_and_api_do_what_the_verbs_do(burning, case, client_of, lead, monkeypatch):
    monkeypatch.setattr(time, "now", lambda: NOW)
    client, url = client_of(lead), case.url
    sent = {"at": "2026-11-19T15:30", "zone": "Asia/Tokyo", "kind": "legal", "words": "届出", "given": "on"}
    assert client.post(f"{url}deadline/", sent).status_code == 303
    [one] = stakes.of_case(case.id)
    assert (one.zone, one.kind, one.given) == ("Asia/Tokyo", "legal", True)
    assert client.post(f"{url}deadline/{one.id}/move/", {"at": "2026-11-20T09:00", "reason": "r"}).status_code == 303
    other = queries.cases_of(burning.id)[1]
    assert client.post(f"{other.url}deadline/{one.id}/drop/", {"reason": "r"}).status_code == 404
    work = {"words": "紙", "per_hour": "1,000", "currency": "JPY", "people": "3", "seen": "0"}
    assert client.post(f"{url}workaround/", work).status_code == 303
    page = client.get(burning.url).content.decode()
    assert "届出" in page and "1,000 JPY" in page
    assert client.get(url).status_code == 200
