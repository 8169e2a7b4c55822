"""Questions as plain values: what tables, JSON and the API carry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from tomei.accounts import queries as accounts
from tomei.cases import queries as cases
from tomei.customers import queries as customers
from tomei.diagnosis.facts import AnswerFacts, QuestionFacts

COLUMNS = (
    "key", "state", "turn", "waits_until", "customer_ja", "customer_en", "case", "incident", "owner", "what_ja",
    "what_en", "why_ja", "why_en", "use_ja", "use_en", "following_ja", "following_en", "due_at", "next_at", "asked_at",
    "answered_at", "alarmed_at", "outcome_ja", "outcome_en", "ended_at", "again_reason", "drill",
)  # fmt: skip
_SAME = (
    "key", "url", "organisation_id", "case_id", "incident_id", "owner_id", "state", "turn", "due_at", "next_at",
    "waits_until", "again_id", "again_reason", "reply_promise_id", "feedback_promise_id", "made_at", "asked_at",
    "answered_at", "idle_at", "alarmed_at", "ended_at", "drill",
)  # fmt: skip
_TEXTS = ("what", "why", "use", "following", "outcome")


def named(items: Iterable[QuestionFacts]) -> list[dict[str, Any]]:
    """Questions with the names that stand beside them, in a fixed number of queries."""
    found = list(items)
    organisations = customers.organisations({one.organisation_id for one in found})
    people = accounts.people({one.owner_id for one in found if one.owner_id is not None})
    incidents = {one.incident_id for one in found if one.incident_id is not None}
    incident_keys, case_keys = cases.names(incidents, {one.case_id for one in found}) if found else ({}, {})
    return [
        {
            "one": one,
            "name": organisations[one.organisation_id].name,
            "language": organisations[one.organisation_id].language,
            "owner": people[one.owner_id].name if one.owner_id in people else "",
            "incident_key": incident_keys[one.incident_id][0] if one.incident_id in incident_keys else "",
            "case_key": case_keys.get(one.case_id, ""),
        }
        for one in found
    ]


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """One row for a table."""
    one: QuestionFacts = row["one"]
    more = {
        "customer_ja": row["name"].ja, "customer_en": row["name"].en, "owner": row["owner"],
        "case": row["case_key"], "incident": row["incident_key"],
    }  # fmt: skip
    for name in _TEXTS:
        more |= {f"{name}_{side}": words for side, words in getattr(one, name).as_json().items()}
    return {name: _value(more[name] if name in more else getattr(one, name)) for name in COLUMNS}


def _value(value: Any) -> Any:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value


def shown(one: QuestionFacts) -> dict[str, Any]:
    """For the API."""
    kept = {name: getattr(one, name) for name in _SAME}
    kept |= {name: getattr(one, name).as_json() for name in _TEXTS}
    return kept | {"answers": [_answer(each) for each in one.answers]}


def _answer(one: AnswerFacts) -> dict[str, Any]:
    return asdict(one)
