"""What a customer may know of promises: those told to them, and what we wait for from them (law 13)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tomei.kernel.text import Text
from tomei.promises import rows
from tomei.promises.models import Promise

TO_ALL = ("report", "translation")  # told with an update, to whoever reads it
MOST = 300


@dataclass(frozen=True, slots=True)
class PromiseView:
    """`theirs` is owed by the reader to us; `state` is open, kept, late, missed or withdrawn."""

    kind: str
    words: Text
    due_at: datetime
    state: str
    ended_at: datetime | None
    late_s: float | None
    theirs: bool
    asked: bool = False  # a question of ours, which says more by itself


def made_to(
    organisation_id: int,
    *,
    ours: int,
    incident_id: int | None = None,
    case_id: int | None = None,
    since: datetime | None = None,
) -> tuple[PromiseView, ...]:
    """Told promises of one incident or one case to this customer, or without either those that hang on their account.

    In order of their due time, one line for what was promised to several audiences at once. What fell due before
    `since`, when they were no part of it yet, was promised to others.
    """
    found = Promise.objects.filter(told=True, drill=False, restricted=False, owed_by__in=(ours, organisation_id))
    if case_id is not None:
        found = found.filter(case=case_id, case__organisation=organisation_id)
    elif incident_id is None:
        found = found.filter(customer=organisation_id)
    else:
        found = found.filter(_read_by(organisation_id, incident_id))
    if since is not None:
        found = found.filter(due_at__gte=since)
    return _once(found.order_by("-due_at", "-pk")[:MOST], organisation_id)


def _read_by(organisation_id: int, incident_id: int) -> Q:
    here = Q(incident=incident_id)
    heard = Q(audience__in=("affected", "public", f"customer:{organisation_id}")) | Q(kind__in=TO_ALL)
    own_case = Q(case__incident=incident_id, case__organisation=organisation_id)
    return own_case | (here & (Q(owed_to=organisation_id) | Q(owed_by=organisation_id) | (Q(owed_to=None) & heard)))


def _once(found: Iterable[Promise], organisation_id: int) -> tuple[PromiseView, ...]:
    """The same kind due at the same second is one promise; the reader's own audience speaks first."""
    seen: dict[tuple[str, datetime, Text], PromiseView] = {}
    for row in sorted(found, key=lambda one: (one.due_at, one.audience == "public", one.pk)):
        one = rows.facts_of(row)
        theirs = one.owed_by_id == organisation_id
        view = PromiseView(
            one.kind, one.words, one.due_at, one.state, one.ended_at, one.late_s, theirs,
            theirs and one.about.startswith("question:"),
        )  # fmt: skip
        seen.setdefault((one.kind, one.due_at, one.words), view)
    return tuple(seen.values())
