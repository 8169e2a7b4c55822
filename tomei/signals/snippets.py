"""The lines to copy into the sender: they work as they stand."""

from __future__ import annotations

import json


def curl(kind: str, address: str) -> str:
    """One test alert that asks for nobody (severity warning), so that trying it wakes no one."""
    body: dict[str, object]
    if kind == "alertmanager":
        labels = {"alertname": "TomeiTest", "severity": "warning"}
        alert = {"status": "firing", "labels": labels, "annotations": {"summary": "Test from curl"}}
        body = {"version": "4", "groupKey": "tomei-test", "status": "firing", "alerts": [alert]}
    else:
        body = {"status": "firing", "key": "tomei-test", "title": "Test from curl", "severity": "warning"}
    return f"curl -sS -H 'Content-Type: application/json' -d '{json.dumps(body)}' {address}"


def alertmanager(address: str) -> str:
    """What goes into alertmanager.yml. Resolves are sent too: without them a group fires for ever."""
    return (
        "route:\n"
        "  receiver: tomei\n"
        "receivers:\n"
        "  - name: tomei\n"
        "    webhook_configs:\n"
        f"      - url: {address}\n"
        "        send_resolved: true\n"
    )
