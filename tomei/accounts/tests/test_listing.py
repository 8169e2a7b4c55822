"""The list of people: sorted, in pages without gap, and as a file that runs nothing."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from tests.people import NOW, person
from tomei.accounts import audit, listing
from tomei.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew(db: None) -> list[User]:
    return [
        person("c 三", "c@tomei.test", "observer", last_seen_at=NOW),
        person("a 一", "a@tomei.test", "responder"),
        person("b 二", "b@tomei.test", "commander", last_seen_at=NOW - timedelta(days=1)),
        person("d 四", "d@tomei.test", "responder", last_seen_at=NOW),
    ]


ORDERS = {"name": "abcd", "role": "badc", "seen": "cdba"}


@pytest.mark.parametrize("sort", listing.SORTS)
def test_each_order_and_its_pages(crew: list[User], sort: str) -> None:
    assert "".join(row.name[0] for row in listing.roster("active", sort=sort)) == ORDERS[sort]
    seen, after = "", None
    while page := list(listing.roster("active", sort=sort, after=after)[:1]):
        seen, after = seen + page[0].name[0], page[0].pk
    assert seen == ORDERS[sort]


def test_a_page_behind_nobody_begins_anew(crew: list[User]) -> None:
    assert listing.roster("active", after=10**9).count() == 4


def test_the_page_sorts_and_says_so(client_of: Any, crew: list[User], watcher: User) -> None:
    html = client_of(watcher).get("/people/", {"sort": "role"}).content.decode()
    assert html.index("b 二") < html.index("a 一")
    assert '<option value="role" selected>' in html
    assert html.count("<tr data-row>") == 5


def test_the_file_holds_everybody_runs_nothing_and_is_audited(client_of: Any, crew: list[User], watcher: User) -> None:
    User.objects.filter(pk=crew[0].pk).update(name="=cmd|' /C calc'!A0")
    answer = client_of(watcher).get("/people/", {"format": "csv", "sort": "name"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer["Content-Disposition"] == 'attachment; filename="people.csv"'
    assert rows[0] == list(listing.COLUMNS)
    assert {row[1] for row in rows[1:]} == {"'=cmd|' /C calc'!A0", "a 一", "b 二", "d 四", watcher.name}
    [entry] = [one for one in audit.entries(audit.Filter(), 5) if one.code == "people.exported"]
    assert (entry.actor_id, entry.data) == (watcher.pk, {"rows": 5, "standing": "active"})
