"""The only writers of exposures and duties: answered, fulfilled, withdrawn by two people; and operators' own rules."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.db import transaction

from tomei.accounts import audit
from tomei.cases.actions import rows
from tomei.cases.duties import queries
from tomei.cases.duties.models import Duty, DutyRule, Exposure
from tomei.cases.duties.rules import applying, laws
from tomei.cases.models import Case, Incident
from tomei.cases.queries import about_incidents
from tomei.cases.rules import words as word_rules
from tomei.customers import queries as customers
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import Text
from tomei.promises import actions as promises

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LINK = re.compile(r"https?://[^\s<>\"]{1,480}|/files/[^\s<>\"]{1,200}")


@transaction.atomic
def answer(
    incident_id: int, given: applying.Answer, *, reason: str = "", seen: int | None = None, by: Actor, now: datetime
) -> list[queries.DutyFacts]:
    """Could personal data have been exposed? The answer is kept, and every duty that follows from it runs.

    A later answer wants a reason; it adds what is newly owed and moves what starts at another moment (the old promise
    is withdrawn, or missed when broken). It ends no duty: that takes two people (`ask_withdrawal`).
    """
    by.require("duty.work")
    row = rows.subject(incident_id, by)
    before = queries.exposures(row.pk)
    if seen is not None and seen != len(before):
        raise Refused("duty.answered_meanwhile")
    reason = word_rules.body(reason, field="reason", limit=2000, needed=bool(before))
    own = queries.own_rules()
    known = [law.jurisdiction for law in own if law.organisation_id is None]
    applying.check(given, known=known, declared_at=row.declared_at, now=now)
    aware_at = given.aware_at if given.is_owing else None
    Exposure.objects.create(
        incident=row, number=len(before) + 1, answer=given.answer, aware_at=aware_at,
        jurisdictions=list(dict.fromkeys(given.jurisdictions)), wrongful=given.wrongful, high_risk=given.high_risk,
        capacity=given.capacity, reason=reason, made_at=now, made_by_id=by.user_id,
    )  # fmt: skip
    rows.write(row, f"exposure.{given.answer}", by=by, now=now, body=reason, aware_at=aware_at,
               jurisdictions=list(given.jurisdictions), wrongful=given.wrongful, capacity=given.capacity)  # fmt: skip
    _owe(row, applying.owed(given, own, _affected(row)), by, now)
    return queries.of_incident(row.pk)


def _affected(row: Incident) -> list[int]:
    cases = Case.objects.filter(incident=row).exclude(state="withdrawn").order_by("id")
    return list(cases.values_list("organisation_id", flat=True))


def _owe(row: Incident, owed: list[applying.Owed], by: Actor, now: datetime) -> None:
    """Make what is not there yet, move what starts elsewhere; what was fulfilled or withdrawn stands as it is."""
    there = {(one.rule, one.organisation_id): one for one in Duty.objects.filter(incident=row).order_by("id")}
    for one in owed:
        held = there.get(one.key)
        if held is None or (held.state == "withdrawn" and held.aware_at != _aware(row)):
            _make(row, one, by, now)
        elif held.state == "open" and held.due_at != one.due_at:
            _move(row, held, one, by, now)


def _aware(row: Incident) -> datetime | None:
    return Exposure.objects.filter(incident=row).order_by("-number").values_list("aware_at", flat=True)[0]


def _make(row: Incident, one: applying.Owed, by: Actor, now: datetime) -> None:
    law, aware_at = one.law, _aware(row)
    assert aware_at is not None  # nothing is owed without a start
    made = Duty(
        incident=row, rule=law.code, version=law.version, kind=law.kind, stage=law.stage, name=law.name.as_json(),
        jurisdiction=law.jurisdiction, source=law.source.en, organisation_id=one.organisation_id, aware_at=aware_at,
        due_at=one.due_at, made_at=now,
    )  # fmt: skip
    made.save()
    _promise(row, made, by, now)
    _write(row, made, "duty.made", by, now, due_at=made.due_at)


def _move(row: Incident, held: Duty, one: applying.Owed, by: Actor, now: datetime) -> None:
    """We became aware at another moment than was said: another time, and the old promise says why it ended."""
    was = held.due_at
    held.aware_at, held.due_at = _aware(row) or held.aware_at, one.due_at
    held.save(update_fields=["aware_at", "due_at"])
    if held.promise_id is not None:
        promises.drop_one(held.promise_id, reason="aware at another moment", by=by, now=now)
    _promise(row, held, by, now)
    _write(row, held, "duty.moved", by, now, due_at=held.due_at, was={"due_at": was})


def _promise(row: Incident, made: Duty, by: Actor, now: datetime) -> None:
    """Owned by the commander, else by who answers for the incident. An authority is nobody in our book: the promise
    is owed to no organisation, and `about` names the duty."""
    holder = next(iter(about_incidents.holders(row.pk).get("commander", ())), None)
    made.promise_id = promises.make(
        made.kind, incident_id=row.pk, owed_by=customers.ours().id, owed_to=made.organisation_id,
        about=f"duty:{made.pk}", text=Text.of(made.name), owner_id=holder or row.owner_id, rank=row.rank,
        due_at=made.due_at, drill=row.drill, restricted=row.restricted, by=by, now=now,
    )  # fmt: skip
    Duty.objects.filter(pk=made.pk).update(promise_id=made.promise_id)


def _write(row: Incident, duty: Duty, code: str, by: Actor, now: datetime, body: str = "", **data: Any) -> None:
    about = {"duty_id": duty.pk, "rule": duty.rule, "version": duty.version, "duty_name": duty.name}
    if duty.organisation_id is not None:
        about["organisation_id"] = duty.organisation_id
    rows.write(row, code, by=by, now=now, body=body, **about, **data)


def _open(duty_id: int, by: Actor) -> tuple[Incident, Duty]:
    """The open duty, its incident locked before it; `Missing` when hidden, refused when it has ended."""
    incident_id = Duty.objects.filter(pk=duty_id).values_list("incident_id", flat=True).first()
    if incident_id is None:
        raise Missing(f"duty {duty_id}")
    row = rows.subject(incident_id, by)
    duty = Duty.objects.get(pk=duty_id)
    if duty.state != "open":
        raise Refused("duty.ended", state=duty.state)
    return row, duty


@transaction.atomic
def fulfil(
    duty_id: int, *, at: datetime, reference: str = "", link: str = "", late_reason: str = "", by: Actor, now: datetime
) -> queries.DutyFacts:
    """It was done at `at`: the promise is kept, or late and then with the reasons for the delay.

    `reference` is what the authority gave; `link` leads to the copy. One of the two is needed as a proof.
    """
    by.require("duty.work")
    row, duty = _open(duty_id, by)
    late_reason = word_rules.body(late_reason, field="late_reason", limit=4000)
    reference = word_rules.line(reference, field="reference", limit=200)
    link = word_rules.line(link, field="link", limit=500)
    if link and not _LINK.fullmatch(link):
        raise Refused("duty.link_unreadable")
    if not reference and not link:
        raise Refused("duty.no_proof")
    applying.check_fulfilled(at=at, aware_at=duty.aware_at, due_at=duty.due_at, late_reason=late_reason, now=now)
    _end(duty, by, now, state="fulfilled", fulfilled_at=at, reference=reference, link=link, late_reason=late_reason)
    if duty.promise_id is not None:
        promises.keep_one(duty.promise_id, act=f"duty:{duty.pk}", by=by, now=at)
    late = {"late_s": (at - duty.due_at).total_seconds()} if at > duty.due_at else {}
    _write(row, duty, "duty.late" if late else "duty.fulfilled", by, now, body=late_reason, done_at=at,
           reference=reference, **late)  # fmt: skip
    return queries.duty(duty.pk, row.pk)


def _end(duty: Duty, by: Actor, now: datetime, **values: Any) -> None:
    changes = {**values, "ended_at": now, "ended_by_id": by.user_id}
    if not Duty.objects.filter(pk=duty.pk, state="open").update(**changes):
        raise Refused("duty.ended", state=duty.state)
    for name, value in changes.items():
        setattr(duty, name, value)


@transaction.atomic
def ask_withdrawal(duty_id: int, *, reason: str, by: Actor, now: datetime) -> queries.DutyFacts:
    """It does not apply (no personal data was involved, say): a lead says why, another decides. It runs until then."""
    by.require("duty.withdraw")
    row, duty = _open(duty_id, by)
    if by.user_id is None:
        raise Refused("duty.own_withdrawal")
    reason = word_rules.body(reason, field="reason", limit=2000, needed=True)
    Duty.objects.filter(pk=duty.pk).update(asked_by_id=by.user_id, asked_at=now, asked_reason=reason)
    _write(row, duty, "duty.withdrawal_asked", by, now, body=reason)
    return queries.duty(duty.pk, row.pk)


@transaction.atomic
def withdraw(duty_id: int, *, by: Actor, now: datetime) -> queries.DutyFacts:
    """A second person agrees: the duty and its promise end withdrawn, or missed when its time had passed already."""
    by.require("duty.withdraw")
    row, duty = _open(duty_id, by)
    if not duty.asked_reason:
        raise Refused("duty.nothing_asked")
    applying.check_withdrawal(duty.asked_by_id, by.user_id)
    _end(duty, by, now, state="withdrawn")
    if duty.promise_id is not None:
        promises.drop_one(duty.promise_id, reason=duty.asked_reason, by=by, now=now)
    _write(row, duty, "duty.withdrawn", by, now, asked_by_id=duty.asked_by_id)
    return queries.duty(duty.pk, row.pk)


@transaction.atomic
def keep_on(duty_id: int, *, reason: str, by: Actor, now: datetime) -> queries.DutyFacts:
    """It is not withdrawn after all: whoever decides, or asked, says why, and the duty runs on."""
    by.require("duty.withdraw")
    row, duty = _open(duty_id, by)
    if not duty.asked_reason:
        raise Refused("duty.nothing_asked")
    reason = word_rules.body(reason, field="reason", limit=2000, needed=True)
    Duty.objects.filter(pk=duty.pk).update(asked_by_id=None, asked_at=None, asked_reason="")
    _write(row, duty, "duty.kept_on", by, now, body=reason)
    return queries.duty(duty.pk, row.pk)


@transaction.atomic
def add_rule(
    code: str,
    *,
    kind: str,
    name: Text,
    source: str,
    amount: int,
    unit: str,
    zone: str = "UTC",
    organisation_id: int | None = None,
    by: Actor,
    now: datetime,
) -> int:
    """An operator's own duty, or another version of it; returns its number. Running duties keep what they were made of.

    With `organisation_id` it applies wherever that customer is affected; without, where the question names it.
    """
    by.require("house.configure")
    _check_rule(code, kind, amount, unit, organisation_id)
    said = Text(*(word_rules.line(side, field="name", limit=120) for side in (name.ja, name.en)))
    if not said:
        raise Refused("field.missing", field="name")
    row = DutyRule.objects.create(
        code=code, number=_next_version(code), kind=kind, name=said.as_json(), amount=amount, unit=unit,
        source=word_rules.line(source, field="source", limit=300, needed=True), zone=time.zone(zone).key,
        organisation_id=organisation_id, made_at=now, made_by_id=by.user_id,
    )  # fmt: skip
    audit.record("duty.rule_added", by=by, now=now, rule=code, number=row.number)
    return row.number


def _check_rule(code: str, kind: str, amount: int, unit: str, organisation_id: int | None) -> None:
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise Refused("duty.rule_code", value=str(code)[:40])
    if kind not in laws.KINDS or unit not in laws.UNITS:
        raise Refused("duty.unknown_rule", value=(kind if kind not in laws.KINDS else unit)[:40])
    most = applying.LONGEST[unit]
    if not 1 <= amount <= most:
        raise Refused("field.not_a_number", field="amount", value=amount, least=1, most=most)
    if organisation_id is not None and organisation_id not in customers.organisations([organisation_id]):
        raise Refused("incident.unknown_organisation")


def _next_version(code: str) -> int:
    return DutyRule.objects.filter(code=code).count() + 1


@transaction.atomic
def end_rule(code: str, *, by: Actor, now: datetime) -> int:
    """A last version that says it counts no more; duties that run go on."""
    by.require("house.configure")
    last = DutyRule.objects.filter(code=code).order_by("-number").first()
    if last is None or last.is_ended:
        raise Missing(f"rule {code[:40]}")
    last.pk, last.number, last.is_ended, last.made_at, last.made_by_id = None, last.number + 1, True, now, by.user_id
    last.save(force_insert=True)
    audit.record("duty.rule_ended", by=by, now=now, rule=code, number=last.number)
    return last.number
