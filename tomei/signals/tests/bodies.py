"""Bodies as Alertmanager and others send them, written for these tests from the documented schemas."""

from __future__ import annotations

import json
from typing import Any

STARTED = "2026-11-18T04:58:21.123456789Z"


def alert(name: str = "OrdersDown", status: str = "firing", **changes: Any) -> dict[str, Any]:
    labels = {"alertname": name, "severity": "critical", "component": "orders", **changes.pop("labels", {})}
    return {
        "status": status,
        "labels": labels,
        "annotations": {"summary": f"{name}: orders fail", "description": "5xx over 20 %"},
        "startsAt": STARTED,
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus.example/graph?g0.expr=up",
        "fingerprint": f"fp-{name}",
        **changes,
    }


def alertmanager(*alerts: dict[str, Any], key: str = '{}:{alertname="OrdersDown"}', **changes: Any) -> bytes:
    given = list(alerts) or [alert()]
    status = "firing" if any(one["status"] == "firing" for one in given) else "resolved"
    body = {
        "version": "4",
        "groupKey": key,
        "truncatedAlerts": 0,
        "status": status,
        "receiver": "tomei",
        "groupLabels": {},
        "commonLabels": {},
        "commonAnnotations": {},
        "externalURL": "http://alertmanager.example",
        "alerts": given,
        **changes,
    }
    return json.dumps(body).encode()


def generic(**fields: Any) -> bytes:
    return json.dumps({"title": "Orders fail", "severity": "critical", "component": "orders", **fields}).encode()
