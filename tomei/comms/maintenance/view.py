"""What a reader outside the house gets of a maintenance (law 13): built here, and renderers take only these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from tomei.comms.maintenance import rules
from tomei.comms.maintenance.facts import MaintenanceFacts, NoticeFacts
from tomei.comms.rules import missing_language
from tomei.kernel.text import Text

PATH = "/status/maintenances/"


@dataclass(frozen=True, slots=True)
class NoticeView:
    """`was` is the window that this notice replaced; `pending` the language that is still to come."""

    id: int
    number: int
    kind: str
    state: str
    text: Text
    languages: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    next_at: datetime | None
    was: tuple[datetime, datetime] | None
    in_time: bool
    published_at: datetime
    pending: str
    pending_at: datetime | None


@dataclass(frozen=True, slots=True)
class MaintenanceView:
    """`kept` of `promised` told times were kept so far; `in_time`: its window was told as far ahead as we promise."""

    id: int
    key: str
    title: Text
    state: str
    components: tuple[tuple[int, str], ...]
    starts_at: datetime
    ends_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    next_at: datetime | None
    told_at: datetime
    updated_at: datetime
    in_time: bool
    covered_until: datetime | None
    notices: tuple[NoticeView, ...]  # newest first
    kept: int
    promised: int

    @property
    def path(self) -> str:
        return f"{PATH}{self.key}/"

    @property
    def is_open(self) -> bool:
        return self.state in rules.OPEN

    @property
    def is_running(self) -> bool:
        return self.state in rules.RUNNING

    @property
    def component_ids(self) -> tuple[int, ...]:
        return tuple(pk for pk, _impact in self.components)


def notice(one: NoticeFacts) -> NoticeView:
    pending = missing_language(one.languages)
    return NoticeView(
        one.id, one.number, one.kind, one.state, one.text, one.languages, one.starts_at, one.ends_at, one.next_at,
        one.was, one.in_time, one.published_at, pending, one.translation_due_at if pending else None,
    )  # fmt: skip


def of(one: MaintenanceFacts, told: Sequence[NoticeFacts]) -> MaintenanceView:
    """`told` newest first; a maintenance that was told of has at least one."""
    kept, promised = kept_of(one, told)
    newest = max((row.translated_at or row.published_at for row in told), default=one.created_at)
    return MaintenanceView(
        one.id, one.key, one.title, one.state, one.components, one.starts_at, one.ends_at, one.started_at, one.ended_at,
        one.next_at if one.is_running else None, one.told_at or one.created_at, newest, bool(one.in_time),
        one.covered_until, tuple(map(notice, told)), kept, promised,
    )  # fmt: skip


def kept_of(one: MaintenanceFacts, told: Sequence[NoticeFacts]) -> tuple[int, int]:
    """Told ahead (each window), started, ended, and each next time that a later notice followed."""
    found = [row.in_time for row in told if row.kind in ("scheduled", "moved")]
    if one.started_at is not None:
        found.append(rules.told_in_time(one.started_at, rules.start_due(one.starts_at)))
    found += [False for row in told if row.kind == "extended" and not row.in_time]
    if one.state == "completed" and one.ended_at is not None:
        found.append(rules.told_in_time(one.ended_at, one.ends_at))
    pairs = pairwise(sorted(told, key=lambda row: row.number))
    found += [rules.told_in_time(after.published_at, row.next_at) for row, after in pairs if row.next_at]
    return sum(found), len(found)
