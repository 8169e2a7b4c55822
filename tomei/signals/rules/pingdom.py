"""Pingdom's state-change webhook, of uptime and of transaction checks.

Read: `check_id`, `check_name`, `check_type`, `check_params`, `tags`, `current_state`, `previous_state`,
`importance_level`, `state_changed_timestamp`, `description`, `long_description`, `custom_message`, `first_probe`.
"""

from __future__ import annotations

from tomei.kernel.errors import Refused
from tomei.signals.rules import reading, shapes
from tomei.signals.rules.shapes import Event, Parsed

STATUS = {"DOWN": "firing", "FAILING": "firing", "FAIL": "firing", "UP": "resolved", "SUCCESS": "resolved"}
QUIET = ("UNKNOWN", "PAUSED", "UNCONFIRMED_DOWN")


def parse_pingdom(body: bytes) -> Parsed:
    """Refuses a body without a check or a state."""
    whole = reading.body(body)
    check = reading.need(reading.text(whole, "check_id"), "check_id")
    state = reading.text(whole, "current_state").upper()
    if state in QUIET:
        return Parsed()
    if state not in STATUS:
        raise Refused("signal.wrong_shape", where="current_state")
    params, tags = reading.table(whole, "check_params"), whole.get("tags")
    named = [tag.replace("=", ":", 1) for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    probe = reading.text(reading.table(whole, "first_probe"), "location")
    labels = reading.labels(
        {"check": whole.get("check_name"), "type": whole.get("check_type"), "host": params.get("hostname")},
        {"seen_from": probe},
        named,
    )
    name = reading.text(whole, "check_name", limit=shapes.TITLE) or f"check {check}"
    is_low = reading.text(whole, "importance_level").upper() == "LOW"
    key = reading.bounded(f"check/{check}")
    event = Event(
        status=STATUS[state],
        group_key=key,
        fingerprint=key,
        title=name,
        severity="warning" if is_low else "critical",
        component=shapes.component_of(labels),
        at=reading.moment(whole.get("state_changed_timestamp")),
        url=reading.link(params.get("full_url")),
        text=reading.prose(whole.get("description"), whole.get("long_description"), whole.get("custom_message")),
        labels=labels,
    )
    return Parsed((event,))
