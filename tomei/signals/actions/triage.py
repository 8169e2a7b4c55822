"""Who looks at it: proposed to a person under a promise of triage, taken, dismissed, or declared as an incident."""

from __future__ import annotations

from collections.abc import Sequence
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
from tomei.signals.models import Group, Watch
from tomei.signals.rules import Event, wants_a_person

OVER = ("closed", "dismissed")
TRIAGED = ["triage", "incident_id", "triaged_by", "triaged_by_id", "triaged_at"]
LONG_AGO = timedelta(days=30)  # an alert that began before is a date that nobody believes


def decide(found: Sequence[tuple[Group, str, list[Event]]], *, by: Actor, now: datetime) -> None:
    """Apply the default rule to groups whose rows are in hand; the caller saves them afterwards.

    Beginning to fire critically proposes, or declares where the component says so. Resolving ends what nobody took.
    """
    over = _over({group.incident_id for group, was, _news in found if was == "resolved" and group.incident_id})
    for group, was, news in found:
        if group.state == "firing" and was == "resolved" and (group.triage != "declared" or group.incident_id in over):
            _anew(group)
        if group.state == "resolved" and was == "firing":
            resolved(group, by=by, now=now)
        elif _needs_somebody(group, news) and not _is_watched(group):
            _look(group, news, by=by, now=now)


def _is_watched(group: Group) -> bool:
    return Watch.objects.filter(source=group.source_id, group_key=group.key).exists()


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


def _look(group: Group, news: list[Event], *, by: Actor, now: datetime) -> None:
    part = _component(group)
    if part is not None and part.declares and not part.is_archived:
        try:
            with transaction.atomic():
                _declare(group, Severity(part.declares_as), _began(news, now), by=by, now=now)
            return
        except (Refused, Missing):
            pass  # a declaration that is refused must not lose the alert: it is proposed to a person instead
    propose(group, by=by, now=now)


def _component(group: Group) -> customers.ComponentFacts | None:
    return customers.components([group.component_id]).get(group.component_id) if group.component_id else None


def _began(news: list[Event], now: datetime) -> datetime | None:
    moments = [event.at for event in news if event.is_firing and event.at and now - LONG_AGO < event.at <= now]
    return min(moments, default=None)


def said(group: Group) -> Text:
    return Text(group.title_ja or group.title, group.title)


def propose(group: Group, *, by: Actor, now: datetime) -> None:
    """Somebody must look within the policy's triage time: a promise of ours, owned by the product's owner."""
    part = _component(group)
    product = customers.products([part.product_id]).get(part.product_id) if part else None
    owner_id = product.owner_id if product else None
    due_at, promise_id = None, None
    if customers.has_house():
        policy = customers.policy_for(None, part.product_id if part else None)
        due_at = now + timedelta(seconds=policy.terms.triage_s)
        promise_id = promises.make(
            "triage", signal_group_id=group.pk, owed_by=customers.ours().id, text=said(group), owner_id=owner_id,
            team_id=product.team_id if product else None, role="commander", rank=Severity.SEV1B.rank, due_at=due_at,
            by=by, now=now,
        )  # fmt: skip
    group.triage, group.triage_due_at = "proposed", due_at
    events.emit(
        "signal.proposed", now=now, group_id=group.pk, title=group.title, source_id=group.source_id,
        source=group.source.name, component_id=group.component_id, owner_id=owner_id, promise_id=promise_id,
        severity=group.severity, due_at=due_at.isoformat() if due_at else None,
    )  # fmt: skip


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
