"""Groups that flap: their changes are kept and shown, and call nobody each time; the clock ends it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tomei.clock import actions as clock
from tomei.kernel import events
from tomei.signals.actions import storing, triage
from tomei.signals.actions.bundles import MIND, Bundle
from tomei.signals.models import Group
from tomei.signals.rules import flapping
from tomei.signals.rules.deciding import wants_a_person
from tomei.signals.rules.flapping import Flaps


def note(bundles: Sequence[Bundle], *, now: datetime) -> None:
    """Count the changes of state of groups in hand; the caller saves them. What is read again later is no change."""
    wanted = []
    for one in bundles:
        before = "resolved" if one.was == "new" else one.was
        if one.group.state == before or one.arrival.is_replay:
            continue
        flaps = flapping.changed(_flaps(one.group), now)
        _set(one.group, flaps)
        if flaps.ends_at is not None:
            wanted.append(clock.Wanted(MIND, flaps.ends_at, f"flap:{one.group.pk}", 3))
    if wanted:
        clock.schedule_many(wanted, now=now)


def _flaps(row: Group) -> Flaps:
    return Flaps(flapping.read(row.changed), row.flapping_at, row.flaps)


def _set(row: Group, flaps: Flaps) -> None:
    row.changed, row.flapping_at, row.flaps = flapping.written(flaps.moments), flaps.since, flaps.count


def calm(*, now: datetime) -> None:
    """For the clock: what flapped and has calmed down is what it is now, and is proposed again where it fires.

    A group that somebody writes at this moment is left for the next look.
    """
    rows = Group.objects.select_for_update(of=("self",), skip_locked=True).select_related("source")
    over = [row for row in rows.filter(flapping_at__isnull=False).order_by("pk") if flapping.is_over(_flaps(row), now)]
    for row in over:
        _set(row, flapping.calmed(_flaps(row), now))
        if row.state == "resolved":
            triage.resolved(row, by=triage.sender(row), now=now)
        elif row.triage != "proposed":
            triage.decide_anew(row)
    again = [one for one in over if one.state == "firing" and one.triage == "none" and wants_a_person(one.severity)]
    triage.ask(again, now=now)
    storing.save_groups(over)
    for row in over:
        events.emit("signal.received", now=now, source_id=row.source_id, received_id=None, group_ids=[row.pk])
