"""Listeners that the clock runs from a durable row, and small periodic duties."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.contrib.sessions.models import Session

from tomei.accounts import settings as house
from tomei.api import door as api
from tomei.cases import actions as cases
from tomei.clock import actions as clock
from tomei.clock.engine import JobFacts
from tomei.delivery import net
from tomei.kernel import events
from tomei.kernel.actor import CLOCK
from tomei.promises import actions as promises
from tomei.signals import actions as signals


def enqueue(event: events.Event, listener: str) -> None:
    """One row per event and listener, in the transaction of the act."""
    payload = {"name": event.name, "at": event.at.isoformat(), "facts": dict(event.facts), "listener": listener}
    clock.schedule("event.after", due_at=event.at, rank=4, payload=payload, now=event.at)


def run(jobs: Sequence[JobFacts], now: datetime) -> None:
    for job in jobs:
        event = events.Event(job.payload["name"], datetime.fromisoformat(job.payload["at"]), job.payload["facts"])
        events.run_after(event, job.payload["listener"])


def person_left(event: events.Event) -> None:
    """A deactivated person's promises and roles go to the deputy; without one, to the roles and product owners."""
    deputy_id = event.facts.get("deputy_id")
    promises.inherit(event["user_id"], to_user_id=deputy_id, by=CLOCK, now=event.at)
    cases.person_left(event["user_id"], deputy_id, now=event.at)


def prune_sessions(jobs: Sequence[JobFacts], now: datetime) -> None:
    Session.objects.filter(expire_date__lt=now).delete()


def prune_signals(jobs: Sequence[JobFacts], now: datetime) -> None:
    signals.prune(now)


def prune_answers(jobs: Sequence[JobFacts], now: datetime) -> None:
    api.prune(now)


def ping_dead_man() -> None:
    """Tell a switch outside that our clock ticks: silence there is the alarm that we cannot raise ourselves."""
    url = settings.TOMEI_DEADMAN_URL or str(house.get("deadman_url", "") or "")
    if url:
        net.request("GET", url, headers={})
