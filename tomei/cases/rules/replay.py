"""State as known at T: a pure fold of the timeline. What an entry changed stands in its data as new values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

# Only what this feature writes changes the incident; an update that tells a state is not the state.
OWN = frozenset(
    (
        "declared",
        "investigating",
        "identified",
        "mitigating",
        "monitoring",
        "restored",
        "closed",
        "reopened",
        "dismissed",
        "severity.raised",
        "severity.lowered",
        "role.taken",
        "role.left",
        "hand_over.started",
        "hand_over.described",
        "hand_over.asked",
        "hand_over.answered",
        "hand_over.accepted",
        "hand_over.declined",
        "hand_over.withdrawn",
        "step.marked",
        "person.joined",
        "person.went",
        "measure.taken",
        "measure.judged",
        "playbook.adopted",
        "shift.offered",
        "shift.insisted",
        "promised",
        "undone",
        "note.note",
        "note.fact",
        "note.decision",
        "spoke",
        "customer.threatened",
        "stamped",
        "retitled",
        "restricted",
        "unrestricted",
        "drill",
        "no_drill",
        "policy.applied",
        "cadence.announced",
        "duplicate",
        "duplicate.found",
        "components.edited",
        "impact.set",
        "impact.corrected",
        "deadline.set",
        "deadline.moved",
        "deadline.withdrawn",
        "deadline.met",
        "deadline.passed",
        "workaround.set",
        "workaround.ended",
        "case.opened",
        "case.acknowledged",
        "case.resumed",
        "case.closed",
        "case.reopened",
        "case.withdrawn",
        "case.handed_on",
        "case.described",
        "case.severity",
        "case.linked",
        "case.moved",
        "erased",
        "time_corrected",
    )
)
PLAIN = (
    "title",
    "severity",
    "state",
    "owner_id",
    "product_id",
    "policy_version_id",
    "drill",
    "restricted",
    "duplicate_of",
    "slow_cadence_s",
)


class Told(Protocol):
    """What the fold reads of an entry."""

    @property
    def seq(self) -> int: ...
    @property
    def known_at(self) -> datetime: ...
    @property
    def code(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


@dataclass(slots=True)
class Known:
    """The incident as it was known. `cases` by id, `roles` holds user ids, `stamps` and `components` as written."""

    values: dict[str, Any] = field(default_factory=dict)
    roles: dict[str, list[int]] = field(default_factory=dict)
    cases: dict[int, dict[str, Any]] = field(default_factory=dict)
    stamps: dict[str, str | None] = field(default_factory=dict)
    components: dict[int, str] = field(default_factory=dict)
    hand_overs: dict[int, str] = field(default_factory=dict)  # id to state
    deadlines: dict[int, tuple[str, str]] = field(default_factory=dict)  # id to moment and how it ended
    steps: dict[tuple[str, int], str] = field(default_factory=dict)  # role and key of a checklist's step to its mark
    seq: int = 0

    @property
    def state(self) -> str:
        return str(self.values.get("state", ""))

    @property
    def severity(self) -> str:
        return str(self.values.get("severity", ""))

    @property
    def owner_id(self) -> int | None:
        return self.values.get("owner_id")


def replay(entries: Iterable[Told], until: datetime | None = None) -> Known:
    """Fold the entries that Tomei knew at `until` (all when None), in the order of their seq."""
    known = Known()
    for entry in sorted(entries, key=lambda one: one.seq):
        if until is None or entry.known_at <= until:
            if entry.code in OWN:
                _apply(known, entry.data)
            known.seq = entry.seq
    return known


def _apply(known: Known, data: Mapping[str, Any]) -> None:
    for name in PLAIN:
        if name in data:
            known.values[name] = data[name]
    for role, user_id in data.get("left", ()):
        known.roles[role] = [holder for holder in known.roles.get(role, []) if holder != user_id]
    for role, user_id in data.get("joined", ()):
        known.roles.setdefault(role, []).append(user_id)
    for case in data.get("cases", ()):
        known.cases.setdefault(case["id"], {}).update(case)
    known.stamps.update(data.get("stamps", {}))
    known.hand_overs.update({one["id"]: one["state"] for one in data.get("hand_overs", ())})
    known.deadlines.update({one["id"]: (one["at"], one["ended"]) for one in data.get("deadlines", ())})
    if "mark" in data:
        known.steps[data["role"], data["step"]] = data["mark"]
    if "components" in data:
        known.components = {part["id"]: part["impact"] for part in data["components"]}
