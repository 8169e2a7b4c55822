"""A role passes from one person to another: announced, written down, asked about, and accepted in so many words.

Until "I have it" the outgoing person answers. A hand-over does not run out; it ends accepted, declined or withdrawn,
and also when the role changes hands in another way.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from tomei.accounts import queries as accounts
from tomei.accounts import rights
from tomei.cases.actions import roles, rows
from tomei.cases.facts import HandOverFacts
from tomei.cases.models import Entry, HandOver, Incident
from tomei.cases.queries import about_incidents as incident_queries
from tomei.cases.queries import hand_overs as queries
from tomei.cases.rules import handover as rules
from tomei.cases.rules import words as word_rules
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.promises import actions as promises


@transaction.atomic
def start_hand_over(
    incident_id: int, role: str, *, to_id: int | None, from_id: int | None = None, reason: str = "", by: Actor,
    now: datetime,
) -> HandOverFacts:  # fmt: skip
    """Offer `role` to `to_id`: by its holder, or by a lead for `from_id` with the reason why.

    Refuses what `rules.handover.start` refuses, and a person who may not act here. Nothing changes hands yet.
    """
    by.require("role.take")
    row = rows.subject(incident_id, by)
    reason = word_rules.line(reason, field="reason", limit=1000)
    giver = from_id if from_id is not None else by.user_id or 0
    taker = _taker(to_id)
    asked = rules.Start(role, giver, taker.id, by.user_id, reason, by.may("incident.role"), _inside(row, taker))
    pairs = HandOver.objects.filter(incident=row, state="open").values_list("role", "from_user_id")
    rules.start(asked, incident_queries.holders(row.pk), list(pairs))
    made = HandOver.objects.create(incident=row, role=role, from_user_id=giver, to_user_id=taker.id, started_at=now,
                                   started_by_id=by.user_id)  # fmt: skip
    _write(row, made, "started", by, now, body=reason)
    _emit("hand_over.started", row, made, now)
    return queries.facts_of(made)


def _taker(user_id: int | None) -> accounts.Person:
    person = accounts.people([user_id]).get(user_id) if user_id is not None else None
    verbs = rights.of(person.role, is_administrator=person.is_administrator) if person else ()
    if person is None or not person.is_active or "role.take" not in verbs:
        raise Refused("role.nobody")
    return person


def _inside(row: Incident, person: accounts.Person) -> bool:
    """Whether the incoming person can read a restricted incident before holding the role."""
    held = {user for users in incident_queries.holders(row.pk).values() for user in users}
    return not row.restricted or person.is_administrator or person.id in held or row.owner_id == person.id


def _write(row: Incident, one: HandOver, what: str, by: Actor, now: datetime, body: str = "", **data: Any) -> None:
    rows.write(row, f"hand_over.{what}", by=by, now=now, body=body, **_data(one), **data)


def _data(one: HandOver) -> dict[str, Any]:
    return {
        "hand_over_id": one.pk, "role": one.role, "user_ids": [one.from_user_id, one.to_user_id],
        "hand_overs": [{"id": one.pk, "state": one.state}],
    }  # fmt: skip


def _emit(name: str, row: Incident, one: HandOver, now: datetime) -> None:
    about = {"incident_id": row.pk, "hand_over_id": one.pk, "role": one.role, "drill": row.drill,
             "restricted": row.restricted}  # fmt: skip
    if name == "hand_over.started":
        events.emit("hand_over.started", now=now, user_id=one.to_user_id, other_id=one.from_user_id, **about)
    elif name == "hand_over.declined":
        events.emit("hand_over.declined", now=now, user_id=one.from_user_id, other_id=one.to_user_id, **about)
    else:
        events.emit("hand_over.changed", now=now, **about)


def _subject(incident_id: int, hand_over_id: int, by: Actor) -> tuple[Incident, HandOver]:
    """The incident, locked first, and the hand-over of it."""
    by.require("role.take")
    row = rows.subject(incident_id, by)
    one = HandOver.objects.select_for_update().filter(incident=row, pk=hand_over_id).first()
    if one is None:
        raise Missing(f"hand-over {hand_over_id}")
    return row, one


@transaction.atomic
def describe_hand_over(
    incident_id: int, hand_over_id: int, parts: Mapping[str, str], *, decide_at: datetime | None = None, by: Actor,
    now: datetime,
) -> HandOverFacts:  # fmt: skip
    """The outgoing person's own words, part by part (`rules.PARTS`), and when the next decision is due.

    A part that reads as before is not written again. Refuses everybody but the outgoing person and who started it.
    """
    row, one = _subject(incident_id, hand_over_id, by)
    rules.describe(one.state, from_id=one.from_user_id, starter_id=one.started_by_id, by_id=by.user_id,
                   may_give=by.may("incident.role"))  # fmt: skip
    known = queries.words_of(queries.facts_of(one)).parts
    said = {part: word_rules.body(text, field=part, limit=4000) for part, text in parts.items() if part in rules.PARTS}
    if decide_at != one.decide_at:
        one.decide_at = decide_at
        one.save(update_fields=["decide_at"])
    for part, text in said.items():
        if text != (known[part].body if part in known else ""):
            _write(row, one, "described", by, now, body=text, part=part, decide_at=decide_at)
    _emit("hand_over.changed", row, one, now)
    return queries.facts_of(one)


@transaction.atomic
def ask_hand_over(incident_id: int, hand_over_id: int, question: str, *, by: Actor, now: datetime) -> HandOverFacts:
    """The incoming person (or anybody here) asks before accepting; the question stays open until it is answered."""
    row, one = _subject(incident_id, hand_over_id, by)
    rules.still_open(one.state)
    _write(row, one, "asked", by, now, body=word_rules.line(question, field="question", limit=1000, needed=True))
    _emit("hand_over.changed", row, one, now)
    return queries.facts_of(one)


@transaction.atomic
def answer_hand_over(
    incident_id: int, hand_over_id: int, answer: str, *, of: int, by: Actor, now: datetime
) -> HandOverFacts:
    """Answer the question of entry `of`; also after the acceptance, since the outgoing person stays reachable."""
    row, one = _subject(incident_id, hand_over_id, by)
    answer = word_rules.line(answer, field="answer", limit=2000, needed=True)
    asked = Entry.objects.filter(incident=row, seq=of, code="hand_over.asked", data__hand_over_id=one.pk)
    if not asked.exists():
        raise Refused("hand_over.no_question")
    _write(row, one, "answered", by, now, body=answer, of=of)
    _emit("hand_over.changed", row, one, now)
    return queries.facts_of(one)


@transaction.atomic
def accept_hand_over(
    incident_id: int, hand_over_id: int, *, reason: str = "", by: Actor, now: datetime
) -> HandOverFacts:
    """ "I have it": the incoming person holds the role from `now`, and what the role owes is theirs.

    Only by that person. `reason` is needed after too little rest (`role.too_little_rest`). When the outgoing person
    holds no other role here, what they had promised in this incident goes over too.
    """
    row, one = _subject(incident_id, hand_over_id, by)
    rules.accept(one.state, to_id=one.to_user_id, by_id=by.user_id)
    held = incident_queries.holders(row.pk)
    if one.from_user_id not in held.get(one.role, ()):
        raise Refused("role.not_held", role=one.role)
    tired = roles.rest(row, one.to_user_id, reason, now)
    one.state, one.ended_at = rules.State.ACCEPTED, now
    one.save(update_fields=["state", "ended_at"])
    joined = [] if one.to_user_id in held[one.role] else [(one.role, one.to_user_id)]
    roles.change(row, "hand_over.accepted", [(one.role, one.from_user_id)], joined, by=by, now=now,
                 **{**_data(one), **tired})  # fmt: skip
    if not any(one.from_user_id in users for users in incident_queries.holders(row.pk).values()):
        promises.pass_on(row.pk, from_id=one.from_user_id, to_id=one.to_user_id, by=by, now=now)
    _emit("hand_over.changed", row, one, now)
    return queries.facts_of(one)


@transaction.atomic
def decline_hand_over(incident_id: int, hand_over_id: int, *, reason: str, by: Actor, now: datetime) -> HandOverFacts:
    """The incoming person cannot take it and says why; the outgoing one keeps the role and is told."""
    row, one = _subject(incident_id, hand_over_id, by)
    reason = word_rules.line(reason, field="reason", limit=1000)
    rules.decline(one.state, to_id=one.to_user_id, by_id=by.user_id, reason=reason)
    return _end(row, one, rules.State.DECLINED, reason, by, now)


@transaction.atomic
def withdraw_hand_over(
    incident_id: int, hand_over_id: int, *, reason: str = "", by: Actor, now: datetime
) -> HandOverFacts:
    """The outgoing person keeps the role after all."""
    row, one = _subject(incident_id, hand_over_id, by)
    rules.withdraw(one.state, from_id=one.from_user_id, starter_id=one.started_by_id, by_id=by.user_id,
                   may_give=by.may("incident.role"))  # fmt: skip
    reason = word_rules.line(reason, field="reason", limit=1000)
    return _end(row, one, rules.State.WITHDRAWN, reason, by, now)


def _end(row: Incident, one: HandOver, state: rules.State, reason: str, by: Actor, now: datetime) -> HandOverFacts:
    one.state, one.ended_at = state, now
    one.save(update_fields=["state", "ended_at"])
    _write(row, one, str(state), by, now, body=reason)
    _emit(f"hand_over.{state}", row, one, now)
    return queries.facts_of(one)
