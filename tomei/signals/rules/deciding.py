"""What an event changes about its alert, and whether a person must look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tomei.signals.rules.shapes import Event

CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Standing:
    """One alert as it stands: `at` is the moment of the event that made it so."""

    status: str
    at: datetime | None


def fold(current: Standing | None, event: Event) -> tuple[Standing | None, str]:
    """The new standing, or None where nothing changes, and the verdict: `new`, `repeated` or `late`.

    An event older than what stands is late. Of two at the same moment the resolve wins, whichever came first: a trigger
    that arrives after its own resolve never fires. Without a moment only a change of status is news.
    """
    if current is None:
        return Standing(event.status, event.at), "new"
    if event.at is None or current.at is None:
        if event.status == current.status:
            return (Standing(event.status, event.at), "repeated") if event.at else (None, "repeated")
        # A resolve without a moment keeps the one of its trigger: that trigger, sent again, is known then to be old.
        return Standing(event.status, event.at or (None if event.is_firing else current.at)), "new"
    if event.at < current.at:
        return None, "late"
    if event.at == current.at:
        if event.status == current.status:
            return None, "repeated"
        return (None, "late") if event.is_firing else (Standing(event.status, event.at), "new")
    return Standing(event.status, event.at), "new"


def wants_a_person(severity: str) -> bool:
    """The default rule: `severity=critical` is proposed, everything else is kept and shown."""
    return severity.strip().lower() == CRITICAL
