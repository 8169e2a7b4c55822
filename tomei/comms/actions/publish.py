"""Say it: one transaction with the row, the timeline, the promises, the state, the words to customers and the mails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from tomei.cases import actions as cases
from tomei.cases import queries as case_queries
from tomei.cases import timeline
from tomei.cases.facts import EntryFacts
from tomei.cases.rules.impacts import Change as ImpactChange
from tomei.comms import attaching, owing, queries, rules, sending
from tomei.comms.actions import plan as planning
from tomei.comms.actions.plan import Plan
from tomei.comms.facts import UpdateFacts, UpdateInput
from tomei.comms.guards import HELD, Finding
from tomei.comms.models import Draft, Update
from tomei.kernel import events
from tomei.kernel.actor import CLOCK, Actor
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text

AUTOMATIC = "Tomei"  # whose name stands at what the clock sent
_MOVES = {
    "investigating": "investigate",
    "identified": "identify",
    "mitigating": "mitigate",
    "monitoring": "monitor",
    "restored": "restore",
    "dismissed": "dismiss",
}


@transaction.atomic
def publish(incident_id: int, draft: UpdateInput, *, by: Actor, now: datetime, confirmed: bool = False) -> UpdateFacts:
    """The update stands, is in the outbox of everybody it goes to, and its next time is promised per audience.

    Refuses what the rules refuse (`rules`), findings of the guards without a reason (`update.guard`), a missing
    approval (`update.needs_approval`), and once per incident asks before it goes to many (`update.confirm`).
    """
    cases.lock([incident_id])
    return _send(planning.decide(incident_id, draft, by=by, now=now, confirmed=confirmed), by=by, now=now)


@transaction.atomic
def publish_alone(incident_id: int, draft: UpdateInput, *, approved: rules.Approval, now: datetime) -> UpdateFacts:
    """The clock sends what `approved.by_id` approved beforehand, by the same path. Refuses `first.nobody` when it would
    reach nobody, `first.liability`, and what the rules refuse to everybody."""
    cases.lock([incident_id])
    plan = planning.decide(incident_id, draft, by=CLOCK, now=now, confirmed=True, beforehand=approved)
    if not plan.reached.people and "public" not in plan.audiences:
        raise Refused("first.nobody")
    return _send(plan, by=CLOCK, now=now)


@transaction.atomic
def heartbeat(
    incident_id: int,
    tried: Text,
    *,
    next_at: datetime | None,
    audiences: tuple[str, ...] = (),
    overrules: Mapping[str, str] | None = None,
    impacts: tuple[ImpactChange, ...] = (),
    by: Actor,
    now: datetime,
) -> UpdateFacts:
    """One tap: still on it, what was tried, when we speak next. Refuses `update.no_tried` and as `publish` does."""
    cases.lock([incident_id])
    incident = planning.seen(incident_id, by)
    draft = planning.as_heartbeat(incident, tried, audiences)
    draft = replace(draft, next_at=next_at, overrules=dict(overrules or {}), impacts=impacts)
    return _send(planning.decide(incident_id, draft, by=by, now=now, confirmed=True), by=by, now=now)


def look(incident_id: int, draft: UpdateInput, *, by: Actor, now: datetime) -> Plan:
    """What `publish` would do at `now`, without doing it: for the preview and the question before the first send."""
    return planning.decide(incident_id, draft, by=by, now=now, confirmed=True)


def findings(
    incident_id: int,
    parts: Mapping[str, Text],
    *,
    by: Actor,
    audiences: Sequence[str] = (),
    without: int | None = None,
    state: str = "",
    estimated: bool = False,
) -> list[Finding]:
    """What the guards say of a text that is being written; `state` is what it says, `estimated` that it estimates."""
    incident = planning.seen(incident_id, by)
    told = planning.told_parts(parts)
    return planning.look(incident, told, audiences=audiences, without=without, state=state, estimated=estimated)


def _send(plan: Plan, *, by: Actor, now: datetime) -> UpdateFacts:
    incident = plan.incident
    row = _write(plan, by, now)
    attaching.hang(row, plan.draft.file_ids, by=by, now=now)
    update = queries.facts_of(row)
    entry = _enter(update, plan, by, now)
    Update.objects.filter(pk=update.id).update(head=entry.anchor)
    update = replace(update, head=entry.anchor)
    counts = plan.kind != "heartbeat" or plan.policy.terms.heartbeats_count
    heard_all = "affected" in plan.audiences or ("public" in plan.audiences and not plan.reached.organisation_ids)
    owing.keep(update, heard_all=heard_all, counts=counts, by=by, now=now)
    ending = plan.draft.state in rules.ENDED
    cases.set_impacts(incident.id, plan.draft.impacts, ending=ending, by=by, now=now)
    _move(plan, by, now)
    _word(plan, now)
    if plan.draft.cadence is not None:
        cadence = plan.draft.cadence
        cases.announce_cadence(incident.id, cadence.seconds, agreed=bool(cadence.agreed_by.strip()), by=by, now=now)
    after = case_queries.incident(incident.id)
    owing.promise(update, after, plan.policy, first=plan.first, counts=counts, by=by, now=now)
    sending.queue(update, after, plan.reached, now=now)
    done_with = Q(author=by.user_id) if plan.kind != "heartbeat" else Q(pk=None)
    Draft.objects.filter(Q(pk=plan.draft.draft_id) | done_with, incident=incident.id).delete()
    _emit(update, plan, now)
    return update


def _write(plan: Plan, by: Actor, now: datetime) -> Update:
    return Update.objects.create(
        incident_id=plan.incident.id, number=plan.incident.updates + 1, kind=plan.kind, state=plan.draft.state,
        severity=str(plan.incident.severity), parts={name: text.as_json() for name, text in plan.parts.items()},
        languages=list(plan.languages), audiences=list(plan.audiences), next_at=plan.draft.next_at,
        report_due_at=plan.report_due_at, estimate=plan.estimate.as_json() if plan.estimate else None,
        overruled=list(plan.overruled), unapproved=plan.approved.unapproved, author_id=by.user_id,
        author_name=AUTOMATIC if by.kind == "clock" else by.name, automatic=by.kind == "clock",
        drafted_by_id=_drafted_by(plan, by), published_at=now, translation_due_at=plan.translation_due_at,
        approved_by_id=plan.approved.by_id, approved_by_name=plan.approved.by_name, template=plan.draft.template,
    )  # fmt: skip


def _written(update: UpdateFacts) -> dict[str, Any]:
    """Who wrote it, who approved it, what it began with: only where there is something to tell."""
    told = {name: getattr(update, name) for name in ("drafted_by_id", "approved_by_id", "template", "automatic")}
    return {name: value for name, value in told.items() if value}


def _drafted_by(plan: Plan, by: Actor) -> int | None:
    """Who wrote the draft that somebody else now publishes."""
    mine = Draft.objects.filter(pk=plan.draft.draft_id or 0, incident=plan.incident.id).exclude(author=by.user_id)
    return mine.values_list("author_id", flat=True).first()


def _enter(update: UpdateFacts, plan: Plan, by: Actor, now: datetime) -> EntryFacts:
    """The timeline's entry, which customers may read when it went to all of them."""
    return timeline.add(
        update.incident_id, "update.published", by=by, at=now, audience=entry_audience(plan.audiences),
        body=entry_body(plan.parts, plan.audiences), update_id=update.id, number=update.number, kind=update.kind,
        state=update.state, audiences=list(update.audiences), languages=list(update.languages),
        next_at=update.next_at, report_due_at=update.report_due_at, unapproved=update.unapproved,
        organisation_ids=list(plan.reached.organisation_ids), people=plan.reached.people,
        overruled=[{name: one[name] for name in ("guard", "language", "part")} for one in plan.overruled],
        **_written(update), **attaching.entry_data(update.files),
    )  # fmt: skip


def entry_audience(audiences: tuple[str, ...]) -> str:
    """A word to one customer alone stays internal in the shared timeline."""
    if "public" in audiences:
        return "public"
    return "customer" if "affected" in audiences else "internal"


def entry_body(parts: Mapping[str, Text], audiences: tuple[str, ...]) -> str:
    """Both languages as they were told; what never leaves the house only where the entry does not either."""
    shown = rules.shown_parts("internal" if entry_audience(audiences) == "internal" else entry_audience(audiences))
    bodies = (rules.body_of(parts, language, shown) for language in ("ja", "en"))
    return "\n\n".join(filter(None, bodies))


def _move(plan: Plan, by: Actor, now: datetime) -> None:
    """The incident stands where the update says it does."""
    draft, incident = plan.draft, plan.incident
    if draft.state == incident.state:
        return
    cases.move(
        incident.id,
        _MOVES[draft.state],
        seen=draft.seen_state_v,
        reason=draft.reason,
        proof=draft.proof,
        by=by,
        now=now,
    )


def _word(plan: Plan, now: datetime) -> None:
    """Count it, and begin anew the silence of those it was sent to; who cannot be written to has heard nothing."""
    deaf = set(plan.reached.without_channel)
    heard = [pk for pk in plan.reached.organisation_ids if pk not in deaf]
    cases.update_published(plan.incident.id, heard, now=now)


def _emit(update: UpdateFacts, plan: Plan, now: datetime) -> None:
    events.emit(
        "update.published", now=now, update_id=update.id, incident_id=update.incident_id, number=update.number,
        kind=update.kind, audiences=list(update.audiences), organisation_ids=list(plan.reached.organisation_ids),
        next_at=update.next_at.isoformat() if update.next_at else None, unapproved=update.unapproved,
        liability=any(one["guard"] in HELD for one in update.overruled), automatic=update.automatic,
        drill=plan.incident.drill, restricted=plan.incident.restricted,
    )  # fmt: skip
