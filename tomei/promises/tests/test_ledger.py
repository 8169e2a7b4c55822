"""The figures, counted by SQL, against counts by hand; and that they are read by their indexes."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from tomei.kernel.actor import CLOCK
from tomei.promises import actions, ledger, queries, rows
from tomei.promises.facts import New
from tomei.promises.models import Promise
from tomei.promises.queries import Filters
from tomei.promises.rules import Tally
from tomei.promises.rules.period import period
from tomei.promises.tests.factories import NOW, customer, incident, promise, worker

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
READER = worker("read", user_id=77)
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def inc(house):
    return incident(house)


def test_counts_by_kind_customer_and_team(house, inc):
    towa = customer()
    one = {"now": NOW - 30 * MINUTE, "due_at": NOW - 15 * MINUTE}
    promise(house, inc, owed_to=towa, team_id=3, **one)
    actions.keep("next_update", incident_id=inc, by=CLOCK, now=NOW - 15 * MINUTE)
    promise(house, inc, owed_to=towa, **one)
    actions.keep("next_update", incident_id=inc, by=CLOCK, now=NOW - 13 * MINUTE)
    promise(house, inc, kind="silence", team_id=3, **one)
    actions.supersede("silence", incident_id=inc, by=CLOCK, now=NOW)
    promise(house, inc, kind="report", **one)  # overdue, open
    promise(house, inc, kind="answer", due_at=NOW + MINUTE)  # not due: not counted
    promise(house, inc, kind="vendor", drill=True, **one)
    withdrawn = promise(house, inc, kind="translation")
    actions.withdraw(withdrawn.pk, reason="moved", by=CLOCK, now=NOW)
    found = ledger.ledger(Filters(), by=READER, now=NOW)
    assert found.total == Tally(kept=1, late=1, missed=1, overdue=1, withdrawn=1)
    assert [(line.key, line.tally) for line in found.by_kind] == [
        ("next_update", Tally(kept=1, late=1)),
        ("translation", Tally(withdrawn=1)),
        ("report", Tally(overdue=1)),
        ("silence", Tally(missed=1)),
    ]
    assert {line.key: line.tally for line in found.by_customer} == {
        towa: Tally(kept=1, late=1), None: Tally(missed=1, overdue=1, withdrawn=1),
    }  # fmt: skip
    assert {line.key: line.tally.n for line in found.by_team} == {3: 2, None: 2}
    assert found.lateness == ledger.Lateness(1, 120.0, None, 120.0, found.lateness.worst_id)
    assert ledger.owed_now(Filters(), by=READER, now=NOW) == (2, 1)


def test_the_first_broken_second_counts(house, inc):
    row = promise(house, inc)
    for milliseconds, overdue in ((-1, 0), (0, 0), (999, 0), (1000, 1)):
        at = row.due_at + timedelta(milliseconds=milliseconds)
        assert ledger.ledger(Filters(), by=READER, now=at).total.overdue == overdue


def test_days_are_those_of_the_reader(house, inc):
    promise(house, inc, now=NOW - MINUTE, due_at=NOW.replace(hour=15, minute=30) - timedelta(days=1))  # 00:30 in Tokyo
    assert list(ledger.days(Filters(), zone=TOKYO, by=READER, now=NOW)) == [date(2026, 11, 18)]
    day, night = ledger.day_and_night(Filters(), zone=TOKYO, by=READER, now=NOW)
    assert (day.n, night.n) == (0, 1)


def test_lateness_by_percentiles(house, inc):
    for number in range(21):
        due = NOW - 60 * MINUTE
        promise(house, inc, about=str(number), now=due - 15 * MINUTE, due_at=due)
        actions.keep("next_update", incident_id=inc, about=str(number), by=CLOCK,
                     now=due + timedelta(seconds=60 + number))  # fmt: skip
    found = ledger.lateness(Filters(), by=READER)
    assert (found.n, found.median_s, found.p90_s, found.worst_s) == (21, 70.0, 78.0, 80.0)


def test_restricted_figures_are_hidden(house, inc):
    promise(house, inc, restricted=True, now=NOW - 30 * MINUTE, due_at=NOW - MINUTE)
    assert ledger.ledger(Filters(), by=READER, now=NOW).total.n == 0
    assert ledger.ledger(Filters(), by=worker("read", "restricted.read"), now=NOW).total.n == 1


@pytest.mark.parametrize(
    ("name", "start"),
    [("7d", date(2026, 11, 12)), ("12w", date(2026, 8, 27)), ("odd", date(2026, 8, 27)), ("year", date(2026, 1, 1))],
)
def test_periods_are_whole_days_of_the_reader(name, start):
    found = period(name, NOW, TOKYO)
    assert (found.start.date(), found.start.tzinfo, found.end.date()) == (start, TOKYO, date(2026, 11, 19))
    assert period("all", NOW, TOKYO).start is None


@pytest.fixture
def many(house, inc):
    """20,000 promises over a year, nearly all of them ended."""
    news = [New("next_update", house.pk, NOW - number * 26 * MINUTE, 0, incident_id=inc) for number in range(20_000)]
    made = [rows.build(new, new.due_at - MINUTE) for new in news]
    for number, row in enumerate(made):
        if number > 200:
            row.state, row.ended_at, row.late_s, row.next_step_at = "kept", row.due_at, 0.0, None
    Promise.objects.bulk_create(made, batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE promises_promise")


def test_hot_questions_are_answered_by_indexes(many):
    month = Filters(start=NOW - timedelta(days=30), end=NOW)
    asked = {
        "promise_open_due": queries.narrowed(Filters(), by=READER).filter(state="open").order_by("due_at", "pk")[:50],
        "promise_ledger": queries.narrowed(month, by=READER).order_by().values("kind").distinct(),
        "promise_ended_at": Promise.objects.exclude(state="open").order_by("-ended_at", "-pk")[:50],
    }
    plans = {index: found.explain() for index, found in asked.items()}
    assert [index for index, plan in plans.items() if index not in plan] == [], plans
