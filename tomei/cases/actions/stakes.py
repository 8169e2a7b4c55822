"""The only writers of deadlines and workarounds: named, moved with a reason, ended when business runs again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from tomei.cases.actions import rows
from tomei.cases.models import Case, Incident
from tomei.cases.queries import about_incidents as incident_queries
from tomei.cases.rules import words as word_rules
from tomei.cases.stakes import queries, rules
from tomei.cases.stakes.models import Deadline, Workaround
from tomei.cases.stakes.queries import DeadlineFacts, WorkaroundFacts
from tomei.customers import queries as customers
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused, Stale
from tomei.promises import actions as promises

MET, PASSED, WITHDRAWN = "met", "passed", "withdrawn"


@transaction.atomic
def add_deadline(
    case_id: int, at: datetime, *, zone: str = "", kind: str = "other", words: str = "", loss: str = "",
    given: bool = True, by: Actor, now: datetime,
) -> DeadlineFacts:  # fmt: skip
    """One more hard deadline of this customer, watched by a promise: the commander hears of it in time.

    `given`: the customer named it, so it is told and never moves in silence. Refuses a moment that has passed, one
    more than a year ahead, and a case where nothing stands still any more (`deadline.case_over`).
    """
    by.require("incident.work")
    case, row = rows.case_subject(case_id, by)
    rules.deadline(at, kind, now)
    if case.state != "open":
        raise Refused("deadline.case_over", key=f"CASE-{case.number}")
    if Deadline.objects.filter(case=case, ended="").count() >= rules.MOST:
        raise Refused("deadline.too_many", most=rules.MOST)
    made = _new(case, at, now, by, zone=zone, kind=kind, given=given,
                words=word_rules.line(words, field="words"), loss=word_rules.line(loss, field="loss"))  # fmt: skip
    _watch(made, case, row, by, now)
    _write("deadline.set", made, case, row, by, now, body="\n".join(filter(None, (made.words, made.loss))))
    return queries.facts_of(made, case)


def _new(case: Case, at: datetime, now: datetime, by: Actor, *, zone: str = "", **values: Any) -> Deadline:
    zone = rules.zone(zone or customers.organisation(case.organisation_id).zone)
    return Deadline.objects.create(case=case, at=at, zone=zone, made_at=now, made_by_id=by.user_id, **values)


def _watch(one: Deadline, case: Case, row: Incident | None, by: Actor, now: datetime) -> None:
    """A promise for it, unless it has passed already; the case keeps the soonest."""
    if one.at > now:
        held = incident_queries.holders(row.pk) if row is not None else {}
        account = customers.organisation(case.organisation_id).account_owner_id if row is None else row.owner_id
        team = customers.product(row.product_id).team_id if row is not None and row.product_id is not None else None
        one.promise_id = promises.make(
            "deadline", incident_id=row.pk if row else None, case_id=None if row else case.pk,
            owed_by=customers.ours().id, owed_to=case.organisation_id, about=f"deadline:{one.pk}", due_at=one.at,
            owner_id=next(iter(held.get("commander", ())), None) or account or by.user_id, told=one.given,
            rank=row.rank if row else case.rank, team_id=team, drill=bool(row and row.drill),
            restricted=bool(row and row.restricted), by=by, now=now,
        )  # fmt: skip
        Deadline.objects.filter(pk=one.pk).update(promise_id=one.promise_id)
    _soonest(case)


def _soonest(case: Case) -> None:
    case.deadline_at = Deadline.objects.filter(case=case, ended="").order_by("at").values_list("at", flat=True).first()
    Case.objects.filter(pk=case.pk).update(deadline_at=case.deadline_at)


def _write(
    code: str, one: Deadline, case: Case, row: Incident | None, by: Actor, now: datetime, body: str = "", **data: Any
) -> None:
    kept = {"id": one.pk, "at": one.at, "ended": one.ended}
    rows.write_case(case, row, code, by=by, now=now, body=body, deadlines=[kept], deadline_kind=one.kind,
                    deadline_zone=one.zone, **data)  # fmt: skip
    _changed(case, row, now)


def _changed(case: Case, row: Incident | None, now: datetime) -> None:
    events.emit("stakes.changed", now=now, case_id=case.pk, incident_id=row.pk if row else None)


def _subject(deadline_id: int, seen: int | None, by: Actor) -> tuple[Deadline, Case, Incident | None]:
    """The deadline that runs, its case and incident locked; `Stale` where somebody moved it since it was seen."""
    by.require("incident.work")
    case_id = Deadline.objects.filter(pk=deadline_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise Missing(f"deadline {deadline_id}")
    case, row = rows.case_subject(case_id, by)
    one = Deadline.objects.get(pk=deadline_id)
    if seen is not None and seen != one.v:
        raise Stale("deadline.changed_meanwhile", at=one.at.isoformat(timespec="minutes"))
    if one.ended:
        raise Refused("deadline.over")
    return one, case, row


@transaction.atomic
def move_deadline(
    deadline_id: int, at: datetime, *, reason: str, zone: str = "", seen: int | None = None, by: Actor, now: datetime
) -> DeadlineFacts:
    """The customer moved it: the old promise is withdrawn with the reason, a new one watches the new moment.

    Past its moment the old promise ends missed, whatever is agreed afterwards. Refuses a missing reason.
    """
    one, case, row = _subject(deadline_id, seen, by)
    reason = word_rules.line(reason, field="reason", limit=300, needed=True)
    rules.deadline(at, one.kind, now)
    was = {"deadline_at": one.at}
    if one.promise_id is not None:
        promises.drop_one(one.promise_id, reason=reason, by=by, now=now)
    one.at, one.zone, one.promise_id, one.v = at, rules.zone(zone or one.zone), None, one.v + 1
    Deadline.objects.filter(pk=one.pk).update(at=at, zone=one.zone, promise_id=None, v=F("v") + 1)
    _watch(one, case, row, by, now)
    _write("deadline.moved", one, case, row, by, now, body=reason, was=was)
    return queries.facts_of(one, case)


@transaction.atomic
def drop_deadline(deadline_id: int, *, reason: str, seen: int | None = None, by: Actor, now: datetime) -> DeadlineFacts:
    """It is no deadline any more, for this reason; one that has passed stays missed in the ledger."""
    one, case, row = _subject(deadline_id, seen, by)
    reason = word_rules.line(reason, field="reason", limit=300, needed=True)
    _withdraw(one, case, row, reason, by, now)
    return queries.facts_of(one, case)


def _withdraw(one: Deadline, case: Case, row: Incident | None, reason: str, by: Actor, now: datetime) -> None:
    if one.promise_id is not None:
        promises.drop_one(one.promise_id, reason=reason, by=by, now=now)
    _end(one, WITHDRAWN, now)
    _soonest(case)
    _write("deadline.withdrawn", one, case, row, by, now, body=reason)


def _end(one: Deadline, how: str, at: datetime) -> None:
    one.ended, one.ended_at, one.v = how, at, one.v + 1
    Deadline.objects.filter(pk=one.pk).update(ended=how, ended_at=at, v=F("v") + 1)


@transaction.atomic
def set_workaround(
    case_id: int, *, words: str, per_hour: str = "", currency: str = "", basis: str = "", people: int | None = None,
    since_at: datetime | None = None, seen: int | None = None, by: Actor, now: datetime,
) -> WorkaroundFacts:  # fmt: skip
    """What the customer does instead, and what it costs them, since that moment: the one that ran ends there.

    `seen` is the id of the one that ran (0: none). Refuses a case that is over, and amounts that are none.
    """
    by.require("incident.work")
    case, row = rows.case_subject(case_id, by)
    if case.state != "open":
        raise Refused("workaround.case_over", key=f"CASE-{case.number}")
    money, since_at = rules.money(per_hour, currency), since_at or now
    said = word_rules.line(words, field="words", limit=500, needed=True)
    basis, people = word_rules.line(basis, field="basis", limit=300), rules.people(people)
    rules.began(since_at, _last(case, seen), now)
    Workaround.objects.filter(case=case, until_at=None).update(until_at=since_at)
    made = Workaround.objects.create(
        case=case, words=said, per_hour=money[0], currency=money[1], basis=basis, people=people, since_at=since_at,
        made_at=now, made_by_id=by.user_id,
    )  # fmt: skip
    rows.write_case(case, row, "workaround.set", by=by, now=now, body="\n".join(filter(None, (said, basis))),
                    workaround={"id": made.pk, "per_hour": money[0], "currency": money[1], "people": people,
                                "since_at": since_at})  # fmt: skip
    _changed(case, row, now)
    return queries.workaround_facts(made)


def _last(case: Case, seen: int | None) -> datetime | None:
    """Since when the one runs that is replaced, which must be the one that was seen."""
    running = Workaround.objects.filter(case=case, until_at=None).first()
    if seen is not None and seen != (running.pk if running else 0):
        raise Stale("workaround.changed_meanwhile")
    before = Workaround.objects.filter(case=case).exclude(until_at=None).order_by("-until_at").first()
    return running.since_at if running else (before.until_at if before else None)


@transaction.atomic
def end_workaround(
    case_id: int, *, at: datetime | None = None, seen: int | None = None, by: Actor, now: datetime
) -> None:
    """They no longer need it since `at`; what it cost stands."""
    by.require("incident.work")
    case, row = rows.case_subject(case_id, by)
    since_at = _last(case, seen)
    if not Workaround.objects.filter(case=case, until_at=None).exists():
        raise Refused("workaround.none")
    _stop(case, row, rules.began(at or now, since_at, now), by, now)


def _stop(case: Case, row: Incident | None, at: datetime, by: Actor, now: datetime) -> None:
    running = Workaround.objects.filter(case=case, until_at=None).first()
    if running is None:
        return
    until = max(at, running.since_at)
    Workaround.objects.filter(pk=running.pk).update(until_at=until)
    rows.write_case(case, row, "workaround.ended", by=by, now=now, workaround={"id": running.pk, "until_at": until})
    _changed(case, row, now)


# What follows is called by other verbs of cases, in their transaction, after they locked what they change.


def described(case: Case, row: Incident | None, at: datetime | None, *, by: Actor, now: datetime) -> None:
    """The one deadline of a plain form or call: the first is set; one that runs has verbs of its own."""
    if at == case.deadline_at:
        return
    if Deadline.objects.filter(case=case, ended="").exists():
        raise Refused("deadline.runs_already")
    if at is not None:
        made = _new(case, at, now, by)
        _watch(made, case, row, by, now)
        _write("deadline.set", made, case, row, by, now)


def resumed(case: Case, row: Incident | None, *, at: datetime, by: Actor, now: datetime) -> None:
    """Business runs again since `at`: deadlines that had not passed by then are met, the others were not."""
    _stop(case, row, at, by, now)
    for one in Deadline.objects.filter(case=case, ended="").order_by("at", "pk"):
        met = at <= one.at
        if one.promise_id is not None:
            if met:
                promises.keep_one(one.promise_id, act=f"case:{case.pk}", by=by, now=max(at, one.made_at))
            else:
                promises.drop_one(one.promise_id, reason="resumed after it", by=by, now=now)
        _end(one, MET if met else PASSED, at)
        _write("deadline.met" if met else "deadline.passed", one, case, row, by, now)
    _soonest(case)


def withdrawn(case: Case, row: Incident | None, *, reason: str, by: Actor, now: datetime) -> None:
    """The customer was not affected: nothing has to be decided for them, and nothing costs any more."""
    _stop(case, row, now, by, now)
    for one in Deadline.objects.filter(case=case, ended=""):
        _withdraw(one, case, row, reason, by, now)


def again(case: Case, row: Incident | None, *, by: Actor, now: datetime) -> None:
    """The case is open again: deadlines that were met and still lie ahead are watched once more."""
    for one in Deadline.objects.filter(case=case, ended=MET, at__gt=now):
        rewatch(one, case, row, by=by, now=now)


def rewatch(one: Deadline, case: Case, row: Incident | None, *, by: Actor, now: datetime) -> None:
    one.ended, one.ended_at, one.promise_id, one.v = "", None, None, one.v + 1
    Deadline.objects.filter(pk=one.pk).update(ended="", ended_at=None, promise_id=None, v=F("v") + 1)
    _watch(one, case, row, by, now)
    _write("deadline.set", one, case, row, by, now)


def moved(case: Case, row: Incident, *, by: Actor, now: datetime) -> None:
    """The case hangs on this incident from now on, and so does what watches its deadlines."""
    for one in Deadline.objects.filter(case=case, ended="").exclude(promise_id=None):
        if one.at > now:
            promises.drop_one(one.promise_id or 0, reason=f"INC-{row.number}", by=by, now=now)
            _watch(one, case, row, by, now)
