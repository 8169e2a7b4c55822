"""The only writer of timeline entries: append-only, hash-chained, in the transaction of the verb that acted (law 9)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection, models, transaction

from tomei.cases.facts import EntryFacts
from tomei.cases.models import Case, Entry, Incident
from tomei.cases.rules import chain
from tomei.cases.rules import words as word_rules
from tomei.kernel import bulk, events, ids
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused, Stale

AUDIENCES = ("internal", "customer", "public")


@dataclass(frozen=True, slots=True)
class NewEntry:
    """One entry to append: on an incident or on a case that stands by itself, never on both."""

    code: str
    by: Actor
    at: datetime
    known_at: datetime
    incident_id: int | None = None
    case_id: int | None = None
    audience: str = "internal"
    body: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def add(
    incident_id: int | None = None,
    code: str = "",
    *,
    by: Actor,
    at: datetime,
    known_at: datetime | None = None,
    case_id: int | None = None,
    audience: str = "internal",
    body: str = "",
    **data: Any,
) -> EntryFacts:
    """Append one entry and return it; its `anchor` is the new head. `known_at` is `at` unless told otherwise."""
    entry = NewEntry(code, by, at, known_at or at, incident_id, case_id, audience, body, data)
    return add_many([entry])[0]


@transaction.atomic(savepoint=False)
def add_many(entries: Sequence[NewEntry], *, first: bool = False) -> list[EntryFacts]:
    """Append many in a few statements, in the order given; returned in that order too.

    Chains are taken in id order, incidents before cases, so that two batches never wait for each other in a circle.
    With `first` their incidents and cases were made in this transaction and have no entry yet.
    """
    linked: dict[int, Entry] = {}
    numbered = list(enumerate(entries))
    for model, key in ((Incident, "incident_id"), (Case, "case_id")):
        mine = sorted((pair for pair in numbered if getattr(pair[1], key)), key=lambda pair: getattr(pair[1], key))
        groups = {owner: list(pairs) for owner, pairs in groupby(mine, key=lambda pair: getattr(pair[1], key))}
        if groups:
            heads = dict.fromkeys(groups, (0, "")) if first else _heads(model, groups)
            linked.update(_link(model, key, groups, heads))
    if len(linked) != len(entries):
        raise Missing("an entry hangs on an incident or a case")
    bulk.create(connection, list(linked.values()))
    return [facts(linked[place]) for place in range(len(entries))]


Groups = dict[int, list[tuple[int, NewEntry]]]
Heads = dict[int, tuple[int, str]]


def _link(model: type[Incident] | type[Case], key: str, groups: Groups, heads: Heads) -> dict[int, Entry]:
    """The entries by their places, each chained to the one before it; the heads are moved."""
    linked: dict[int, Entry] = {}
    moved: list[tuple[int, int, int, str]] = []
    for owner, pairs in groups.items():
        seq, head = heads[owner]
        for place, new in pairs:
            seq += 1
            linked[place] = row = _row(new, seq, head)
            setattr(row, key, owner)
            head = row.hash
        moved.append((owner, heads[owner][0], seq, head))
    _move_heads(model, moved)
    return linked


def _heads(model: type[Incident] | type[Case], groups: Groups) -> Heads:
    """Lock the rows (PostgreSQL; SQLite's transaction is immediate and holds the only pen) and read their heads."""
    locked = model._default_manager.select_for_update().filter(pk__in=groups).order_by("pk")
    heads = {pk: (seq, head) for pk, seq, head in locked.values_list("pk", "seq", "head")}
    if len(heads) != len(groups):
        raise Missing("timeline")
    return heads


def _move_heads(model: type[Incident] | type[Case], moved: Sequence[tuple[int, int, int, str]]) -> None:
    """Set the new heads where the old ones still stand, in one statement per 200 chains: a chain must not fork."""
    table = connection.ops.quote_name(model._meta.db_table)
    for start in range(0, len(moved), 200):
        part = moved[start : start + 200]
        values = ", ".join(["(%s, %s, %s, %s)"] * len(part))
        # both databases name the columns of VALUES column1, column2 …
        sql = (
            f"UPDATE {table} SET seq = v.column3, head = v.column4 FROM (VALUES {values}) AS v "  # noqa: S608 no words of anybody
            f"WHERE {table}.id = v.column1 AND {table}.seq = v.column2"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [value for row in part for value in row])
            if cursor.rowcount != len(part):
                raise Stale("timeline.forked", seq=part[0][1])


def _row(new: NewEntry, seq: int, previous: str) -> Entry:
    """The entry with its hashes, ready to be written."""
    if new.audience not in AUDIENCES:
        raise Refused("timeline.unknown_audience", audience=new.audience[:40])
    salt = secrets.token_hex(16) if new.body else ""
    row = Entry(
        seq=seq,
        at=new.at,
        known_at=new.known_at,
        actor_kind=new.by.kind,
        actor_id=new.by.user_id or new.by.id,
        code=new.code,
        audience=new.audience,
        data=chain.plain(new.data | ({"via": new.by.via} if new.by.via else {})),
        body=new.body,
        salt=salt,
        body_hash=chain.hash_body(salt, new.body) if new.body else "",
    )
    row.hash = chain.hash_entry(link(row), previous)
    return row


def link(row: Entry) -> chain.Link:
    """The row as the chain sees it."""
    return chain.Link(
        row.seq, row.at, row.known_at, row.actor_kind, row.actor_id, row.code, row.audience,
        row.data, row.body_hash, row.hash, row.body, row.salt,
    )  # fmt: skip


def facts(row: Entry) -> EntryFacts:
    return EntryFacts(
        row.pk, row.incident_id, row.case_id, row.seq, row.at, row.known_at, row.actor_kind, row.actor_id,
        row.code, row.audience, row.data, row.body, row.body_hash, row.hash, row.salt,
    )  # fmt: skip


def _entries(incident_id: int | None, case_id: int | None) -> models.QuerySet[Entry]:
    if incident_id is not None:
        return Entry.objects.filter(incident=incident_id)
    return Entry.objects.filter(case=case_id)


def verify(incident_id: int | None = None, *, case_id: int | None = None) -> chain.Verdict:
    """Recompute the whole chain against the row's head; `doctor` and the timeline page show the verdict."""
    owner: Incident | Case | None
    if incident_id is not None:
        owner = Incident.objects.filter(pk=incident_id).only("seq", "head").first()
    else:
        owner = Case.objects.filter(pk=case_id or 0).only("seq", "head").first()
    if owner is None:
        raise Missing("timeline")
    links = [link(row) for row in _entries(incident_id, case_id).order_by("seq")]
    return chain.verify(links, seq=owner.seq, head=owner.head)


def verify_key(key: str) -> bool:
    """Whether the chain of `INC-12` or `CASE-340` holds; for `doctor`."""
    prefix = key.partition("-")[0]
    if prefix == "INC":
        return verify(Incident.objects.values_list("pk", flat=True).get(number=ids.number("INC", key))).holds
    return verify(case_id=Case.objects.values_list("pk", flat=True).get(number=ids.number("CASE", key))).holds


@transaction.atomic
def erase(
    incident_id: int | None, seq: int, *, reason: str, by: Actor, now: datetime, case_id: int | None = None
) -> EntryFacts:
    """Delete body and salt of one entry for ever and say so in an entry of its own; the chain still verifies.

    Refuses `timeline.nothing_to_erase`, and a missing reason. Administrators only: it serves a person's right.
    """
    by.require("house.configure")
    reason = word_rules.line(reason, field="reason", needed=True)
    written = add(incident_id, "erased", by=by, at=now, case_id=case_id, of=seq, reason=reason)
    there = _entries(incident_id, case_id).filter(seq=seq).exclude(salt="").first()
    if there is None:
        raise Refused("timeline.nothing_to_erase", seq=seq)
    Entry.objects.filter(pk=there.pk).update(body="", salt="")
    _forget_words(there)
    events.emit("timeline.erased", now=now, incident_id=incident_id, case_id=case_id, entry_id=there.pk,
                code=there.code, update_id=there.data.get("update_id"),
                promise_id=there.data.get("promise_id"))  # fmt: skip
    return written


def _forget_words(entry: Entry) -> None:
    """A case keeps the customer's words beside the entry that wrote them down: they go together."""
    mine = Case.objects.filter(pk=entry.case_id) if entry.case_id else Case.objects.filter(incident=entry.incident_id)
    for pk, stop, words in mine.exclude(stop="", words="").values_list("pk", "stop", "words"):
        if entry.body in (stop, words, f"{stop}\n{words}"):
            gone = {name: "" for name, value in (("stop", stop), ("words", words)) if value and value in entry.body}
            Case.objects.filter(pk=pk).update(**gone)


def notes(incident_id: int) -> list[EntryFacts]:
    """What people wrote in their own words and nobody erased, oldest first."""
    rows = Entry.objects.filter(incident=incident_id, code__startswith="note.").exclude(body="")
    return [facts(row) for row in rows.order_by("seq")]


def of_code(incident_id: int, code: str) -> list[EntryFacts]:
    """The entries of one code, oldest first."""
    return [facts(row) for row in Entry.objects.filter(incident=incident_id, code=code).order_by("seq")]


def erased_updates(incident_id: int) -> set[int]:
    """Updates whose words were erased from the timeline."""
    rows = Entry.objects.filter(incident=incident_id, code__startswith="update.", salt="").exclude(body_hash="")
    return {data["update_id"] for data in rows.values_list("data", flat=True) if data.get("update_id")}


def entries(entry_ids: Iterable[int]) -> dict[int, EntryFacts]:
    """By id, whoever asks; unknown ids are left out."""
    return {row.pk: facts(row) for row in Entry.objects.filter(pk__in=set(entry_ids))}


@transaction.atomic
def correct_time(
    incident_id: int | None, seq: int, *, at: datetime, by: Actor, now: datetime, case_id: int | None = None
) -> EntryFacts:
    """Say that entry `seq` happened at another time. The old entry stands; readers see the corrected time.

    Refuses `timeline.no_such_entry` and a time in the future.
    """
    by.require("incident.work")
    if at > now:
        raise Refused("time.in_future", at=at.isoformat())
    old = _entries(incident_id, case_id).filter(seq=seq).first()
    if old is None:
        raise Refused("timeline.no_such_entry", seq=seq)
    return add(
        incident_id, "time_corrected", by=by, at=now, case_id=case_id,
        of=seq, corrected_at=at, was={"at": old.at},
    )  # fmt: skip
