"""Which promises an incident makes by being declared, by its severity rising, by a role falling empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tomei.customers.rules import CalendarFacts, SeverityTerms, due_at
from tomei.kernel.severity import Severity


@dataclass(frozen=True, slots=True)
class Owed:
    """One promise before it is made. `role` owns it where no person does; `owner_id` where one person must."""

    kind: str
    due_at: datetime
    owed_to: int | None = None
    audience: str = ""
    about: str = ""
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What the times are counted from. `detected_at` moves only the two-hour rule: the failure knows no paperwork."""

    severity: Severity
    terms: SeverityTerms
    calendar: CalendarFacts | None
    now: datetime
    detected_at: datetime | None = None

    def due(self, seconds: int, start: datetime | None = None) -> datetime:
        """When `seconds` from `start` (now) fall due; never in the past."""
        return max(due_at(start or self.now, seconds, self.terms, self.calendar), self.now)


def at_declaration(
    ground: Ground,
    *,
    affected: Iterable[int],
    reported_by: Iterable[int],
    held: Iterable[str],
    top_tier_id: int | None,
    sponsor_id: int | None,
) -> list[Owed]:
    """All that is owed from the moment of declaring: notice, silence, acknowledgement, roles, tiers."""
    customers = list(affected)
    owed = [Owed("first_notice", ground.due(ground.terms.first_notice_s), audience="affected")]
    owed += silence(ground, customers)
    owed += [acknowledgement(ground, organisation_id) for organisation_id in reported_by]
    owed += roles(ground, held)
    return owed + tiers(ground, held, top_tier_id=top_tier_id, sponsor_id=sponsor_id)


def acknowledgement(ground: Ground, organisation_id: int) -> Owed:
    """Who reported to us hears from a person that we have it."""
    return Owed("acknowledgement", ground.due(ground.terms.acknowledge_s), owed_to=organisation_id)


def silence(
    ground: Ground, organisation_ids: Iterable[int], *, limit_s: int | None = None, at: datetime | None = None
) -> list[Owed]:
    """No customer hears nothing for longer than the limit, counted from the last word (now unless told)."""
    due = ground.due(limit_s or ground.terms.silence_s, at)
    return [Owed("silence", due, owed_to=organisation_id) for organisation_id in organisation_ids]


def roles(ground: Ground, held: Iterable[str]) -> list[Owed]:
    """Each required role is filled by its time."""
    filled = set(held)
    return [
        Owed("role_filled", ground.due(seconds), about=f"role:{role}")
        for role, seconds in ground.terms.roles_s.items()
        if role not in filled
    ]


def tiers(ground: Ground, held: Iterable[str], *, top_tier_id: int | None, sponsor_id: int | None) -> list[Owed]:
    """Not restored by then: the product's top tier joins, and its executive sponsor."""
    filled, start = set(held), ground.detected_at or ground.now
    owed = []
    if ground.terms.executive_s is not None and "sponsor" not in filled:
        due = ground.due(ground.terms.executive_s, start)
        owed.append(Owed("role_filled", due, about="role:sponsor", owner_id=sponsor_id))
    if ground.terms.top_tier_s is not None and "top_tier" not in filled:
        owed.append(Owed("top_tier", ground.due(ground.terms.top_tier_s, start), owner_id=top_tier_id))
    return owed


def shorter(ground: Ground) -> Mapping[str, datetime]:
    """New due times by kind once severity rose, counted from now. Roles have a time each and are not here."""
    due = {
        "first_notice": ground.due(ground.terms.first_notice_s),
        "acknowledgement": ground.due(ground.terms.acknowledge_s),
        "silence": ground.due(ground.terms.silence_s),
        "next_update": ground.due(ground.terms.update_s),
    }
    if ground.terms.top_tier_s is not None:
        due["top_tier"] = ground.due(ground.terms.top_tier_s, ground.detected_at)
    return due
