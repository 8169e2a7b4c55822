"""Severity may rise at once, falls only with a reason, and never below the worst of the open cases."""

from __future__ import annotations

from collections.abc import Iterable

from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity


def read(text: str) -> Severity:
    """Read a level as people write it (`sev1a`); refuses `incident.unknown_severity`."""
    for level in Severity:
        if level.lower() == str(text).strip().lower():
            return level
    raise Refused("incident.unknown_severity", severity=str(text)[:20])


def change(current: Severity, wanted: Severity, *, reason: str, cases: Iterable[Severity]) -> Severity:
    """Return `wanted`; refuses `incident.same_severity`, `incident.lowered_without_reason`, `incident.below_case`."""
    if wanted is current:
        raise Refused("incident.same_severity", severity=str(current))
    if wanted.is_worse_than(current):
        return wanted
    if not reason:
        raise Refused("incident.lowered_without_reason", current=str(current), wanted=str(wanted))
    worst = min(cases, key=lambda level: level.rank, default=wanted)
    if worst.is_worse_than(wanted):
        raise Refused("incident.below_case", wanted=str(wanted), worst=str(worst))
    return wanted


def at_least(current: Severity, cases: Iterable[Severity]) -> Severity:
    """The incident's severity once these cases hang on it."""
    return min([current, *cases], key=lambda level: level.rank)
