"""What could not be delivered, narrowed down, and tried again or given up together: counted first, then in slices.

Who begins it sees the number; the clock does the rows up to the newest that was counted, some hundred at a time, so
that ten thousand hold the write lock no longer than a few.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from tomei.accounts import audit
from tomei.clock import actions as clock
from tomei.clock.handlers import JobFacts
from tomei.delivery import hold, jobs, rules
from tomei.delivery.actions import resting
from tomei.delivery.models import Message
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused

VERBS = ("retry", "give_up")
CHANNELS = ("mail", "webhook", "slack", "teams", "mattermost", "ntfy", "pagerduty")
SLICE = 200
_LOOKED_AT = 2000  # newest failures from which reasons and organisations are offered


@dataclass(frozen=True, slots=True)
class Filters:
    """`state` empty: every one. `channel` is mail or the kind of a webhook. `reason` begins what was said."""

    state: str = ""
    purpose: str = ""
    channel: str = ""
    reason: str = ""
    organisation_id: int | None = None
    incident_id: int | None = None


@dataclass(frozen=True, slots=True)
class Bulk:
    """How many a bulk act would touch, and the newest of them: `upto` is handed back, so that none joins unseen."""

    count: int
    upto: int


def rows(filters: Filters) -> QuerySet[Message]:
    found = Message.objects.all()
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.purpose:
        found = found.filter(purpose=filters.purpose)
    if filters.channel:
        found = found.filter(_channel(filters.channel))
    if filters.reason:
        found = found.filter(last_error__startswith=filters.reason)
    if filters.organisation_id is not None:
        found = found.filter(organisation_id=filters.organisation_id)
    if filters.incident_id is not None:
        found = found.filter(incident_id=filters.incident_id)
    return found


def _channel(channel: str) -> Q:
    if channel == "webhook":
        return Q(channel="webhook", template__in=["event", "generic"])
    return Q(channel="mail") if channel == "mail" else Q(template=channel)


def offered() -> tuple[list[tuple[str, int]], list[int]]:
    """Of the newest failures: how they begin with how often, the most frequent first, and whose they were."""
    newest = Message.objects.filter(state="failed").order_by("-pk").values_list("last_error", "organisation_id")
    found = list(newest[:_LOOKED_AT])
    reasons = Counter(rules.reason(error) for error, _organisation in found if error)
    return reasons.most_common(20), sorted({one for _error, one in found if one is not None})


def counted(filters: Filters, now: datetime) -> Bulk:
    """What a bulk act would touch now: failed ones, and those that wait for their next try."""
    mendable = _mendable(filters, now)
    return Bulk(mendable.count(), mendable.aggregate(most=Max("pk"))["most"] or 0)


def _mendable(filters: Filters, now: datetime) -> QuerySet[Message]:
    return rows(filters).filter(Q(state="failed") | (Q(attempts__gt=0) & resting(now)))


@transaction.atomic
def begin(verb: str, filters: Filters, *, upto: int, by: Actor, now: datetime) -> int:
    """Try these again, or give them up; the clock does it in slices. Returns how many there are now.

    Refuses `delivery.unknown_verb`, `delivery.nothing_to_mend`, and `delivery.is_held` while sending is held.
    """
    by.require("delivery.release")
    if verb not in VERBS:
        raise Refused("delivery.unknown_verb", verb=verb[:40])
    if verb == "retry" and hold.on():
        raise Refused("delivery.is_held")
    count = _mendable(filters, now).filter(pk__lte=upto).count()
    if not count:
        raise Refused("delivery.nothing_to_mend")
    payload = {"verb": verb, "filters": asdict(filters), "upto": upto, "after": 0, "asked_at": now.isoformat()}
    _next(payload, now)
    audit.record("delivery.bulk", by=by, now=now, verb=verb, messages=count, **_said(filters))
    return count


def _said(filters: Filters) -> dict[str, Any]:
    return {name: value for name, value in asdict(filters).items() if value}


def _next(payload: Mapping[str, Any], now: datetime) -> None:
    key = f"bulk:{payload['verb']}:{payload['asked_at']}:{payload['after']}"
    clock.schedule(jobs.MEND, due_at=now, key=key, rank=4, payload=dict(payload), now=now)


def run(batch: Sequence[JobFacts], now: datetime) -> None:
    """Clock effect `delivery.mend`: one slice of a bulk act, and the next one after it."""
    for job in batch:
        _slice(job.payload, now)


def _slice(payload: Mapping[str, Any], now: datetime) -> None:
    retry = payload["verb"] == "retry"
    if retry and hold.on():  # a hold that began meanwhile holds these too: they stay as they are
        return
    mendable = _mendable(Filters(**payload["filters"]), now).filter(pk__gt=payload["after"], pk__lte=payload["upto"])
    found = list(mendable.order_by("pk").values_list("pk", "rank")[:SLICE])
    ids = Message.objects.filter(pk__in=[pk for pk, _rank in found], state__in=["failed", "waiting"])
    if retry:
        ids.update(state="waiting", attempts=0, tried_from=None, next_try_at=now, ended_at=None)
        jobs.send_many(found, now=now)
    else:
        ids.update(state="dropped", ended_at=now, next_try_at=None)
    if len(found) == SLICE:
        _next({**payload, "after": found[-1][0]}, now)
