"""What is asked of silences: which are open, and what they hold back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tomei.customers import queries as customers
from tomei.signals.models import Group, Silence
from tomei.signals.rules import silencing

MOST_COUNTED = 2000


@dataclass(frozen=True, slots=True)
class SilenceFacts:
    """`matchers` as they are typed, one per line; `is_open` as of when it was asked."""

    id: int
    matchers: str
    until: datetime
    reason: str
    created_at: datetime
    created_by: str
    ended_at: datetime | None
    ended_by: str
    is_open: bool


def _matchers(row: Silence) -> tuple[silencing.Matcher, ...]:
    return tuple(silencing.Matcher(*one) for one in row.matchers)


def _facts(row: Silence, now: datetime) -> SilenceFacts:
    return SilenceFacts(
        row.pk, "\n".join(str(one) for one in _matchers(row)), row.until, row.reason, row.created_at, row.created_by,
        row.ended_at, row.ended_by, row.ended_at is None and row.until > now,
    )  # fmt: skip


def listed(now: datetime, limit: int = 100) -> list[SilenceFacts]:
    """Open ones first, then the newest of those that ended."""
    rows = [_facts(row, now) for row in Silence.objects.order_by("-id")[:limit]]
    return sorted(rows, key=lambda one: not one.is_open)


def held(given: Iterable[tuple[int, str, int | None, Mapping[str, str]]], now: datetime) -> dict[int, SilenceFacts]:
    """Of groups (id, name of the source, component, labels) those that are silenced, each with its longest silence."""
    open_now = list(Silence.objects.filter(ended_at=None, until__gt=now).order_by("-until", "id"))
    groups = list(given) if open_now else []
    if not groups:
        return {}
    parts = customers.components({component for _pk, _source, component, _labels in groups if component})
    read: Sequence[tuple[SilenceFacts, tuple[silencing.Matcher, ...]]] = [
        (_facts(row, now), _matchers(row)) for row in open_now
    ]
    found = {}
    for pk, source, component, labels in groups:
        about = silencing.subject(source, parts[component].slug if component in parts else "", labels)
        silence = next((facts for facts, matchers in read if silencing.matches(matchers, about)), None)
        if silence is not None:
            found[pk] = silence
    return found


def firing_in_silence(now: datetime) -> int:
    """How many groups fire and are held back."""
    if not Silence.objects.filter(ended_at=None, until__gt=now).exists():
        return 0
    rows = Group.objects.filter(state="firing").order_by("-last_at")
    return len(held(rows.values_list("pk", "source__name", "component_id", "labels")[:MOST_COUNTED], now))
