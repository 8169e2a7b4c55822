"""The only writers of claims: written down, answered by two people, told, given a later time, settled, withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from tomei.accounts import audit
from tomei.cases.actions import rows
from tomei.cases.claims import queries
from tomei.cases.claims.facts import ClaimFacts
from tomei.cases.claims.models import Claim, ClaimAnswer
from tomei.cases.claims.rules import states
from tomei.cases.models import Case, Incident
from tomei.cases.rules import promised
from tomei.cases.rules import words as word_rules
from tomei.customers import queries as customers
from tomei.customers.rules import credit
from tomei.kernel import ids
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import Text
from tomei.promises import actions as promises


@transaction.atomic
def write_down(
    organisation_id: int,
    *,
    kind: str,
    words: str,
    heard_at: datetime,
    due_at: datetime,
    heard_from: str = "",
    case_id: int | None = None,
    contract_id: int | None = None,
    clause: str = "",
    amount: str = "",
    currency: str = "",
    by: Actor,
    now: datetime,
) -> ClaimFacts:
    """What this customer asks, in their words, and by when we answer: a promise to them, owned by who wrote it down.

    Refuses a customer, case or contract that is not theirs, an unknown kind, hearing in the future, and an answer
    promised for the past or beyond a year.
    """
    by.require("claim.work")
    organisation = _customer(organisation_id)
    case, incident = _case(case_id, organisation_id, by)
    _check_contract(contract_id, organisation_id)
    states.check_moment(heard_at, datetime.min.replace(tzinfo=now.tzinfo), now)
    promised.check(Text("-", "-"), due_at, now)
    money = _money(amount, currency)
    row = Claim(
        number=rows.next_numbers("claim", 1)[0], organisation_id=organisation_id, case=case, contract_id=contract_id,
        clause=word_rules.line(clause, field="clause", limit=200), kind=states.check_kind(kind),
        words=word_rules.body(words, field="words", limit=4000, needed=True), amount=money[0], currency=money[1],
        heard_at=heard_at, heard_from=word_rules.line(heard_from, field="heard_from", limit=200),
        owner_id=by.user_id or organisation.account_owner_id, due_at=due_at, made_at=now, made_by_id=by.user_id,
    )  # fmt: skip
    row.save()
    _promise(row, case, incident, by, now)
    _write(row, case, incident, "claim.written", by, now, claim_kind=row.kind, due_at=due_at)
    return queries.facts_of(row, by, answers=True)


def _customer(organisation_id: int) -> customers.OrganisationFacts:
    found = customers.organisations([organisation_id]).get(organisation_id)
    if found is None or found.kind not in ("customer", "partner"):
        raise Refused("incident.unknown_organisation")
    return found


def _case(case_id: int | None, organisation_id: int, by: Actor) -> tuple[Case | None, Incident | None]:
    if case_id is None:
        return None, None
    case, incident = rows.case_subject(case_id, by)
    if case.organisation_id != organisation_id:
        raise Refused("claim.not_theirs", what="case")
    return case, incident


def _check_contract(contract_id: int | None, organisation_id: int) -> None:
    if contract_id is not None and contract_id not in {one.id for one in customers.contracts_of([organisation_id])}:
        raise Refused("claim.not_theirs", what="contract")


def _money(amount: str, currency: str) -> tuple[str, str]:
    """Both or neither; plain digits of that currency."""
    if not amount.strip():
        return "", ""
    code = credit.currency_of(currency)
    return str(credit.amount(amount, "amount", code)), code


def _promise(row: Claim, case: Case | None, incident: Incident | None, by: Actor, now: datetime) -> None:
    """Our answer by `due_at`. It hangs on the incident, else on the case, else on the customer."""
    key = ids.key("CLAIM", row.number)
    row.promise_id = promises.make(
        "claim_answer", incident_id=incident.pk if incident else None,
        case_id=case.pk if case and not incident else None, customer_id=None if case else row.organisation_id,
        owed_by=customers.ours().id, owed_to=row.organisation_id, about=f"claim:{row.pk}", owner_id=row.owner_id,
        text=Text(f"{key} への回答", f"Answer to {key}"), rank=incident.rank if incident else 3, due_at=row.due_at,
        told=True, drill=bool(incident and incident.drill), restricted=bool(incident and incident.restricted),
        by=by, now=now,
    )  # fmt: skip
    Claim.objects.filter(pk=row.pk).update(promise_id=row.promise_id, due_at=row.due_at)


def _write(
    row: Claim, case: Case | None, incident: Incident | None, code: str, by: Actor, now: datetime, **data: Any
) -> None:
    """On the chains of the case and its incident, for us only and without amounts; the audit log knows it always."""
    about = {"claim": row.number, "claim_id": row.pk, **data}
    if case is not None:
        rows.write_case(case, incident, code, by=by, now=now, **about)
    audit.record(code, by=by, now=now, claim=row.number, organisation_id=row.organisation_id)


def _subject(claim_id: int, by: Actor) -> tuple[Claim, Case | None, Incident | None]:
    """The claim, locked after its incident and case; `Missing` when it is not there or not for this actor."""
    found = queries.visible(by).filter(pk=claim_id).values_list("case_id", flat=True)
    if not found:
        raise Missing(f"claim {claim_id}")
    case, incident = rows.case_subject(found[0], by) if found[0] is not None else (None, None)
    return Claim.objects.select_for_update(of=("self",)).get(pk=claim_id), case, incident


@transaction.atomic
def propose(
    claim_id: int, *, outcome: str, words: Text, amount: str = "", currency: str = "", by: Actor, now: datetime
) -> ClaimFacts:
    """An answer for somebody else to approve; it takes the place of one that was proposed or approved and not told."""
    by.require("claim.work")
    row, case, incident = _subject(claim_id, by)
    states.check("propose", row.state)
    states.check_outcome(outcome)
    said = Text(*(word_rules.body(side, field="words", limit=4000) for side in (words.ja, words.en)))
    if not said:
        raise Refused("field.missing", field="words")
    money = _money(amount, currency or row.currency) if outcome != "refused" else ("", "")
    row.answers.filter(state__in=["proposed", "approved"]).update(state="replaced")
    made = ClaimAnswer.objects.create(
        claim=row, number=row.answers.count() + 1, outcome=outcome, words=said.as_json(), amount=money[0],
        currency=money[1], author_id=by.user_id, made_at=now,
    )  # fmt: skip
    _write(row, case, incident, "claim.proposed", by, now, answer=made.number, outcome=outcome)
    return queries.facts_of(row, by, answers=True)


@transaction.atomic
def approve(claim_id: int, number: int, *, by: Actor, now: datetime) -> ClaimFacts:
    """Somebody other than the author stands for these words. They may be told from now on."""
    return _decide(claim_id, number, "approved", "", by, now)


@transaction.atomic
def decline(claim_id: int, number: int, *, reason: str, by: Actor, now: datetime) -> ClaimFacts:
    """Not these words, and why; the claim waits for another answer, its time stands."""
    return _decide(claim_id, number, "declined", reason, by, now)


def _decide(claim_id: int, number: int, state: str, reason: str, by: Actor, now: datetime) -> ClaimFacts:
    by.require("claim.approve")
    row, case, incident = _subject(claim_id, by)
    reason = word_rules.body(reason, field="reason", limit=2000, needed=state == "declined")
    answer = row.answers.filter(number=number).first()
    if answer is None:
        raise Missing(f"answer {number}")
    states.check_decider(answer.author_id, by.user_id)
    states.check_decided(answer.state)
    row.answers.filter(pk=answer.pk, state="proposed").update(
        state=state, decided_by_id=by.user_id, decided_at=now, reason=reason
    )
    _write(row, case, incident, f"claim.{state}", by, now, answer=number)
    return queries.facts_of(row, by, answers=True)


@transaction.atomic
def tell(claim_id: int, *, at: datetime, told_to: str, by: Actor, now: datetime) -> ClaimFacts:
    """The customer got the approved answer at `at`: the promise is kept, or late. Refuses one that nobody approved."""
    by.require("claim.work")
    row, case, incident = _subject(claim_id, by)
    states.check("tell", row.state)
    answer = row.answers.filter(state="approved").first()
    if answer is None or answer.decided_at is None:
        raise Refused("claim.not_approved")
    states.check_moment(at, answer.decided_at.replace(second=0, microsecond=0), now)
    row.told_to = word_rules.line(told_to, field="told_to", limit=200, needed=True)
    row.state, row.outcome, row.answered_at = "answered", answer.outcome, at
    row.answers.filter(pk=answer.pk).update(state="told")
    row.save(update_fields=["told_to", "state", "outcome", "answered_at"])
    if row.promise_id is not None:
        promises.keep_one(row.promise_id, act=f"claim:{row.pk}", by=by, now=at)
    _write(row, case, incident, "claim.answered", by, now, answer=answer.number, outcome=row.outcome)
    return queries.facts_of(row, by, answers=True)


@transaction.atomic
def postpone(claim_id: int, *, due_at: datetime, reason: str, by: Actor, now: datetime) -> ClaimFacts:
    """The customer was told that we answer later, and why: the old promise is withdrawn, or missed; a new one runs."""
    by.require("claim.work")
    by.require("promise.withdraw")
    row, case, incident = _subject(claim_id, by)
    states.check("postpone", row.state)
    promised.check(Text("-", "-"), due_at, now)
    reason = word_rules.line(reason, field="reason", limit=500, needed=True)
    was, row.due_at = row.due_at, due_at
    if row.promise_id is not None:
        promises.drop_one(row.promise_id, reason=reason, by=by, now=now)
    _promise(row, case, incident, by, now)
    _write(row, case, incident, "claim.postponed", by, now, due_at=due_at, was={"due_at": was})
    return queries.facts_of(row, by, answers=True)


@transaction.atomic
def settle(claim_id: int, *, closing: str, by: Actor, now: datetime) -> ClaimFacts:
    """Done as answered: credited, paid or accepted, and where that can be found."""
    return _close(claim_id, "settle", closing, by, now, state="settled", settled_at=now)


@transaction.atomic
def withdraw(claim_id: int, *, closing: str, by: Actor, now: datetime) -> ClaimFacts:
    """The customer asks it no more: who said so. Their promise ends with it."""
    return _close(claim_id, "withdraw", closing, by, now, state="withdrawn", withdrawn_at=now)


def _close(claim_id: int, move: str, closing: str, by: Actor, now: datetime, **values: Any) -> ClaimFacts:
    by.require("claim.work")
    row, case, incident = _subject(claim_id, by)
    states.check(move, row.state)
    values["closing"] = word_rules.line(closing, field="closing", limit=500, needed=True)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    if move == "withdraw" and row.promise_id is not None:
        promises.drop_one(row.promise_id, reason=row.closing, by=by, now=now)
    _write(row, case, incident, f"claim.{row.state}", by, now)
    return queries.facts_of(row, by, answers=True)
