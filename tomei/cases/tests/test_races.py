"""Several at once, with real transactions: numbers, chains and commanders, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests.people import NOW, person
from tomei.accounts import doors
from tomei.cases import actions, queries, timeline
from tomei.cases.models import Entry, Incident
from tomei.cases.tests.factories import declared, organisation
from tomei.kernel.actor import CLOCK
from tomei.kernel.errors import Refused, Stale

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run all in threads that start together; what each returned or raised."""
    start = threading.Barrier(len(acts))
    found: list[Any] = [None] * len(acts)

    def run(place: int) -> None:
        start.wait()
        try:
            found[place] = acts[place]()
        except Exception as error:  # what a thread raised is what the test looks at
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return found


def test_declarations_at_once_get_numbers_without_gap(house, by_lead):
    towa = organisation()
    made = at_once(*[lambda: declared(by_lead, organisation_ids=[towa.pk]) for _ in range(8)])
    assert sorted(one.number for one in made) == list(range(1, 9))
    assert sorted(queries.cases_of(one.id)[0].number for one in made) == list(range(1, 9))
    assert all(timeline.verify(one.id).holds for one in made)


def test_notes_at_once_are_one_chain(house, by_lead):
    made = declared(by_lead)
    start = Entry.objects.filter(incident=made.id).count()

    def write(n: int) -> None:
        for m in range(5):
            actions.note(made.id, f"{n}.{m}", by=by_lead, now=NOW + timedelta(seconds=m))

    assert at_once(*[lambda n=n: write(n) for n in range(6)]) == [None] * 6
    assert Entry.objects.filter(incident=made.id).count() == start + 30
    assert timeline.verify(made.id).holds


def test_two_commanders_at_once_one_is_first(house, by_lead):
    second = doors.actor(person("山田 桜", "second@tomei.test", "commander"))
    made = declared(by_lead)
    found = at_once(
        lambda: actions.set_severity(made.id, "SEV1a", seen=0, by=by_lead, now=NOW),
        lambda: actions.set_severity(made.id, "SEV1b", seen=0, by=second, now=NOW),
        lambda: actions.take_role(made.id, "commander", seen=0, by=by_lead, now=NOW),
        lambda: actions.take_role(made.id, "commander", seen=0, by=second, now=NOW),
    )
    assert [isinstance(one, Stale) for one in found[:2]].count(True) == 1
    assert [isinstance(one, Stale) for one in found[2:]].count(True) == 1
    assert len(queries.holders(made.id)["commander"]) == 1
    assert queries.incident(made.id).owner_id == queries.holders(made.id)["commander"][0]
    assert timeline.verify(made.id).holds


def test_batches_over_the_same_chains_never_wait_in_a_circle(house, by_lead):
    made = [declared(by_lead).id for _ in range(6)]

    def batch(ids: list[int]) -> int:
        for _ in range(5):
            timeline.add_many([timeline.NewEntry("promise.warned", CLOCK, NOW, NOW, pk) for pk in ids])
        return len(ids)

    assert at_once(lambda: batch(made), lambda: batch(made[::-1]), lambda: batch(made)) == [6, 6, 6]
    assert all(timeline.verify(pk).holds for pk in made)


def test_the_same_customer_added_twice_at_once_has_one_case(house, by_lead):
    made, towa = declared(by_lead), organisation()
    found = at_once(*[lambda: actions.add_case(made.id, towa.pk, by=by_lead, now=NOW) for _ in range(4)])
    refused = [one for one in found if isinstance(one, Refused)]
    assert [one.code for one in refused] == ["case.there_already"] * 3
    assert len(queries.cases_of(made.id)) == 1


def test_words_and_moves_at_once_leave_one_open_silence(house, by_lead):
    towa = organisation()
    made = declared(by_lead, organisation_ids=[towa.pk])
    found = at_once(
        *[lambda: actions.spoke(made.id, [towa.pk], line="x", by=by_lead, now=NOW) for _ in range(4)],
        lambda: actions.move(made.id, "mitigate", seen=0, by=by_lead, now=NOW),
    )
    assert not [one for one in found if isinstance(one, Exception)]
    from tomei.promises import queries as promises  # only here

    assert [one.owed_to_id for one in promises.open_of(made.id) if one.kind == "silence"] == [towa.pk]
    assert Incident.objects.get(pk=made.id).state == "mitigating"
