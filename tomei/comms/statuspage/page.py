"""What the page shows, built once per change: frozen views of what the public was told, never a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from tomei.cases import queries as cases
from tomei.cases.facts import ImpactFacts, IncidentFacts
from tomei.comms import queries, views
from tomei.comms.facts import UpdateFacts
from tomei.comms.maintenance.view import MaintenanceView
from tomei.comms.rules import ENDED, WORKING
from tomei.comms.statuspage import uptime, works
from tomei.comms.statuspage.uptime import Day, Interval
from tomei.comms.views import CustomerView
from tomei.customers import queries as customers
from tomei.customers.queries import ComponentFacts
from tomei.customers.rules import Terms
from tomei.kernel import time
from tomei.kernel.actor import CLOCK
from tomei.kernel.errors import Missing
from tomei.kernel.text import Text

PAST = timedelta(days=uptime.DAYS)
MOST = 200  # past incidents on one page; a month of more is no history but a flood


@dataclass(frozen=True, slots=True)
class ComponentView:
    """One component with its bars. `impact` is empty while it works."""

    id: int
    name: Text
    group: Text
    impact: str
    days: tuple[Day, ...]
    percent: float
    position: int
    created_at: datetime | None
    slug: str = ""
    changed_at: datetime | None = None  # when its harm last began or ended; None: never
    mine: bool = False  # in a customer's room: they use it


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One incident as the public knows it. `kept` of `promised` next times came in time."""

    id: int
    key: str
    title: Text
    severity: str
    state: str
    began_at: datetime
    restored_at: datetime | None
    declared_at: datetime
    updated_at: datetime
    next_at: datetime | None
    report_due_at: datetime | None
    report_sent_at: datetime | None
    updates: tuple[CustomerView, ...]  # newest first
    component_ids: tuple[int, ...]
    kept: int
    promised: int
    mine: bool = False  # in a customer's room: they are part of it

    @property
    def is_open(self) -> bool:
        return self.state in WORKING


@dataclass(frozen=True, slots=True)
class PageView:
    """All of the page at one moment. `current` is what burns, `past` the history, newest first."""

    house: Text
    zone: str
    language: str
    now: datetime
    components: tuple[ComponentView, ...]
    current: tuple[IncidentView, ...]
    past: tuple[IncidentView, ...]
    since: date | None = None  # the day of the first public update: where the history begins
    terms: Terms | None = None  # of the default policy: how we work
    calendar: bool = False  # whether that policy knows business hours
    place: str = "/status/"  # under which its pages stand
    feeds: str = "/status/"  # under which its feeds and its JSON stand
    maintenances: tuple[MaintenanceView, ...] = ()  # the newest start first

    def incident(self, key: str) -> IncidentView | None:
        return next((one for one in (*self.current, *self.past) if one.key == key), None)

    def maintenance(self, key: str) -> MaintenanceView | None:
        return next((one for one in self.maintenances if one.key == key), None)

    @property
    def planned(self) -> tuple[MaintenanceView, ...]:
        """What runs, then what comes, the soonest first."""
        found = [one for one in self.maintenances if one.is_open]
        return tuple(sorted(found, key=lambda one: (not one.is_running, one.starts_at)))

    @property
    def done(self) -> tuple[MaintenanceView, ...]:
        return tuple(one for one in self.maintenances if not one.is_open)

    @property
    def worst(self) -> str:
        """The worst that any component suffers; empty when all work."""
        return min((one.impact for one in self.components if one.impact), key=uptime.WORST.index, default="")


def build(now: datetime) -> PageView:
    """Read what is public. Restricted incidents and drills never are; without a house the page is empty."""
    if not customers.has_house():
        return PageView(Text("ステータス", "Status"), "UTC", "ja", now, (), (), ())
    house = customers.ours()
    told = queries.told_publicly(since=now - PAST)
    burning = [one.id for one in cases.open_incidents(CLOCK)]  # told of longer ago, but still there
    updates = queries.public_of([*told, *burning])
    known = {pk: one for pk, one in cases.incidents(updates).items() if not one.drill and not one.restricted}
    current = sorted((pk for pk in known if known[pk].state in WORKING), key=lambda pk: (known[pk].rank, -pk))
    past = [pk for pk in told if pk in known and known[pk].state in ENDED][:MOST]
    past.sort(key=lambda pk: updates[pk][-1].published_at, reverse=True)
    public, policy = customers.public_components(), customers.default_policy()
    hurt = cases.impacts(component_ids=[one.id for one in public], since=now - PAST)
    impacts = [one for one in hurt if one.incident_id in known]
    planned = works.shown(now - PAST)
    return PageView(
        house.name, house.zone, house.language, now,
        tuple(component_view(one, impacts, now, house.zone, planned) for one in public),
        tuple(incident_view(known[pk], updates[pk], impacts, house.zone) for pk in current),
        tuple(incident_view(known[pk], updates[pk], impacts, house.zone) for pk in past),
        _since(house.zone), policy.terms, policy.calendar is not None, maintenances=planned,
    )  # fmt: skip


def build_work(key: str, now: datetime) -> PageView | None:
    """A page of one maintenance of whatever age, with the names of its components."""
    found = works.one(key)
    if found is None:
        return None
    page = _page_of([], now)
    parts = customers.components(found.component_ids).values()
    shown = tuple(component_view(one, (), now, page.zone) for one in parts if one.is_public)
    return replace(page, components=shown, maintenances=(found,))


def build_one(key: str, now: datetime) -> PageView | None:
    """A page of one incident of whatever age, for its own address; None when the public does not know it."""
    try:
        found = cases.by_number(key, CLOCK)
    except Missing:
        return None
    page = _page_of([found.id], now)
    return page if page.current or page.past else None


def build_month(month: date, now: datetime) -> PageView:
    """A page of the incidents that the public first heard of in the month of this day, newest first."""
    zone = time.zone(customers.ours().zone)
    start = datetime(month.year, month.month, 1, tzinfo=zone)
    end = (start + timedelta(days=32)).replace(day=1)
    page = _page_of(queries.told_between(start, end)[:MOST], now)
    past = tuple(one for one in page.past if one.declared_at >= start)
    return replace(page, past=past, maintenances=works.between(start, end))


def _page_of(incident_ids: Sequence[int], now: datetime) -> PageView:
    """Only these incidents, as far as they are public, and no components."""
    house, updates = customers.ours(), queries.public_of(incident_ids)
    known = [one for one in cases.incidents(updates).values() if not one.drill and not one.restricted]
    shown = [incident_view(one, updates[one.id], (), house.zone) for one in known]
    shown.sort(key=lambda one: one.declared_at, reverse=True)
    return PageView(
        house.name, house.zone, house.language, now, (),
        tuple(one for one in shown if one.is_open), tuple(one for one in shown if not one.is_open), _since(house.zone),
    )  # fmt: skip


def _since(zone: str) -> date | None:
    first = queries.first_public_at()
    return first.astimezone(time.zone(zone)).date() if first else None


def component_view(
    one: ComponentFacts,
    impacts: Sequence[ImpactFacts],
    now: datetime,
    zone_name: str,
    planned: Sequence[MaintenanceView] = (),
) -> ComponentView:
    zone: ZoneInfo = time.zone(zone_name)
    mine = [Interval(row.impact, row.since_at, row.until_at) for row in impacts if row.component_id == one.id]
    mine += works.intervals(planned, one.id, now)
    begin, end = uptime.window(now, zone, one.created_at)
    return ComponentView(
        one.id, one.name, one.group, uptime.worst_open(mine),
        tuple(uptime.days(mine, now=now, zone=zone, since=one.created_at)),
        uptime.percent(mine, begin, end), one.position, one.created_at, one.slug, _changed(mine),
    )  # fmt: skip


def _changed(mine: Sequence[Interval]) -> datetime | None:
    return max((at for one in mine for at in (one.since, one.until) if at is not None), default=None)


def incident_view(
    one: IncidentFacts,
    updates: Sequence[UpdateFacts],
    impacts: Sequence[ImpactFacts],
    zone: str,
    shown: tuple[CustomerView, ...] | None = None,
) -> IncidentView:
    """An incident from the updates that its reader was told, newest first; `shown` when that is not the public."""
    numbers = views.numbers(updates)
    if shown is None:
        shown = tuple(views.view(update, one, audience="public", zone=zone, numbers=numbers) for update in updates)
    kept, promised = kept_of(updates)
    hurt = [row.component_id for row in impacts if row.incident_id == one.id]
    latest = updates[0] if updates else None
    working = one.state in WORKING
    return IncidentView(
        id=one.id, key=one.key, title=one.title, severity=str(one.severity), state=_told_state(one, updates),
        began_at=one.began_at or one.detected_at or one.declared_at, restored_at=one.restored_at,
        declared_at=updates[-1].published_at if updates else one.declared_at,
        updated_at=latest.published_at if latest else one.declared_at,
        next_at=latest.next_at if latest and working else None,
        report_due_at=next((update.report_due_at for update in updates if update.report_due_at), None),
        report_sent_at=one.report_sent_at, updates=shown, component_ids=tuple(dict.fromkeys(hurt)),
        kept=kept, promised=promised,
    )  # fmt: skip


def _told_state(one: IncidentFacts, updates: Sequence[UpdateFacts]) -> str:
    """The state that the public was told, so that the page never knows more than its updates; an end is an end."""
    if one.state in ENDED or not updates:
        return one.state
    return updates[0].state if updates[0].state in WORKING else one.state


def kept_of(updates: Sequence[UpdateFacts]) -> tuple[int, int]:
    """How many named next times were kept by the update that followed; whole seconds decide, the last is still open."""
    told = [one for one in reversed(updates) if one.kind not in ("correction", "translation")]
    pairs = [(one.next_at, after.published_at) for one, after in pairwise(told) if one.next_at]
    return sum(_second(at) <= _second(due) for due, at in pairs), len(pairs)


def _second(moment: datetime) -> datetime:
    return moment - timedelta(microseconds=moment.microsecond)
