"""Claims as others see them: frozen, with amounts only for who may see them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tomei.kernel import ids
from tomei.kernel.text import Text


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    number: int
    outcome: str
    words: Text
    amount: str
    currency: str
    state: str
    author_id: int | None
    made_at: datetime
    decided_by_id: int | None
    decided_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """`amount` is empty when none was named, or when this reader may not see it (`is_hidden`)."""

    id: int
    number: int
    organisation_id: int
    case_id: int | None
    contract_id: int | None
    clause: str
    kind: str
    words: str
    amount: str
    currency: str
    heard_at: datetime
    heard_from: str
    owner_id: int | None
    due_at: datetime
    promise_id: int | None
    state: str
    outcome: str
    made_at: datetime
    made_by_id: int | None
    answered_at: datetime | None
    told_to: str
    settled_at: datetime | None
    withdrawn_at: datetime | None
    closing: str
    is_hidden: bool = False
    drill: bool = False
    answers: tuple[AnswerFacts, ...] = field(default=())

    @property
    def key(self) -> str:
        return ids.key("CLAIM", self.number)

    @property
    def url(self) -> str:
        return f"/claims/{self.key}/"

    def is_overdue(self, now: datetime) -> bool:
        return self.state == "open" and now > self.due_at

    @property
    def waiting(self) -> AnswerFacts | None:
        """The answer that is proposed or approved and not told yet."""
        return next((one for one in self.answers if one.state in ("proposed", "approved")), None)
