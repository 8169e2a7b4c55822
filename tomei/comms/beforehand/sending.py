"""The clock's effect: nobody has spoken, so what was approved beforehand goes out; or a person is asked.

It runs in the transaction that ends its job, under the incident's row: killed in the middle it is done again whole, and
a person who publishes in the same second comes before it or after it, never beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tomei.cases import actions as cases
from tomei.cases import queries as case_queries
from tomei.cases import timeline
from tomei.cases.facts import IncidentFacts
from tomei.clock.handlers import JobFacts
from tomei.comms import queries as comms
from tomei.comms.actions import plan as planning
from tomei.comms.actions.publish import publish_alone
from tomei.comms.beforehand import actions, queries, rules
from tomei.comms.facts import UpdateInput
from tomei.comms.models import FirstNotice
from tomei.comms.rules import WORKING, Approval
from tomei.customers import queries as customers
from tomei.kernel import events
from tomei.kernel.actor import CLOCK
from tomei.kernel.errors import Refused
from tomei.promises import queries as promise_queries


def run(jobs: Sequence[JobFacts], now: datetime) -> None:
    """Each incident whose time has come, if it still waits."""
    wanted = sorted({int(job.payload["id"]) for job in jobs})
    cases.lock(wanted)
    for row in FirstNotice.objects.filter(incident__in=wanted, state=rules.WAITING, due_at__lte=now).order_by("pk"):
        _go(case_queries.incident(row.incident_id), row.due_at, now)


def _go(incident: IncidentFacts, due_at: datetime, now: datetime) -> None:
    if incident.drill or incident.restricted or incident.state not in WORKING:
        actions.end(incident.id, rules.DROPPED, now=now)
        return
    owed = any(one.kind == "first_notice" for one in promise_queries.open_of(incident.id))
    if not owed or comms.told(incident.id).outside:
        actions.end(incident.id, rules.SPOKEN, now=now)
        return
    try:
        with transaction.atomic():
            update_id = _publish(incident, due_at, now)
    except Refused as refusal:
        _ask(incident, refusal.code, now)
        return
    actions.end(incident.id, rules.SENT, now=now, update_id=update_id)


def _publish(incident: IncidentFacts, due_at: datetime, now: datetime) -> int:
    """The approved text goes out to the affected customers; refuses why a person must write instead."""
    policy = customers.policy_version(incident.policy_version_id)
    if rules.is_too_late(due_at, now, interval_s=policy.terms.of(incident.severity).update_s):
        raise Refused(rules.LATE)
    text = queries.fitting(incident)
    if text is None:
        raise Refused(rules.NO_TEXT)
    draft = UpdateInput(
        parts=queries.begun(text, incident, now), state=incident.state, audiences=text.audiences,
        next_at=planning.latest(incident, policy, now), template=text.ref,
    )  # fmt: skip
    approved = Approval(False, by_id=text.approved_by_id, by_name=text.approved_by_name)
    return publish_alone(incident.id, draft, approved=approved, now=now).id


def _ask(incident: IncidentFacts, why: str, now: datetime) -> None:
    """It did not go, and the room and its people know at once why."""
    actions.end(incident.id, rules.ASKED, now=now, why=why)
    timeline.add(incident.id, "update.first_asked", by=CLOCK, at=now, why=why)
    events.emit("update.first_asked", now=now, incident_id=incident.id, why=why)
