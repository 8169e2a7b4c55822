"""The clock's look at answers that nobody uses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tomei.clock.engine import JobFacts
from tomei.diagnosis import actions
from tomei.diagnosis.models import Question

IDLE = "questions.idle"
_MOST = 200  # in one look; the others are seen a minute later


def run(jobs: Sequence[JobFacts], now: datetime) -> None:
    """Each minute: every answer that has lain long enough is told of once."""
    waiting = Question.objects.filter(state__in=("partly", "answered"), alarmed_at=None, idle_at__lte=now)
    for pk in waiting.order_by("case__incident_id", "pk").values_list("pk", flat=True)[:_MOST]:
        actions.alarm(pk, now)
