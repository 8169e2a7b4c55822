"""Grafana's webhook contact point (unified alerting, 8 to 12) and the legacy notification channel (up to 10).

Unified: `alerts[]` (`status`, `labels`, `annotations`, `startsAt`, `fingerprint`, `generatorURL`, `panelURL`,
`dashboardURL`, `valueString`), `groupKey`, `commonLabels`, `commonAnnotations`, `title`, `message`, `externalURL`,
`truncatedAlerts`. Legacy: `ruleId`, `ruleName`, `ruleUrl`, `state`, `title`, `message`, `tags`, `evalMatches`, `orgId`.
"""

from __future__ import annotations

from tomei.kernel.errors import Refused
from tomei.signals.rules import reading, shapes
from tomei.signals.rules.alertmanager import STATUSES, of_labels
from tomei.signals.rules.reading import Table
from tomei.signals.rules.shapes import Event, Parsed

LEGACY = {"alerting": "firing", "no_data": "firing", "ok": "resolved"}
QUIET = ("pending", "paused", "unknown")


def parse_grafana(body: bytes) -> Parsed:
    """Both shapes; refuses what is neither."""
    whole = reading.body(body)
    if isinstance(whole.get("alerts"), list):
        given = reading.rows(whole["alerts"])
        if len(given) != len(whole["alerts"]):
            raise Refused("signal.wrong_shape", where="alerts")
        left_out = whole.get("truncatedAlerts")
        more = left_out if isinstance(left_out, int) and not isinstance(left_out, bool) and left_out > 0 else 0
        return Parsed(tuple(_alert(one, f"alerts[{place}]", whole) for place, one in enumerate(given)), more)
    return _legacy(whole)


def _alert(given: Table, where: str, whole: Table) -> Event:
    status = given.get("status")
    if status not in STATUSES:
        raise Refused("signal.wrong_shape", where=f"{where}.status")
    own = reading.labels(given.get("labels"))
    labels = reading.labels(own, whole.get("commonLabels"))
    notes = reading.labels(given.get("annotations"), whole.get("commonAnnotations"))
    name = labels.get("alertname", "")
    title = notes.get("summary") or name or reading.text(whole, "title") or "alert"
    key = reading.text(whole, "groupKey", limit=10_000) or f"{shapes.component_of(labels)}/{name or title}"
    return Event(
        status=status,
        group_key=reading.bounded(key),
        fingerprint=reading.text(given, "fingerprint", limit=100) or of_labels(own or labels),
        title=title[: shapes.TITLE],
        title_ja=notes.get("summary_ja", "")[: shapes.TITLE],
        severity=labels.get("severity", "").lower()[:40],
        component=shapes.component_of(labels),
        at=shapes.moment(given.get("startsAt")),
        url=reading.link(
            given.get("generatorURL"), given.get("panelURL"), given.get("dashboardURL"), whole.get("externalURL")
        ),
        text=reading.prose(notes.get("description"), given.get("valueString")),
        labels=labels,
    )


def _legacy(whole: Table) -> Parsed:
    name = reading.text(whole, "ruleName", "title", limit=shapes.TITLE)
    state = reading.text(whole, "state")
    if not name or (state not in LEGACY and state not in QUIET):
        raise Refused("signal.wrong_shape", where="state" if name else "ruleName")
    if state in QUIET:
        return Parsed()
    labels = reading.labels(whole.get("tags"), {"alertname": name, "state": state})
    key = f"rule/{reading.text(whole, 'orgId') or '-'}/{reading.text(whole, 'ruleId') or '-'}/{name}"
    values = [
        f"{reading.text(one, 'metric')}: {reading.plain(one.get('value'))}"
        for one in reading.rows(whole.get("evalMatches"))[:20]
    ]
    event = Event(
        status=LEGACY[state],
        group_key=reading.bounded(key),
        fingerprint=reading.bounded(key),
        title=name,
        severity=labels.get("severity", "warning" if state == "no_data" else "").lower()[:40],
        component=shapes.component_of(labels),
        url=reading.link(whole.get("ruleUrl")),
        text=reading.prose(whole.get("message"), *values),
        labels=labels,
    )
    return Parsed((event,))
