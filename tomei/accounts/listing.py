"""The list of our people: by standing, sorted, page by page, and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from tomei.accounts import queries
from tomei.accounts.models import User
from tomei.kernel.errors import Missing

SORTS = ("name", "role", "seen")
MOST_EXPORTED = 10_000
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
COLUMNS = ("id", "name", "email", "role", "is_administrator", "teams", "zone", "language", "last_seen_at")
_RANK = Case(When(role="commander", then=0), When(role="responder", then=1), default=Value(2),
             output_field=IntegerField())  # fmt: skip


def roster(standing: str, *, sort: str = "name", after: int | None = None) -> Any:
    """Our people of one standing (`active`, `invited`, `deactivated`), from behind the person `after`.

    `sort` is name, role (commanders first) or seen (last seen first, who never came at the end).
    """
    rows = _standing(User.objects.prefetch_related("teams"), standing)
    ordered: Any = rows.annotate(standing_rank=_RANK, seen=Coalesce(F("last_seen_at"), NEVER))
    if sort == "role":
        return _behind_role(ordered, after).order_by("standing_rank", "name", "pk")
    if sort == "seen":
        return _behind_seen(ordered, after).order_by("-seen", "pk")
    return _behind_name(ordered, after).order_by("name", "pk")


def _standing(rows: QuerySet[User], standing: str) -> QuerySet[User]:
    if standing == "deactivated":
        return rows.filter(is_active=False).exclude(deactivated_at=None)
    return rows.filter(is_active=standing == "active", deactivated_at=None)


def _last(after: int | None) -> User | None:
    """The person that the page before ended with; a page that nobody ended begins anew."""
    try:
        return queries.row(after) if after is not None else None
    except Missing:
        return None


def _behind_name(rows: Any, after: int | None) -> Any:
    last = _last(after)
    return rows.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk)) if last else rows


def _behind_role(rows: Any, after: int | None) -> Any:
    last = _last(after)
    if last is None:
        return rows
    rank = {"commander": 0, "responder": 1}.get(last.role, 2)
    behind = Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk)
    return rows.filter(Q(standing_rank__gt=rank) | (Q(standing_rank=rank) & behind))


def _behind_seen(rows: Any, after: int | None) -> Any:
    last = _last(after)
    if last is None:
        return rows
    seen = last.last_seen_at or NEVER
    return rows.filter(Q(seen__lt=seen) | Q(seen=seen, pk__gt=last.pk))


def as_csv(rows: Iterable[User]) -> str:
    """With a byte order mark, so that spreadsheets read Japanese; a cell that would be a formula is quoted."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([harmless(value) for value in _plain(row)])
    return "\ufeff" + text.getvalue()


def _plain(row: User) -> tuple[object, ...]:
    teams = ", ".join(team.name for team in row.teams.all())
    seen = row.last_seen_at.isoformat(timespec="seconds") if row.last_seen_at else ""
    return (row.pk, row.name, row.email, row.role, row.is_administrator, teams, row.zone, row.language, seen)


def harmless(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
