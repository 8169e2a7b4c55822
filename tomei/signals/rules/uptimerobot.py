"""UptimeRobot's webhook, whichever way it is set to send: JSON, form fields, or the query (the door hands that over).

Read: `monitorID`, `monitorFriendlyName`, `monitorURL`, `alertType` (1 down, 2 up, 3 a certificate or domain that
expires), `alertTypeFriendlyName`, `alertDetails`, `alertDateTime`, `sslExpiryDate`, `sslExpiryDaysLeft`.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from tomei.kernel.errors import Refused
from tomei.signals.rules import reading, shapes
from tomei.signals.rules.reading import Table
from tomei.signals.rules.shapes import Event, Parsed

TYPES = {"1": "down", "2": "up", "3": "expires"}
NAMES = {"down": "down", "up": "up", "ssl": "expires", "domain": "expires", "ssl expiry": "expires"}
MOST_FIELDS = 200


def parse_uptimerobot(body: bytes) -> Parsed:
    """Refuses a body without a monitor or a kind of alert."""
    given = {name.lower(): value for name, value in _fields(body).items()}
    kind = TYPES.get(reading.text(given, "alerttype")) or NAMES.get(
        reading.text(given, "alerttypefriendlyname").lower()
    )
    name = reading.text(given, "monitorfriendlyname", "monitorurl", limit=shapes.TITLE)
    monitor = reading.text(given, "monitorid") or reading.text(given, "monitorurl", limit=1000) or name
    reading.need(monitor, "monitorID")
    if kind is None:
        raise Refused("signal.wrong_shape", where="alertType")
    return Parsed((_event(given, kind, monitor, name or f"monitor {monitor}"),))


def _fields(body: bytes) -> Table:
    if body.lstrip()[:1] in (b"{", b"[", b""):
        return reading.body(body)
    if len(body) > shapes.MOST_BYTES:
        raise Refused("signal.too_large", most=shapes.MOST_BYTES, size=len(body))
    try:
        pairs = parse_qsl(body.decode("utf-8").strip(), max_num_fields=MOST_FIELDS, errors="strict")
    except UnicodeDecodeError as error:
        raise Refused("signal.not_utf8", position=error.start) from error
    except ValueError as error:
        raise Refused("signal.wrong_shape", where="body") from error
    if not pairs:
        raise Refused("signal.wrong_shape", where="body")
    return dict(pairs)


def _event(given: Table, kind: str, monitor: str, name: str) -> Event:
    labels = reading.labels(
        {"monitor": name, "url": reading.link(given.get("monitorurl")), "component": given.get("component")},
        {"expires_on": given.get("sslexpirydate"), "days_left": given.get("sslexpirydaysleft")},
    )
    key = reading.bounded(f"{monitor}/expiry" if kind == "expires" else monitor)
    return Event(
        status="resolved" if kind == "up" else "firing",
        group_key=key,
        fingerprint=key,
        title=name[: shapes.TITLE],
        severity=reading.text(given, "severity").lower()[:40] or ("warning" if kind == "expires" else "critical"),
        component=shapes.component_of(labels),
        at=reading.moment(given.get("alertdatetime")),
        url=reading.link(given.get("dashboardurl"), given.get("monitorurl")),
        text=reading.prose(given.get("alertdetails"), given.get("friendlymessage")),
        labels=labels,
    )
