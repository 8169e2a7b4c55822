"""The webhook of Prometheus Alertmanager, version 4 of its body (`webhook_config`).

Fields used: `version`, `groupKey`, `alerts[]` (`status`, `labels`, `annotations`, `startsAt`, `fingerprint`,
`generatorURL`), `truncatedAlerts`, `externalURL`. Every other field is ignored and stays in the kept body.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from tomei.kernel.errors import Refused
from tomei.signals.rules import shapes
from tomei.signals.rules.reading import bounded
from tomei.signals.rules.shapes import Event, Parsed

VERSION = "4"
STATUSES = ("firing", "resolved")


def parse_alertmanager(body: bytes) -> Parsed:
    """Refuses what is not this shape (`signal.wrong_shape` and its like); never guesses."""
    whole = shapes.shape(shapes.read(body), dict, "body")
    if str(whole.get("version", "")) != VERSION:
        raise Refused("signal.wrong_version", version=shapes.words(whole.get("version"), 20) or "–")
    alerts = shapes.shape(whole.get("alerts"), list, "alerts")
    if len(alerts) > shapes.MOST_EVENTS:
        raise Refused("signal.too_many", most=shapes.MOST_EVENTS, count=len(alerts))
    group_key = shapes.words(shapes.shape(whole.get("groupKey", ""), str, "groupKey"), 10_000)
    left_out = whole.get("truncatedAlerts", 0)
    return Parsed(
        tuple(_event(alert, f"alerts[{place}]", group_key, whole) for place, alert in enumerate(alerts)),
        left_out if isinstance(left_out, int) and not isinstance(left_out, bool) and left_out > 0 else 0,
    )


def _event(alert: object, where: str, group_key: str, whole: Mapping[str, Any]) -> Event:
    given = shapes.shape(alert, dict, where)
    status = given.get("status")
    if status not in STATUSES:
        raise Refused("signal.wrong_shape", where=f"{where}.status")
    labels = shapes.labels(given.get("labels"), f"{where}.labels")
    notes = shapes.labels(given.get("annotations"), f"{where}.annotations")
    name = labels.get("alertname", "")
    return Event(
        status=status,
        group_key=bounded(group_key) if group_key else own_key(labels, name),
        fingerprint=shapes.words(given.get("fingerprint"), 100) or of_labels(labels),
        title=(notes.get("summary") or notes.get("title") or name or "alert")[: shapes.TITLE],
        title_ja=notes.get("summary_ja", "")[: shapes.TITLE],
        severity=labels.get("severity", "").strip().lower()[:40],
        component=shapes.component_of(labels),
        at=shapes.moment(given.get("startsAt")),
        url=shapes.link(given.get("generatorURL")) or shapes.link(whole.get("externalURL")),
        text=shapes.words(notes.get("description") or notes.get("message"), shapes.LONG),
        labels=labels,
    )


def own_key(labels: Mapping[str, str], name: str) -> str:
    """Where the sender has no key of its own: component and name (the source stands beside it in the row)."""
    return bounded(f"{shapes.component_of(labels)}/{name}")


def of_labels(labels: Mapping[str, str]) -> str:
    """An alert is its labels, whatever order they were sent in."""
    return hashlib.sha256(json.dumps(sorted(labels.items())).encode()).hexdigest()[:16]
