"""The optional estimate: a range, its basis and its confidence; each change is a revision with a reason."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tomei.kernel import time
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text

CONFIDENCES = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Estimate:
    """Service back between `from_at` and `to_at`. `reason` says why a later revision differs from the one before."""

    from_at: datetime
    to_at: datetime
    basis: Text
    confidence: str
    revision: int = 1
    reason: Text = field(default_factory=Text)

    def as_json(self) -> dict[str, Any]:
        return {
            "from": self.from_at.isoformat(),
            "to": self.to_at.isoformat(),
            "basis": self.basis.as_json(),
            "confidence": self.confidence,
            "revision": self.revision,
            "reason": self.reason.as_json(),
        }

    @classmethod
    def of(cls, value: dict[str, Any] | None) -> Estimate | None:
        if not value:
            return None
        return cls(
            from_at=time.parse_moment(value["from"]),
            to_at=time.parse_moment(value["to"]),
            basis=Text.of(value.get("basis")),
            confidence=str(value.get("confidence", "")),
            revision=int(value.get("revision", 1)),
            reason=Text.of(value.get("reason")),
        )


def check_estimate(estimate: Estimate, *, now: datetime) -> None:
    """Refuses `estimate.backwards`, `estimate.in_past`, `estimate.no_basis` and `estimate.no_confidence`."""
    if estimate.to_at < estimate.from_at:
        raise Refused("estimate.backwards")
    if estimate.to_at <= now:
        raise Refused("estimate.in_past")
    if not estimate.basis:
        raise Refused("estimate.no_basis")
    if estimate.confidence not in CONFIDENCES:
        raise Refused("estimate.no_confidence")


def revised(estimate: Estimate | None, before: Estimate | None, *, now: datetime) -> Estimate | None:
    """The estimate with its revision number. The same range again is no revision; another one needs a reason."""
    if estimate is None:
        return None
    same = before is not None and (estimate.from_at, estimate.to_at, estimate.confidence) == (
        before.from_at,
        before.to_at,
        before.confidence,
    )
    check_estimate(estimate, now=now)
    if before is None:
        return replace(estimate, revision=1, reason=Text())
    if same:
        return replace(estimate, revision=before.revision, reason=before.reason)
    if not estimate.reason:
        raise Refused("estimate.no_reason", revision=before.revision + 1)
    return replace(estimate, revision=before.revision + 1)
