"""A Statuspage of somebody we depend on: its webhook subscription says what its owner admits.

`page` with `component` and `component_update` (`old_status`, `new_status`), or with `incident` (`status`, `impact`,
`incident_updates`, `components`, `shortlink`, `scheduled_for`). A maintenance that is planned is kept as a change.
"""

from __future__ import annotations

from tomei.kernel.errors import Refused
from tomei.signals.rules import reading, shapes
from tomei.signals.rules.reading import Table
from tomei.signals.rules.shapes import Change, Event, Parsed

COMPONENT = {
    "operational": ("resolved", "info"), "degraded_performance": ("firing", "warning"),
    "partial_outage": ("firing", "error"), "major_outage": ("firing", "critical"),
    "under_maintenance": ("firing", "info"),
}  # fmt: skip
INCIDENT = {
    "investigating": "firing", "identified": "firing", "monitoring": "firing", "in_progress": "firing",
    "verifying": "firing", "resolved": "resolved", "postmortem": "resolved", "completed": "resolved",
}  # fmt: skip
IMPACT = {"critical": "critical", "major": "error", "minor": "warning", "none": "info", "maintenance": "info"}


def parse_statuspage(body: bytes) -> Parsed:
    """Refuses what tells of neither a component nor an incident."""
    whole = reading.body(body)
    page = reading.table(whole, "page")
    if "incident" in whole:
        return _incident(reading.table(whole, "incident"), page)
    if "component" in whole or "component_update" in whole:
        return Parsed((_component(whole, page),))
    raise Refused("signal.wrong_shape", where="incident")


def _component(whole: Table, page: Table) -> Event:
    part, update = reading.table(whole, "component"), reading.table(whole, "component_update")
    key = reading.need(reading.text(part, "id") or reading.text(update, "component_id"), "component.id")
    state = reading.text(update, "new_status") or reading.text(part, "status")
    if state not in COMPONENT:
        raise Refused("signal.wrong_shape", where="component_update.new_status")
    status, severity = COMPONENT[state]
    name = reading.text(part, "name", limit=shapes.TITLE) or f"component {key}"
    found = reading.bounded(f"component/{key}")
    return Event(
        status=status,
        group_key=found,
        fingerprint=found,
        title=name,
        severity=severity,
        at=reading.moment(update.get("created_at")) or reading.moment(part.get("updated_at")),
        url=_page_link(whole),
        text=reading.prose(f"{reading.text(update, 'old_status') or '–'} → {state}", part.get("description")),
        labels=reading.labels({"upstream": name, "state": state, "page": page.get("id")}),
    )


def _page_link(whole: Table) -> str:
    """The page's own address stands only in the line by which one leaves."""
    return reading.link(reading.text(reading.table(whole, "meta"), "unsubscribe", limit=1000).partition("?")[0])


def _incident(incident: Table, page: Table) -> Parsed:
    key = reading.need(reading.text(incident, "id"), "incident.id")
    state = reading.text(incident, "status")
    name = reading.text(incident, "name", limit=shapes.TITLE) or f"incident {key}"
    updates = reading.rows(incident.get("incident_updates"))
    said = reading.text(updates[0], "body", limit=shapes.LONG) if updates else ""
    parts = [part for one in reading.rows(incident.get("components"))[:20] if (part := reading.text(one, "name"))]
    labels = reading.labels({"upstream": ", ".join(parts), "state": state, "page": page.get("id")})
    url = reading.link(incident.get("shortlink"))
    if state == "scheduled":
        at = reading.moment(incident.get("scheduled_for")) or reading.moment(incident.get("updated_at"))
        return Parsed(changes=(Change(name, at, ", ".join(parts), "", url, said, labels),))
    if state not in INCIDENT:
        raise Refused("signal.wrong_shape", where="incident.status")
    impact = "maintenance" if incident.get("scheduled_for") else reading.text(incident, "impact")
    found = reading.bounded(f"incident/{key}")
    event = Event(
        status=INCIDENT[state],
        group_key=found,
        fingerprint=found,
        title=name,
        severity=IMPACT.get(impact, impact)[:40],
        at=reading.moment(incident.get("updated_at")) or reading.moment(incident.get("created_at")),
        url=url,
        text=said,
        labels=labels,
    )
    return Parsed((event,))
