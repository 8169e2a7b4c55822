"""What a customer may know of the deadlines that they named themselves (law 13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tomei.cases.stakes.models import Deadline


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """As they named it; `ended` is empty while we work against it, then met or passed."""

    at: datetime
    zone: str
    words: str
    loss: str
    ended: str


def named_by(incident_id: int, organisation_id: int) -> tuple[DeadlineView, ...]:
    """Only what this customer gave us, soonest first; none that was withdrawn."""
    rows = Deadline.objects.filter(case__incident=incident_id, case__organisation=organisation_id, given=True)
    rows = rows.exclude(ended="withdrawn").exclude(case__state="withdrawn").order_by("at", "pk")
    return tuple(DeadlineView(row.at, row.zone, row.words, row.loss, row.ended) for row in rows[:12])
