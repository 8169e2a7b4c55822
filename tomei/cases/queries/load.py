"""How long people have been on duty: from the roles they held and the pages that woke them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from tomei.accounts import queries as accounts
from tomei.accounts import settings as house
from tomei.cases.models import WORKING, Entry, RoleHolding
from tomei.cases.rules import shifts as rules
from tomei.cases.rules.shifts import Limits, Stretch
from tomei.delivery import queries as delivery
from tomei.kernel import time
from tomei.kernel.actor import Actor

SETTING = "shifts"
LOOK_BACK = timedelta(days=35)  # as far as days in a row are counted
UNCOUNTED = ("sponsor",)  # removes obstacles, and keeps no watch


@dataclass(frozen=True, slots=True)
class Load:
    """One person's duty at a moment. `rest` is None while on duty, and where no duty is known."""

    user_id: int
    name: str
    zone: str
    since: datetime | None
    stage: str
    day: timedelta
    week: timedelta
    nights: tuple[date, ...]
    days_in_a_row: int
    rest: timedelta | None
    short: timedelta | None  # the rest, where it is too short to begin anew

    @property
    def nights_count(self) -> int:
        return len(self.nights)


def limits() -> Limits:
    """The house's settings; what nobody has set is the default."""
    known = asdict(Limits())
    return Limits(**{name: value for name, value in (house.get(SETTING) or {}).items() if name in known})


def watched(one: Limits) -> Q:
    """Holdings that keep somebody at the desk: of severe failures, and not of a long one that is told once a day."""
    slow = Q(incident__slow_cadence_s__gte=int(one.offer_after.total_seconds()))
    return Q(incident__rank__lte=one.rank) & (Q(incident__slow_cadence_s=None) | ~slow)


def stretches(user_ids: Iterable[int], now: datetime, one: Limits) -> dict[int, list[Stretch]]:
    """Duty of each of these people since `LOOK_BACK`, in two queries: raw, as it overlaps."""
    wanted, start = set(user_ids), now - LOOK_BACK
    found: dict[int, list[Stretch]] = {user_id: [] for user_id in wanted}
    rows = RoleHolding.objects.filter(Q(left_at=None) | Q(left_at__gt=start), user__in=wanted, joined_at__lte=now)
    rows = rows.filter(watched(one)).exclude(role__in=UNCOUNTED)
    held = list(rows.values("user_id", "joined_at", "left_at", "incident_id", "incident__state",
                            "incident__restored_at", "incident__closed_at"))  # fmt: skip
    dismissed = _dismissed({row["incident_id"] for row in held if row["incident__state"] == "dismissed"})
    for row in held:
        found[row["user_id"]].append((row["joined_at"], min(_end(row, dismissed, now), now)))
    for user_id, at in delivery.pages_to(wanted, start):
        found[user_id].append((at, min(at + one.page * rules.HOUR, now)))
    return found


def _end(row: Mapping[str, Any], dismissed: dict[int, datetime], now: datetime) -> datetime:
    """A role is duty until it is left, or until the failure is over: nobody watches what works."""
    over = None if row["incident__state"] in WORKING else row["incident__restored_at"] or row["incident__closed_at"]
    ends = [row["left_at"], over, dismissed.get(row["incident_id"])]
    return min([end for end in ends if end is not None], default=now)


def _dismissed(incident_ids: set[int]) -> dict[int, datetime]:
    if not incident_ids:
        return {}
    rows = Entry.objects.filter(incident__in=incident_ids, code="dismissed").order_by("seq")
    return dict(rows.values_list("incident_id", "at"))


def of(people: Sequence[accounts.Person], now: datetime) -> list[Load]:
    """The load of each of these people at `now`."""
    one = limits()
    known = stretches((person.id for person in people), now, one)
    return [_load(person, known[person.id], now, one) for person in people]


def of_person(user_id: int, now: datetime) -> Load:
    return of([accounts.person(user_id)], now)[0]


def _load(person: accounts.Person, duty: list[Stretch], now: datetime, one: Limits) -> Load:
    zone = time.zone(person.zone)
    week = rules.clip(duty, now - timedelta(days=7), now)
    began = rules.since(duty, now, one.pause * rules.HOUR) if any(end == now for _, end in duty) else None
    return Load(
        person.id, person.name, person.zone, began, rules.stage(began, now, one),
        rules.length(rules.clip(duty, now - timedelta(hours=24), now)), rules.length(week),
        tuple(rules.nights(week, one, zone)), rules.days_in_a_row(duty, now, zone),
        None if began else rules.rest_before(duty, now), None if began else rules.rested(duty, now, one, zone),
    )  # fmt: skip


def short_rest(user_id: int, now: datetime) -> timedelta | None:
    """The rest of this person at `now` where it is too short to take a role without a reason."""
    return of_person(user_id, now).short


def seen_by(by: Actor) -> list[accounts.Person]:
    """Whose load this reader may see: one's own; a lead's team; everybody for who gives roles or keeps the people."""
    by.require("read")
    everybody = accounts.active_people()
    if by.may("incident.role") or by.may("people.edit"):
        return [one for one in everybody if one.role != "observer"]
    led = {pk for team in accounts.teams() if team.lead_id == by.user_id for pk in team.member_ids}
    return [one for one in everybody if one.id == by.user_id or one.id in led]
