"""What other features get to know: frozen facts, never rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tomei.cases.rules.chain import anchor
from tomei.cases.rules.states import WORKING
from tomei.kernel import ids
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text

STAMPS = (
    "began",
    "detected",
    "first_notice",
    "acknowledged",
    "mitigated",
    "restored",
    "cause_found",
    "cause_told",
    "report_sent",
    "fix_validated",
    "closed",
)


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """One incident. `*_v` are the versions that replacing verbs carry; `head` is the head of its timeline's chain."""

    id: int
    number: int
    title: Text
    severity: Severity
    rank: int
    state: str
    drill: bool
    restricted: bool
    product_id: int | None
    owner_id: int | None
    policy_version_id: int
    signal_group_id: int | None
    duplicate_of_id: int | None
    slow_cadence_s: int | None
    declared_at: datetime
    declared_by_kind: str
    declared_by_id: int | None
    detected_by: str
    began_at: datetime | None
    detected_at: datetime | None
    first_notice_at: datetime | None
    acknowledged_at: datetime | None
    mitigated_at: datetime | None
    restored_at: datetime | None
    cause_found_at: datetime | None
    cause_told_at: datetime | None
    report_sent_at: datetime | None
    fix_validated_at: datetime | None
    closed_at: datetime | None
    next_due_at: datetime | None
    overdue: int
    last_word_at: datetime | None
    updates: int
    severity_v: int
    state_v: int
    roles_v: int
    facts_v: int
    seq: int
    head: str

    @property
    def key(self) -> str:
        return ids.key("INC", self.number)

    @property
    def url(self) -> str:
        return f"/incidents/{self.key}/"

    @property
    def anchor(self) -> str:
        """`12·9f3ac1`: what mails and feeds carry."""
        return anchor(self.seq, self.head)

    @property
    def is_working(self) -> bool:
        return self.state in WORKING

    @property
    def stamps(self) -> dict[str, datetime | None]:
        """The moments of 2.5 that belong to the incident, in the order in which they usually come."""
        return {name: getattr(self, f"{name}_at") for name in STAMPS}


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """One customer's part. `remaining_owner` names who still owes them something after a hand-on."""

    id: int
    number: int
    incident_id: int | None
    organisation_id: int
    severity: Severity
    rank: int
    state: str
    state_v: int
    words: str
    stop: str
    deadline_at: datetime | None
    policy_version_id: int
    opened_at: datetime
    opened_by_kind: str
    opened_by_id: int | None
    acknowledged_at: datetime | None
    first_word_at: datetime | None
    last_word_at: datetime | None
    resumed_at: datetime | None
    closed_at: datetime | None
    remaining_owner: str
    threatened_at: datetime | None
    seq: int
    head: str

    @property
    def key(self) -> str:
        return ids.key("CASE", self.number)

    @property
    def url(self) -> str:
        return f"/cases/{self.key}/"

    @property
    def anchor(self) -> str:
        return anchor(self.seq, self.head)


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """One entry of a timeline. `at` is when it happened (as corrected), `known_at` when Tomei knew."""

    id: int
    incident_id: int | None
    case_id: int | None
    seq: int
    at: datetime
    known_at: datetime
    actor_kind: str
    actor_id: int | None
    code: str
    audience: str
    data: Mapping[str, Any]
    body: str
    body_hash: str
    hash: str
    salt: str = field(repr=False, default="")

    @property
    def is_erased(self) -> bool:
        return bool(self.body_hash) and not self.salt

    @property
    def anchor(self) -> str:
        return anchor(self.seq, self.hash)


@dataclass(frozen=True, slots=True)
class ImpactFacts:
    """What a component suffered in an interval; `until_at` is null while it lasts."""

    incident_id: int
    component_id: int
    impact: str
    since_at: datetime
    until_at: datetime | None
    id: int = 0
    void_at: datetime | None = None  # when it was found wrong; it counts for nothing since
    replaced_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class HoldingFacts:
    role: str
    user_id: int
    joined_at: datetime
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HandOverFacts:
    """A role on its way from one person to another; `from_id` answers until `state` is accepted."""

    id: int
    incident_id: int
    role: str
    from_id: int
    to_id: int
    started_at: datetime
    started_by_id: int | None
    decide_at: datetime | None
    state: str
    ended_at: datetime | None
