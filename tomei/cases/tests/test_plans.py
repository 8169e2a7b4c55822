"""Lists over 20,000 incidents read an index, not the table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from tests.people import NOW, make_house
from tomei.cases.models import Incident
from tomei.cases.queries import lists
from tomei.cases.tests.factories import rows
from tomei.kernel.actor import CLOCK

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Made once for this file, undone at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_house()
        _fill()
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


@pytest.fixture
def many(_filled: None, db: None) -> None:
    """20,000 incidents, nearly all of them closed."""


def _fill() -> None:
    version = rows("customers", "PolicyVersion").get()
    states = ["closed"] * 97 + ["investigating", "monitoring", "restored"]
    Incident.objects.bulk_create(
        [
            Incident(
                number=n, title={"ja": "x"}, severity="SEV2", rank=n % 5, state=states[n % 100],
                policy_version=version, declared_at=NOW, declared_by_kind="user",
            )
            for n in range(1, 20_001)
        ],
        batch_size=2000,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_incident")


def no_scan(plan: str) -> bool:
    """SQLite sorts nothing; PostgreSQL may sort the few rows that an index gave it, but never reads the table."""
    return "USE TEMP B-TREE" not in plan and "Seq Scan" not in plan


@pytest.mark.parametrize(
    ("filters", "after", "index"),
    [
        (lists.Filters("open"), "", "incident_open"),
        (lists.Filters("open"), "2.9000", "incident_open"),
        (lists.Filters("restored"), "", "incident_state"),
    ],
)
def test_a_page_reads_an_index(many, filters, after, index):
    found = lists._filtered(lists.visible(CLOCK), filters)
    by_rank = filters.state == "open"
    found = lists._after(found, after, by_rank=by_rank) if after else found
    plan = (found.order_by("rank", "-id") if by_rank else found.order_by("-id"))[:51].explain()
    assert index in plan, plan
    assert no_scan(plan), plan


def test_the_newest_need_no_sort(many):
    plan = lists._filtered(lists.visible(CLOCK), lists.Filters("all")).order_by("-id")[:51].explain()
    assert no_scan(plan), plan
    assert len(lists.page(lists.Filters("all"), CLOCK).items) == 50
