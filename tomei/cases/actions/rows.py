"""How incident rows change: locked first, replaced only as seen, numbered without gaps; who is too late is told why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from tomei.accounts import queries as accounts
from tomei.cases import timeline
from tomei.cases.facts import EntryFacts
from tomei.cases.models import Case, Entry, Incident
from tomei.cases.queries import about_incidents as incident_queries
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Stale
from tomei.promises import queries as promises

# Which keys of an entry's data tell that a part was replaced: to say who did it.
_PARTS = {"severity": ("severity",), "state": ("state",), "roles": ("joined", "left"), "facts": ()}


def together() -> transaction.Atomic:
    """Several verbs of one door in one transaction: all of them or none."""
    return transaction.atomic()


def lock(incident_ids: Sequence[int]) -> None:
    """Hold these incident rows in id order; lent to promises, which locks them before its own rows (law 7)."""
    if connection.features.has_select_for_update:  # SQLite's transaction is immediate and holds the only pen
        held = Incident.objects.select_for_update().filter(pk__in=incident_ids).order_by("pk")
        list(held.values_list("pk", flat=True))


def subject(incident_id: int, by: Actor) -> Incident:
    """The incident, locked, as it is now; `Missing` when it is not there or not for this actor.

    On PostgreSQL the row lock makes the next reader wait; on SQLite the immediate transaction does.
    """
    row = Incident.objects.select_for_update().filter(pk=incident_id).first()
    if row is None or not incident_queries.may_see(row, by):
        raise Missing(f"incident {incident_id}")
    return row


def case_subject(case_id: int, by: Actor) -> tuple[Case, Incident | None]:
    """The case and the incident it hangs on, the incident locked first; a case alone is its own lock."""
    hangs_on = Case.objects.filter(pk=case_id).values_list("incident_id", flat=True).first()
    incident = subject(hangs_on, by) if hangs_on is not None else None
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise Missing(f"case {case_id}")
    if case.incident_id != hangs_on:  # linked in between: once more, with the right lock
        return case_subject(case_id, by)
    by.require("read") if by.kind not in incident_queries.HOUSE else None
    return case, incident


def replace(row: Incident, part: str, *, seen: int | None, now: datetime, **values: Any) -> None:
    """Write `values` where the version of `part` is still the one seen; else `Stale` says who changed it to what.

    `seen=None` is an actor that read nothing (the clock, another feature): it replaces what stands.
    """
    version = f"{part}_v"
    current = getattr(row, version)
    wanted = current if seen is None else seen
    changed = Incident.objects.filter(pk=row.pk, **{version: wanted}).update(**{version: F(version) + 1}, **values)
    if not changed:
        raise stale(row, part)
    for name, value in {version: current + 1, **values}.items():
        setattr(row, name, value)


def stale(row: Incident, part: str) -> Stale:
    """Who changed this part last, when, and to what."""
    keys = _PARTS.get(part, ())
    last = next((entry for entry in _latest(row) if not keys or any(key in entry.data for key in keys)), None)
    who, at = ("", "") if last is None else (who_is(last), last.at.isoformat(timespec="seconds"))
    return Stale("incident.changed_meanwhile", part=part, who=who, at=at, value=_value(row, part))


def _latest(row: Incident) -> Sequence[Entry]:
    return list(Entry.objects.filter(incident=row.pk).order_by("-seq")[:100])


def who_is(entry: Entry) -> str:
    """The actor's name for a sentence; a machine by its kind."""
    if entry.actor_kind in ("user", "token") and entry.actor_id:
        person = accounts.people([entry.actor_id]).get(entry.actor_id)
        return person.name if person else f"#{entry.actor_id}"
    return entry.actor_kind


def _value(row: Incident, part: str) -> str:
    if part == "roles":
        held = incident_queries.holders(row.pk)
        people = accounts.people({user for users in held.values() for user in users})
        return ", ".join(
            f"{role}: {people[user].name}" for role, users in held.items() for user in users if user in people
        )
    return str(getattr(row, part, ""))


def replace_case(case: Case, *, seen: int | None, **values: Any) -> None:
    """The same for a case: one version covers its state."""
    wanted = case.state_v if seen is None else seen
    changed = Case.objects.filter(pk=case.pk, state_v=wanted).update(state_v=F("state_v") + 1, **values)
    if not changed:
        raise stale_case(case)
    for name, value in {"state_v": wanted + 1, **values}.items():
        setattr(case, name, value)


def stale_case(case: Case) -> Stale:
    last = Entry.objects.filter(case=case.pk).order_by("-seq").first()
    at = last.at.isoformat(timespec="seconds") if last else ""
    return Stale("case.changed_meanwhile", who=who_is(last) if last else "", value=case.state, at=at)


def next_numbers(name: str, count: int) -> list[int]:
    """The next `count` numbers: one statement, so that two declarations never get the same."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_counter (name, value) VALUES (%s, %s) "
            "ON CONFLICT (name) DO UPDATE SET value = cases_counter.value + excluded.value RETURNING value",
            [name, count],
        )
        last = int(cursor.fetchone()[0])
    return list(range(last - count + 1, last + 1))


def write(
    row: Incident, code: str, *, by: Actor, now: datetime, at: datetime | None = None,
    audience: str = "internal", body: str = "", **data: Any,
) -> EntryFacts:  # fmt: skip
    """One entry on the incident, in the transaction of the verb that acted."""
    [written] = timeline.add_many([timeline.NewEntry(code, by, at or now, now, row.pk, None, audience, body, data)])
    row.seq, row.head = written.seq, written.hash
    return written


def write_case(
    case: Case, incident: Incident | None, code: str, *, by: Actor, now: datetime, body: str = "",
    own: Mapping[str, Any] | None = None, **data: Any,
) -> EntryFacts:  # fmt: skip
    """One entry on the case, and one on the incident where it hangs on one. `own` is said on the case only."""
    entries = [timeline.NewEntry(code, by, now, now, case_id=case.pk, body=body, data={**data, **(own or {})})]
    if incident is not None:
        about = {"case_id": case.pk, "case": case.number, "organisation_id": case.organisation_id}
        entries.append(timeline.NewEntry(code, by, now, now, incident.pk, body=body, data={**about, **data}))
    written = timeline.add_many(entries)
    for row, entry in zip((case, incident), written, strict=False):
        if row is not None:
            row.seq, row.head = entry.seq, entry.hash
    return written[0]


def refresh(incident_ids: Sequence[int], now: datetime) -> None:
    """Write anew what lists sort by: when the next promise falls due and how many are overdue. Called by promises."""
    owed = sorted(promises.shown(incident_ids, now).items())
    moment = connection.ops.adapt_datetimefield_value
    row = "(%s, %s::timestamptz, %s)" if connection.vendor == "postgresql" else "(%s, %s, %s)"
    for start in range(0, len(owed), 200):
        part = owed[start : start + 200]
        # both databases name the columns of VALUES column1, column2 …
        sql = (
            "UPDATE cases_incident SET next_due_at = v.column2, overdue = v.column3"  # noqa: S608 constants only
            f" FROM (VALUES {', '.join([row] * len(part))}) AS v WHERE cases_incident.id = v.column1"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [value for pk, one in part for value in (pk, moment(one.next_due_at), one.overdue)])
