"""Bodies as each vendor documents them, written for these tests. `PAIRS` has one alert of each, begun and ended."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

Body = dict[str, Any]
START, END = "2026-11-18T04:58:21Z", "2026-11-18T05:12:40Z"
START_S, END_S = 1794977901, 1794978760

GRAFANA: Body = {
    "receiver": "tomei", "status": "firing", "orgId": 1, "version": "1", "groupKey": '{}:{alertname="Orders"}',
    "truncatedAlerts": 0, "title": "[FIRING:1] Orders", "state": "alerting", "message": "**Firing**",
    "externalURL": "https://grafana.example/", "groupLabels": {"alertname": "Orders"},
    "commonLabels": {"alertname": "Orders", "severity": "critical", "component": "orders"}, "commonAnnotations": {},
    "alerts": [{
        "status": "firing", "labels": {"alertname": "Orders", "severity": "critical", "component": "orders"},
        "annotations": {"summary": "Orders fail", "summary_ja": "受注できない", "description": "5xx over 20 %"},
        "startsAt": START, "endsAt": "0001-01-01T00:00:00Z", "fingerprint": "c6eadffa33fcdf37",
        "generatorURL": "https://grafana.example/alerting/grafana/a/view", "panelURL": "", "dashboardURL": "",
        "silenceURL": "https://grafana.example/silence", "valueString": "[ var='A' value=21 ]", "values": {"A": 21},
    }],
}  # fmt: skip
GRAFANA_END = {
    **GRAFANA,
    "status": "resolved",
    "alerts": [{**GRAFANA["alerts"][0], "status": "resolved", "endsAt": END}],
}
LEGACY_GRAFANA: Body = {
    "dashboardId": 2, "panelId": 8, "orgId": 1, "ruleId": 4, "ruleName": "Orders fail", "state": "alerting",
    "ruleUrl": "https://grafana.example/d/1", "title": "[Alerting] Orders fail", "message": "5xx",
    "tags": {"severity": "critical"}, "evalMatches": [{"value": 21.5, "metric": "5xx", "tags": None}],
}  # fmt: skip
PAGERDUTY: Body = {
    "routing_key": "in_key", "event_action": "trigger", "dedup_key": "orders/5xx", "client": "Checks",
    "client_url": "https://checks.example/1", "links": [{"href": "https://checks.example/2", "text": "graph"}],
    "images": [], "payload": {
        "summary": "Orders fail", "source": "web-1", "severity": "critical", "timestamp": START, "component": "orders",
        "group": "shop", "class": "5xx", "custom_details": {"rate": "21 %"},
    },
}  # fmt: skip
OPSGENIE: Body = {
    "message": "Orders fail", "alias": "orders-5xx", "description": "5xx over 20 %", "priority": "P1",
    "entity": "web-1", "responders": [{"type": "team", "name": "Orders"}], "tags": ["component:orders"],
    "source": "checks",
    "details": {"rate": "21 %"}, "user": "checks", "note": "see the graph",
}  # fmt: skip
OPSGENIE_END: Body = {"operation": "close", "identifier": "orders-5xx", "body": {"user": "checks", "note": "over"}}
ARN = "arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:Orders 5xx"
ALARM: Body = {
    "AlarmName": "Orders 5xx", "AlarmDescription": "component=orders", "AWSAccountId": "123456789012",
    "NewStateValue": "ALARM", "NewStateReason": "Threshold crossed", "StateChangeTime": "2026-11-18T04:58:21.000+0000",
    "Region": "Asia Pacific (Tokyo)", "AlarmArn": ARN, "OldStateValue": "OK",
    "Trigger": {"MetricName": "5XX", "Namespace": "AWS/ELB", "Dimensions": [{"name": "LoadBalancer", "value": "shop"}]},
}  # fmt: skip
ALARM_END = {**ALARM, "NewStateValue": "OK", "StateChangeTime": "2026-11-18T05:12:40.000+0000"}


def sns(message: Body | str, **changes: Any) -> Body:
    """An envelope whose signature is words only."""
    return {
        "Type": "Notification", "MessageId": "22b80b92", "TopicArn": "arn:aws:sns:ap-northeast-1:123456789012:tomei",
        "Subject": "ALARM", "Message": message if isinstance(message, str) else json.dumps(message),
        "Timestamp": "2026-11-18T04:58:22.000Z", "SignatureVersion": "1", "Signature": "c2lnbmVk",
        "SigningCertURL": "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem",
        "UnsubscribeURL": "https://sns.ap-northeast-1.amazonaws.com/?Action=Unsubscribe", **changes,
    }  # fmt: skip


SENTRY: Body = {
    "action": "triggered", "installation": {"uuid": "a8e5"}, "actor": {"type": "application", "name": "Sentry"},
    "data": {"triggered_rule": "Orders", "event": {
        "event_id": "e1", "issue_id": "117", "title": "Orders fail", "level": "fatal", "timestamp": START_S + 0.5,
        "culprit": "orders.views in post", "environment": "prod", "platform": "python", "project": 1,
        "tags": [["component", "orders"], ["level", "fatal"]], "hashes": ["b1"], "metadata": {"value": "no rows"},
        "web_url": "https://sentry.example/issues/117/events/e1/", "issue_url": "https://sentry.example/api/0/issues/117/",
    }},
}  # fmt: skip
SENTRY_END: Body = {
    "action": "resolved", "installation": {"uuid": "a8e5"}, "actor": {"type": "user", "name": "Aoi"},
    "data": {"resolution_type": "now", "issue": {
        "id": "117", "title": "Orders fail", "level": "fatal", "status": "resolved", "lastSeen": END,
        "project": {"slug": "shop", "name": "Shop"}, "shortId": "SHOP-3", "culprit": "orders.views in post",
    }},
}  # fmt: skip
METRIC: Body = {
    "action": "critical", "installation": {"uuid": "a8e5"}, "data": {
        "description_title": "Critical: Orders fail", "description_text": "1000 events in the last 10 minutes",
        "web_url": "https://sentry.example/alerts/2/", "metric_alert": {
            "id": "9", "identifier": "2", "date_started": START, "date_detected": START, "date_closed": None,
            "projects": ["shop"], "alert_rule": {"id": "7", "name": "Orders fail", "aggregate": "count()"},
        },
    },
}  # fmt: skip
SENTRY_PLUGIN: Body = {
    "id": "117", "project": "shop", "project_name": "Shop", "project_slug": "shop", "level": "error", "logger": None,
    "culprit": "orders.views in post", "message": "Orders fail", "url": "https://sentry.example/issues/117/",
    "triggering_rules": ["Orders"],
    "event": {"event_id": "e1", "timestamp": START_S, "tags": [["component", "orders"]]},
}  # fmt: skip
ZABBIX: Body = {
    "event_id": "10528", "trigger_id": "14032", "status": "PROBLEM", "name": "Orders fail", "host": "web-1",
    "severity": "Disaster", "nseverity": "5", "timestamp": str(START_S), "opdata": "21 %", "update": "0",
    "tags": '[{"tag": "component", "value": "orders"}]', "user": "{USER.FULLNAME}",
    "update_action": "{EVENT.UPDATE.ACTION}",
    "link": "https://zabbix.example/tr_events.php?triggerid=14032&eventid=10528",
}  # fmt: skip
ZABBIX_END = {**ZABBIX, "status": "RESOLVED"}
DATADOG: Body = {
    "transition": "Triggered", "monitor": "1234", "cycle": "99", "scope": "host:web-1",
    "title": "[P1] [Triggered] Orders fail",
    "type": "error", "priority": "P1", "date": str(START_S * 1000), "link": "https://app.datadoghq.example/event/1",
    "message": "5xx over 20 %", "tags": "component:orders,env:prod", "host": "web-1", "status": "5xx > 20",
}  # fmt: skip
DATADOG_END = {
    **DATADOG, "transition": "Recovered", "title": "[P1] [Recovered] Orders fail", "type": "success",
    "date": str(END_S * 1000),
}  # fmt: skip
DATADOG_DEFAULT: Body = {
    "id": "5", "title": "[Triggered on {host:web-1}] Orders fail", "body": "5xx", "event_type": "query_alert_monitor",
    "date": START_S * 1000, "last_updated": START_S * 1000, "org": {"id": "1", "name": "Shop"},
}  # fmt: skip
NEWRELIC: Body = {
    "id": "d1b1f3fd", "issueUrl": "https://radar.example/issues/d1b1f3fd", "title": "Orders fail",
    "priority": "CRITICAL",
    "impactedEntities": ["orders"], "totalIncidents": 1, "state": "ACTIVATED", "trigger": "STATE_CHANGE",
    "isCorrelated": False, "createdAt": START_S * 1000, "updatedAt": START_S * 1000 + 500, "sources": ["newrelic"],
    "alertPolicyNames": ["Shop"], "alertConditionNames": ["5xx"], "workflowName": "Tomei",
}  # fmt: skip
NEWRELIC_END = {**NEWRELIC, "state": "CLOSED", "updatedAt": END_S * 1000}
NEWRELIC_LEGACY: Body = {
    "account_id": 1, "account_name": "Shop", "condition_name": "5xx", "current_state": "open", "details": "Orders fail",
    "event_type": "INCIDENT", "incident_id": 42, "incident_url": "https://alerts.example/42", "owner": "",
    "policy_name": "Shop", "severity": "CRITICAL", "timestamp": START_S * 1000, "version": "1.0",
    "targets": [{"id": "1", "name": "web-1", "labels": {"component": "orders"}, "product": "APM"}],
}  # fmt: skip
UPTIMEROBOT: Body = {
    "monitorID": "777", "monitorURL": "https://shop.example/", "monitorFriendlyName": "Orders", "alertType": "1",
    "alertTypeFriendlyName": "Down", "alertDetails": "HTTP 503", "alertDateTime": str(START_S), "alertDuration": "",
    "sslExpiryDate": "*sslExpiryDate*", "sslExpiryDaysLeft": "*sslExpiryDaysLeft*",
}  # fmt: skip
UPTIMEROBOT_END = {
    **UPTIMEROBOT, "alertType": "2", "alertTypeFriendlyName": "Up", "alertDateTime": str(END_S), "alertDuration": "859",
}  # fmt: skip
PINGDOM: Body = {
    "check_id": 12345, "check_name": "Orders", "check_type": "HTTP", "tags": ["component=orders", "shop"],
    "check_params": {"full_url": "https://shop.example/orders", "hostname": "shop.example", "port": 443},
    "previous_state": "UP", "current_state": "DOWN", "importance_level": "HIGH", "state_changed_timestamp": START_S,
    "state_changed_utc_time": "2026-11-18T04:58:21", "long_description": "HTTP 503", "description": "Error 503",
    "first_probe": {"ip": "192.0.2.1", "ipv6": "", "location": "Tokyo, Japan"}, "second_probe": {}, "version": 1,
}  # fmt: skip
PINGDOM_END = {**PINGDOM, "previous_state": "DOWN", "current_state": "UP", "state_changed_timestamp": END_S}
STATUSPAGE: Body = {
    "meta": {"unsubscribe": "https://status.example/?unsubscribe=x", "generated_at": START}, "page": {
        "id": "pg1", "status_indicator": "critical", "status_description": "Major outage",
    }, "incident": {
        "id": "in1", "name": "Orders fail", "status": "investigating", "impact": "critical", "created_at": START,
        "updated_at": START, "shortlink": "https://stspg.example/in1", "scheduled_for": None,
        "incident_updates": [{"body": "We look into it.", "status": "investigating"}],
        "components": [{"id": "c1", "name": "API", "status": "major_outage"}],
    },
}  # fmt: skip
STATUSPAGE_END = {
    **STATUSPAGE, "incident": {**STATUSPAGE["incident"], "status": "resolved", "updated_at": END},
}  # fmt: skip
STATUSPAGE_PART: Body = {
    "meta": {"unsubscribe": "https://status.example/?unsubscribe=x"}, "page": {"id": "pg1"},
    "component": {"id": "c1", "name": "API", "status": "major_outage", "description": None},
    "component_update": {
        "component_id": "c1", "old_status": "operational", "new_status": "major_outage", "created_at": START,
    },
}  # fmt: skip
HOOK_V3: Body = {"event": {
    "id": "01", "event_type": "incident.triggered", "resource_type": "incident", "occurred_at": START,
    "agent": {"summary": "Aoi", "type": "user_reference"}, "data": {
        "id": "PF1", "type": "incident", "html_url": "https://pd.example/incidents/PF1", "number": 9,
        "status": "triggered", "title": "Orders fail", "urgency": "high", "service": {"summary": "orders"},
    },
}}  # fmt: skip

# kind -> the alert begins, the same alert ends
PAIRS: dict[str, tuple[Body, Body]] = {
    "grafana": (GRAFANA, GRAFANA_END),
    "pagerduty": (
        PAGERDUTY,
        {**PAGERDUTY, "event_action": "resolve", "payload": {**PAGERDUTY["payload"], "timestamp": END}},
    ),
    "opsgenie": (OPSGENIE, OPSGENIE_END),
    "cloudwatch": (sns(ALARM), sns(ALARM_END)),
    "sentry": (SENTRY, SENTRY_END),
    "zabbix": (ZABBIX, ZABBIX_END),
    "datadog": (DATADOG, DATADOG_END),
    "newrelic": (NEWRELIC, NEWRELIC_END),
    "uptimerobot": (UPTIMEROBOT, UPTIMEROBOT_END),
    "pingdom": (PINGDOM, PINGDOM_END),
    "statuspage": (STATUSPAGE, STATUSPAGE_END),
}
OTHERS: tuple[tuple[str, Body], ...] = (
    ("grafana", LEGACY_GRAFANA),
    ("pagerduty", HOOK_V3),
    ("sentry", METRIC),
    ("sentry", SENTRY_PLUGIN),
    ("datadog", DATADOG_DEFAULT),
    ("newrelic", NEWRELIC_LEGACY),
    ("statuspage", STATUSPAGE_PART),
)


def raw(body: Body) -> bytes:
    return json.dumps(body).encode()


def form(body: Body) -> bytes:
    return urlencode(body).encode()
