"""CloudWatch alarms as SNS delivers them, directly or through EventBridge. Believed only after `sns.verify`.

In `Message`: `AlarmName`, `AlarmArn`, `AlarmDescription`, `NewStateValue`, `NewStateReason`, `StateChangeTime`,
`Region`, `AWSAccountId`, `Trigger` (`MetricName`, `Namespace`, `Dimensions`); or EventBridge's `detail` (`alarmName`,
`state`) with `resources`, `account`, `region`, `time`.
"""

from __future__ import annotations

import json
import re

from tomei.kernel.errors import Refused
from tomei.signals.rules import reading, shapes, sns
from tomei.signals.rules.reading import Table
from tomei.signals.rules.shapes import Event, Parsed

STATUS = {"ALARM": "firing", "OK": "resolved"}
_SEVERITY = re.compile(r"\bseverity\s*[=:]\s*([A-Za-z]{1,40})")
_COMPONENT = re.compile(r"\bcomponent\s*[=:]\s*([\w.-]{1,80})")


def parse_cloudwatch(body: bytes) -> Parsed:
    """What a notification says; a confirmation of the subscription says nothing about harm."""
    notice = sns.notice(body)
    return parse_message(notice.message) if notice.kind == "Notification" else Parsed()


def parse_message(message: str) -> Parsed:
    try:
        whole = reading.body(message.encode("utf-8", "replace"))
    except Refused as error:
        raise Refused("signal.wrong_shape", where="Message") from error
    if "detail" in whole:
        return _bridged(whole)
    name = reading.need(reading.text(whole, "AlarmName", limit=shapes.TITLE), "Message.AlarmName")
    trigger = reading.table(whole, "Trigger")
    labels = reading.labels(
        {"alarm": name, "account": whole.get("AWSAccountId"), "region": whole.get("Region")},
        {"namespace": trigger.get("Namespace"), "metric": trigger.get("MetricName")},
        trigger.get("Dimensions"),
    )
    arn = reading.text(whole, "AlarmArn", limit=shapes.KEY)
    key = arn or "/".join((labels.get("account", "-"), labels.get("region", "-"), name))
    text = (reading.text(whole, "AlarmDescription", limit=shapes.LONG), whole.get("NewStateReason"))
    return _said(reading.text(whole, "NewStateValue"), key, name, whole.get("StateChangeTime"), labels, text, arn)


def _bridged(whole: Table) -> Parsed:
    detail = reading.table(whole, "detail")
    state = reading.table(detail, "state")
    name = reading.need(reading.text(detail, "alarmName", limit=shapes.TITLE), "Message.detail.alarmName")
    named = whole.get("resources")
    arn = reading.plain(named[0], shapes.KEY) if isinstance(named, list) and named else ""
    labels = reading.labels({"alarm": name, "account": whole.get("account"), "region": whole.get("region")})
    key = arn or "/".join((labels.get("account", "-"), labels.get("region", "-"), name))
    about = reading.text(reading.table(detail, "configuration"), "description", limit=shapes.LONG)
    at = state.get("timestamp") or whole.get("time")
    return _said(reading.text(state, "value"), key, name, at, labels, (about, state.get("reason")), arn)


def _said(
    state: str, key: str, name: str, at: object, labels: dict[str, str], text: tuple[str, object], arn: str
) -> Parsed:
    if state == "INSUFFICIENT_DATA":
        return Parsed()  # neither harm nor its end
    if state not in STATUS:
        raise Refused("signal.wrong_shape", where="Message.NewStateValue")
    said, named = _SEVERITY.search(text[0]), _COMPONENT.search(text[0])
    found = reading.bounded(key)
    event = Event(
        status=STATUS[state],
        group_key=found,
        fingerprint=found,
        title=name,
        severity=said[1].lower() if said else "critical",
        component=named[1].lower() if named else shapes.component_of({k.lower(): v for k, v in labels.items()}),
        at=reading.moment(at),
        url=_console(arn),
        text=reading.prose(*text),
        labels=labels,
    )
    return Parsed((event,))


def _console(arn: str) -> str:
    """The alarm's page in the console, from `arn:aws:cloudwatch:<region>:<account>:alarm:<name>`."""
    parts = arn.split(":", 6)
    if len(parts) != 7 or not re.fullmatch(r"[a-z0-9-]{3,30}", parts[3]):
        return ""
    name = json.dumps(parts[6])[1:-1].replace(" ", "+")
    return shapes.link(
        f"https://{parts[3]}.console.aws.amazon.com/cloudwatch/home?region={parts[3]}#alarmsV2:alarm/{name}"
    )
