"""The lines to copy into the sender: they work as they stand. Where they go is said on the page of the source."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

NAMES = {
    "alertmanager": "Prometheus Alertmanager",
    "grafana": "Grafana",
    "pagerduty": "PagerDuty Events API v2",
    "opsgenie": "Opsgenie Alert API",
    "cloudwatch": "Amazon CloudWatch (SNS)",
    "datadog": "Datadog",
    "newrelic": "New Relic",
    "sentry": "Sentry",
    "zabbix": "Zabbix",
    "uptimerobot": "UptimeRobot",
    "pingdom": "Pingdom",
    "statuspage": "Statuspage",
}  # and generic JSON, which has no name of its own

# One test of each that asks for nobody (severity warning), so that trying it wakes no one.
TESTS: Mapping[str, dict[str, object]] = {
    "alertmanager": {
        "version": "4", "groupKey": "tomei-test", "status": "firing", "alerts": [{
            "status": "firing", "labels": {"alertname": "TomeiTest", "severity": "warning"},
            "annotations": {"summary": "Test from curl"},
        }],
    },
    "grafana": {
        "version": "1", "groupKey": "tomei-test", "status": "firing", "alerts": [{
            "status": "firing", "labels": {"alertname": "TomeiTest", "severity": "warning"},
            "annotations": {"summary": "Test from curl"}, "fingerprint": "tomei-test",
        }],
    },
    "opsgenie": {"message": "Test from curl", "alias": "tomei-test", "priority": "P3"},
    "datadog": {"transition": "Warn", "title": "Test from curl", "monitor": "tomei-test"},
    "newrelic": {"id": "tomei-test", "title": ["Test from curl"], "state": "ACTIVATED", "priority": "MEDIUM"},
    "sentry": {
        "id": "tomei-test", "project_slug": "tomei", "level": "warning", "message": "Test from curl", "event": {},
    },
    "zabbix": {"status": "PROBLEM", "name": "Test from curl", "host": "tomei-test", "severity": "Warning"},
    "uptimerobot": {
        "monitorID": "tomei-test", "monitorFriendlyName": "Test from curl", "alertType": "1", "severity": "warning",
    },
    "pingdom": {"check_id": "0", "check_name": "Test from curl", "current_state": "DOWN", "importance_level": "LOW"},
    "statuspage": {
        "page": {"id": "tomei-test"},
        "incident": {"id": "tomei-test", "name": "Test from curl", "status": "investigating", "impact": "minor"},
    },
    "generic": {"status": "firing", "key": "tomei-test", "title": "Test from curl", "severity": "warning"},
}  # fmt: skip


def curl(kind: str, address: str) -> str:
    """One line to try it with; AWS alone must be asked to send, because only its signature is believed."""
    base, key = _parts(address)
    if kind == "mail":
        return f"curl -sS -H 'Content-Type: message/rfc822' --data-binary @mail.eml {address}"
    if kind == "cloudwatch":
        return f"aws sns subscribe --topic-arn TOPIC_ARN --protocol https --notification-endpoint {address}"
    if kind == "pagerduty":
        payload = {"summary": "Test from curl", "source": "curl", "severity": "warning"}
        event = {"routing_key": key, "event_action": "trigger", "dedup_key": "tomei-test", "payload": payload}
        return _post(event, f"{base}/v2/enqueue")
    if kind == "opsgenie":
        return _post(TESTS[kind], f"{base}/v2/alerts", f" -H 'Authorization: GenieKey {key}'")
    return _post(TESTS[kind], address)


def _post(body: Mapping[str, object], address: str, more: str = "") -> str:
    return f"curl -sS -H 'Content-Type: application/json'{more} -d '{json.dumps(body)}' {address}"


def _parts(address: str) -> tuple[str, str]:
    """`https://tomei.example.com` and the key of its door."""
    base, _in, rest = address.rpartition("/in/")
    return base, rest.partition("/")[2]


def paste(kind: str, address: str) -> str:
    """What goes into the sender, as text to copy; the address alone where it needs no more."""
    return PASTES[kind](address) if kind in PASTES else address if kind != "generic" else ""


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


def pagerduty(address: str) -> str:
    base, key = _parts(address)
    return f"url: {base}/v2/enqueue\nchange_url: {base}/v2/change/enqueue\nrouting_key: {key}\n"


def opsgenie(address: str) -> str:
    base, key = _parts(address)
    return f"api_url: {base}/\napi_key: {key}\n"


def datadog(address: str) -> str:
    """The payload of the webhook; without it Datadog names no monitor, and says only in words whether it recovered."""
    payload = {
        "transition": "$ALERT_TRANSITION", "monitor": "$ALERT_ID", "cycle": "$ALERT_CYCLE_KEY",
        "scope": "$ALERT_SCOPE", "title": "$EVENT_TITLE", "type": "$ALERT_TYPE", "priority": "$ALERT_PRIORITY",
        "date": "$DATE", "link": "$LINK", "message": "$TEXT_ONLY_MSG", "status": "$ALERT_STATUS", "tags": "$TAGS",
        "host": "$HOSTNAME",
    }  # fmt: skip
    return f"URL: {address}\n\nPayload:\n{json.dumps(payload, indent=2)}\n"


ZABBIX_PARAMETERS = {
    "event_id": "{EVENT.ID}",
    "trigger_id": "{TRIGGER.ID}",
    "status": "{EVENT.STATUS}",
    "name": "{EVENT.NAME}",
    "host": "{HOST.NAME}",
    "severity": "{EVENT.SEVERITY}",
    "nseverity": "{EVENT.NSEVERITY}",
    "timestamp": "{EVENT.TIMESTAMP}",
    "opdata": "{EVENT.OPDATA}",
    "tags": "{EVENT.TAGSJSON}",
    "link": "{$ZABBIX.URL}/tr_events.php?triggerid={TRIGGER.ID}&eventid={EVENT.ID}",
    "update": "{EVENT.UPDATE.STATUS}",
    "update_action": "{EVENT.UPDATE.ACTION}",
    "update_message": "{EVENT.UPDATE.MESSAGE}",
    "user": "{USER.FULLNAME}",
    "message": "{ALERT.MESSAGE}",
}
ZABBIX_SCRIPT = """\
var given = JSON.parse(value), address = given.url, request = new HttpRequest();
delete given.url;
request.addHeader('Content-Type: application/json');
var answer = request.post(address, JSON.stringify(given));
if (request.getStatus() !== 200) {
    throw 'Tomei: ' + request.getStatus() + ' ' + answer;
}
return 'OK';
"""


def zabbix(address: str) -> str:
    rows = "\n".join(f"{name} = {value}" for name, value in {"url": address, **ZABBIX_PARAMETERS}.items())
    return f"Parameters:\n{rows}\n\nScript:\n{ZABBIX_SCRIPT}"


def uptimerobot(address: str) -> str:
    names = (
        "monitorID", "monitorURL", "monitorFriendlyName", "alertType", "alertTypeFriendlyName", "alertDetails",
        "alertDateTime", "sslExpiryDate", "sslExpiryDaysLeft",
    )  # fmt: skip
    return f"URL: {address}\n\nPOST value (JSON):\n{json.dumps({name: f'*{name}*' for name in names}, indent=2)}\n"


PASTES: Mapping[str, Callable[[str], str]] = {
    "alertmanager": alertmanager,
    "pagerduty": pagerduty,
    "opsgenie": opsgenie,
    "datadog": datadog,
    "zabbix": zabbix,
    "uptimerobot": uptimerobot,
}
