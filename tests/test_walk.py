"""The walk past the doors tells the truth: what was written is noticed, and each comes to the same house."""

from __future__ import annotations

import pytest

from tests.doors import walk, world
from tomei.accounts.models import User

pytest_plugins = ["tests.doors.fixtures"]


@pytest.mark.django_db
@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_meets_the_house_as_it_was_built(doors: world.World, turn: str) -> None:
    """What a request changed is seen and undone; what a test keeps is gone before the next one."""
    assert walk.snapshot() == doors.rows
    lead, url, said = doors.visitors["lead"], f"/incidents/{doors.open.incident.key}/note/", {"body": f"{turn} note"}
    answer = lead.ask("POST", url, said)
    assert answer.changed and walk.snapshot() == doors.rows
    lead.keep("POST", url, said)
    User.objects.filter(pk=doors.people["lead"].pk).update(name=turn)
    doors.people["lead"].name = turn
    assert walk.snapshot() != doors.rows


@pytest.mark.django_db
def test_nobody_else_stands_in_the_house(doors: world.World) -> None:
    assert doors.people["lead"].name == User.objects.get(pk=doors.people["lead"].pk).name == "佐藤 明"


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ('INSERT INTO "cases_case" VALUES (1)', "cases_case"),
        ('INSERT OR IGNORE INTO "cases_case" VALUES (1)', "cases_case"),
        ('UPDATE "cases_case" SET "rank" = 1', "cases_case"),
        ("DELETE FROM cases_case", "cases_case"),
        ('WITH one AS (SELECT 1)\nUPDATE "cases_case" SET "rank" = 1', "cases_case"),
        ('SELECT "cases_case"."id" FROM "cases_case" FOR UPDATE OF "cases_case"', None),
    ],
)
def test_every_kind_of_write_is_noticed(sql: str, table: str | None) -> None:
    found = walk._WRITES.match(sql)
    assert (found[2] if found else None) == table
