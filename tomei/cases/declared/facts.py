"""A declaration as others get to know it: frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tomei.kernel.severity import Severity


@dataclass(frozen=True, slots=True)
class DeclarationFacts:
    """`lead_at` is empty until the named one has confirmed; `is_contested` while an answer is owed."""

    case_id: int
    contact_id: int | None
    test: Severity
    began_at: datetime
    users: int | None
    product_id: int | None
    component_id: int | None
    lead_id: int | None
    lead_at: datetime | None
    contested_at: datetime | None
    contested_to: str
    answered_at: datetime | None

    @property
    def is_contested(self) -> bool:
        return self.contested_at is not None and (self.answered_at is None or self.answered_at < self.contested_at)
