"""A maintenance and its notices, frozen; and what somebody wants to plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tomei.comms.maintenance import rules
from tomei.kernel import ids
from tomei.kernel.text import Text

PREFIX = "MNT"


@dataclass(frozen=True, slots=True)
class PlanInput:
    """`components` are (id, impact); `organisation_ids` None: whoever uses them. `overrules`: finding key -> reason."""

    title: Text
    text: Text
    components: tuple[tuple[int, str], ...]
    starts_at: datetime
    ends_at: datetime
    audiences: tuple[str, ...] = ("public", "affected")
    organisation_ids: tuple[int, ...] | None = None
    starts_itself: bool = False
    silence: bool = False
    overrules: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    id: int
    maintenance_id: int
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
    translation_due_at: datetime | None
    translated_at: datetime | None
    overruled: tuple[Mapping[str, Any], ...]
    author_id: int | None
    author_name: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class MaintenanceFacts:
    id: int
    title: Text
    text: Text
    components: tuple[tuple[int, str], ...]
    audiences: tuple[str, ...]
    organisation_ids: tuple[int, ...]
    starts_at: datetime
    ends_at: datetime
    notice_due_at: datetime
    window_told_at: datetime | None
    covered_until: datetime | None
    told_at: datetime | None
    starts_itself: bool
    silence: bool
    silence_ids: tuple[int, ...]
    state: str
    version: int
    started_at: datetime | None
    ended_at: datetime | None
    next_at: datetime | None
    owner_id: int | None
    incident_id: int | None
    created_at: datetime
    created_by: str

    @property
    def key(self) -> str:
        return ids.key(PREFIX, self.id)

    @property
    def url(self) -> str:
        return f"/maintenance/{self.key}/"

    @property
    def component_ids(self) -> tuple[int, ...]:
        return tuple(pk for pk, _impact in self.components)

    @property
    def is_running(self) -> bool:
        return self.state in rules.RUNNING

    @property
    def in_time(self) -> bool | None:
        """Whether its present window was told in time; None while it is not told."""
        if self.window_told_at is None:
            return None
        return rules.told_in_time(self.window_told_at, self.notice_due_at)

    def is_overdue(self, now: datetime) -> bool:
        """It should have begun, or ended."""
        late_start = self.state == "scheduled" and now > rules.start_due(self.starts_at)
        return late_start or (self.is_running and now > self.ends_at)
