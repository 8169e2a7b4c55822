"""What is asked of signals: facts for other features, pages by keyset for our own."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from tomei.accounts import vault
from tomei.cases.hooks import Prefill
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text
from tomei.signals import snippets
from tomei.signals.facts import GroupFacts, ReceivedFacts, SignalFacts, SourceFacts, WatchFacts
from tomei.signals.models import Group, Received, Signal, Source, Watch
from tomei.signals.rules.beating import HEARTBEAT
from tomei.signals.rules.probing import PROBE

__all__ = [
    "Filter",
    "GroupFacts",
    "ReceivedFacts",
    "SignalFacts",
    "SourceFacts",
    "WatchFacts",
    "group",
    "groups",
    "of_incident",
    "prefill",
    "received",
    "shown",
    "source",
    "sources",
    "titles",
    "waiting",
]
LIMIT = 50
OWN = (HEARTBEAT, PROBE)  # sources with pages of their own
SHOWS = ("firing", "proposed", "resolved", "dismissed", "flapping")


@dataclass(frozen=True, slots=True)
class Filter:
    """What the address asks for; everything unknown in it counts as not asked."""

    show: str = ""
    source_id: int | None = None
    q: str = ""
    after: str = ""

    @classmethod
    def of(cls, asked: Any) -> Filter:
        show, source = asked.get("show", ""), asked.get("source", "")
        return cls(
            show=show if show in SHOWS else "",
            source_id=int(source) if source.isascii() and source.isdecimal() and len(source) < 19 else None,
            q=asked.get("q", "").replace("\x00", "").strip()[:100],
            after=asked.get("after", "")[:60],
        )


# -- groups -----------------------------------------------------------------------------------------------------------


def group_facts(row: Group) -> GroupFacts:
    part = row.component
    return GroupFacts(
        id=row.pk,
        source_id=row.source_id,
        source=row.source.name,
        key=row.key,
        title=row.title,
        title_ja=row.title_ja,
        severity=row.severity,
        component_id=row.component_id,
        component=Text.of(part.name) if part else None,
        product_id=part.product_id if part else None,
        state=row.state,
        triage=row.triage,
        triage_due_at=row.triage_due_at,
        incident_id=row.incident_id,
        triaged_by=row.triaged_by,
        triaged_at=row.triaged_at,
        reason=row.reason,
        first_at=row.first_at,
        fired_at=row.fired_at,
        last_at=row.last_at,
        resolved_at=row.resolved_at,
        events=row.events,
        labels=row.labels,
        link=row.url,
        flapping_at=row.flapping_at,
        flaps=row.flaps,
    )


def _groups() -> QuerySet[Group]:
    return Group.objects.select_related("source", "component")


def group(group_id: int) -> GroupFacts:
    """`Missing` when there is none."""
    row = _groups().filter(pk=group_id).first()
    if row is None:
        raise Missing(f"group {group_id}")
    return group_facts(row)


def groups(group_ids: Iterable[int]) -> dict[int, GroupFacts]:
    """By id, in one query; unknown ids are left out."""
    wanted = set(group_ids)
    return {row.pk: group_facts(row) for row in _groups().filter(pk__in=wanted)} if wanted else {}


def titles(group_ids: Iterable[int]) -> dict[int, str]:
    """What a promise of triage hangs on, by name."""
    wanted = set(group_ids)
    return dict(Group.objects.filter(pk__in=wanted).values_list("pk", "title")) if wanted else {}


def of_incident(incident_id: int) -> list[GroupFacts]:
    """The groups that an incident was declared from, oldest first."""
    return [group_facts(row) for row in _groups().filter(incident_id=incident_id).order_by("id")]


def prefill(group_id: int, by: Actor) -> Prefill | None:
    """What the form of a declaration starts with; for `cases.hooks.prefill`."""
    found = groups([group_id]).get(group_id) if by.may("read") else None
    if found is None:
        return None
    return Prefill(
        group_id=found.id,
        title=found.words,
        severity=Severity.SEV1B.value if found.severity == "critical" else Severity.SEV3.value,
        product_id=found.product_id,
        component_ids=(found.component_id,) if found.component_id else (),
        began_at=found.fired_at,
        detected_at=found.first_at,
    )


def waiting(limit: int = LIMIT) -> list[GroupFacts]:
    """Firing and proposed, nobody has acted: whoever has waited longest leads."""
    rows = _groups().filter(state="firing", triage="proposed").order_by("fired_at", "id")
    return [group_facts(row) for row in rows[:limit]]


def flapping() -> int:
    """How many groups flap."""
    return Group.objects.filter(flapping_at__isnull=False).count()


def page(sought: Filter, limit: int = LIMIT) -> tuple[list[GroupFacts], str]:
    """Newest first, at most `limit`, and the cursor of what follows."""
    rows = _groups().order_by("-last_at", "-id")
    if sought.show in ("firing", "resolved"):
        rows = rows.filter(state=sought.show)
    elif sought.show == "flapping":
        rows = rows.filter(flapping_at__isnull=False)
    elif sought.show:
        rows = rows.filter(triage=sought.show)
    if sought.source_id is not None:
        rows = rows.filter(source=sought.source_id)
    if sought.q:
        rows = rows.filter(Q(title__icontains=sought.q) | Q(title_ja__icontains=sought.q) | Q(key__icontains=sought.q))
    moment, _, pk = sought.after.rpartition("~")
    if moment and pk.isascii() and pk.isdecimal() and len(pk) < 19:
        rows = _after(rows, moment, int(pk))
    found = list(rows[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return [group_facts(row) for row in found[:limit]], f"{last.last_at.isoformat()}~{last.pk}" if last else ""


def _after(rows: QuerySet[Group], text: str, pk: int) -> QuerySet[Group]:
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return rows
    if moment.tzinfo is None:
        return rows
    return rows.filter(Q(last_at__lt=moment) | Q(last_at=moment, pk__lt=pk))


def signals_of(group_id: int, *, before: int | None = None, limit: int = LIMIT) -> list[SignalFacts]:
    """The events of a group, newest first."""
    rows = Signal.objects.filter(group=group_id).order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [_signal(row) for row in rows[:limit]]


def _signal(row: Signal) -> SignalFacts:
    return SignalFacts(
        id=row.pk,
        at=row.at,
        known_at=row.known_at,
        status=row.status,
        title=row.title,
        fingerprint=row.fingerprint,
        labels=row.labels,
        text=row.text,
        is_late=row.is_late,
        received_id=row.received_id,
    )


# -- sources ----------------------------------------------------------------------------------------------------------


def source_facts(row: Source) -> SourceFacts:
    return SourceFacts(
        id=row.pk,
        kind=row.kind,
        name=row.name,
        component_id=row.component_id,
        created_at=row.created_at,
        first_received_at=row.first_received_at,
        last_received_at=row.last_received_at,
        is_archived=row.archived_at is not None,
    )


def sources(*, archived: bool = False) -> list[SourceFacts]:
    """Every sender, oldest first; those archived only when asked for."""
    rows = Source.objects.order_by("id")
    return [source_facts(row) for row in (rows if archived else rows.filter(archived_at=None))]


def source(source_id: int) -> SourceFacts:
    """`Missing` when there is none."""
    return source_facts(_source(source_id))


def shown(source_id: int, by: Actor | None = None) -> SourceFacts:
    """The source, with its address and the lines to copy when `by` may configure the house."""
    row = _source(source_id)
    facts = source_facts(row)
    if by is None or not by.may("house.configure") or row.kind in OWN:
        return facts
    address = f"{settings.TOMEI_URL}/in/{row.kind}/{vault.open(row.key_secret)}"
    return replace(
        facts, address=address, curl=snippets.curl(row.kind, address), snippet=snippets.paste(row.kind, address)
    )


def _source(source_id: int) -> Source:
    row = Source.objects.filter(pk=source_id).first()
    if row is None:
        raise Missing(f"source {source_id}")
    return row


def received_of(source_id: int, *, before: int | None = None, limit: int = LIMIT) -> list[ReceivedFacts]:
    """What came from a source, newest first, without the bodies."""
    rows = Received.objects.filter(source=source_id).defer("body").order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [_received(row) for row in rows[:limit]]


def received(received_id: int, source_id: int, most: int = 100_000) -> tuple[ReceivedFacts, str, bool]:
    """One request, its body as text (at most `most` characters), and whether that is less than all of it."""
    row = Received.objects.filter(pk=received_id, source=source_id).first()
    if row is None:
        raise Missing(f"received {received_id}")
    body = zlib.decompress(bytes(row.body)) if row.body else b""
    text = body.decode("utf-8", "replace")
    return _received(row), text[:most], len(text) > most


def _received(row: Received) -> ReceivedFacts:
    return ReceivedFacts(
        id=row.pk,
        source_id=row.source_id,
        at=row.at,
        size=row.size,
        verdict=row.verdict,
        error=row.error,
        events=row.events,
        replayed_at=row.replayed_at,
    )


# -- watches ----------------------------------------------------------------------------------------------------------


def watches() -> list[WatchFacts]:
    rows = Watch.objects.select_related("source").order_by("id")
    return [
        WatchFacts(
            id=row.pk,
            name=row.name,
            source_id=row.source_id,
            source=row.source.name,
            group_key=row.group_key,
            every_s=row.every_s,
            last_at=row.last_at,
            due_at=row.due_at,
            is_late=row.is_late,
        )
        for row in rows
    ]
