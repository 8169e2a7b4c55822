"""Cases as facts, silence per customer, and what the contract says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from tomei.cases.facts import CaseFacts
from tomei.cases.models import WORKING, Case
from tomei.cases.queries import about_incidents as incident_queries
from tomei.customers import queries as customers
from tomei.kernel import ids
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text

_COLUMNS = [part.name for part in fields(CaseFacts) if part.name != "severity"]
OPEN = ("open", "resumed")


def facts_of(row: Case) -> CaseFacts:
    return CaseFacts(**{name: getattr(row, name) for name in _COLUMNS}, severity=Severity(row.severity))


def case(case_id: int) -> CaseFacts:
    """For other features' rules, whoever asks; `Missing` when there is none."""
    row = Case.objects.filter(pk=case_id).first()
    if row is None:
        raise Missing(f"case {case_id}")
    return facts_of(row)


def cases(case_ids: Iterable[int]) -> dict[int, CaseFacts]:
    """By id, whoever asks; unknown ids are left out."""
    return {row.pk: facts_of(row) for row in Case.objects.filter(pk__in=set(case_ids))}


def visible(by: Actor) -> QuerySet[Case]:
    """Cases that stand alone, and those of incidents that `by` may find."""
    return Case.objects.filter(Q(incident=None) | Q(incident__in=incident_queries.visible(by)))


def case_by_number(number: int | str, by: Actor) -> CaseFacts:
    """The person's door: 340 or `CASE-340`; `Missing` when it is not there or hangs on what this reader may not see."""
    wanted = ids.number("CASE", number) if isinstance(number, str) else number
    row = visible(by).filter(number=wanted).first()
    if row is None:
        raise Missing(f"CASE-{wanted}")
    return facts_of(row)


def cases_of(incident_id: int, *, withdrawn: bool = False) -> list[CaseFacts]:
    """The customers' parts, worst first; withdrawn ones only when asked."""
    rows = Case.objects.filter(incident=incident_id).order_by("rank", "id")
    return [facts_of(row) for row in (rows if withdrawn else rows.exclude(state="withdrawn"))]


def of_organisation(organisation_id: int, by: Actor, *, limit: int = 20) -> list[CaseFacts]:
    """A customer's cases, newest first, that this reader may see; withdrawn ones are left out."""
    rows = visible(by).filter(organisation=organisation_id).exclude(state="withdrawn").order_by("-pk")
    return [facts_of(row) for row in rows[:limit]]


def newest(by: Actor, *, state: str = "open", before: int = 0, limit: int = 50) -> list[CaseFacts]:
    """The newest cases: open ones, those that stand alone, or all; by pages below id `before`."""
    rows = visible(by).order_by("-id")
    if state == "open":
        rows = rows.filter(state__in=OPEN)
    elif state == "alone":
        rows = rows.filter(state__in=OPEN, incident=None)
    return [facts_of(row) for row in (rows.filter(pk__lt=before) if before else rows)[:limit]]


def open_cases_by_organisation(by: Actor) -> dict[int, int]:
    """How many cases each customer has open, for the customers' list; drills do not count."""
    rows = visible(by).filter(state__in=OPEN).exclude(incident__drill=True)
    return dict(rows.values_list("organisation_id").annotate(count=Count("id")).order_by())


@dataclass(frozen=True, slots=True)
class SilenceRow:
    """How long one customer of a running incident has heard nothing; `limit_s` is what the policy allows."""

    incident_id: int
    incident_key: str
    incident_url: str
    rank: int
    case_id: int
    case_key: str
    organisation_id: int
    organisation: Text
    last_word_at: datetime | None
    since_at: datetime  # the last word, else the moment the case was opened
    due_at: datetime
    limit_s: int
    drill: bool


def silence_rows(by: Actor, *, incident_id: int | None = None, limit: int = 100) -> list[SilenceRow]:
    """The silence of every open case of a running incident, the most urgent first."""
    # `visible` by a condition on the incident that is joined here anyway: as a subquery it reads every incident
    rows = Case.objects.filter(incident_queries.found_by(by, "incident__"), state__in=OPEN, incident__state__in=WORKING)
    if incident_id is not None:
        rows = rows.filter(incident=incident_id)
    found = [_Heard(*row) for row in rows.order_by("rank", "last_word_at", "id").values_list(*_HEARD)[:limit]]
    organisations = customers.organisations(row.organisation_id for row in found)
    policies = {pk: customers.policy_version(pk) for pk in {row.policy_version_id for row in found}}
    made = [_silence(row, organisations[row.organisation_id].name, policies[row.policy_version_id]) for row in found]
    return sorted(made, key=lambda one: (one.due_at, one.rank, one.case_id))


_HEARD = (
    "pk", "number", "organisation_id", "policy_version_id", "last_word_at", "opened_at", "incident_id",
    "incident__number", "incident__severity", "incident__rank", "incident__slow_cadence_s", "incident__drill",
)  # fmt: skip


class _Heard(NamedTuple):
    """The columns `_HEARD`: of the case, then of its incident."""

    pk: int
    number: int
    organisation_id: int
    policy_version_id: int
    last_word_at: datetime | None
    opened_at: datetime
    incident_id: int
    incident_number: int
    severity: str
    rank: int
    slow_cadence_s: int | None
    drill: bool


def _silence(row: _Heard, name: Text, policy: customers.PolicyFacts) -> SilenceRow:
    severity, key = Severity(row.severity), ids.key("INC", row.incident_number)
    limit_s = silence_limit(policy, severity, row.slow_cadence_s)
    since = row.last_word_at or row.opened_at
    return SilenceRow(
        row.incident_id, key, f"/incidents/{key}/", row.rank, row.pk, ids.key("CASE", row.number), row.organisation_id,
        name, row.last_word_at, since, policy.due(severity, limit_s, since), limit_s, row.drill,
    )  # fmt: skip


def silence_limit(policy: customers.PolicyFacts, severity: Severity, slow_cadence_s: int | None) -> int:
    """Seconds that a customer may hear nothing; an announced slower cadence stretches it."""
    return max(policy.terms.of(severity).silence_s, slow_cadence_s or 0)


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What the war room shows beside a customer: who they are to us. No contract: everything of it is empty."""

    organisation_id: int
    name: Text
    account_owner_id: int | None
    contract: str
    terms: str
    yearly_value: str
    renews_on: date | None
    ends_on: date | None


def account_facts(incident_id: int) -> dict[int, AccountFacts]:
    """By organisation of the incident's cases: contract, renewal date and account owner."""
    row = Case.objects.filter(incident=incident_id).exclude(state="withdrawn")
    return accounts_of(row.values_list("organisation_id", flat=True), incident_queries.incident(incident_id).product_id)


def accounts_of(organisation_ids: Iterable[int], product_id: int | None) -> dict[int, AccountFacts]:
    """The same for any organisations: the contract of this product, else the one that names none, else the newest."""
    wanted = set(organisation_ids)
    contracts: dict[int, customers.ContractFacts] = {}
    for contract in customers.contracts_of(wanted):
        held = contracts.get(contract.organisation_id)
        if held is None or _fit(contract, product_id) > _fit(held, product_id):
            contracts[contract.organisation_id] = contract
    return {pk: _account(facts, contracts.get(pk)) for pk, facts in customers.organisations(wanted).items()}


def _fit(contract: customers.ContractFacts, product_id: int | None) -> int:
    if contract.product_id is None:
        return 1
    return 2 if contract.product_id == product_id else 0


def _account(facts: customers.OrganisationFacts, contract: customers.ContractFacts | None) -> AccountFacts:
    if contract is None:
        return AccountFacts(facts.id, facts.name, facts.account_owner_id, "", "", "", None, None)
    return AccountFacts(
        facts.id, facts.name, facts.account_owner_id, contract.number, contract.terms, contract.yearly_value,
        contract.renews_on, contract.ends_on,
    )  # fmt: skip
