"""What the question about personal data posts, read into an answer. The declare form and the war room share it."""

from __future__ import annotations

from datetime import datetime

from django.http import QueryDict

from tomei.cases.duties.rules.applying import Answer
from tomei.ui import forms


def answer(posted: QueryDict, zone: str, *, aware: datetime | None = None) -> Answer | None:
    """The answer, or None where the question was left alone. `aware` stands where no start was given."""
    given = forms.text(posted, "exposure", 20)
    if not given:
        return None
    return Answer(
        given, forms.moment(posted, "aware", zone) or aware, tuple(posted.getlist("jurisdictions")[:20]),
        forms.ticked(posted, "wrongful"), forms.ticked(posted, "high_risk"),
        forms.text(posted, "capacity", 20) or "controller",
    )  # fmt: skip
