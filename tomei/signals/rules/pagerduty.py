"""PagerDuty: the Events API v2 as a sender speaks it, and what PagerDuty itself posts (webhooks v3, v2 and v1).

Events v2: `event_action` (trigger, acknowledge, resolve), `dedup_key`, `payload` (`summary`, `source`, `severity`,
`timestamp`, `component`, `group`, `class`, `custom_details`), `client`, `client_url`, `links`. A change event has a
`payload.summary` and neither action nor severity. `routing_key` opens the door and is not read here.
"""

from __future__ import annotations

from tomei.kernel.errors import Refused
from tomei.signals.rules import reading, shapes
from tomei.signals.rules.pagerduty_hooks import parse_hook
from tomei.signals.rules.reading import Table
from tomei.signals.rules.shapes import Change, Event, Parsed, Remark

STATUS = {"trigger": "firing", "resolve": "resolved"}


def parse_pagerduty(body: bytes) -> Parsed:
    """Refuses what is none of these shapes."""
    whole = reading.body(body)
    if "event_action" not in whole and ("messages" in whole or "event" in whole):
        return parse_hook(whole)
    action = reading.text(whole, "event_action")
    payload = reading.table(whole, "payload")
    if not action and payload and "event_action" not in whole and "severity" not in payload:
        return Parsed(changes=(_change(whole, payload),))
    if action == "acknowledge":
        key = reading.need(reading.text(whole, "dedup_key", limit=10_000), "dedup_key")
        who = reading.text(whole, "client") or reading.text(payload, "source")
        at = reading.moment(payload.get("timestamp"))
        return Parsed(
            remarks=(Remark("acknowledged", reading.bounded(key), who, at, reading.text(payload, "summary")),)
        )
    if action not in STATUS:
        raise Refused("signal.wrong_shape", where="event_action")
    return Parsed((_event(whole, payload, STATUS[action]),))


def dedup_key(whole: Table, payload: Table) -> str:
    """The sender's key; without one, what was sent decides: the same words again are the same alert."""
    parts = [reading.text(payload, name) for name in ("summary", "source", "component", "class")]
    return reading.text(whole, "dedup_key", limit=10_000) or reading.own_key(*parts)


def _event(whole: Table, payload: Table, status: str) -> Event:
    firing = status == "firing"
    title = reading.text(payload, "summary", limit=shapes.TITLE)
    given = reading.text(whole, "dedup_key", limit=10_000)
    if firing:
        reading.need(title, "payload.summary")
    else:
        reading.need(given, "dedup_key")
    labels = _labels(whole, payload)
    key = reading.bounded(dedup_key(whole, payload))
    return Event(
        status=status,
        group_key=key,
        fingerprint=key,
        title=title or key[: shapes.TITLE],
        severity=reading.text(payload, "severity").lower()[:40],
        component=shapes.component_of(labels),
        at=reading.moment(payload.get("timestamp")),
        url=_link(whole),
        text=_text(payload),
        labels=labels,
    )


def _labels(whole: Table, payload: Table) -> dict[str, str]:
    named = {name: payload.get(name) for name in ("component", "source", "group", "class")}
    return reading.labels(named, {"client": whole.get("client")}, payload.get("custom_details"))


def _link(whole: Table) -> str:
    return reading.link(whole.get("client_url"), *(one.get("href") for one in reading.rows(whole.get("links"))[:10]))


def _text(payload: Table) -> str:
    details = payload.get("custom_details")
    return reading.prose(details) if isinstance(details, str) else ""


def _change(whole: Table, payload: Table) -> Change:
    labels = _labels(whole, payload)
    return Change(
        title=reading.need(reading.text(payload, "summary", limit=shapes.TITLE), "payload.summary"),
        at=reading.moment(payload.get("timestamp")),
        origin=reading.text(payload, "source"),
        component=shapes.component_of(labels),
        url=_link(whole),
        text=_text(payload),
        labels=labels,
    )
