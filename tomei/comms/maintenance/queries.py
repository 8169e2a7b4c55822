"""Maintenance as facts: for its pages, the board and the status page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tomei.comms.maintenance import rules
from tomei.comms.maintenance.facts import PREFIX, MaintenanceFacts, NoticeFacts
from tomei.comms.models import Maintenance, Notice
from tomei.kernel import ids, time
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import Text

PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    items: list[MaintenanceFacts]
    next: str = ""


def facts_of(row: Maintenance) -> MaintenanceFacts:
    return MaintenanceFacts(
        id=row.pk, title=Text.of(row.title), text=Text.of(row.text),
        components=tuple((int(pk), str(impact)) for pk, impact in row.components), audiences=tuple(row.audiences),
        organisation_ids=tuple(row.organisations), starts_at=row.starts_at, ends_at=row.ends_at,
        notice_due_at=row.notice_due_at, window_told_at=row.window_told_at, covered_until=row.covered_until,
        told_at=row.told_at, starts_itself=row.starts_itself, silence=row.silence, silence_ids=tuple(row.silences),
        state=row.state, version=row.version, started_at=row.started_at, ended_at=row.ended_at, next_at=row.next_at,
        owner_id=row.owner_id, incident_id=row.incident_id, created_at=row.created_at, created_by=row.created_by,
    )  # fmt: skip


def notice_facts(row: Notice) -> NoticeFacts:
    was = tuple(datetime.fromisoformat(one) for one in row.was) if row.was else None
    return NoticeFacts(
        id=row.pk, maintenance_id=row.maintenance_id, number=row.number, kind=row.kind, state=row.state,
        text=Text.of(row.text), languages=tuple(row.languages), starts_at=row.starts_at, ends_at=row.ends_at,
        next_at=row.next_at, was=(was[0], was[1]) if was else None, in_time=row.in_time,
        translation_due_at=row.translation_due_at, translated_at=row.translated_at, overruled=tuple(row.overruled),
        author_id=row.author_id, author_name=row.author_name, published_at=row.published_at,
    )  # fmt: skip


def number(key: str) -> int:
    """`MNT-5` is 5; `Missing` for anything else."""
    return ids.number(PREFIX, key)


def one(maintenance_id: int) -> MaintenanceFacts:
    row = Maintenance.objects.filter(pk=maintenance_id).first()
    if row is None:
        raise Missing(f"maintenance {maintenance_id}")
    return facts_of(row)


def by_key(key: str) -> MaintenanceFacts:
    return one(number(key))


def many(maintenance_ids: Iterable[int]) -> dict[int, MaintenanceFacts]:
    return {row.pk: facts_of(row) for row in Maintenance.objects.filter(pk__in=set(maintenance_ids))}


def of_incident(incident_id: int) -> MaintenanceFacts | None:
    """The maintenance that became this incident."""
    row = Maintenance.objects.filter(incident=incident_id).first()
    return facts_of(row) if row else None


def notices(maintenance_id: int) -> list[NoticeFacts]:
    """Everything told about it, newest first."""
    return [notice_facts(row) for row in Notice.objects.filter(maintenance=maintenance_id).order_by("-number")]


def notice(notice_id: int) -> NoticeFacts:
    row = Notice.objects.filter(pk=notice_id).first()
    if row is None:
        raise Missing(f"notice {notice_id}")
    return notice_facts(row)


def notices_of(maintenance_ids: Iterable[int]) -> Mapping[int, list[NoticeFacts]]:
    found: dict[int, list[NoticeFacts]] = {}
    for row in Notice.objects.filter(maintenance__in=set(maintenance_ids)).order_by("maintenance_id", "-number"):
        found.setdefault(row.maintenance_id, []).append(notice_facts(row))
    return found


def listed(*, over: bool = False, after: str = "", limit: int = PAGE) -> Page:
    """What is planned or running, soonest first; `over`: what has ended, newest first."""
    rows = Maintenance.objects.filter(state__in=rules.OPEN)
    order = ("starts_at", "pk")
    if over:
        rows, order = Maintenance.objects.exclude(state__in=rules.OPEN), ("-starts_at", "-pk")
    if after:
        at, pk = _cursor(after)
        beyond = Q(starts_at__lt=at) if over else Q(starts_at__gt=at)
        rows = rows.filter(beyond | Q(starts_at=at, **{"pk__lt" if over else "pk__gt": pk}))
    found = [facts_of(row) for row in rows.order_by(*order)[: limit + 1]]
    last = found[limit - 1] if len(found) > limit else None
    return Page(found[:limit], f"{last.starts_at.isoformat()}~{last.id}" if last else "")


def _cursor(text: str) -> tuple[datetime, int]:
    moment, _tilde, digits = text.partition("~")
    try:
        at = time.parse_moment(moment.replace(" ", "+"))
    except Refused:
        raise Refused("list.unreadable_cursor", cursor=text[:40]) from None
    if not digits.isascii() or not digits.isdigit() or len(digits) > 18:
        raise Refused("list.unreadable_cursor", cursor=text[:40])
    return at, int(digits)


def on_board(now: datetime) -> list[MaintenanceFacts]:
    """What runs, and what should have begun by now."""
    due = Q(state__in=rules.RUNNING) | Q(state="scheduled", starts_at__lte=now)
    return [facts_of(row) for row in Maintenance.objects.filter(due).order_by("starts_at", "pk")[:20]]


def public(*, since: datetime, most: int = 200) -> list[MaintenanceFacts]:
    """What the public was told of: open, or over since then; the newest start first."""
    rows = Maintenance.objects.exclude(told_at=None).filter(Q(state__in=rules.OPEN) | Q(ended_at__gte=since))
    return [one for one in map(facts_of, rows.order_by("-starts_at", "-pk")[:most]) if "public" in one.audiences]


def told_to(organisation_id: int, *, since: datetime, most: int = 200) -> list[MaintenanceFacts]:
    """What the public or this customer was told of: open, or over since then; the newest start first."""
    rows = Maintenance.objects.exclude(told_at=None).filter(Q(state__in=rules.OPEN) | Q(ended_at__gte=since))
    found = map(facts_of, rows.order_by("-starts_at", "-pk")[:most])
    return [one for one in found if is_told(one, organisation_id)]


def told_one(maintenance_id: int, organisation_id: int) -> MaintenanceFacts | None:
    """Of whatever age, when the public or this customer was told of it."""
    row = Maintenance.objects.filter(pk=maintenance_id).exclude(told_at=None).first()
    found = facts_of(row) if row else None
    return found if found and is_told(found, organisation_id) else None


def is_told(one: MaintenanceFacts, organisation_id: int) -> bool:
    return "public" in one.audiences or ("affected" in one.audiences and organisation_id in one.organisation_ids)


def public_one(maintenance_id: int) -> MaintenanceFacts | None:
    """Of whatever age, when the public was told of it."""
    row = Maintenance.objects.filter(pk=maintenance_id).exclude(told_at=None).first()
    found = facts_of(row) if row else None
    return found if found and "public" in found.audiences else None
