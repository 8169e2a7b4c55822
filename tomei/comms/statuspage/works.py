"""Planned maintenance on the page: what the public was told of it, and what of it harmed a component."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tomei.comms.maintenance import queries, rules, view
from tomei.comms.maintenance.facts import MaintenanceFacts
from tomei.comms.maintenance.view import MaintenanceView
from tomei.comms.statuspage.uptime import Interval
from tomei.kernel.errors import Missing


def shown(since: datetime) -> tuple[MaintenanceView, ...]:
    """Upcoming and running ones, and those that were over after `since`; the newest start first."""
    return _views(queries.public(since=since))


def between(start: datetime, end: datetime) -> tuple[MaintenanceView, ...]:
    """What is over and began, or was to begin, in this stretch of time."""
    found = [one for one in queries.public(since=start) if start <= one.starts_at < end and one.state not in rules.OPEN]
    return _views(found)


def one(key: str) -> MaintenanceView | None:
    """Of whatever age; None when the public does not know it."""
    try:
        found = queries.public_one(queries.number(key))
    except Missing:
        return None
    return _views([found])[0] if found else None


def told_to(organisation_id: int, since: datetime) -> tuple[MaintenanceView, ...]:
    """`shown` as one customer knows it: with what they alone were told of."""
    return _views(queries.told_to(organisation_id, since=since))


def told_one(key: str, organisation_id: int) -> MaintenanceView:
    """Of whatever age; `Missing` when neither they nor the public know it."""
    found = queries.told_one(queries.number(key), organisation_id)
    if found is None:
        raise Missing(key[:40])
    return _views([found])[0]


def _views(found: Sequence[MaintenanceFacts]) -> tuple[MaintenanceView, ...]:
    told = queries.notices_of(one.id for one in found) if found else {}
    return tuple(view.of(one, told.get(one.id, [])) for one in found)


def intervals(works: Sequence[MaintenanceView], component_id: int, now: datetime) -> list[Interval]:
    """As far as it was told in time it is maintenance, beyond that what it did; nothing that has not come yet."""
    found = []
    for work in works:
        impact = dict(work.components).get(component_id)
        if impact is None or work.started_at is None:
            continue
        pieces = rules.harm(impact, work.started_at, work.ended_at, work.covered_until)
        found += [
            Interval(kind, since, until if until is not None and until <= now else None)
            for kind, since, until in pieces
            if since <= now and (since != until)
        ]
    return found
