"""What other features and our pages get to see of signals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tomei.kernel.text import Text
from tomei.signals.rules.probing import Setting


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """One sender. `address` (with its key), `curl` and `snippet` are empty unless who asks may see them."""

    id: int
    kind: str
    name: str
    component_id: int | None
    created_at: datetime
    first_received_at: datetime | None
    last_received_at: datetime | None
    is_archived: bool = False
    address: str = ""
    curl: str = ""
    snippet: str = ""


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """Signals that belong together. `source` is the sender's name; `component` is None where none is known."""

    id: int
    source_id: int
    source: str
    key: str
    title: str
    title_ja: str
    severity: str
    component_id: int | None
    component: Text | None
    product_id: int | None
    state: str
    triage: str
    triage_due_at: datetime | None
    incident_id: int | None
    triaged_by: str
    triaged_at: datetime | None
    reason: str
    first_at: datetime
    fired_at: datetime | None
    last_at: datetime
    resolved_at: datetime | None
    events: int
    labels: Mapping[str, str] = field(default_factory=dict)
    link: str = ""
    flapping_at: datetime | None = None
    flaps: int = 0

    @property
    def url(self) -> str:
        return f"/signals/{self.id}/"

    @property
    def words(self) -> Text:
        """The title in both languages; a sender who gives one gives it for both."""
        return Text(self.title_ja or self.title, self.title)

    def nothing_told(self, now: datetime) -> bool:
        """Harm was seen and nobody has looked in time."""
        return self.triage == "proposed" and self.triage_due_at is not None and now > self.triage_due_at


@dataclass(frozen=True, slots=True)
class SignalFacts:
    """One event. `is_late`: it came after a newer one and changed nothing."""

    id: int
    at: datetime
    known_at: datetime
    status: str
    title: str
    fingerprint: str
    labels: Mapping[str, str]
    text: str
    is_late: bool
    received_id: int | None


@dataclass(frozen=True, slots=True)
class ReceivedFacts:
    """A request as it came. `error` is the code of what could not be understood, and its facts."""

    id: int
    source_id: int
    at: datetime
    size: int
    verdict: str
    error: str
    events: int
    replayed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MappingFacts:
    """How a generic source is read. `data` is `rules.mapping.Mapping.as_json`, empty where the fixed shape counts."""

    version: int
    data: Mapping[str, Any]
    saved_at: datetime
    saved_by: str


@dataclass(frozen=True, slots=True)
class RemarkFacts:
    """What somebody did at the sender; `at` is the sender's word, `known_at` ours. It silences nothing."""

    id: int
    kind: str
    who: str
    text: str
    at: datetime | None
    known_at: datetime


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """Something that was changed out there; `component` is None where none is known."""

    id: int
    source_id: int
    title: str
    origin: str
    text: str
    url: str
    labels: Mapping[str, str]
    component_id: int | None
    component: Text | None
    at: datetime
    known_at: datetime


@dataclass(frozen=True, slots=True)
class WatchFacts:
    id: int
    name: str
    source_id: int
    source: str
    group_key: str
    every_s: int
    last_at: datetime | None
    due_at: datetime | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class HeartbeatFacts:
    """`stands`: new, up, late (expected, within its grace), running, down, paused. Address only for who may see it."""

    id: int
    name: Text
    component_id: int | None
    period_s: int | None
    cron: str
    zone: str
    grace_s: int
    stands: str
    reason: str
    last_at: datetime | None
    started_at: datetime | None
    expected_at: datetime | None
    due_at: datetime | None
    paused_at: datetime | None
    paused_by: str
    version: int
    address: str = ""

    @property
    def url(self) -> str:
        return f"/signals/heartbeats/{self.id}/"


@dataclass(frozen=True, slots=True)
class PingFacts:
    """One ping as it came. `word`: start, fail, an exit status; empty is a success."""

    id: int
    at: datetime
    word: str
    text: str
    is_good: bool


@dataclass(frozen=True, slots=True)
class ProbeFacts:
    """`stands`: new, up, failing (not yet often enough), down, paused; shares of good looks, None without one."""

    id: int
    name: Text
    component_id: int | None
    setting: Setting
    stands: str
    severity: str
    outcome: str
    last_at: datetime | None
    next_at: datetime | None
    paused_at: datetime | None
    paused_by: str
    version: int
    day: float | None = None
    week: float | None = None

    @property
    def url(self) -> str:
        return f"/signals/probes/{self.id}/"


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """One look of a probe. `outcome` is a code, `detail` what was seen."""

    id: int
    at: datetime
    is_good: bool
    outcome: str
    detail: str
    ms: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one request."""

    received_id: int
    events: int
    new: int
    repeated: int
    late: int
    group_ids: tuple[int, ...]
