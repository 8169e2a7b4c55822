"""What a contact declares and contests, who leads on their side, and what we tell them at their case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from tomei.cases.actions import affected, rows, words
from tomei.cases.actions import cases as case_actions
from tomei.cases.actions.declare import declare as declare_incident
from tomei.cases.declared import contests, queries, rules
from tomei.cases.declared.models import Declaration
from tomei.cases.facts import CaseFacts, IncidentFacts
from tomei.cases.models import Case, Incident
from tomei.cases.queries import about_cases as case_queries
from tomei.cases.queries import about_incidents as incident_queries
from tomei.cases.rules import severity as severity_rules
from tomei.cases.rules import words as word_rules
from tomei.customers import actions as book
from tomei.customers import listing
from tomei.customers import queries as customers
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.severity import Severity
from tomei.promises import actions as promises


@transaction.atomic
def declare(said: rules.Said, *, another: bool = False, by: Actor, now: datetime) -> CaseFacts:
    """A contact says that their business stands still: a case of theirs, and a person of ours owes that we have it.

    `another` says that it is not the failure they declared in the last half hour, which is refused otherwise
    (`declared.open_already`). Refuses services that are not of their contract, people that are not theirs, odd times.
    """
    organisation_id = _theirs(by)
    rules.check(said, now)
    rows.next_numbers("declared", 1)  # one pen: of two colleagues at once the second sees the first
    twin = _twin(organisation_id, now)
    if twin is not None and not another:
        raise Refused("declared.open_already", key=f"CASE-{twin.number}")
    product = _product(said, organisation_id)
    case = affected.alone(
        organisation_id, said.test, words=said.words, stop=said.stop, deadline_at=said.deadline_at,
        product_id=product.id if product else None, by=by, now=now,
    )  # fmt: skip
    _keep(case, said, product, by, now)
    owner_id = _owner(organisation_id, product)
    _owe(case, owner_id, product, by, now)
    events.emit(
        "case.declared", now=now, case_id=case.pk, number=case.number, organisation_id=organisation_id,
        severity=case.severity, rank=case.rank, owner_id=owner_id, team_id=product.team_id if product else None,
        product_id=product.id if product else None, component_id=said.component_id, incident_id=None,
    )  # fmt: skip
    return case_queries.facts_of(case)


def _theirs(by: Actor) -> int:
    by.require("room.declare")
    if by.kind != "contact" or by.organisation_id is None:
        raise Refused("rights.missing", verb="room.declare")
    return by.organisation_id


def _twin(organisation_id: int, now: datetime) -> Case | None:
    found = Case.objects.filter(
        organisation=organisation_id, declaration__isnull=False, state="open", opened_at__gt=now - rules.TWIN
    )
    return found.order_by("-pk").first()


def _product(said: rules.Said, organisation_id: int) -> customers.ProductFacts | None:
    """The product they named, or that of the component; refuses `declared.unknown_service`."""
    wanted = said.product_id
    if said.component_id is not None:
        used = {one.id: one for one in customers.used_by(organisation_id)}
        if said.component_id not in used or wanted not in (None, used[said.component_id].product_id):
            raise Refused("declared.unknown_service")
        wanted = used[said.component_id].product_id
    if wanted is None:
        return None
    found = {one.id: one for one in queries.products_of(organisation_id)}
    if wanted not in found:
        raise Refused("declared.unknown_service")
    return found[wanted]


def _keep(case: Case, said: rules.Said, product: customers.ProductFacts | None, by: Actor, now: datetime) -> None:
    lead_id = said.lead_id
    if lead_id is not None and lead_id not in {one.id for one in customers.contacts(case.organisation_id)}:
        raise Refused("declared.unknown_colleague")
    Declaration.objects.create(
        case=case, contact_id=by.id, test=str(said.test), began_at=said.began_at, users=said.users,
        product_id=product.id if product else None, component_id=said.component_id, lead_contact_id=lead_id,
        lead_at=now if lead_id is not None and lead_id == by.id else None,
    )  # fmt: skip
    if lead_id is not None:
        _lead_entry(case, None, "case.leads" if lead_id == by.id else "case.lead_named", lead_id, by, now)


def _lead_entry(case: Case, incident: Incident | None, code: str, lead_id: int, by: Actor, now: datetime) -> None:
    name = listing.contact_names([lead_id]).get(lead_id, "")  # as the body, where it can be erased
    rows.write_case(case, incident, code, by=by, now=now, body=name, contact_id=lead_id)


def _owner(organisation_id: int, product: customers.ProductFacts | None) -> int | None:
    """Who answers for it before anybody took it: of the product, else of the account."""
    if product is not None and product.owner_id is not None:
        return product.owner_id
    return customers.organisation(organisation_id).account_owner_id


def _owe(case: Case, owner_id: int | None, product: customers.ProductFacts | None, by: Actor, now: datetime) -> None:
    policy = customers.policy_version(case.policy_version_id)
    due = policy.due(case.severity, policy.terms.of(Severity(case.severity)).acknowledge_s, now)
    promises.make(
        "acknowledgement", case_id=case.pk, owed_by=customers.ours().id, owed_to=case.organisation_id,
        owner_id=owner_id, team_id=product.team_id if product else None, rank=case.rank, due_at=due, told=True,
        by=by, now=now,
    )  # fmt: skip


def _own(case_id: int, by: Actor) -> tuple[Case, Incident | None, Declaration]:
    """Their own case, locked; `Missing` for everybody else's and for one that they did not declare."""
    organisation_id = _theirs(by)
    if not Declaration.objects.filter(case=case_id, case__organisation=organisation_id).exists():
        raise Missing(f"case {case_id}")
    case, incident = _locked(case_id)
    return case, incident, Declaration.objects.select_for_update().get(case=case.pk)


def _locked(case_id: int) -> tuple[Case, Incident | None]:
    """As `rows.case_subject`, for whoever may not read the incident: the incident first, then the case."""
    hangs_on = Case.objects.values_list("incident_id", flat=True).get(pk=case_id)
    incident = Incident.objects.select_for_update().get(pk=hangs_on) if hangs_on is not None else None
    case = Case.objects.select_for_update().get(pk=case_id)
    return (case, incident) if case.incident_id == hangs_on else _locked(case_id)


@transaction.atomic
def declare_from(key: str, given: Mapping[str, Any], *, by: Actor, now: datetime) -> IncidentFacts:
    """An incident out of a case that stood alone: the case hangs on it, and its customer gets no second one.

    Refuses what declaring refuses, and a case that hangs elsewhere already (`case.linked_already`).
    """
    case = case_queries.case_by_number(key, by)
    affected_ids = given["organisation_ids"]
    if affected_ids is None:
        affected_ids = customers.users_of(given["component_ids"]) if given["component_ids"] else []
    others = [pk for pk in affected_ids if pk != case.organisation_id]
    made = declare_incident(**{**given, "organisation_ids": others, "words": ""}, by=by, now=now)
    affected.link_case(case.id, made.id, by=by, now=now)
    return incident_queries.incident(made.id)


@transaction.atomic
def contest(case_id: int, level: Severity | str, *, words: str, by: Actor, now: datetime) -> CaseFacts:
    """The contact says that the severity should be another: an answer is owed, in the time of the level they name.

    Refuses a case that is over, a second contest before the first is answered, the level that stands, no words.
    """
    case, incident, row = _own(case_id, by)
    wanted = severity_rules.read(str(level))
    rules.contest(Severity(case.severity), wanted, state=case.state, waiting=queries.facts_of(row).is_contested)
    words = word_rules.body(words, field="words", limit=2000, needed=True)
    Declaration.objects.filter(pk=row.pk).update(contested_at=now, contested_to=str(wanted), answered_at=None)
    rows.write_case(case, incident, "case.contested", by=by, now=now, body=words, wanted=str(wanted))
    owner_id = incident.owner_id if incident else _owner(case.organisation_id, _known(row))
    policy = customers.policy_version(case.policy_version_id)
    due = policy.due(wanted, policy.terms.of(wanted).acknowledge_s, now)
    promises.make(
        contests.KIND, case_id=case.pk, owed_by=customers.ours().id, owed_to=case.organisation_id, owner_id=owner_id,
        rank=min(case.rank, wanted.rank), due_at=due, told=True, by=by, now=now,
    )  # fmt: skip
    case_actions.emit("case.contested", case, incident, now)
    return case_queries.facts_of(case)


def _known(row: Declaration) -> customers.ProductFacts | None:
    return customers.product(row.product_id) if row.product_id is not None else None


@transaction.atomic
def answer(case_id: int, level: Severity | str, *, words: str, by: Actor, now: datetime) -> CaseFacts:
    """What we say to a contest: another severity, or why it stays. They read the words; the promise is kept.

    Refuses `declared.not_contested` and an answer without words.
    """
    by.require("incident.work")
    case, incident = rows.case_subject(case_id, by)
    found = queries.of_case(case.pk)
    if found is None or not found.is_contested:
        raise Refused("declared.not_contested")
    words = word_rules.body(words, field="words", limit=2000, needed=True)
    wanted = severity_rules.read(str(level))
    if wanted is not Severity(case.severity):
        return case_actions.set_case_severity(case.pk, wanted, reason=words, by=by, now=now)
    rows.write_case(case, incident, "case.severity_stays", by=by, now=now, body=words, case_severity=str(wanted))
    contests.settle(case.pk, by=by, now=now)
    case_actions.emit("case.severity_told", case, incident, now)
    return case_queries.facts_of(case)


@transaction.atomic
def tell(case_id: int, text: str, *, by: Actor, now: datetime) -> CaseFacts:
    """Words to the customer on the page of their case: a word to them, also while no incident tells anything.

    Refuses `declared.not_theirs` where they cannot read it, since nobody of theirs declared it.
    """
    by.require("incident.work")
    case, incident = rows.case_subject(case_id, by)
    if queries.of_case(case.pk) is None:
        raise Refused("declared.not_theirs")
    said = word_rules.body(text, field="words", limit=4000, needed=True)
    rows.write_case(case, incident, "case.told", by=by, now=now, body=said)
    heard: dict[str, Any] = {"last_word_at": now, "first_word_at": case.first_word_at or now}
    Case.objects.filter(pk=case.pk).update(**heard)
    if incident is not None and not incident.drill:
        words.word_to([case.organisation_id], incident.pk, now)
    else:
        book.record_word([case.organisation_id], at=now)
    case_actions.emit("case.told", case, incident, now)
    case.refresh_from_db()
    return case_queries.facts_of(case)


@transaction.atomic
def lead(case_id: int, *, leads: bool = True, by: Actor, now: datetime) -> CaseFacts:
    """The contact who acts leads on their side from now on, or, with `leads` False, is not the one who does.

    Refuses `declared.over`; saying no to what nobody asked of them changes nothing.
    """
    case, incident, row = _own(case_id, by)
    if case.state not in case_queries.OPEN:
        raise Refused("declared.over")
    mine = row.lead_contact_id == by.id
    if by.id is None or (mine and leads and row.lead_at is not None) or (not mine and not leads):
        return case_queries.facts_of(case)
    chosen = {"lead_contact_id": by.id, "lead_at": now} if leads else {"lead_contact_id": None, "lead_at": None}
    Declaration.objects.filter(pk=row.pk).update(**chosen)
    _lead_entry(case, incident, "case.leads" if leads else "case.lead_declined", by.id, by, now)
    case_actions.emit("case.described", case, incident, now)
    return case_queries.facts_of(case)
