"""What an update keeps and what it promises: next times per audience, scope, the other language, the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tomei.cases import queries as cases
from tomei.cases.facts import IncidentFacts
from tomei.comms.facts import UpdateFacts
from tomei.comms.rules import missing_language
from tomei.comms.rules.audiences import OUTSIDE
from tomei.customers import queries as customers
from tomei.customers.queries import PolicyFacts
from tomei.kernel.actor import Actor
from tomei.promises import actions as promises
from tomei.promises import queries as promise_queries
from tomei.promises.facts import New, PromiseFacts

HEARD = ("first_notice", "scope_notice", "next_update")


def is_outside(audiences: Sequence[str]) -> bool:
    return any(one in OUTSIDE or one.startswith("customer:") for one in audiences)


def due_for(promised: Sequence[PromiseFacts], audiences: Sequence[str]) -> datetime | None:
    """The soonest told or owed time that an update to these audiences would keep."""
    outside = is_outside(audiences)
    waiting = [
        one.due_at
        for one in promised
        if one.kind in HEARD and (one.audience in audiences or (one.kind != "next_update" and outside))
    ]
    return min(waiting, default=None)


def keep(update: UpdateFacts, *, heard_all: bool, counts: bool, by: Actor, now: datetime) -> None:
    """End what this update fulfils. `heard_all`: everybody affected got it; `counts`: it keeps next times."""
    act, incident_id = f"update:{update.id}", update.incident_id
    kept: list[int] = []
    if counts:
        for audience in update.audiences:
            mine = promises.keep("next_update", incident_id=incident_id, audience=audience, act=act, by=by, now=now)
            if audience == "public":
                kept += mine
    if heard_all:
        promises.keep("first_notice", incident_id=incident_id, act=act, by=by, now=now)
        if update.parts.get("scope") or update.kind in ("recovery", "dismissal"):
            promises.keep("scope_notice", incident_id=incident_id, act=act, by=by, now=now)
    for promise_id in kept:  # the page is the channel: it takes the update in this very transaction
        promises.reached(promise_id, now=now)


def promise(
    update: UpdateFacts,
    incident: IncidentFacts,
    policy: PolicyFacts,
    *,
    first: bool,
    counts: bool,
    by: Actor,
    now: datetime,
) -> None:
    """Make what this update promises: the next time per audience, the scope after a first notice, the other language.

    Where heartbeats do not keep the next time (`counts` false) they make none either: the told one still runs.
    """
    news = [
        _new(update, incident, "next_update", update.next_at, audience=one)
        for one in update.audiences
        if update.next_at and counts
    ]
    if first and not update.parts.get("scope") and update.kind == "update":
        due = policy.due(incident.severity, policy.terms.of(incident.severity).scope_notice_s, now)
        news.append(_new(update, incident, "scope_notice", due, audience="affected", told=False))
    if update.translation_due_at is not None:
        news.append(
            _new(
                update, incident, "translation", update.translation_due_at, audience=missing_language(update.languages)
            )
        )
    if update.report_due_at is not None and not _report(incident.id):
        news.append(_new(update, incident, "report", update.report_due_at))
    _make(news, incident, by=by, now=now)


def promise_translation(update: UpdateFacts, incident: IncidentFacts, *, by: Actor, now: datetime) -> None:
    """A correction in one language owes the other one again."""
    missing = missing_language(update.languages)
    _make(
        [_new(update, incident, "translation", update.translation_due_at, audience=missing)], incident, by=by, now=now
    )


def _make(news: Sequence[New], incident: IncidentFacts, *, by: Actor, now: datetime) -> None:
    ours, holders = customers.ours().id, cases.holders(incident.id)
    team_id = customers.product(incident.product_id).team_id if incident.product_id is not None else None
    promises.make_many([_owned(new, ours, holders, incident, team_id) for new in news], by=by, now=now)


def _new(
    update: UpdateFacts,
    incident: IncidentFacts,
    kind: str,
    due_at: datetime | None,
    *,
    audience: str = "",
    told: bool = True,
) -> New:
    assert due_at is not None  # callers ask only for what has a time
    return New(
        kind=kind, owed_by=0, due_at=due_at, rank=incident.rank, incident_id=incident.id, audience=audience,
        about=f"update:{update.id}", told=told, drill=incident.drill, restricted=incident.restricted,
        owed_to=_organisation(audience),
    )  # fmt: skip


def _organisation(audience: str) -> int | None:
    kind, _, number = audience.partition(":")
    return int(number) if kind == "customer" else None


def _owned(new: New, ours: int, holders: dict[str, list[int]], incident: IncidentFacts, team_id: int | None) -> New:
    """Who holds the role that speaks owns it, else the accountable owner."""
    role = "commander" if new.kind == "report" else "communications"
    holder = next(iter(holders.get(role, ())), None)
    return replace(new, owed_by=ours, owner_id=holder or incident.owner_id, role=role, team_id=team_id)


def _report(incident_id: int) -> PromiseFacts | None:
    return next((one for one in promise_queries.open_of(incident_id) if one.kind == "report"), None)


def report_due(incident: IncidentFacts, policy: PolicyFacts, now: datetime) -> datetime:
    """The date that a recovery notice names: the one already told, else working days from now by the calendar."""
    known = _report(incident.id)
    return known.due_at if known else policy.report_due(incident.severity, now)


def translation_due(
    policy: PolicyFacts, languages: Sequence[str], audiences: Sequence[str], now: datetime
) -> datetime | None:
    """When the other language follows; None when both are there or nobody outside reads it."""
    if not missing_language(languages) or not is_outside(audiences):
        return None
    return now + timedelta(seconds=policy.terms.translation_s)
