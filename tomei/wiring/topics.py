"""Which open pages must look again. A topic and a number only: what changed is read through the page's own rights."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tomei.clock.engine import JobFacts
from tomei.kernel.events import Event
from tomei.live import actions as live


def incident(event: Event) -> None:
    live.changed(*_of_incident(event), "now", now=event.at)


def promise(event: Event) -> None:
    live.changed(*_of_incident(event), "now", "promises", now=event.at)


def _of_incident(event: Event) -> list[str]:
    return [f"incident:{event['incident_id']}"] if event.facts.get("incident_id") else []


def steps(event: Event) -> None:
    """Once per incident, however many of its promises moved."""
    moved = sorted({step["incident_id"] for step in event["steps"] if step["incident_id"]})
    live.changed(*(f"incident:{incident_id}" for incident_id in moved), "now", "promises", now=event.at)


def signal(event: Event) -> None:
    live.changed("signals", "now", now=event.at)


def message(event: Event) -> None:
    live.changed(*_of_incident(event), "outbox", now=event.at)


def maintenance(event: Event) -> None:
    live.changed("maintenance", "now", now=event.at)


def customers(event: Event) -> None:
    live.changed("customers", now=event.at)


def health(event: Event) -> None:
    live.changed("health", now=event.at)


def status(event: Event) -> None:
    """What the public sees may have changed: every process renders its status page anew."""
    live.changed("status", now=event.at)


def signed_out(event: Event) -> None:
    """Open streams of this person ask at once whether they may still hear."""
    live.publish(f"person:{event['user_id']}", "recheck", now=event.at)


def tick(jobs: Sequence[JobFacts], now: datetime) -> None:
    """Each minute: uptime moves on although nothing was published."""
    live.changed("status", now=now)
