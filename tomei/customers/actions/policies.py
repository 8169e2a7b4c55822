"""Policies: named sets of times. Versions are only added; an incident keeps the one that it pinned."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from tomei.accounts import audit
from tomei.accounts.queries import people
from tomei.customers import hooks, rules
from tomei.customers.facts import PolicyFacts
from tomei.customers.models import Calendar, Contract, Policy, PolicyVersion
from tomei.customers.queries import exists, policy_facts
from tomei.customers.rules import words
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused, Stale


@transaction.atomic
def add_policy(
    name: str,
    *,
    terms: rules.Terms | None = None,
    calendar_id: int | None = None,
    by: Actor,
    now: datetime,
) -> PolicyFacts:
    """A policy with its version 1; the default times when none are given."""
    by.require("house.configure")
    clean = words.line(name, "name", limit=words.NAME, required=True)
    try:
        with transaction.atomic():
            policy = Policy.objects.create(name=clean)
    except IntegrityError as error:
        raise Refused("policy.name_taken", field="name", name=clean) from error
    return _add(policy, 1, terms or rules.default_terms(), calendar_id, reason="", by=by, now=now)


@transaction.atomic
def add_version(
    policy_id: int,
    *,
    terms: rules.Terms,
    calendar_id: int | None,
    reason: str,
    seen: int,
    by: Actor,
    now: datetime,
) -> PolicyFacts:
    """The next version, with its reason. `seen` is the number that the writer changed; `Stale` when a newer one stands.

    Refuses `policy.no_reason`, and `policy.nothing_changed` when it would say the same as the one before.
    """
    by.require("house.configure")
    clean = words.paragraph(reason, "reason", limit=1000)
    if not clean:
        raise Refused("policy.no_reason", field="reason")
    newest = _newest(policy_id)
    if newest.number != seen:
        raise _stale(newest)
    if rules.Terms.of_json(newest.terms) == terms and newest.calendar_id == calendar_id:
        raise Refused("policy.nothing_changed")
    return _add(newest.policy, seen + 1, terms, calendar_id, reason=clean, by=by, now=now)


def _stale(newest: PolicyVersion) -> Stale:
    """Who made the version that stands now, and why."""
    found = people([newest.made_by_id]) if newest.made_by_id is not None else {}
    who = found[newest.made_by_id].name if newest.made_by_id in found else "–"
    at = newest.made_at.isoformat(timespec="minutes")
    return Stale("policy.stale", number=newest.number, who=who, at=at, value=newest.reason or "–")


def _newest(policy_id: int) -> PolicyVersion:
    row = PolicyVersion.objects.select_related("policy").filter(policy=policy_id).order_by("-number").first()
    if row is None:
        raise Missing(f"policy {policy_id}")
    return row


def _add(
    policy: Policy, number: int, terms: rules.Terms, calendar_id: int | None, *, reason: str, by: Actor, now: datetime
) -> PolicyFacts:
    if not exists(Calendar, calendar_id):
        raise Refused("field.not_a_choice", field="calendar_id", value=calendar_id)
    value: dict[str, Any] = rules.Terms.of_json(terms.as_json()).as_json()  # checked by the one reader of this shape
    try:
        with transaction.atomic():
            row = PolicyVersion.objects.create(
                policy=policy,
                number=number,
                terms=value,
                calendar_id=calendar_id,
                made_by_id=by.user_id or by.id,
                made_at=now,
                reason=reason,
            )
    except IntegrityError as error:
        raise _stale(_newest(policy.pk)) from error
    audit.record("policy.version", by=by, now=now, policy_id=policy.pk, version_id=row.pk, number=number, reason=reason)
    events.emit("policy.changed", now=now, policy_id=policy.pk, version_id=row.pk)
    return policy_facts(row)


@transaction.atomic
def make_default(policy_id: int, *, by: Actor, now: datetime) -> None:
    """Counts for whoever has no contract of their own; incidents keep what they pinned."""
    by.require("house.configure")
    if not exists(Policy, policy_id):
        raise Missing(f"policy {policy_id}")
    Policy.objects.filter(is_default=True).exclude(pk=policy_id).update(is_default=False)
    Policy.objects.filter(pk=policy_id).update(is_default=True)
    audit.record("policy.default", by=by, now=now, policy_id=policy_id)


@transaction.atomic
def rename_policy(policy_id: int, name: str, *, by: Actor, now: datetime) -> None:
    by.require("house.configure")
    clean = words.line(name, "name", limit=words.NAME, required=True)
    try:
        with transaction.atomic():
            if not Policy.objects.filter(pk=policy_id).update(name=clean):
                raise Missing(f"policy {policy_id}")
    except IntegrityError as error:
        raise Refused("policy.name_taken", field="name", name=clean) from error
    audit.record("policy.renamed", by=by, now=now, policy_id=policy_id, name=clean)


@transaction.atomic
def archive_policy(policy_id: int, *, by: Actor, now: datetime) -> None:
    """Not offered any more; refused for the default and while a contract names it."""
    by.require("house.configure")
    policy = Policy.objects.filter(pk=policy_id).first()
    if policy is None:
        raise Missing(f"policy {policy_id}")
    if policy.is_default:
        raise Refused("policy.default_stays")
    if Contract.objects.filter(policy=policy_id, archived_at=None).exists():
        raise Refused("policy.in_use")
    Policy.objects.filter(pk=policy_id).update(archived_at=now)
    audit.record("policy.archived", by=by, now=now, policy_id=policy_id)


@transaction.atomic
def apply_to(policy_id: int, incident_id: int, *, by: Actor, now: datetime) -> None:
    """One running incident takes the version in force. What was told to customers stands.

    Refuses whoever may neither change severities nor configure the house; an incident that does not run under an older
    version of this policy is `Missing`.
    """
    by.require("incident.severity" if by.may("incident.severity") else "house.configure")
    newest = _newest(policy_id)
    if incident_id not in {facts.incident_id for facts in hooks.running(policy_id)}:
        raise Missing(f"incident {incident_id}")
    hooks.apply(incident_id, newest.pk, by, now)
    audit.record("policy.applied", by=by, now=now, version_id=newest.pk, incident_id=incident_id)
