"""From what `rules.owed` decides to rows of promises, and back again when nothing is owed any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tomei.cases.models import WORKING, Case, Incident
from tomei.cases.queries import about_incidents as incident_queries
from tomei.cases.queries.about_cases import silence_limit
from tomei.cases.rules import owed as rules
from tomei.cases.rules import roles as role_rules
from tomei.customers import queries as customers
from tomei.kernel.actor import CLOCK, Actor
from tomei.kernel.severity import Severity
from tomei.promises import actions as promises
from tomei.promises import queries as promise_queries
from tomei.promises import rules as promise_rules
from tomei.promises.facts import New

# What a restored system no longer owes: the cause has gone. Told times and the report stay.
REPLACED = "severity_raised"
MOOT_WHEN_RESTORED = ("silence", "role_filled", "top_tier", "acknowledgement", "hand_over")


def ground(row: Incident, policy: customers.PolicyFacts, now: datetime) -> rules.Ground:
    severity = Severity(row.severity)
    return rules.Ground(severity, policy.terms.of(severity), policy.calendar, now, row.detected_at)


def make(
    row: Incident,
    owed: Sequence[rules.Owed],
    *,
    held: Mapping[str, Sequence[int]] | None = None,
    team_id: int | None = None,
    by: Actor,
    now: datetime,
) -> list[int]:
    """Make these promises on the incident. Who holds the role owns it, else the accountable owner."""
    if not owed:
        return []
    ours = customers.ours().id
    team = team_id if team_id is not None else _team(row)
    news = [_new(row, one, ours=ours, held=held or {}, team_id=team) for one in owed]
    return promises.make_many(news, by=by, now=now)


def _team(row: Incident) -> int | None:
    return customers.product(row.product_id).team_id if row.product_id is not None else None


def _new(row: Incident, one: rules.Owed, *, ours: int, held: Mapping[str, Sequence[int]], team_id: int | None) -> New:
    role = promise_rules.kind(one.kind).role
    holder = next(iter(held.get(role, ())), None)
    return New(
        kind=one.kind, owed_by=ours, due_at=one.due_at, rank=row.rank, incident_id=row.pk, owed_to=one.owed_to,
        audience=one.audience, about=one.about, owner_id=one.owner_id or holder or row.owner_id, team_id=team_id,
        role="sponsor" if one.about == "role:sponsor" else "",  # theirs, also when the command changes hands
        drill=row.drill, restricted=row.restricted,
    )  # fmt: skip


def word(
    row: Incident, cases: Sequence[Case], *, policy: customers.PolicyFacts, at: datetime, by: Actor, now: datetime
) -> None:
    """These customers heard from us at `at`: their silence ends kept (or late), and a new one begins while it burns."""
    wanted = {case.organisation_id for case in cases if case.state in ("open", "resumed")}
    _keep_silence(row, wanted, by=by, now=now)
    if row.state not in WORKING or not wanted:
        return
    limit_s = silence_limit(policy, Severity(row.severity), row.slow_cadence_s)
    base = ground(row, policy, now)
    make(
        row,
        rules.silence(base, sorted(wanted), limit_s=limit_s, at=at),
        held=incident_queries.holders(row.pk),
        by=by,
        now=now,
    )


def _keep_silence(row: Incident, wanted: set[int], *, by: Actor, now: datetime) -> None:
    waiting = {one.owed_to_id for one in promise_queries.open_of(row.pk) if one.kind == "silence"}
    if waiting and waiting <= wanted:  # everybody heard it: one statement instead of one per customer
        promises.keep("silence", incident_id=row.pk, now=now, by=by)
        return
    for organisation_id in sorted(pk for pk in waiting & wanted if pk is not None):
        promises.keep("silence", incident_id=row.pk, owed_to=organisation_id, now=now, by=by)


def word_owed(row: Incident, organisation_ids: Sequence[int], *, by: Actor, now: datetime) -> None:
    """These customers joined while it burns: their silence counts from now."""
    if row.state in WORKING and organisation_ids:
        base = ground(row, customers.policy_version(row.policy_version_id), now)
        make(row, rules.silence(base, organisation_ids), held=incident_queries.holders(row.pk), by=by, now=now)


def end_silence(row: Incident, organisation_ids: Iterable[int], *, reason: str, now: datetime) -> None:
    """Nothing more to say to these: not kept and not broken, unless it was overdue already."""
    for organisation_id in organisation_ids:
        promises.supersede("silence", incident_id=row.pk, owed_to=organisation_id, reason=reason, now=now, by=CLOCK)


def end_moot(row: Incident, *, now: datetime) -> None:
    """The system is restored: what only a running failure owes is no longer owed; what was overdue stays missed."""
    for kind in MOOT_WHEN_RESTORED:
        promises.supersede(kind, incident_id=row.pk, reason="restored", now=now, by=CLOCK)


def resume(row: Incident, policy: customers.PolicyFacts, cases: Sequence[Case], *, by: Actor, now: datetime) -> None:
    """It burns again: silence, roles and tiers are owed anew, as if declared now, without a second first notice."""
    base = replace(ground(row, policy, now), detected_at=None)  # two hours from now, not from the first time
    held = incident_queries.holders(row.pk)
    open_now = promise_queries.open_of(row.pk)
    owed = rules.silence(base, [case.organisation_id for case in cases if case.state in ("open", "resumed")])
    owed += rules.roles(base, held) + _tiers(row, base, held)
    if not any(one.kind == "next_update" for one in open_now):  # nobody was told a next time: speak as for the first
        owed.append(rules.Owed("first_notice", base.due(base.terms.first_notice_s), audience="affected"))
    standing = {(one.kind, one.about, one.owed_to_id) for one in open_now}
    fresh = [one for one in owed if (one.kind, one.about, one.owed_to) not in standing]
    make(row, fresh, held=held, by=by, now=now)


def _tiers(row: Incident, base: rules.Ground, held: Mapping[str, Sequence[int]]) -> list[rules.Owed]:
    product = customers.product(row.product_id) if row.product_id is not None else None
    top_tier_id, sponsor_id = (product.top_tier_id, product.sponsor_id) if product else (None, None)
    return rules.tiers(base, held, top_tier_id=top_tier_id, sponsor_id=sponsor_id)


def raised(row: Incident, policy: customers.PolicyFacts, *, by: Actor, now: datetime) -> list[int]:
    """Severity rose: what is owed from now on falls due sooner, and tiers that the new level calls are promised.

    Times that were told stand. Returns the ids of the promises that were made.
    """
    base = ground(row, policy, now)
    promises.shorten(row.pk, rank=row.rank, due=rules.shorter(base), by=by, now=now)
    held = incident_queries.holders(row.pk)
    open_now = promise_queries.open_of(row.pk)
    owed = _sooner_roles(base, held, open_now, row, by=by, now=now)
    standing = {(one.kind, one.about) for one in open_now}
    owed += [one for one in _tiers(row, base, held) if (one.kind, one.about) not in standing]
    return make(row, owed, held=held, by=by, now=now)


def put_back(row: Incident, due: Mapping[str, str], made: Sequence[int], *, reason: str, now: datetime) -> None:
    """A raise was undone: what it made is withdrawn, what it made sooner is owed at its old time again.

    `due` maps ids of promises to the times they had. What was told, kept or broken meanwhile stays as it is.
    """
    old = promise_queries.by_ids([int(pk) for pk in due])
    still = [one for one in promise_queries.by_ids(made).values() if one.state == "open"]
    moved = [one for one in old.values() if _was_moved(one, due, now)]
    for one in (*still, *(one for one in moved if one.state == "open")):
        promises.withdraw(one.id, reason=reason, by=CLOCK, now=now)
    again = [_again(row, one, datetime.fromisoformat(due[str(one.id)])) for one in moved]
    if again:
        promises.make_many(again, by=CLOCK, now=now)


def _was_moved(one: promise_queries.PromiseFacts, due: Mapping[str, str], now: datetime) -> bool:
    if one.state == "open":
        return not one.told and not one.is_overdue(now) and one.due_at != datetime.fromisoformat(due[str(one.id)])
    return one.state == "withdrawn" and one.reason == REPLACED


def _again(row: Incident, one: promise_queries.PromiseFacts, due_at: datetime) -> New:
    return New(
        kind=one.kind, owed_by=one.owed_by_id, due_at=due_at, rank=row.rank, incident_id=row.pk,
        owed_to=one.owed_to_id, audience=one.audience, about=one.about, text=one.text or None, owner_id=one.owner_id,
        role=one.role, team_id=one.team_id, drill=row.drill, restricted=row.restricted,
    )  # fmt: skip


def _sooner_roles(
    base: rules.Ground,
    held: Mapping[str, Sequence[int]],
    open_now: Sequence[promise_queries.PromiseFacts],
    row: Incident,
    *,
    by: Actor,
    now: datetime,
) -> list[rules.Owed]:
    """Each role by its own time: a sooner promise takes the place of the later one, and roles asked for only now."""
    waiting = {one.about: one for one in open_now if one.kind == "role_filled"}
    sooner = []
    for one in rules.roles(base, held):
        old = waiting.get(one.about)
        if old is not None:
            if old.due_at <= one.due_at or old.is_overdue(now):
                continue
            promises.supersede("role_filled", incident_id=row.pk, about=one.about, reason=REPLACED, now=now, by=by)
        sooner.append(one)
    return sooner


def role_emptied(row: Incident, role: str, policy: customers.PolicyFacts, *, by: Actor, now: datetime) -> None:
    """A required role fell empty while it burns: it is promised again."""
    if role not in role_rules.REQUIRED or row.state not in WORKING:
        return
    held = incident_queries.holders(row.pk)
    make(row, [one for one in rules.roles(ground(row, policy, now), held) if one.about == f"role:{role}"],
         held=held, by=by, now=now)  # fmt: skip


def role_filled(row: Incident, role: str, *, by: Actor, now: datetime) -> None:
    promises.keep("role_filled", incident_id=row.pk, about=f"role:{role}", act=f"role:{role}", now=now, by=by)
    if role == "top_tier":
        promises.keep("top_tier", incident_id=row.pk, act="role:top_tier", now=now, by=by)


def hand_over(row: Incident, *, now: datetime) -> None:
    """After roles changed: each role's promises belong to who holds it, and those of empty roles to the owner."""
    held = incident_queries.holders(row.pk)
    for role in ("commander", "communications", "liaison"):
        holder = next(iter(held.get(role, ())), None) or row.owner_id
        promises.reown_role(row.pk, role=role, owner_id=holder, by=CLOCK, now=now)


def relieved(row: Incident, left: Sequence[tuple[str, int]], *, by: Actor, now: datetime) -> None:
    """Whoever left a role after a long duty is relieved: the promise of a hand-over is kept, or late."""
    for role, user_id in left:
        promises.keep("hand_over", incident_id=row.pk, about=f"role:{role}:{user_id}", act=f"role:{role}", now=now,
                      by=by)  # fmt: skip


def relief(row: Incident, role: str, user_id: int, due_at: datetime, *, now: datetime) -> None:
    """Somebody has held `role` for hours: it is owed to them that it changes hands by `due_at`."""
    held = [one for one in promise_queries.open_of(row.pk) if one.kind == "hand_over"]
    if not any(one.about == f"role:{role}:{user_id}" for one in held):
        make(
            row, [rules.Owed("hand_over", due_at, about=f"role:{role}:{user_id}", owner_id=user_id)], by=CLOCK, now=now
        )
