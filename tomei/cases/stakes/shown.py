"""What pages show of deadlines and workarounds, in the reader's language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tomei.cases.facts import CaseFacts
from tomei.cases.stakes import queries, rules, texts
from tomei.customers import queries as customers
from tomei.ui import moments


def of_incident(incident_id: int, now: datetime, language: str) -> dict[str, Any]:
    """Deadlines that run, soonest first, and the meter: three queries at most."""
    return {
        "deadlines": queries.of_incident(incident_id),
        "meter": queries.meter(queries.workarounds_of(incident_id), now),
        "said_money": lambda amounts: texts.money(amounts, language),
    }


def of_case(case: CaseFacts, now: datetime, language: str) -> dict[str, Any]:
    found = queries.workarounds(case.id)
    return {
        "deadlines": queries.of_case(case.id), "workarounds": found, "meter": queries.meter(found, now),
        "running": next((one for one in found if one.until_at is None), None),
        "deadline_kinds": [(code, texts.KINDS[code].said_in(language)) for code in rules.KINDS],
        "deadline_kind": lambda code: texts.KINDS[code].said_in(language),
        "deadline_ended": lambda code: texts.ENDED[code].said_in(language),
        "account_zone": customers.organisation(case.organisation_id).zone,
        "in_zone": lambda one: moments.full(one.at, one.zone, language),
        "said_money": lambda amounts: texts.money(amounts, language),
    }  # fmt: skip
