"""How a customer ends a case, opens it again, and is asked afterwards. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from tomei.kernel.errors import Refused

REOPEN_DAYS = 14
QUESTIONS = ("heard_first", "always_informed", "will_not_return")
ANSWERS = ("yes", "no", "unknown")


def check_reopening(closed_at: datetime | None, now: datetime, *, days: int = REOPEN_DAYS) -> None:
    """Refuses `closing.too_late`; a case that is not closed is judged by its state."""
    if closed_at is not None and now - closed_at > timedelta(days=days):
        raise Refused("closing.too_late", days=days)


def may_reopen(closed_at: datetime | None, now: datetime, *, days: int = REOPEN_DAYS) -> bool:
    return closed_at is not None and now - closed_at <= timedelta(days=days)


def check_answers(answers: Mapping[str, str]) -> None:
    if set(answers) != set(QUESTIONS) or any(one not in ANSWERS for one in answers.values()):
        raise Refused("closing.not_an_answer")


def tally(several: Iterable[Mapping[str, str]]) -> dict[str, dict[str, int]]:
    """Per question how often each answer was given; every answer counts once, unknown is no yes and no no."""
    counts = {name: dict.fromkeys(ANSWERS, 0) for name in QUESTIONS}
    for one in several:
        for name in QUESTIONS:
            counts[name][one[name]] += 1
    return counts
