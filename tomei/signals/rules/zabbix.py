"""Zabbix: JSON that the house itself makes in a media type of the kind webhook (script and parameters: docs/doors.md).

Names of fields are read in any spelling: `event_id`, `EventID` and `eventid` are the same. Known: `status`, `event_id`,
`trigger_id`, `name` (or `trigger`, `subject`), `host`, `severity`, `nseverity`, `timestamp`, `recovery_timestamp`,
`tags`, `item`, `opdata`, `message`, `url` (or `link`), `update_action`, `user`. `name` and `status` are needed.
"""

from __future__ import annotations

import json
from datetime import datetime

from tomei.kernel.errors import Refused
from tomei.signals.rules import reading, shapes
from tomei.signals.rules.reading import Table
from tomei.signals.rules.shapes import Event, Parsed, Remark

SEVERITY = {
    "disaster": "critical", "high": "error", "average": "warning", "warning": "warning", "information": "info",
    "not classified": "info", "5": "critical", "4": "error", "3": "warning", "2": "warning", "1": "info", "0": "info",
}  # fmt: skip
STATUS = {
    "problem": "firing", "1": "firing", "trigger": "firing", "ok": "resolved", "0": "resolved",
    "resolved": "resolved", "recovery": "resolved",
}  # fmt: skip
NAME = ("name", "eventname", "triggername", "trigger", "subject", "alertsubject", "title")
HOST = ("host", "hostname", "hostvisiblename")
TEXT = ("message", "alertmessage", "opdata", "eventopdata", "item", "itemvalue", "description")


def parse_zabbix(body: bytes) -> Parsed:
    """Refuses a body without a name or a status."""
    given = {_plain(name): value for name, value in reading.body(body).items()}
    name = reading.need(reading.text(given, *NAME, limit=shapes.TITLE), "name")
    host = reading.text(given, *HOST)
    said = reading.text(given, "status", "eventstatus", "triggerstatus", "value", "eventvalue", "triggervalue")
    status = STATUS.get(said.lower())
    if status is None:
        raise Refused("signal.wrong_shape", where="status")
    trigger = reading.text(given, "triggerid")
    key = reading.bounded(f"trigger/{trigger}" if trigger else f"{host}/{name}")
    at = reading.moment(given.get("timestamp")) or reading.moment(given.get("eventtimestamp"))
    if _is_update(given):
        return Parsed(remarks=tuple(_remarks(given, key)))
    return Parsed((_event(given, status, key, name, host, at),))


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _is_update(given: Table) -> bool:
    """An update of a problem (somebody acknowledged it, or wrote a note), not the problem itself."""
    update = reading.text(given, "eventupdatestatus", "updatestatus", "update")
    return update == "1" or bool(reading.text(given, "updateaction", "eventupdateaction"))


def _remarks(given: Table, key: str) -> list[Remark]:
    action = reading.text(given, "updateaction", "eventupdateaction").lower()
    who = reading.text(given, "user", "userfullname", "username")
    note = reading.text(given, "updatemessage", "eventupdatemessage", limit=shapes.LONG)
    at = reading.moment(given.get("updatetimestamp"))
    if "acknowledged" in action.replace("unacknowledged", ""):
        return [Remark("acknowledged", key, who, at, note)]
    return [Remark("note", key, who, at, note or action)] if note or action else []


def _event(given: Table, status: str, key: str, name: str, host: str, at: datetime | None) -> Event:
    level = reading.text(given, "severity", "eventseverity", "triggerseverity").lower()
    number = reading.text(given, "nseverity", "eventnseverity", "triggernseverity")
    labels = reading.labels(
        {"host": host, "severity_zabbix": level or number, "item": given.get("item"), "event": given.get("eventid")},
        {"component": given.get("component"), "service": given.get("service")},
        _tags(given),
    )
    return Event(
        status=status,
        group_key=key,
        fingerprint=key,
        title=(name if not host or host in name else f"{host}: {name}")[: shapes.TITLE],
        severity=(SEVERITY.get(level) or SEVERITY.get(number) or level)[:40],
        component=shapes.component_of(labels),
        at=at,
        url=reading.link(*(given.get(field) for field in ("link", "problemurl", "url", "triggerurl", "eventurl"))),
        text=reading.prose(*(given.get(field) for field in TEXT)),
        labels=labels,
    )


def _tags(given: Table) -> object:
    """`{EVENT.TAGSJSON}` comes as a list, or as the text of one; `{EVENT.TAGS}` as `name:value, name:value`."""
    tags = given.get("tags", given.get("eventtagsjson", given.get("eventtags")))
    if not isinstance(tags, str):
        return tags
    if tags.strip().startswith("["):
        try:
            return json.loads(tags[:20_000])
        except (ValueError, RecursionError):
            return None
    return [part.strip() for part in tags.split(",")]
