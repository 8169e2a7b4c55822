"""Sentry: the hooks of an integration (issues, issue alerts, metric alerts, errors, comments) and the legacy plugin.

Hooks: `action`, `data` with `issue`, `event`, `error`, `metric_alert` (+ `description_title`, `description_text`,
`web_url`) or `comment`, `actor`. Plugin: `id`, `project_slug`, `level`, `message`, `culprit`, `url`, `event`.
An issue is a group: its alerts, its end and what people did with it belong together.
"""

from __future__ import annotations

import re
from datetime import datetime

from tomei.kernel.errors import Refused
from tomei.signals.rules import reading, shapes
from tomei.signals.rules.reading import Table
from tomei.signals.rules.shapes import Event, Parsed, Remark

LEVEL = {"fatal": "critical"}
ISSUE = {"created": "firing", "unresolved": "firing", "resolved": "resolved"}
TAKEN = ("assigned", "ignored", "archived")
METRIC = {"critical": "firing", "warning": "firing", "resolved": "resolved"}
_ISSUE_URL = re.compile(r"/issues/([0-9]{1,40})(/|\?|$)")


def parse_sentry(body: bytes) -> Parsed:
    """Refuses what is none of these shapes."""
    whole = reading.body(body)
    data = reading.table(whole, "data")
    action = reading.text(whole, "action")
    if "metric_alert" in data:
        return _metric(action, data)
    if "issue" in data:
        return _issue(action, reading.table(data, "issue"), whole)
    if "event" in data or "error" in data:
        event = reading.table(data, "event") or reading.table(data, "error")
        return Parsed((_event(event, reading.text(data, "triggered_rule")),))
    if "comment" in data or "issue_id" in data:
        return Parsed(remarks=(_comment(data, whole),))
    if "installation" in data:
        return Parsed()
    return _plugin(whole)


def _who(whole: Table) -> str:
    return reading.text(reading.table(whole, "actor"), "name", "email", "id")


def _issue(action: str, issue: Table, whole: Table) -> Parsed:
    key = reading.need(reading.text(issue, "id"), "data.issue.id")
    at = reading.moment(issue.get("lastSeen"))
    if action in TAKEN:
        who = reading.text(reading.table(whole, "data", "assignee"), "name", "email") or _who(whole)
        return Parsed(remarks=(Remark("acknowledged", f"issue/{key}", who, at, action),))
    if action not in ISSUE:
        raise Refused("signal.wrong_shape", where="action")
    labels = _labels(issue)
    if action == "unresolved":
        at = None  # opened again by hand it has the moment of its end; a status that changes is news without one
    web = reading.link(issue.get("web_url"), issue.get("permalink"))
    event = _built(ISSUE[action], key, reading.text(issue, "title", limit=shapes.TITLE), issue, at, web, labels)
    return Parsed((event,))


def _labels(given: Table) -> dict[str, str]:
    project = reading.table(given, "project")
    tags = reading.labels(given.get("tags"))
    named = {
        "project": reading.text(project, "slug", "name") or reading.text(given, "project_slug", "project_name"),
        "platform": given.get("platform"),
        "culprit": given.get("culprit"),
        "environment": given.get("environment") or tags.get("environment"),
        "short_id": given.get("shortId"),
    }
    return reading.labels(named, tags)


def _event(event: Table, rule: str) -> Event:
    found = _ISSUE_URL.search(reading.text(event, "issue_url", "web_url", limit=1000))
    key = reading.text(event, "issue_id") or (found[1] if found else "") or _print(event)
    labels = reading.labels({"rule": rule}, _labels(event))
    at = reading.moment(event.get("timestamp")) or reading.moment(event.get("datetime"))
    title = reading.text(event, "title", "message", "culprit", limit=shapes.TITLE)
    return _built("firing", key, title, event, at, reading.link(event.get("web_url"), event.get("issue_url")), labels)


def _print(event: Table) -> str:
    """Without an issue: Sentry's own hash of what belongs together, else the words of the error."""
    hashes = event.get("hashes")
    own = reading.plain(hashes[0]) if isinstance(hashes, list) and hashes else ""
    return own or reading.need(reading.text(event, "title", "message", "event_id"), "data.event.issue_id")


def _plugin(whole: Table) -> Parsed:
    key = reading.need(reading.text(whole, "id"), "id")
    event = reading.table(whole, "event")
    if not event and "level" not in whole:
        raise Refused("signal.wrong_shape", where="event")
    at = reading.moment(event.get("timestamp")) or reading.moment(event.get("received"))
    title = (
        reading.text(event, "title", limit=shapes.TITLE)
        or reading.text(whole, "message", limit=shapes.TITLE)
        or reading.text(reading.table(event, "metadata"), "title", limit=shapes.TITLE)
        or reading.text(whole, "culprit", limit=shapes.TITLE)
    )
    rules = whole.get("triggering_rules")
    rule = reading.plain(rules[0]) if isinstance(rules, list) and rules else ""
    labels = reading.labels({"rule": rule}, _labels(whole), event.get("tags"))
    level = {"level": whole.get("level") or event.get("level"), "culprit": whole.get("culprit")}
    return Parsed((_built("firing", key, title, level, at, reading.link(whole.get("url")), labels),))


def _built(
    status: str, key: str, title: str, given: Table, at: datetime | None, url: str, labels: dict[str, str]
) -> Event:
    level = reading.text(given, "level").lower()
    return Event(
        status=status,
        group_key=reading.bounded(f"issue/{key}"),
        fingerprint=reading.bounded(f"issue/{key}"),
        title=title or f"issue {key}"[: shapes.TITLE],
        severity=LEVEL.get(level, level)[:40],
        component=shapes.component_of(labels),
        at=at,
        url=url,
        text=reading.prose(given.get("culprit"), reading.text(reading.table(given, "metadata"), "value", "title")),
        labels=labels,
    )


def _metric(action: str, data: Table) -> Parsed:
    if action not in METRIC:
        raise Refused("signal.wrong_shape", where="action")
    alert = reading.table(data, "metric_alert")
    rule = reading.table(alert, "alert_rule")
    key = reading.need(reading.text(rule, "id") or reading.text(alert, "id"), "data.metric_alert.id")
    projects = alert.get("projects")
    labels = reading.labels(
        {"rule": rule.get("name"), "metric": rule.get("aggregate"), "environment": rule.get("environment")},
        {"project": projects[0] if isinstance(projects, list) and projects else ""},
    )
    at = alert.get("date_closed") if action == "resolved" else alert.get("date_detected") or alert.get("date_started")
    title = reading.text(rule, "name", limit=shapes.TITLE) or reading.text(data, "description_title")
    event = Event(
        status=METRIC[action],
        group_key=reading.bounded(f"metric/{key}"),
        fingerprint=reading.bounded(f"metric/{key}"),
        title=title or f"metric alert {key}"[: shapes.TITLE],
        severity="critical" if action == "critical" else "warning",
        component=shapes.component_of(labels),
        at=reading.moment(at),
        url=reading.link(data.get("web_url")),
        text=reading.prose(data.get("description_title"), data.get("description_text")),
        labels=labels,
    )
    return Parsed((event,))


def _comment(data: Table, whole: Table) -> Remark:
    key = reading.need(reading.text(data, "issue_id"), "data.issue_id")
    at = reading.moment(data.get("timestamp"))
    return Remark("note", reading.bounded(f"issue/{key}"), _who(whole), at, reading.text(data, "comment", limit=2000))
