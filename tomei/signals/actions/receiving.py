"""One request becomes rows: received, groups, their alerts and signals, in one transaction.

Set-based: the number of queries does not depend on the number of alerts (batches of some hundred rows).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models.functions import Coalesce

from tomei.customers import queries as customers
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.signals.actions import triage, watching
from tomei.signals.facts import Taken
from tomei.signals.models import Group, Member, Received, Signal, Source
from tomei.signals.rules import Event, Parsed, Standing, fold

SECOND = timedelta(seconds=1)
CHUNK = 400  # well under the variables that one statement of SQLite may carry
FRESH = (
    "title", "title_ja", "severity", "component", "state", "triage", "triage_due_at", "triaged_by_id", "triaged_by",
    "triaged_at", "reason", "fired_at", "last_at", "resolved_at", "events", "labels", "url",
)  # fmt: skip


@dataclass(slots=True)
class Bundle:
    """One group with what this request says about it."""

    group: Group
    given: list[Event]
    was: str  # the state before, or "new"
    news: list[Event] = field(default_factory=list)
    late: list[Event] = field(default_factory=list)
    repeated: int = 0


@transaction.atomic
def take_in(source: Source, body: bytes, parsed: Parsed, *, by: Actor, now: datetime) -> Taken:
    """Everything is durable when this returns: what came, what it means, and whether somebody must look.

    The same event again is counted once; an event older than what stands is kept and changes nothing.
    """
    received = Received.objects.create(
        source=source, at=now, body=zlib.compress(body, 1), size=len(body), verdict="understood",
        events=len(parsed.events),
    )  # fmt: skip
    bundles = _bundles(source, parsed.events, now)
    _fold(bundles)
    _write_signals(bundles, received, now)
    _settle(bundles, source, now)
    watching.beat(source, [one.group for one in bundles if any(event.is_firing for event in one.given)], by=by, now=now)
    triage.decide([(one.group, one.was, one.news) for one in bundles], by=by, now=now)
    _save(bundles)
    new, late = (sum(len(getattr(one, name)) for one in bundles) for name in ("news", "late"))
    if not new and parsed.events:
        Received.objects.filter(pk=received.pk).update(verdict="repeated")
    _note(source, now)
    group_ids = tuple(one.group.pk for one in bundles)
    events.emit("signal.received", now=now, source_id=source.pk, received_id=received.pk, group_ids=list(group_ids))
    return Taken(received.pk, len(parsed.events), new, sum(one.repeated for one in bundles), late, group_ids)


def _note(source: Source, now: datetime) -> None:
    """When the source was heard, to the second: a sender in full flow does not write its own row each time."""
    if source.first_received_at and source.last_received_at and now - source.last_received_at < SECOND:
        return
    first = Coalesce("first_received_at", now)
    Source.objects.filter(pk=source.pk).update(last_received_at=now, first_received_at=first)


@transaction.atomic
def keep_unread(source: Source, body: bytes, error: str, *, size: int, now: datetime) -> int:
    """What could not be understood is kept as it came and shown under its source; nothing follows from it."""
    row = Received.objects.create(
        source=source, at=now, body=zlib.compress(body, 1) if body else b"", size=size, verdict="not_understood",
        error=error[:500],
    )  # fmt: skip
    Source.objects.filter(pk=source.pk).update(last_received_at=now)
    events.emit("signal.received", now=now, source_id=source.pk, received_id=row.pk, group_ids=[])
    return row.pk


def _chunks(rows: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(rows)
    while part := list(islice(rest, CHUNK)):
        yield part


def _bundles(source: Source, given: Sequence[Event], now: datetime) -> list[Bundle]:
    """The groups of these events, made where they are new, locked in id order."""
    by_key: dict[str, list[Event]] = {}
    for event in given:
        by_key.setdefault(event.group_key, []).append(event)
    parts = _components(source, given)
    locked = _locked(source, by_key)
    known = {row.key for row in locked}
    if len(known) < len(by_key):
        fresh = [_new(source, key, by_key[key], parts, now) for key in by_key if key not in known]
        Group.objects.bulk_create(fresh, batch_size=CHUNK // 4, ignore_conflicts=True)
        locked = _locked(source, by_key)
    for row in locked:
        row.component_id = _component_of(by_key[row.key], parts, source) or row.component_id
    return [Bundle(row, by_key[row.key], row.state if row.key in known else "new") for row in locked]


def _locked(source: Source, keys: Iterable[str]) -> list[Group]:
    return [
        row
        for part in _chunks(keys)
        for row in Group.objects.filter(source=source, key__in=part).select_for_update().order_by("pk")
    ]


def _components(source: Source, given: Sequence[Event]) -> dict[str, int]:
    slugs = {event.component for event in given if event.component}
    return {slug: part.id for slug, part in customers.components_by_slug(slugs).items()} if slugs else {}


def _component_of(given: list[Event], parts: dict[str, int], source: Source) -> int | None:
    named = next((parts[event.component] for event in given if event.component in parts), None)
    return named or source.component_id


def _new(source: Source, key: str, given: list[Event], parts: dict[str, int], now: datetime) -> Group:
    return Group(
        source=source,
        key=key,
        title=given[0].title,
        title_ja=given[0].title_ja,
        severity=given[0].severity,
        labels=dict(given[0].labels),
        url=given[0].url,
        component_id=_component_of(given, parts, source),
        state="resolved",
        first_at=now,
        last_at=now,
        resolved_at=now,
    )


def _fold(bundles: list[Bundle]) -> None:
    """Bring every alert to its newest event, and sort the events into news, late ones and repeats."""
    prints = [(one, event.fingerprint) for one in bundles for event in one.given]
    known: dict[tuple[int, str], Standing] = {}
    for part in _chunks(dict.fromkeys(fingerprint for _one, fingerprint in prints)):
        rows = Member.objects.filter(group__in=[one.group.pk for one in bundles[:CHUNK]], fingerprint__in=part)
        if len(bundles) > CHUNK:
            rows = Member.objects.filter(group__source=bundles[0].group.source_id, fingerprint__in=part)
        known |= {(row.group_id, row.fingerprint): Standing(row.status, row.at) for row in rows}
    changed: dict[tuple[int, str], Standing] = {}
    for one in bundles:
        for event in one.given:
            place = (one.group.pk, event.fingerprint)
            standing, verdict = fold(known.get(place), event)
            if standing is not None:
                known[place] = changed[place] = standing
            if verdict == "repeated":
                one.repeated += 1
            else:
                (one.news if verdict == "new" else one.late).append(event)
    Member.objects.bulk_create(
        [Member(group_id=pk, fingerprint=name, status=now.status, at=now.at) for (pk, name), now in changed.items()],
        update_conflicts=True,
        unique_fields=["group", "fingerprint"],
        update_fields=["status", "at"],
        batch_size=CHUNK // 2,
    )


def _write_signals(bundles: list[Bundle], received: Received, now: datetime) -> None:
    _only_once(bundles)
    rows = [
        Signal(
            group=one.group,
            received=received,
            at=event.at or now,
            known_at=now,
            status=event.status,
            title=event.title,
            fingerprint=event.fingerprint,
            labels=dict(event.labels),
            text=event.text,
            is_late=is_late,
        )
        for one in bundles
        for is_late, given in ((False, one.news), (True, one.late))
        for event in given
    ]
    Signal.objects.bulk_create(rows, batch_size=CHUNK // 4)


def _only_once(bundles: list[Bundle]) -> None:
    """A late event that was delivered before is a repeat."""
    moments = {event.at for one in bundles for event in one.late if event.at}
    if not moments:
        return
    groups = [one.group.pk for one in bundles if one.late][:CHUNK]
    rows = Signal.objects.filter(group__in=groups, at__in=list(moments)[:CHUNK])
    told = set(rows.values_list("group_id", "fingerprint", "status", "at"))
    for one in bundles:
        fresh = [e for e in one.late if (one.group.pk, e.fingerprint, e.status, e.at) not in told]
        one.repeated += len(one.late) - len(fresh)
        one.late = fresh


def _settle(bundles: list[Bundle], source: Source, now: datetime) -> None:
    """Each group's state from its alerts: firing while one of them is."""
    still: set[int] = set()
    for start in range(0, len(bundles), CHUNK):
        part = [one.group.pk for one in bundles[start : start + CHUNK]]
        firing = Member.objects.filter(group__in=part, status="firing")
        still |= set(firing.values_list("group_id", flat=True).distinct())
    for one in bundles:
        row = one.group
        row.source = source
        row.last_at = now
        row.events += len(one.news) + len(one.late)
        _describe(row, [event for event in one.news if event.is_firing], was=one.was)
        row.state = "firing" if row.pk in still else "resolved"
        if row.state == "firing" and one.was != "firing":
            row.fired_at, row.resolved_at = now, None
        elif row.state == "resolved" and one.was == "firing":
            row.resolved_at = now


def _describe(row: Group, firing: list[Event], *, was: str) -> None:
    """The words of what fires now; critical as soon as one of its alerts is."""
    if not firing:
        return
    leader = next((event for event in firing if event.severity == "critical"), firing[0])
    if was != "firing" or leader.severity == "critical" or row.severity != "critical":
        row.title, row.title_ja, row.severity = leader.title, leader.title_ja, leader.severity
        row.labels, row.url = dict(leader.labels), leader.url


def _save(bundles: list[Bundle]) -> None:
    """One row by itself, many by an upsert: an UPDATE with a CASE for each column costs ten times as much."""
    if len(bundles) == 1:
        bundles[0].group.save(update_fields=FRESH)
        return
    Group.objects.bulk_create(
        [one.group for one in bundles],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=FRESH,
        batch_size=CHUNK // 10,
    )
