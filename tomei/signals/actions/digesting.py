"""What deliveries mean: groups, their alerts and signals, and whether somebody must look.

Set-based: the number of queries depends neither on the number of deliveries nor on that of their alerts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from tomei.kernel import events
from tomei.signals.actions import flapping, storing, triage, watching
from tomei.signals.actions.bundles import Arrival, Bundle, waves
from tomei.signals.models import Group
from tomei.signals.rules import Event, Standing, fold

Parts = Mapping[str, int]
"""What labels call a component -> its id."""


def digest(arrivals: Sequence[Arrival], parts: Parts, *, now: datetime) -> list[Bundle]:
    """Write what follows from deliveries of which no two speak of the same group.

    The same event again is counted once; an event older than what stands is kept and changes nothing.
    """
    bundles = _bundles(arrivals, parts, now)
    if not bundles:
        return []
    standing = _fold(bundles)
    _write_signals(bundles, now)
    _settle(bundles, standing, now)
    flapping.note(bundles, now=now)
    heard = [one for one in bundles if not one.arrival.is_replay and any(event.is_firing for event in one.given)]
    back = watching.beat([(one.group, one.arrival.by) for one in heard], now=now)
    triage.decide(bundles, now=now)
    storing.save_groups([one.group for one in bundles])
    tell(back, now=now)
    return bundles


def tell(found: Sequence[Arrival], *, now: datetime) -> None:
    """What we found out ourselves takes the way of what senders tell: grouping, silences, proposals, triage."""
    for wave in waves(found):
        bundles = digest(wave, {}, now=now)
        for pk in sorted({one.source.pk for one in wave}):
            group_ids = [one.group.pk for one in bundles if one.group.source_id == pk]
            events.emit("signal.received", now=now, source_id=pk, received_id=None, group_ids=group_ids)


def _bundles(arrivals: Sequence[Arrival], parts: Parts, now: datetime) -> list[Bundle]:
    """The groups of these events, made where they are new, locked in id order."""
    by_place = {(one.source.pk, key): one for one in arrivals for key in one.by_key}
    locked = storing.locked_groups(list(by_place))
    known = {(row.source_id, row.key) for row in locked}
    if len(known) < len(by_place):
        fresh = [_new(one, key, parts, now) for (pk, key), one in by_place.items() if (pk, key) not in known]
        storing.add_groups(fresh)
        locked = storing.locked_groups(list(by_place))
    bundles = []
    for row in locked:
        one = by_place[row.source_id, row.key]
        given = one.by_key[row.key]
        row.source = one.source
        row.component_id = _component_of(given, parts, one) or row.component_id
        bundles.append(Bundle(row, one, given, row.state if (row.source_id, row.key) in known else "new"))
    return bundles


def _component_of(given: list[Event], parts: Parts, one: Arrival) -> int | None:
    named = next((parts[event.component] for event in given if event.component in parts), None)
    return named or one.component_id or one.source.component_id


def _new(one: Arrival, key: str, parts: Parts, now: datetime) -> Group:
    first = one.by_key[key][0]
    return Group(
        source=one.source,
        key=key,
        title=first.title,
        title_ja=first.title_ja,
        severity=first.severity,
        labels=dict(first.labels),
        url=first.url,
        component_id=_component_of(one.by_key[key], parts, one),
        state="resolved",
        first_at=now,
        last_at=now,
        resolved_at=now,
    )


def _fold(bundles: list[Bundle]) -> dict[storing.Place, Standing]:
    """Bring every alert to its newest event, and sort the events into news, late ones and repeats.

    Returns how the alerts stand that were spoken of.
    """
    known = storing.standings((one.group.pk, event.fingerprint) for one in bundles for event in one.given)
    changed: dict[storing.Place, Standing] = {}
    for one in bundles:
        for event in one.given:
            place = (one.group.pk, event.fingerprint)
            standing, verdict = fold(_stood(one, known.get(place)), event)
            if standing is not None:
                known[place] = changed[place] = standing
            if verdict == "repeated":
                one.repeated += 1
            else:
                (one.news if verdict == "new" else one.late).append(event)
    storing.save_standings(changed)
    return known


def _stood(one: Bundle, standing: Standing | None) -> Standing | None:
    """To what is replayed an alert whose moment nobody knows stands as of when its group was last heard."""
    if one.arrival.is_replay and standing is not None and standing.at is None:
        return Standing(standing.status, one.group.last_at)
    return standing


def _write_signals(bundles: list[Bundle], now: datetime) -> None:
    _only_once(bundles)
    storing.add_signals(
        (
            (one.group.pk, one.arrival.received_id, event, is_late)
            for one in bundles
            for is_late, given in ((False, one.news), (True, one.late))
            for event in given
        ),
        now,
    )


def _only_once(bundles: list[Bundle]) -> None:
    """A late event that was delivered before is a repeat."""
    late = [(one.group.pk, event.at) for one in bundles for event in one.late if event.at]
    if not late:
        return
    told = storing.told(late)
    for one in bundles:
        fresh = [e for e in one.late if (one.group.pk, e.fingerprint, e.status, e.at) not in told]
        one.repeated += len(one.late) - len(fresh)
        one.late = fresh


def _settle(bundles: list[Bundle], standing: Mapping[storing.Place, Standing], now: datetime) -> None:
    """Each group's state from its alerts: firing while one of them is."""
    still = {pk for (pk, _name), how in standing.items() if how.status == "firing"}
    still |= storing.firing([one.group.pk for one in bundles if one.group.pk not in still])
    for one in bundles:
        row = one.group
        row.last_at = now
        row.events += len(one.news) + len(one.late)
        _describe(row, [event for event in one.news if event.is_firing], was=one.was)
        row.state = "firing" if row.pk in still else "resolved"
        if row.state == "firing" and one.was != "firing":
            row.fired_at, row.resolved_at = now, None
        elif row.state == "resolved" and one.was == "firing":
            row.resolved_at = now


def _describe(row: Group, firing: list[Event], *, was: str) -> None:
    """The words of what fires now; critical as soon as one of its alerts is."""
    if not firing:
        return
    leader = next((event for event in firing if event.severity == "critical"), firing[0])
    if was != "firing" or leader.severity == "critical" or row.severity != "critical":
        row.title, row.title_ja, row.severity = leader.title, leader.title_ja, leader.severity
        row.labels, row.url = dict(leader.labels), leader.url
