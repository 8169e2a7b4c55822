"""What a policy promises per severity, its JSON form, and what changed between two versions.

The default is the matrix of the domain notes (b5): 15 minutes and the 2-hour rule come from the source texts, first
notice in 5 minutes and updates every 20 follow PagerDuty's public guide, the rest is a proposal that contracts change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

from tomei.customers.rules.calendars import CalendarFacts, add_working_time, next_open
from tomei.customers.rules.spans import checked
from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity
from tomei.kernel.time import UTC

ROLES = ("commander", "communications", "scribe")
DAY_S = 86400
_SPANS = ("first_notice_s", "scope_notice_s", "update_s", "acknowledge_s", "silence_s")
_OPTIONAL = ("executive_s", "top_tier_s")


@dataclass(frozen=True, slots=True)
class SeverityTerms:
    """Seconds of each promise. `scope_notice_s` counts from the first notice, all else from declaration or last word.

    `executive_s` and `top_tier_s` are None where nobody is called by time. `silence_s` is the longest a customer may
    hear nothing. `on_business_hours` counts on the policy's calendar; see `due_at`.
    `review_public`, `review_outside`: an update to the public, or to anybody outside, needs a second person.
    `first_alone`: a first notice approved beforehand may go out by itself, `first_alone_s` after the declaration
    (None: at 80 % of the time of the first notice).
    """

    first_notice_s: int
    scope_notice_s: int
    update_s: int
    acknowledge_s: int
    roles_s: Mapping[str, int]
    executive_s: int | None = None
    top_tier_s: int | None = None
    report_working_days: int = 5
    silence_s: int = 0
    on_business_hours: bool = False
    review_public: bool = False
    review_outside: bool = False
    first_alone: bool = False
    first_alone_s: int | None = None

    @property
    def first_alone_after_s(self) -> int | None:
        """When nobody spoke by then a first notice goes out by itself; None where none does."""
        if not self.first_alone:
            return None
        return self.first_alone_s or self.first_notice_s * 4 // 5


@dataclass(frozen=True, slots=True)
class Terms:
    """The times of one policy version, one `SeverityTerms` per severity in order of rank."""

    severities: tuple[SeverityTerms, ...]
    triage_s: int = 300
    translation_s: int = 900
    heartbeats_count: bool = field(default=True)  # a heartbeat keeps the promise of the next update
    maintenance_days: int = 5  # working days by which planned maintenance is told ahead; 0 asks for none

    def of(self, severity: Severity | str) -> SeverityTerms:
        return self.severities[Severity(severity).rank]

    __getitem__ = of

    def items(self) -> Iterator[tuple[Severity, SeverityTerms]]:
        return zip(Severity, self.severities, strict=True)

    def as_json(self) -> dict[str, Any]:
        return {
            "severities": {severity.value: _as_json(terms) for severity, terms in self.items()},
            "triage_s": self.triage_s,
            "translation_s": self.translation_s,
            "heartbeats_count": self.heartbeats_count,
            "maintenance_days": self.maintenance_days,
        }

    @classmethod
    def of_json(cls, value: object) -> Terms:
        """Read and check; refuses `policy.unreadable` on a wrong shape and `field.span_…` on a wrong time."""
        if not isinstance(value, dict) or not isinstance(value.get("severities"), dict):
            raise Refused("policy.unreadable", field="terms")
        given = value["severities"]
        if set(given) != {severity.value for severity in Severity}:
            raise Refused("policy.unreadable", field="severities")
        return cls(
            severities=tuple(_of_json(given[severity.value], severity.value) for severity in Severity),
            triage_s=checked(value.get("triage_s", 300), "triage_s"),
            translation_s=checked(value.get("translation_s", 900), "translation_s"),
            heartbeats_count=value.get("heartbeats_count", True) is not False,
            maintenance_days=_days(value.get("maintenance_days", 5)),
        )


def _as_json(terms: SeverityTerms) -> dict[str, Any]:
    values = {part.name: getattr(terms, part.name) for part in fields(terms)}
    return {**values, "roles_s": dict(terms.roles_s)}


def _of_json(value: object, severity: str) -> SeverityTerms:
    if not isinstance(value, dict):
        raise Refused("policy.unreadable", field=severity)
    roles = value.get("roles_s")
    if not isinstance(roles, dict) or not set(roles) <= set(ROLES):
        raise Refused("policy.unreadable", field=f"{severity}.roles_s")
    days = value.get("report_working_days", 5)
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= 60:
        raise Refused("policy.report_days", field=f"{severity}.report_working_days")
    spans: dict[str, Any] = {name: checked(value.get(name), f"{severity}.{name}") for name in _SPANS}
    spans |= {name: _optional(value.get(name), f"{severity}.{name}") for name in _OPTIONAL}
    alone_s = _optional(value.get("first_alone_s"), f"{severity}.first_alone_s")
    if alone_s is not None and alone_s > spans["first_notice_s"]:
        raise Refused("policy.first_alone_late", field=f"{severity}.first_alone_s")
    return SeverityTerms(
        **spans,
        roles_s={role: checked(roles[role], f"{severity}.roles_s.{role}") for role in ROLES if role in roles},
        report_working_days=days,
        on_business_hours=_business(value.get("on_business_hours", False), severity),
        review_public=value.get("review_public", False) is True,
        review_outside=value.get("review_outside", False) is True,
        first_alone=value.get("first_alone", False) is True,
        first_alone_s=alone_s,
    )


def _days(days: object) -> int:
    if isinstance(days, bool) or not isinstance(days, int) or not 0 <= days <= 60:
        raise Refused("policy.maintenance_days", field="maintenance_days")
    return days


def _optional(seconds: object, name: str) -> int | None:
    return None if seconds is None else checked(seconds, name)


def _business(flag: object, severity: str) -> bool:
    """Where business stopped, no calendar may slow a clock down."""
    if flag is True and Severity(severity).stops_business:
        raise Refused("policy.wall_clock", field=f"{severity}.on_business_hours", severity=severity)
    return flag is True


def default_terms() -> Terms:
    """Matrix b5. A working day of the smallest severity is nine working hours.

    Where the first notice may take an hour or more, the scope comes with the first update at the latest: ten minutes
    after it would be sooner than anybody was asked to look.
    """
    minute, hour = 60, 3600
    worst = {"commander": 5 * minute, "communications": 10 * minute, "scribe": 15 * minute}
    major = {"commander": 15 * minute, "communications": 30 * minute, "scribe": hour}
    return Terms(
        severities=(
            _default(5 * minute, 15 * minute, 5 * minute, worst, executive_s=30 * minute, top_tier_s=2 * hour),
            _default(5 * minute, 20 * minute, 5 * minute, worst, executive_s=hour, top_tier_s=2 * hour),
            _default(15 * minute, 30 * minute, 15 * minute, major, top_tier_s=2 * hour),
            _default(hour, 2 * hour, hour, {"commander": hour, "communications": 2 * hour}, scope_notice_s=2 * hour),
            _default(
                9 * hour, 7 * DAY_S, 9 * hour, {"commander": 9 * hour}, scope_notice_s=7 * DAY_S,
                on_business_hours=True,
            ),
        )
    )  # fmt: skip


def _default(
    first_notice_s: int,
    update_s: int,
    acknowledge_s: int,
    roles_s: Mapping[str, int],
    *,
    scope_notice_s: int = 600,
    executive_s: int | None = None,
    top_tier_s: int | None = None,
    on_business_hours: bool = False,
) -> SeverityTerms:
    return SeverityTerms(
        first_notice_s=first_notice_s,
        scope_notice_s=scope_notice_s,
        update_s=update_s,
        acknowledge_s=acknowledge_s,
        roles_s=dict(roles_s),
        executive_s=executive_s,
        top_tier_s=top_tier_s,
        silence_s=update_s,
        on_business_hours=on_business_hours,
    )


def due_at(start: datetime, seconds: int, terms: SeverityTerms, calendar: CalendarFacts | None) -> datetime:
    """When `seconds` after `start` fall due under `terms`, in UTC.

    Wall clock unless the terms say business hours. On business hours a span under a day counts working time only; a
    span of a day or more is calendar time, carried forward into the next working moment (a weekly update stays weekly).
    """
    if calendar is None or not terms.on_business_hours:
        return start.astimezone(UTC) + timedelta(seconds=seconds)
    if seconds < DAY_S:
        return add_working_time(start, seconds, calendar)
    return next_open(start.astimezone(UTC) + timedelta(seconds=seconds), calendar)


@dataclass(frozen=True, slots=True)
class Change:
    """One time that differs. `severity` is empty for what holds for all; `old` or `new` is None where none was set."""

    severity: str
    name: str
    old: int | bool | None
    new: int | bool | None

    @property
    def is_looser(self) -> bool:
        """More time than before: what a customer would want to be told."""
        if isinstance(self.new, bool) or isinstance(self.old, bool):
            return self.new is True
        if self.name == "maintenance_days" and self.old is not None and self.new is not None:
            return self.new < self.old  # fewer days of notice are less, not more
        return self.old is not None and (self.new is None or self.new > self.old)


def diff(old: Terms, new: Terms) -> list[Change]:
    """Every time that differs, by severity and then by name in the order of the form."""
    changes = [
        Change("", name, getattr(old, name), getattr(new, name))
        for name in ("triage_s", "translation_s", "heartbeats_count", "maintenance_days")
        if getattr(old, name) != getattr(new, name)
    ]
    for severity in Severity:
        before, after = _flat(old.of(severity)), _flat(new.of(severity))
        changes += [
            Change(severity.value, name, before.get(name), after.get(name))
            for name in dict.fromkeys([*before, *after])
            if before.get(name) != after.get(name)
        ]
    return changes


def _flat(terms: SeverityTerms) -> dict[str, Any]:
    values = _as_json(terms)
    roles = values.pop("roles_s")
    return {**values, **{f"roles_s.{role}": roles[role] for role in ROLES if role in roles}}


def warnings(terms: Terms) -> list[tuple[str, str]]:
    """(code, severity) of what a policy may set but should not set lightly; shown beside the form before saving."""
    found = []
    if terms.of(Severity.SEV1A).update_s > 900:
        found.append(("policy.slow_updates", Severity.SEV1A.value))
    for severity, own in terms.items():
        if severity.rank <= 2 and (own.top_tier_s is None or own.top_tier_s > 7200):
            found.append(("policy.no_top_tier", severity.value))
        if own.silence_s > own.update_s:
            found.append(("policy.silence_over_update", severity.value))
    for worse, better in zip(list(Severity)[:-1], list(Severity)[1:], strict=True):
        if terms.of(worse).update_s > terms.of(better).update_s:
            found.append(("policy.worse_is_slower", worse.value))
    return found


def stricter(terms: Terms) -> tuple[int, ...]:
    """A sort key: the policy that tells the worst severities soonest comes first."""
    return tuple(part for own in terms.severities for part in (own.first_notice_s, own.update_s, own.acknowledge_s))
