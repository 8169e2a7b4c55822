"""Everything that is decided before a word goes out: refused here or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tomei.cases import queries as cases
from tomei.cases.facts import IncidentFacts
from tomei.comms import attaching, guards, offering, owing, queries, reviews, rules, sending
from tomei.comms.facts import Reached, UpdateInput
from tomei.comms.guards import Finding
from tomei.customers import queries as customers
from tomei.customers.queries import PolicyFacts
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text
from tomei.promises import queries as promise_queries


@dataclass(frozen=True, slots=True)
class Plan:
    """An update that nothing refuses. `organisation_ids` are the customers it speaks to."""

    incident: IncidentFacts
    policy: PolicyFacts
    draft: UpdateInput
    kind: str
    audiences: tuple[str, ...]
    languages: tuple[str, ...]
    parts: Mapping[str, Text]
    estimate: rules.Estimate | None
    report_due_at: datetime | None
    translation_due_at: datetime | None
    overruled: tuple[Mapping[str, Any], ...]
    approved: rules.Approval
    reached: Reached
    first: bool


def seen(incident_id: int, by: Actor) -> IncidentFacts:
    """The incident, when this actor may find it."""
    return cases.by_number(cases.incident(incident_id).number, by)


def latest(incident: IncidentFacts, policy: PolicyFacts, now: datetime) -> datetime:
    """The latest next time: the policy's interval, or the slower one that was announced before."""
    seconds = max(policy.terms.of(incident.severity).update_s, incident.slow_cadence_s or 0)
    return policy.due(incident.severity, seconds, now)


def told_parts(parts: Mapping[str, Text]) -> dict[str, Text]:
    """The parts that hold words, trimmed, in reading order."""
    kept = {name: Text(text.ja.strip(), text.en.strip()) for name, text in parts.items() if text}
    order = [*rules.PARTS, *[name for name in kept if name not in rules.PARTS]]
    return {name: kept[name] for name in order if name in kept}


def decide(
    incident_id: int,
    draft: UpdateInput,
    *,
    by: Actor,
    now: datetime,
    confirmed: bool,
    beforehand: rules.Approval | None = None,
) -> Plan:
    """Ask every rule in the order in which a person can mend things; nothing is written.

    `beforehand`: a person approved these words before the incident was; the clock sends them.
    """
    incident = seen(incident_id, by)
    policy = customers.policy_version(incident.policy_version_id)
    told = queries.told(incident.id)
    kind = draft.kind or rules.kind_for(incident.state, draft.state, recovery_told=told.recovery)
    rules.check_kind(kind, current=incident.state, wanted=draft.state)
    audiences = rules.audiences_for(kind, draft.audiences, told.audiences)
    rules.check_audiences(audiences, restricted=incident.restricted, affected=_known(incident, kind, audiences))
    parts = told_parts(offering.with_next(draft.parts, draft.next_at, now))
    rules.check_parts(parts, kind=kind, first=not told.count)
    languages = rules.languages_of(parts)
    _check_times(draft, kind, incident, policy, now)
    attaching.check(incident.id, draft.file_ids)
    estimate = rules.revised(draft.estimate, told.estimate, now=now)
    found = look(incident, parts, audiences=audiences, state=draft.state, estimated=estimate is not None)
    if beforehand is not None:
        draft = replace(draft, overrules=_overruled_beforehand(found, beforehand))
    approved = beforehand or _approval(incident, policy, draft, audiences, kind, found, by, now)
    if draft.cadence is not None:
        by.require("update.publish")
    overruled = judge(found, draft.overrules, by=by, free=approved.unapproved or approved.by_id is not None, now=now)
    reached = _reached(incident, kind, audiences)
    first = owing.is_outside(audiences) and not told.outside
    if first and not confirmed and not incident.drill:
        _ask_once(reached)
    recovery = kind == "recovery"
    return Plan(
        incident, policy, draft, kind, audiences, languages, parts, estimate,
        owing.report_due(incident, policy, now) if recovery else None,
        owing.translation_due(policy, languages, audiences, now),
        overruled, approved, reached, first,
    )  # fmt: skip


def _overruled_beforehand(found: Sequence[Finding], approved: rules.Approval) -> dict[str, str]:
    """What the incident's own names may set off was read by who approved it; an admission never goes by itself."""
    held = next((one for one in found if one.guard in guards.HELD), None)
    if held is not None:
        raise Refused("first.liability", match=held.match[:40])
    return {one.key: f"approved beforehand by {approved.by_name}" for one in found}


def _known(incident: IncidentFacts, kind: str, audiences: Sequence[str]) -> list[int]:
    """Whom `customer:<id>` may name; what goes where we told before asks no more."""
    if kind in ("recovery", "dismissal"):
        return [pk for one in audiences if (pk := rules.organisation_of(one)) is not None]
    return queries.affected(incident.id, everyone=True)


def _check_times(draft: UpdateInput, kind: str, incident: IncidentFacts, policy: PolicyFacts, now: datetime) -> None:
    rules.check_next(draft.next_at, state=draft.state, now=now, latest=latest(incident, policy, now))
    rules.check_cadence(draft.cadence, severity=incident.severity, update_s=policy.terms.of(incident.severity).update_s)
    if kind == "recovery" and incident.state != "restored" and not draft.proof.strip():
        raise Refused("update.no_proof")
    if kind == "dismissal" and incident.state != "dismissed" and not draft.reason.strip():
        raise Refused("update.no_reason")


def _approval(
    incident: IncidentFacts,
    policy: PolicyFacts,
    draft: UpdateInput,
    audiences: Sequence[str],
    kind: str,
    found: Sequence[Finding],
    by: Actor,
    now: datetime,
) -> rules.Approval:
    """A heartbeat is its own right, until it admits something; what stays in the house needs no approval."""
    liability = any(one.guard in guards.HELD for one in found)
    if kind == "heartbeat":
        by.require("update.heartbeat")
        if not liability:
            return rules.Approval(False)
    by.require("update.draft")
    if not owing.is_outside(audiences):
        return rules.Approval(False)
    own = policy.terms.of(incident.severity)
    version = rules.version(
        draft.parts, state=draft.state, audiences=draft.audiences, files=draft.file_ids, estimate=draft.estimate
    )
    return rules.approval(
        may_publish=by.may("update.publish"), may_draft=True, now=now, liability=liability,
        due_at=owing.due_for(promise_queries.open_of(incident.id), audiences),
        approved=reviews.approved(incident.id, rules.digest(version)),
        second=rules.needs_second(audiences, public=own.review_public, outside=own.review_outside),
    )  # fmt: skip


def _reached(incident: IncidentFacts, kind: str, audiences: Sequence[str]) -> Reached:
    """A dismissal is told only where it was told: to the organisations that an update went to."""
    if kind != "dismissal":
        return sending.reach(incident, audiences)
    return sending.reach(incident, audiences, queries.told_organisations(incident.id))


def _ask_once(reached: Reached) -> None:
    """Before the first send to more than one organisation: how many people, which organisations, who has no channel."""
    if len(reached.organisation_ids) <= 1:
        return
    names = customers.organisations(reached.organisation_ids)
    raise Refused(
        "update.confirm",
        people=reached.people,
        organisations_count=len(reached.organisation_ids),
        organisations=", ".join(
            names[pk].name.ja or names[pk].name.en for pk in reached.organisation_ids if pk in names
        ),
        organisation_ids=list(reached.organisation_ids),
        without_count=len(reached.without_channel),
        without_channel=[names[pk].name.ja or names[pk].name.en for pk in reached.without_channel if pk in names],
    )


def look(
    incident: IncidentFacts,
    parts: Mapping[str, Text],
    *,
    audiences: Sequence[str] = (),
    without: int | None = None,
    state: str = "",
    estimated: bool = False,
) -> list[Finding]:
    """What the guards say of these parts; `without` leaves one update (the one being corrected) out of the past.

    `state` is what the update says (where the incident stands by default), `estimated` that it has an estimate.
    """
    facts = queries.guard_facts(
        incident.id,
        product_id=incident.product_id,
        tried=bool(parts.get("tried")),
        audiences=audiences,
        without=without,
        cause_known=_cause_known(incident, state or incident.state),
        estimated=estimated,
        outside=not audiences or owing.is_outside(audiences),
    )
    return guards.check_parts({name: parts[name] for name in parts if name in rules.TOLD}, facts, rules.TOLD)


def _cause_known(incident: IncidentFacts, state: str) -> bool:
    """May a cause be told as a fact: this update says so, one before it did, or the moment it was found is kept."""
    if state in ("identified", "restored", "closed", "dismissed") or incident.cause_found_at is not None:
        return True
    return state != "investigating" and queries.was_identified(incident.id)


def judge(
    found: Sequence[Finding], reasons: Mapping[str, str], *, by: Actor, free: bool, now: datetime
) -> tuple[Mapping[str, Any], ...]:
    """The findings that a reason overrules, as they are recorded; refuses `update.guard` for those without one.

    Overruling is a commander's. `free`: who sends alone against the deadline may do it too, since nothing holds an
    update; and who sends what a commander approved with its reasons.
    """
    open_now = [one for one in found if not reasons.get(one.key, "").strip()]
    if open_now:
        raise Refused(
            "update.guard",
            count=len(open_now),
            found=", ".join(f"{one.guard}: {one.match[:40]}" for one in open_now[:5]),
            findings=[_as_fact(one) for one in open_now],
        )
    if found and not free and not by.may("incident.overrule"):
        raise Refused("update.no_overrule")
    who = {"by": by.user_id or by.id, "name": by.name, "at": now.isoformat()}
    return tuple({**_as_fact(one), "reason": reasons[one.key].strip()[:1000], **who} for one in found)


def _as_fact(one: Finding) -> dict[str, Any]:
    return {
        "key": one.key, "guard": one.guard, "language": one.language, "part": one.part, "match": one.match[:200],
    }  # fmt: skip


def as_heartbeat(incident: IncidentFacts, tried: Text, audiences: tuple[str, ...]) -> UpdateInput:
    """ "Still on it", what was tried, where we told before (else the affected customers and the house)."""
    wanted = audiences or queries.told(incident.id).audiences or ("affected", "internal")
    return UpdateInput(parts={"tried": tried}, state=incident.state, audiences=wanted, kind="heartbeat")
