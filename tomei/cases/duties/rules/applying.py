"""Which duties follow from an answer, and when they fall due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tomei.cases.duties.rules import laws
from tomei.cases.duties.rules.laws import Law
from tomei.kernel import time
from tomei.kernel.errors import Refused

ANSWERS = ("no", "perhaps", "yes")
CAPACITIES = ("controller", "processor", "both")
LONGEST = {laws.HOURS: 24 * 366, laws.DAYS: 366, laws.CALENDAR: 366}


@dataclass(frozen=True, slots=True)
class Answer:
    """What we say about personal data here; `aware_at` is the start of every duty."""

    answer: str
    aware_at: datetime | None = None
    jurisdictions: tuple[str, ...] = ()
    wrongful: bool = False
    high_risk: bool = False
    capacity: str = "controller"

    @property
    def is_owing(self) -> bool:
        return self.answer in ("perhaps", "yes")


@dataclass(frozen=True, slots=True)
class Owed:
    """A rule that applies, to whom (a customer of ours as controller), and by when."""

    law: Law
    due_at: datetime
    organisation_id: int | None = None

    @property
    def key(self) -> tuple[str, int | None]:
        return self.law.code, self.organisation_id


def due_at(law: Law, aware_at: datetime) -> datetime:
    """When it falls due, in UTC. See `laws` for the three units."""
    if law.unit == laws.HOURS:
        return time.at_least_utc(aware_at) + timedelta(hours=law.amount)
    place = time.zone(law.zone)
    wall = aware_at.astimezone(place)
    if law.unit == laws.DAYS:  # arithmetic on the wall: the same time of day, also where the clock was changed
        return time.at_least_utc(wall + timedelta(days=law.amount))
    after = wall.date() + timedelta(days=law.amount)
    return time.at_least_utc(datetime(after.year, after.month, after.day, tzinfo=place))


def check(answer: Answer, *, known: Iterable[str], declared_at: datetime, now: datetime) -> None:
    """Refuses what cannot be: an unknown answer, capacity or jurisdiction, a yes without a start, or one to come."""
    if answer.answer not in ANSWERS:
        raise Refused("duty.unknown_answer", value=str(answer.answer)[:40])
    if answer.capacity not in CAPACITIES:
        raise Refused("duty.unknown_answer", value=str(answer.capacity)[:40])
    unknown = [one for one in answer.jurisdictions if one not in {*laws.JURISDICTIONS, *known}]
    if unknown:
        raise Refused("duty.unknown_jurisdiction", value=str(unknown[0])[:40])
    if not answer.is_owing:
        return
    if answer.aware_at is None:
        raise Refused("duty.no_start")
    if answer.aware_at > now:
        raise Refused("time.in_future", at=answer.aware_at.isoformat(timespec="minutes"))
    if answer.aware_at < declared_at - timedelta(days=400):
        raise Refused("duty.start_far")


def owed(answer: Answer, own: Sequence[Law], affected: Sequence[int]) -> list[Owed]:
    """Every duty that follows. Controllers are the customers affected; with none known, one stands for all of them."""
    if not answer.is_owing or answer.aware_at is None:
        return []
    found = []
    for law in (*laws.LAWS, *own):
        if not _applies(law, answer, affected):
            continue
        due = due_at(law, answer.aware_at)
        each: Sequence[int | None] = [law.organisation_id]
        if law.kind == laws.CONTROLLER and law.organisation_id is None:
            each = list(affected) or [None]
        found += [Owed(law, due, organisation_id) for organisation_id in each]
    return found


def _applies(law: Law, answer: Answer, affected: Sequence[int]) -> bool:
    if law.organisation_id is not None:
        return law.organisation_id in affected
    if law.jurisdiction not in answer.jurisdictions:
        return False
    if law.jurisdiction in laws.JURISDICTIONS and answer.capacity not in (law.role, "both"):
        return False
    return {
        "": True, "wrongful": answer.wrongful, "not_wrongful": not answer.wrongful, "high_risk": answer.high_risk,
    }[law.when]  # fmt: skip


def check_fulfilled(*, at: datetime, aware_at: datetime, due_at: datetime, late_reason: str, now: datetime) -> None:
    """Refuses a moment in the future or before we knew, and a late one without the reasons for the delay."""
    if at > now:
        raise Refused("time.in_future", at=at.isoformat(timespec="minutes"))
    if at < aware_at.replace(second=0, microsecond=0):
        raise Refused("duty.too_early", at=at.isoformat(timespec="minutes"))
    if at > due_at and not late_reason:
        raise Refused("duty.late_without_reason")


def check_withdrawal(asked_by: int | None, by: int | None) -> None:
    """Two people: who asked to withdraw it does not also decide."""
    if by is None or asked_by == by:
        raise Refused("duty.own_withdrawal")
