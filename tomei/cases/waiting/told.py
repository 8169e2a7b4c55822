"""What customers said of the end of their cases, for our pages: who said it, and what they answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tomei.accounts import queries as accounts
from tomei.cases.waiting.models import ClosingAnswer, CustomerWord
from tomei.cases.waiting.rules import closing
from tomei.customers import listing


@dataclass(frozen=True, slots=True)
class WordFacts:
    """`who` said it; `recorded_by` is empty where they clicked themselves in their room."""

    code: str
    at: datetime
    who: str
    recorded_by: str


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    who: str
    answers: Mapping[str, str]
    words: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """`tally` counts per question; never shown without `n`."""

    words: tuple[WordFacts, ...]
    answers: tuple[AnswerFacts, ...]
    tally: Mapping[str, Mapping[str, int]]

    @property
    def n(self) -> int:
        return len(self.answers)


def of_case(case_id: int) -> Told:
    said = list(CustomerWord.objects.filter(case=case_id).order_by("-pk")[:20])
    answered = list(ClosingAnswer.objects.filter(case=case_id).order_by("pk")[:100])
    names = listing.contact_names(
        {pk for pk in [*(row.contact_id for row in said), *(row.contact_id for row in answered)] if pk is not None}
    )
    people = accounts.people({row.recorded_by_id for row in said if row.recorded_by_id is not None})
    recorded = {pk: person.name for pk, person in people.items()}
    found = tuple(
        AnswerFacts(names.get(row.contact_id or 0, ""), {name: getattr(row, name) for name in closing.QUESTIONS},
                    row.words, row.made_at) for row in answered
    )  # fmt: skip
    spoken = tuple(
        WordFacts(row.code, row.at, row.told_by or names.get(row.contact_id or 0, ""),
                  recorded.get(row.recorded_by_id or 0, "")) for row in said
    )  # fmt: skip
    return Told(spoken, found, closing.tally(one.answers for one in found))
