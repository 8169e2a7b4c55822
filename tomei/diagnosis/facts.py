"""Questions as others see them: frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tomei.diagnosis.rules import asking
from tomei.kernel import ids
from tomei.kernel.text import Text


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    number: int
    words: str
    is_whole: bool
    said_at: datetime
    said_by: str
    channel: str
    contact_id: int | None
    made_by_id: int | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """`incident_id` is that of the case at this moment; none for a case that stands alone."""

    id: int
    organisation_id: int
    case_id: int
    incident_id: int | None
    owner_id: int | None
    state: str
    what: Text
    why: Text
    use: Text
    following: Text
    due_at: datetime | None
    next_at: datetime | None
    waits_until: datetime | None
    again_id: int | None
    again_reason: str
    reply_promise_id: int | None
    feedback_promise_id: int | None
    made_at: datetime
    asked_at: datetime | None
    asked_by_id: int | None
    answered_at: datetime | None
    idle_at: datetime | None
    alarmed_at: datetime | None
    outcome: Text
    ended_at: datetime | None
    ended_by_id: int | None
    drill: bool = False
    restricted: bool = False
    answers: tuple[AnswerFacts, ...] = ()

    @property
    def key(self) -> str:
        return ids.key("QST", self.id)

    @property
    def url(self) -> str:
        return f"/questions/{self.key}/"

    @property
    def turn(self) -> str:
        return asking.turn(self.state)

    @property
    def is_idle(self) -> bool:
        """Answered, and the alarm has gone off."""
        return self.alarmed_at is not None and self.state in ("partly", "answered")
