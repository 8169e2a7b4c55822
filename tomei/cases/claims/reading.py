"""Claims and statements of credit as plain values: what tables, JSON and the API carry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from tomei.accounts import queries as accounts
from tomei.cases.claims.facts import AnswerFacts, ClaimFacts
from tomei.cases.claims.statement import ANNOUNCED, Statement
from tomei.cases.queries import about_cases
from tomei.customers import queries as customers

COLUMNS = (
    "key", "state", "outcome", "kind", "customer_ja", "customer_en", "case", "contract", "clause", "words", "amount",
    "currency", "heard_at", "heard_from", "owner", "due_at", "answered_at", "told_to", "settled_at", "withdrawn_at",
    "closing", "drill",
)  # fmt: skip
CREDIT_COLUMNS = (
    "month", "preliminary", "agreed_s", "summed_s", "overlap_s", "maintenance_s", "excluded_s", "downtime_s",
    "availability_percent", "target_percent", "percent", "capped", "amount", "currency", "version",
)  # fmt: skip
NO_ADMISSION = "A calculation on the contract's terms from recorded intervals; no admission of any liability."


def named(items: Iterable[ClaimFacts]) -> list[dict[str, Any]]:
    """Claims with the names that stand beside them, in a fixed number of queries."""
    found = list(items)
    organisations = customers.organisations({one.organisation_id for one in found})
    cases = about_cases.cases({one.case_id for one in found if one.case_id is not None}) if found else {}
    people = accounts.people({one.owner_id for one in found if one.owner_id is not None})
    contracts = {one.id: one for one in customers.contracts_of(organisations)} if found else {}
    return [
        {
            "claim": one,
            "name": organisations[one.organisation_id].name,
            "case": cases.get(one.case_id or 0),
            "owner": people[one.owner_id].name if one.owner_id in people else "",
            "contract": contracts.get(one.contract_id or 0),
        }
        for one in found
    ]


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """One row of the register for a table."""
    one: ClaimFacts = row["claim"]
    more = {
        "customer_ja": row["name"].ja, "customer_en": row["name"].en, "owner": row["owner"],
        "case": row["case"].key if row["case"] else "", "contract": row["contract"].number if row["contract"] else "",
    }  # fmt: skip
    return {name: _value(more[name] if name in more else getattr(one, name)) for name in COLUMNS}


def _value(value: Any) -> Any:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value


def shown(one: ClaimFacts) -> dict[str, Any]:
    """For the API: amounts are there only for who may see them, and `amount_hidden` says so."""
    same = (
        "key", "url", "organisation_id", "case_id", "contract_id", "clause", "kind", "words", "amount", "currency",
        "heard_at", "heard_from", "owner_id", "due_at", "promise_id", "state", "outcome", "made_at", "answered_at",
        "told_to", "settled_at", "withdrawn_at", "closing", "drill",
    )  # fmt: skip
    kept = {name: getattr(one, name) for name in same}
    return kept | {"amount_hidden": one.is_hidden, "answers": [shown_answer(each) for each in one.answers]}


def shown_answer(one: AnswerFacts) -> dict[str, Any]:
    same = ("number", "outcome", "amount", "currency", "state", "author_id", "made_at", "decided_by_id", "decided_at",
            "reason")  # fmt: skip
    return {name: getattr(one, name) for name in same} | {"words": one.words.as_json()}


def credit_row(one: Statement) -> dict[str, Any]:
    """One month as a line; a month without terms says only that."""
    found = one.reckoned
    if found is None or one.version is None:
        return {"month": f"{one.month:%Y-%m}"}
    return {
        "month": f"{one.month:%Y-%m}", "preliminary": found.is_preliminary, "agreed_s": seconds(found.agreed),
        "summed_s": seconds(found.summed), "overlap_s": seconds(found.overlap),
        "maintenance_s": seconds(found.maintenance), "excluded_s": seconds(found.excluded),
        "downtime_s": seconds(found.downtime), "availability_percent": str(found.availability_percent),
        "target_percent": str(found.terms.target), "percent": str(found.percent), "capped": found.is_capped,
        "amount": str(found.amount), "currency": found.terms.currency, "version": one.version.number,
    }  # fmt: skip


def seconds(span: timedelta) -> float:
    return span.total_seconds()


def statement(one: Statement) -> dict[str, Any]:
    """Everything that the amount was reckoned from, so that somebody else can reckon it again."""
    found = one.reckoned
    body: dict[str, Any] = {"says": NO_ADMISSION, "contract_id": one.contract.id, **credit_row(one)}
    if found is None:
        return body | {"terms": None, "intervals": [], "downtime": [], "exclusions": []}
    return body | {
        "from": found.since_at.isoformat(), "until": found.until_at.isoformat(), "terms": found.terms.as_json(),
        "intervals": [_interval(each, one) for each in found.counted],
        "downtime": [[since.isoformat(), until.isoformat()] for since, until in found.union],
        "exclusions": [{"minutes": each.minutes, "reason": each.reason} for each in one.exclusions],
    }  # fmt: skip


def _interval(each: Any, one: Statement) -> dict[str, Any]:
    spell = each.spell
    return {
        "incident": one.incidents.get(spell.incident_id, ""), "announced": spell.incident_id == ANNOUNCED,
        "component_id": spell.component_id, "impact": spell.impact,
        "from": _value(each.since_at), "until": _value(each.until_at), "open": each.is_open, "not_counted": each.why,
    }  # fmt: skip
