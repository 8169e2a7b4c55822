"""New Relic: the payload of a workflow, as its template stands when nobody has changed it, and the legacy webhook.

Workflow: `id` (or `issueId`), `issueUrl`, `title`, `priority`, `state`, `createdAt`, `updatedAt`, `closedAt`,
`impactedEntities`, `alertPolicyNames`, `alertConditionNames`, `workflowName`, `owner`. Legacy: `incident_id`,
`current_state`, `severity`, `condition_name`, `policy_name`, `details`, `timestamp`, `incident_url`, `targets`.
"""

from __future__ import annotations

from datetime import datetime

from tomei.kernel.errors import Refused
from tomei.signals.rules import reading, shapes
from tomei.signals.rules.reading import Table
from tomei.signals.rules.shapes import Event, Parsed, Remark

STATE = {
    "created": "firing", "activated": "firing", "open": "firing", "opened": "firing", "closed": "resolved",
    "resolved": "resolved", "deactivated": "resolved", "acknowledged": "acknowledged",
}  # fmt: skip
PRIORITY = {"critical": "critical", "high": "error", "medium": "warning", "low": "info", "warning": "warning"}


def parse_newrelic(body: bytes) -> Parsed:
    """Refuses a body without an issue or a state."""
    whole = reading.body(body)
    is_legacy = "current_state" in whole
    names = ("incident_id", "issue_id") if is_legacy else ("id", "issueId", "issue_id")
    key = reading.need(reading.text(whole, *names), names[0])
    state = STATE.get(reading.text(whole, "current_state", "state", "status").lower())
    if state is None:
        raise Refused("signal.wrong_shape", where="current_state" if is_legacy else "state")
    if state == "acknowledged":
        who, at = reading.text(whole, "owner", "acknowledgedBy", "acknowledged_by"), _changed(whole)
        return Parsed(remarks=(Remark("acknowledged", reading.bounded(key), who, at),))
    return Parsed((_legacy(whole, key, state) if is_legacy else _workflow(whole, key, state),))


def _changed(whole: Table) -> datetime | None:
    return next((at for name in ("updatedAt", "timestamp") if (at := reading.moment(whole.get(name)))), None)


def _first(given: object) -> str:
    """Lists of names come as lists, or as one text."""
    return reading.plain(given[0]) if isinstance(given, list) and given else reading.plain(given)


def _workflow(whole: Table, key: str, state: str) -> Event:
    condition, policy = _first(whole.get("alertConditionNames")), _first(whole.get("alertPolicyNames"))
    labels = reading.labels(
        {"entity": _first(whole.get("impactedEntities")), "condition": condition, "policy": policy},
        {"workflow": whole.get("workflowName"), "component": whole.get("component"), "service": whole.get("service")},
        whole.get("labels"),
    )
    title = _first(whole.get("title")) or reading.text(whole, "issueTitle") or condition or f"issue {key}"
    moments = ("closedAt", "updatedAt") if state == "resolved" else ("activatedAt", "createdAt", "updatedAt")
    return _built(whole, key, state, title, labels, moments, ("issueUrl", "issuePageUrl", "violationChartUrl"))


def _legacy(whole: Table, key: str, state: str) -> Event:
    targets = reading.rows(whole.get("targets"))[:10]
    labels = reading.labels(
        {"condition": whole.get("condition_name"), "policy": whole.get("policy_name")},
        {"entity": reading.text(targets[0], "name") if targets else "", "account": whole.get("account_name")},
        *(target.get("labels") for target in targets),
    )
    title = reading.text(whole, "details", "condition_name", limit=shapes.TITLE) or f"incident {key}"
    return _built(whole, key, state, title, labels, ("timestamp",), ("incident_url", "violation_callback_url"))


def _built(
    whole: Table,
    key: str,
    state: str,
    title: str,
    labels: dict[str, str],
    moments: tuple[str, ...],
    links: tuple[str, ...],
) -> Event:
    level = reading.text(whole, "priority", "severity").lower()
    found = reading.bounded(key)
    return Event(
        status=state,
        group_key=found,
        fingerprint=found,
        title=title[: shapes.TITLE],
        severity=PRIORITY.get(level, level)[:40],
        component=shapes.component_of(labels),
        at=next((at for name in moments if (at := reading.moment(whole.get(name)))), None),
        url=reading.link(*(whole.get(name) for name in links)),
        text=reading.prose(_first(whole.get("description")), whole.get("details"), whole.get("runbook_url")),
        labels=labels,
    )
