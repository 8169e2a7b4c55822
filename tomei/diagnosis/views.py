"""What a guest sees of what we asked: views, never rows (law 13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from tomei.cases import queries as cases
from tomei.diagnosis import queries
from tomei.diagnosis.facts import AnswerFacts, QuestionFacts
from tomei.diagnosis.models import Question
from tomei.diagnosis.rules import asking
from tomei.kernel import ids
from tomei.kernel.errors import Missing
from tomei.kernel.text import Text

MOST = 100


@dataclass(frozen=True, slots=True)
class AnswerView:
    number: int
    words: str
    is_whole: bool
    said_at: datetime
    said_by: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question as its organisation reads it; `outcome` is what became of the answer, or why it was taken back."""

    key: str
    incident_key: str
    state: str
    what: Text
    why: Text
    use: Text
    following: Text
    asked_at: datetime
    due_at: datetime
    next_at: datetime
    outcome: Text
    ended_at: datetime | None
    answers: tuple[AnswerView, ...]

    @property
    def is_open(self) -> bool:
        return self.state in asking.OPEN

    @property
    def is_theirs(self) -> bool:
        """The reader has the turn."""
        return self.state in asking.THEIRS


def _asked(organisation_id: int) -> QuerySet[Question]:
    """Really asked, of nothing that is a drill or restricted."""
    shown = Q(case__incident=None) | Q(case__incident__drill=False, case__incident__restricted=False)
    rows = Question.objects.filter(shown, organisation=organisation_id, asked_at__isnull=False)
    return rows.select_related("case__incident")


def of_organisation(organisation_id: int, *, incident_id: int | None = None) -> list[QuestionView]:
    """The newest first, those whose turn it is theirs before the others."""
    rows = _asked(organisation_id)
    if incident_id is not None:
        rows = rows.filter(case__incident=incident_id)
    found = _views(queries.with_answers(list(rows.order_by("-pk")[:MOST])))
    return sorted(found, key=lambda one: (not one.is_theirs, not one.is_open))


def one(key: str, organisation_id: int) -> tuple[QuestionView, int]:
    """The guest's door, with the id for the verb; `Missing` for what is not theirs as for what is not there."""
    row = _asked(organisation_id).filter(pk=ids.number("QST", key)).first()
    if row is None:
        raise Missing(key[:40])
    return _views(queries.with_answers([row]))[0], row.pk


def _views(found: list[QuestionFacts]) -> list[QuestionView]:
    keys, _cases = cases.names({one.incident_id for one in found if one.incident_id is not None})
    return [_view(one, keys[one.incident_id][0] if one.incident_id in keys else "") for one in found]


def _view(one: QuestionFacts, incident_key: str) -> QuestionView:
    assert one.asked_at and one.due_at and one.next_at  # asked: the database holds that the times are there
    return QuestionView(
        one.key, incident_key, one.state, one.what, one.why, one.use, one.following, one.asked_at, one.due_at,
        one.next_at, one.outcome, one.ended_at, tuple(_answer(each) for each in one.answers),
    )  # fmt: skip


def _answer(one: AnswerFacts) -> AnswerView:
    return AnswerView(one.number, one.words, one.is_whole, one.said_at, one.said_by)
