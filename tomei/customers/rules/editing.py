"""The editor of a policy: terms as the fields of a form, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tomei.customers.rules.spans import format_span, parse_span
from tomei.customers.rules.terms import ROLES, Terms
from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity

REQUIRED = ("first_notice_s", "scope_notice_s", "update_s", "acknowledge_s", "silence_s")
OPTIONAL = ("executive_s", "top_tier_s", "first_alone_s")
SWITCHES = ("review_public", "review_outside", "first_alone")
WHOLE = ("triage_s", "translation_s")


def as_fields(terms: Terms) -> dict[str, Any]:
    """`SEV1a.update_s` -> `15m`; what is not asked for is empty."""
    fields: dict[str, Any] = {name: format_span(getattr(terms, name)) for name in WHOLE}
    fields["heartbeats_count"] = terms.heartbeats_count
    fields["maintenance_days"] = str(terms.maintenance_days)
    for severity, own in terms.items():
        fields |= {f"{severity}.{name}": format_span(getattr(own, name)) for name in (*REQUIRED, *OPTIONAL)}
        fields |= {f"{severity}.roles_s.{role}": format_span(own.roles_s.get(role)) for role in ROLES}
        fields[f"{severity}.report_working_days"] = str(own.report_working_days)
        fields |= {f"{severity}.{name}": getattr(own, name) for name in SWITCHES}
        if not severity.stops_business:
            fields[f"{severity}.on_business_hours"] = own.on_business_hours
    return fields


def of_fields(posted: Mapping[str, str]) -> Terms:
    """The terms that a form says; refuses the first field that cannot be read, by its name."""
    return Terms.of_json(
        {
            **{name: parse_span(posted.get(name, ""), name) for name in WHOLE},
            "heartbeats_count": "heartbeats_count" in posted,
            "maintenance_days": _working_days(posted.get("maintenance_days", "5")),
            "severities": {severity.value: _of_severity(posted, severity.value) for severity in Severity},
        }
    )


def _working_days(text: str) -> int:
    days = text.strip()
    if not (days.isascii() and days.isdecimal() and len(days) < 4):
        raise Refused("policy.maintenance_days", field="maintenance_days")
    return int(days)


def _of_severity(posted: Mapping[str, str], severity: str) -> dict[str, Any]:
    days = posted.get(f"{severity}.report_working_days", "").strip()
    if not (days.isascii() and days.isdecimal() and len(days) < 4):
        raise Refused("policy.report_days", field=f"{severity}.report_working_days")
    roles = {role: _optional(posted, f"{severity}.roles_s.{role}") for role in ROLES}
    return {
        **{name: parse_span(posted.get(f"{severity}.{name}", ""), f"{severity}.{name}") for name in REQUIRED},
        **{name: _optional(posted, f"{severity}.{name}") for name in OPTIONAL},
        "roles_s": {role: seconds for role, seconds in roles.items() if seconds is not None},
        "report_working_days": int(days),
        "on_business_hours": f"{severity}.on_business_hours" in posted,
        **{name: f"{severity}.{name}" in posted for name in SWITCHES},
    }


def _optional(posted: Mapping[str, str], name: str) -> int | None:
    text = posted.get(name, "").strip()
    return parse_span(text, name) if text else None
