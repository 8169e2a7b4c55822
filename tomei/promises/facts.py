"""What other features see of a promise: frozen, without rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tomei.kernel.text import Text
from tomei.promises import rules


@dataclass(frozen=True, slots=True)
class PromiseFacts:
    id: int
    kind: str
    incident_id: int | None
    case_id: int | None
    customer_id: int | None
    signal_group_id: int | None
    owed_by_id: int
    owed_to_id: int | None
    audience: str
    about: str
    text: Text
    owner_id: int | None
    role: str
    rank: int
    told: bool
    drill: bool
    due_at: datetime
    state: str
    ended_at: datetime | None
    late_s: float | None
    reached_at: datetime | None
    rung: int
    unanswered: bool
    created_at: datetime
    team_id: int | None = None
    restricted: bool = False
    reason: str = ""
    act: str = ""
    next_step_at: datetime | None = None
    maintenance_id: int | None = None
    automatic: bool = False  # the clock kept it, no person did

    def is_overdue(self, now: datetime) -> bool:
        """Open, and the due second has passed: broken from that second."""
        return self.state == rules.State.OPEN and rules.is_overdue(self.due_at, now)

    @property
    def words(self) -> Text:
        """What was promised: its own words, else those of its kind."""
        return self.text if self.text else rules.kind(self.kind).words


@dataclass(frozen=True, slots=True)
class New:
    """A promise to be made; hangs on exactly one of incident, case, customer, signal group, maintenance."""

    kind: str
    owed_by: int
    due_at: datetime
    rank: int
    incident_id: int | None = None
    case_id: int | None = None
    customer_id: int | None = None
    signal_group_id: int | None = None
    owed_to: int | None = None
    audience: str = ""
    about: str = ""
    text: Text | None = None
    owner_id: int | None = None
    role: str = ""
    team_id: int | None = None
    told: bool = False
    drill: bool = False
    restricted: bool = False
    maintenance_id: int | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """What a promise hangs on, for people: `INC-12`, its title, its address."""

    key: str
    title: Text
    url: str
