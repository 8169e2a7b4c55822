"""Who looks at it: proposed to a person under a promise of triage, taken, dismissed, or declared as an incident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from tomei.accounts import audit
from tomei.cases import actions as cases
from tomei.cases import queries as incidents
from tomei.cases.facts import IncidentFacts
from tomei.customers import queries as customers
from tomei.customers.rules import words
from tomei.kernel import events
from tomei.kernel.actor import CLOCK, Actor
from tomei.kernel.errors import Missing, Refused, Stale
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text
from tomei.promises import actions as promises
from tomei.promises.facts import New
from tomei.signals.actions import silencing, storing
from tomei.signals.actions.bundles import Arrival, Bundle
from tomei.signals.models import Group, Watch
from tomei.signals.rules import CRITICAL, Event, wants_a_person
from tomei.signals.rules.mail import MAIL

MOST_AGAIN = 100  # groups that `look_again` takes at once
OVER = ("closed", "dismissed")
TRIAGED = ["triage", "incident_id", "triaged_by", "triaged_by_id", "triaged_at"]
LONG_AGO = timedelta(days=30)  # an alert that began before is a date that nobody believes


def decide(bundles: Sequence[Bundle], *, now: datetime) -> None:
    """Apply the default rule to groups whose rows are in hand; the caller saves them afterwards.

    Beginning to fire critically proposes, or declares where the component says so. Resolving ends what nobody took.
    Of a group that flaps a change changes nothing here, but it is put to a person once.
    """
    over = _over({one.group.incident_id for one in bundles if one.was == "resolved" and one.group.incident_id})
    asking = []
    for one in bundles:
        group = one.group
        begins = group.state == "firing" and one.was == "resolved"
        flaps = group.flapping_at is not None  # what was decided holds, and one promise stays, until it is calm
        if begins and not flaps and (group.triage != "declared" or group.incident_id in over):
            _anew(group)
        if group.state == "resolved" and one.was == "firing" and not flaps:
            resolved(group, by=one.arrival.by, now=now)
        elif not one.arrival.is_replay and _needs_somebody(group, one.news):
            asking.append(one)
    if asking:
        wanted = {group.pk for group in _callable([one.group for one in asking], now)}
        _look([one for one in asking if one.group.pk in wanted], now=now)


def look_again(source_id: int | None, after: int, *, now: datetime) -> int | None:
    """Put to a person what fires and was never put to one: it was read again, or nobody was told until now.

    Goes on behind the group `after`; returns where to go on, None at the end.
    """
    rows = Group.objects.select_for_update(of=("self",)).select_related("source").filter(state="firing", pk__gt=after)
    rows = rows.filter(triage__in=("none", "passed"), severity__iexact=CRITICAL)
    found = list((rows if source_id is None else rows.filter(source=source_id)).order_by("pk")[:MOST_AGAIN])
    if found:
        storing.save_groups(ask(found, now=now))
    return found[-1].pk if len(found) == MOST_AGAIN else None


def ask(groups: Sequence[Group], *, now: datetime) -> list[Group]:
    """Put these firing groups to people, but for those that may call nobody; the caller saves what is returned."""
    asking = _callable(groups, now)
    _look([Bundle(row, Arrival(None, row.source, sender(row), {}), [], "firing") for row in asking], now=now)
    return asking


def sender(group: Group) -> Actor:
    return Actor("source", group.source.pk, group.source.name)


def _callable(groups: Sequence[Group], now: datetime) -> list[Group]:
    """Those that may call people: neither watched as a heartbeat nor silenced."""
    watched = _watched(groups)
    return silencing.loud([row for row in groups if (row.source_id, row.key) not in watched], now)


def _watched(groups: Sequence[Group]) -> set[tuple[int, str]]:
    rows = Watch.objects.filter(source__in={group.source_id for group in groups})
    return set(rows.values_list("source_id", "group_key"))


def _over(incident_ids: set[int | None]) -> set[int]:
    """Of these incidents those that are over: a new firing needs a person again."""
    wanted = {pk for pk in incident_ids if pk is not None}
    known = incidents.incidents(wanted) if wanted else {}
    return {pk for pk in wanted if pk not in known or known[pk].state in OVER}


def decide_anew(group: Group) -> None:
    """A group of our own begins to fire again: what was decided the last time no longer counts."""
    if group.triage != "declared" or group.incident_id in _over({group.incident_id}):
        _anew(group)


def _anew(group: Group) -> None:
    group.triage, group.triage_due_at, group.reason = "none", None, ""
    group.triaged_by, group.triaged_by_id, group.triaged_at = "", None, None


def _needs_somebody(group: Group, news: list[Event]) -> bool:
    return (
        group.state == "firing"
        and group.triage in ("none", "passed")
        and wants_a_person(group.severity)
        and any(event.is_firing for event in news)
    )


def _look(asking: Sequence[Bundle], *, now: datetime) -> None:
    """Declared where the component declares by itself; all others are proposed to a person."""
    parts = _components([one.group for one in asking])
    waiting: dict[Actor, list[Group]] = {}
    for one in asking:
        part = parts.get(one.group.component_id or 0)
        # Anybody can write a mail: it asks for a person, and declares nothing by itself.
        by_itself = part is not None and part.declares and not part.is_archived and one.group.source.kind != MAIL
        if part is None or not by_itself or not _declares(one, part, now):
            waiting.setdefault(one.arrival.by, []).append(one.group)
    for by, groups in waiting.items():
        propose(groups, by=by, now=now)


def _declares(one: Bundle, part: customers.ComponentFacts, now: datetime) -> bool:
    """False where the declaration is refused: that must not lose the alert."""
    try:
        with transaction.atomic():
            _declare(one.group, Severity(part.declares_as), _began(one.news, now), by=one.arrival.by, now=now)
    except (Refused, Missing):
        return False
    return True


def _components(groups: Sequence[Group]) -> dict[int, customers.ComponentFacts]:
    wanted = {group.component_id for group in groups if group.component_id}
    return customers.components(wanted) if wanted else {}


def _began(news: list[Event], now: datetime) -> datetime | None:
    moments = [event.at for event in news if event.is_firing and event.at and now - LONG_AGO < event.at <= now]
    return min(moments, default=None)


def said(group: Group) -> Text:
    return Text(group.title_ja or group.title, group.title)


def propose(groups: Sequence[Group], *, by: Actor, now: datetime) -> None:
    """Somebody must look within the policy's triage time: a promise of ours for each, owned by the product's owner."""
    parts = _components(groups)
    products = customers.products({part.product_id for part in parts.values()}) if parts else {}
    owed = [(group, _product(group, parts, products)) for group in groups]
    due_at, promise_ids = _promise(owed, by=by, now=now)
    for (group, product), promise_id in zip(owed, promise_ids, strict=True):
        group.triage, group.triage_due_at = "proposed", due_at
        events.emit(
            "signal.proposed", now=now, group_id=group.pk, title=group.title, source_id=group.source_id,
            source=group.source.name, component_id=group.component_id,
            owner_id=product.owner_id if product else None, promise_id=promise_id, severity=group.severity,
            due_at=due_at.isoformat() if due_at else None,
        )  # fmt: skip


def _product(
    group: Group, parts: Mapping[int, customers.ComponentFacts], products: Mapping[int, customers.ProductFacts]
) -> customers.ProductFacts | None:
    part = parts.get(group.component_id or 0)
    return products.get(part.product_id) if part else None


def _promise(
    owed: Sequence[tuple[Group, customers.ProductFacts | None]], *, by: Actor, now: datetime
) -> tuple[datetime | None, Sequence[int | None]]:
    """When it is due and the promises, in the same order; nothing is promised before the house is founded."""
    if not customers.has_house():
        return None, [None] * len(owed)
    due_at = now + timedelta(seconds=customers.policy_for(None, None).terms.triage_s)
    ours = customers.ours().id
    news = [
        New(
            "triage", signal_group_id=group.pk, owed_by=ours, text=said(group),
            owner_id=product.owner_id if product else None, team_id=product.team_id if product else None,
            role="commander", rank=Severity.SEV1B.rank, due_at=due_at,
        )
        for group, product in owed
    ]  # fmt: skip
    return due_at, promises.make_many(news, by=by, now=now)


def resolved(group: Group, *, by: Actor, now: datetime) -> None:
    """It stopped by itself. What nobody took has passed, and its triage is owed no more; an incident goes on."""
    if group.triage == "proposed":
        group.triage = "passed"
        promises.supersede("triage", signal_group_id=group.pk, reason="resolved", by=by, now=now)
    events.emit(
        "signal.resolved", now=now, group_id=group.pk, title=group.title, incident_id=group.incident_id,
        source_id=group.source_id, source=group.source.name, triage=group.triage,
    )  # fmt: skip


def _declare(group: Group, severity: Severity, began_at: datetime | None, *, by: Actor, now: datetime) -> IncidentFacts:
    """An incident whose affected customers are the users of the component, editable before the first notice."""
    facts = cases.declare(
        title=said(group), severity=severity, component_ids=[group.component_id] if group.component_id else [],
        began_at=began_at, detected_at=now, signal_group_id=group.pk, by=by, now=now,
    )  # fmt: skip
    mark_declared(group.pk, facts.id, by=by, now=now)
    group.refresh_from_db(fields=TRIAGED)
    return facts


def _tell(group: Group, by: Actor, now: datetime) -> None:
    events.emit(
        "signal.triaged", now=now, group_id=group.pk, triage=group.triage, incident_id=group.incident_id,
        user_id=by.user_id,
    )  # fmt: skip


def _open(group_id: int) -> Group:
    row = Group.objects.select_for_update(of=("self",)).select_related("source").filter(pk=group_id).first()
    if row is None:
        raise Missing(f"group {group_id}")
    return row


def _move(group: Group, triage: str, before: tuple[str, ...], by: Actor, now: datetime, reason: str = "") -> None:
    """The UPDATE carries the condition: of two people at once the second is told who was first."""
    changed = Group.objects.filter(pk=group.pk, triage__in=before).update(
        triage=triage, triaged_by=by.name, triaged_by_id=by.user_id, triaged_at=now, reason=reason
    )
    if not changed:
        group.refresh_from_db()
        raise Stale("signal.already", who=group.triaged_by or "–", triage=group.triage)
    promises.keep("triage", signal_group_id=group.pk, act=f"signal:{triage}", by=by, now=now)
    group.triage = triage
    _tell(group, by, now)


@transaction.atomic
def take(group_id: int, *, by: Actor, now: datetime) -> None:
    """`by` looks into it: the triage is kept. Refuses `signal.already` when somebody was first."""
    by.require("signal.triage")
    _move(_open(group_id), "taken", ("none", "proposed", "passed"), by, now)
    audit.record("signal.taken", by=by, now=now, group_id=group_id)


@transaction.atomic
def dismiss(group_id: int, reason: str, *, by: Actor, now: datetime) -> None:
    """Nothing needs to be done, and why. When it fires anew, it is proposed anew."""
    by.require("signal.triage")
    clean = words.paragraph(reason, "reason", limit=1000)
    if not clean:
        raise Refused("signal.no_reason", field="reason")
    _move(_open(group_id), "dismissed", ("none", "proposed", "passed", "taken"), by, now, clean)
    audit.record("signal.dismissed", by=by, now=now, group_id=group_id, reason=clean)


@transaction.atomic
def declare_from(group_id: int, severity: Severity | str, *, by: Actor, now: datetime) -> IncidentFacts:
    """Declare an incident with what the signal says. Refuses `signal.already` when one was declared from it."""
    by.require("incident.declare")
    group = _open(group_id)
    if group.triage == "declared":
        raise Stale("signal.already", who=group.triaged_by or "–", triage=group.triage)
    began_at = group.fired_at if group.fired_at and group.fired_at <= now else None
    return _declare(group, Severity(severity), began_at, by=by, now=now)


@transaction.atomic
def mark_declared(group_id: int, incident_id: int, *, by: Actor, now: datetime) -> None:
    """An incident was declared from this group: its triage is kept. Marking twice only names who, if that is known now.

    Told by who declares here, and by the listener on `incident.declared` for every other door.
    """
    group = Group.objects.select_for_update().filter(pk=group_id).first()
    if group is None:
        return
    if group.triage == "declared" and group.incident_id == incident_id:
        if by.kind != "clock":
            Group.objects.filter(pk=group_id).update(triaged_by=by.name, triaged_by_id=by.user_id)
        return
    promises.keep("triage", signal_group_id=group.pk, act=f"incident:{incident_id}", by=by, now=now)
    group.triage, group.incident_id = "declared", incident_id
    group.triaged_by, group.triaged_by_id, group.triaged_at = by.name, by.user_id, now
    group.save(update_fields=TRIAGED)
    _tell(group, by, now)


def declared(event: events.Event) -> None:
    """Listener (`with`) on `incident.declared`: the group that it came from is settled in the same transaction."""
    if event.facts.get("signal_group_id") is not None:
        mark_declared(event["signal_group_id"], event["incident_id"], by=CLOCK, now=event.at)
