"""What earlier features ask of later ones: names, rights, what a policy would change."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from tomei.cases import actions as case_actions
from tomei.cases import queries as cases
from tomei.comms import queries as comms
from tomei.comms.beforehand import actions as beforehand
from tomei.comms.maintenance import queries as maintenance
from tomei.customers import hooks, listing
from tomei.customers import queries as customers
from tomei.kernel.actor import CLOCK, Actor
from tomei.kernel.errors import Missing, Stale
from tomei.kernel.text import Text
from tomei.promises import queries as promises
from tomei.promises.facts import Named
from tomei.signals import actions as signal_actions
from tomei.signals import queries as signals


def names(
    incident_ids: Sequence[int], case_ids: Sequence[int], group_ids: Sequence[int], maintenance_ids: Sequence[int] = ()
) -> dict[tuple[str, int], Named]:
    """What promises hang on, for people."""
    incidents, case_keys = cases.names(incident_ids, case_ids)
    found = {("incident", pk): Named(key, title, f"/incidents/{key}/") for pk, (key, title) in incidents.items()}
    found |= {("case", pk): Named(key, Text(key, key), f"/cases/{key}/") for pk, key in case_keys.items()}
    titles = signals.titles(group_ids) if group_ids else {}
    found |= {("group", pk): Named(title, Text(title, title), f"/signals/{pk}/") for pk, title in titles.items()}
    works = maintenance.many(maintenance_ids) if maintenance_ids else {}
    return found | {("maintenance", pk): Named(one.key, one.title, one.url) for pk, one in works.items()}


def incident_of(key: str, by: Actor) -> int:
    """`INC-12` -> its id; `Missing` when it is not there or not for this reader."""
    return cases.by_number(key, by).id


def silence(slugs: Sequence[str], until: datetime, reason: str, by: Actor, now: datetime) -> list[int]:
    """One silence for each component of a maintenance. Who may begin it, the clock too, may silence it."""
    may = replace(by, rights=by.rights | {"signal.triage"})
    return [signal_actions.add_silence(f"component = {slug}", until, reason, by=may, now=now) for slug in slugs if slug]


def end_silences(silence_ids: Sequence[int], by: Actor, now: datetime) -> None:
    """Those of a maintenance that is over, or lasts longer; some may have ended by themselves."""
    may = replace(by, rights=by.rights | {"signal.triage"})
    for pk in silence_ids:
        with suppress(Missing, Stale):
            signal_actions.end_silence(pk, by=may, now=now)


def holds(user_id: int) -> set[int]:
    """Restricted incidents in which this person holds a role."""
    return cases.held_restricted(user_id)


def may_read_incident(incident_id: int, by: Actor) -> bool:
    """Whoever may find the incident may read what hangs on it."""
    return cases.may_read(incident_id, by)


def may_read_update(update_id: int, by: Actor) -> bool:
    """What was told can be read by whoever may find the incident."""
    return cases.may_read(comms.update(update_id).incident_id, by)


def declared_from(group_id: int, incident_id: int, by: Actor, now: datetime) -> None:
    """Whoever declared from a group of signals has triaged it."""
    signal_actions.mark_declared(group_id, incident_id, by=by, now=now)


def running(policy_id: int) -> list[hooks.RunningFacts]:
    """What the newest version would change for incidents that run under an older one."""
    newest = customers.newest_versions([policy_id])[policy_id]
    versions = {one.version_id: one for one in listing.versions_of(policy_id) if one.version_id != newest.version_id}
    return [_running(facts, versions[facts.policy_version_id], newest) for facts in cases.running(versions, CLOCK)]


def _running(
    incident: cases.IncidentFacts, old: customers.PolicyFacts, new: customers.PolicyFacts
) -> hooks.RunningFacts:
    changes = []
    for promise in promises.open_of(incident.id):
        seconds = _seconds(new, incident.severity, promise.kind, promise.about)
        if seconds is None or seconds == _seconds(old, incident.severity, promise.kind, promise.about):
            continue
        due_at = new.due(incident.severity, seconds, promise.created_at)
        changes.append(hooks.PromiseChange(promise.kind, promise.due_at, due_at, promise.told))
    return hooks.RunningFacts(incident.id, incident.key, incident.title, old.number, changes, incident.url)


def _seconds(policy: customers.PolicyFacts, severity: str, kind: str, about: str) -> int | None:
    """The time that a policy gives a kind of promise, where it gives one."""
    terms = policy.terms.of(severity)
    if kind == "role_filled":
        return terms.roles_s.get(about.removeprefix("role:"))
    return {
        "first_notice": terms.first_notice_s, "scope_notice": terms.scope_notice_s, "next_update": terms.update_s,
        "acknowledgement": terms.acknowledge_s, "silence": terms.silence_s, "top_tier": terms.top_tier_s,
    }.get(kind)  # fmt: skip


def apply_policy(incident_id: int, version_id: int, by: Actor, now: datetime) -> None:
    case_actions.apply_policy(incident_id, version_id, by=by, now=now)
    beforehand.plan(incident_id, now=now, changed=True)


def open_of(organisation_ids: list[int]) -> dict[int, hooks.OpenFacts]:
    """Beside each customer's name: open cases and how long they may hear nothing."""
    counts = cases.open_cases_by_organisation(CLOCK)
    limits: dict[int, int] = {}
    for row in cases.silence_rows(CLOCK, limit=500):
        limits[row.organisation_id] = min(row.limit_s, limits.get(row.organisation_id, row.limit_s))
    return {pk: hooks.OpenFacts(counts.get(pk, 0), limits.get(pk)) for pk in organisation_ids}


def announced(
    organisation_id: int, component_ids: Sequence[int], since: datetime, until: datetime
) -> list[tuple[int, datetime, datetime]]:
    """Maintenance that this customer was told of before it began, by component: the window as told."""
    wanted, found = set(component_ids), []
    for one in maintenance.told_to(organisation_id, since=since):
        if one.state == "cancelled" or one.told_at is None or one.told_at >= one.starts_at or one.starts_at >= until:
            continue
        found += [(pk, one.starts_at, one.ends_at) for pk, _impact in one.components if pk in wanted]
    return found
