"""Who listens to what, what a missed promise does, who comes next, what the clock runs. Read this first.

Features never call later ones; here later ones are tied to what earlier ones say and ask for. `with` listeners run in
the transaction of the act and write rows only; `after` listeners are run by the clock, at least once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tomei.accounts import settings as house
from tomei.cases import actions as cases
from tomei.cases import hooks as case_hooks
from tomei.cases.claims import hooks as claim_hooks
from tomei.cases.evidence import actions as evidence
from tomei.clock.engine import Effect, Engine, Handler, Outside
from tomei.comms import reach as comms
from tomei.comms.beforehand import actions as beforehand
from tomei.comms.beforehand import sending as beforehand_sending
from tomei.comms.channels import fallback
from tomei.comms.maintenance import actions as maintenance
from tomei.comms.maintenance import hooks as maintenance_hooks
from tomei.comms.maintenance import sending as maintenance_sending
from tomei.comms.subscribers import actions as subscriptions
from tomei.comms.subscribers import channels as subscription_channels
from tomei.comms.subscribers import sending as subscribers
from tomei.customers import hooks as customer_hooks
from tomei.delivery import handlers as delivery
from tomei.delivery import hooks as delivery_hooks
from tomei.diagnosis import watch as questions
from tomei.files import doors as file_doors
from tomei.integrations.slack import actions as slack_actions
from tomei.integrations.slack import outbound as slack
from tomei.kernel import events
from tomei.live import actions as live
from tomei.promises import hooks as promise_hooks
from tomei.promises import steps as promise_steps
from tomei.room import actions as room
from tomei.room import telling as room_mails
from tomei.search import hooks as search_hooks
from tomei.signals import actions as signals
from tomei.signals import queries as signal_queries
from tomei.signals.actions import mailing
from tomei.ui import context as ui_context
from tomei.web import customer
from tomei.wiring import (
    after,
    asked,
    channels,
    chrome,
    digests,
    endpoints,
    entries,
    finding,
    ladder,
    lookups,
    mails,
    pages,
    topics,
)
from tomei.wiring.listening import hear, may_listen

__all__ = ["connect", "engine", "hear", "may_listen"]

# What happened -> who hears it in the same transaction.
WITH: Mapping[str, Sequence[events.Listener]] = {
    "incident.declared": (
        signals.declared,
        pages.declared,
        finding.incident,
        slack.declared,
        topics.incident,
        topics.status,
        endpoints.incident,
        beforehand.declared,
    ),
    "incident.moved": (topics.incident, finding.incident, topics.status, endpoints.incident),
    "incident.severity_changed": (
        pages.severity_raised,
        topics.incident,
        topics.status,
        endpoints.incident,
        beforehand.severity_changed,
    ),
    "incident.restored": (topics.incident, topics.status, endpoints.incident),
    "incident.closed": (topics.incident, topics.status, endpoints.incident),
    "incident.reopened": (topics.incident, topics.status, endpoints.incident),
    "incident.dismissed": (topics.incident, topics.status, endpoints.incident),
    "incident.restricted": (finding.restricted, slack.restricted, topics.incident, topics.status),
    "incident.retitled": (topics.incident, finding.incident, topics.status),
    "note.written": (topics.incident, finding.note),
    "timeline.erased": (topics.incident, finding.erased, entries.erased, topics.status),
    "role.taken": (topics.incident,),
    "role.left": (topics.incident,),
    "hand_over.started": (pages.handed, topics.incident),
    "hand_over.declined": (pages.declined, topics.incident),
    "hand_over.changed": (topics.incident,),
    "checklist.marked": (topics.incident,),
    "measure.changed": (topics.incident,),
    "ball.moved": (topics.incident,),
    "stakes.changed": (topics.incident,),
    "impact.changed": (topics.incident, topics.status),
    "shift.offered": (pages.offered, topics.incident),
    "shift.insisted": (pages.insisted, topics.incident),
    "case.opened": (topics.incident, finding.case, endpoints.case),
    "case.declared": (pages.case_declared,),
    "case.contested": (pages.contested, topics.incident),
    "case.severity_told": (topics.incident, room_mails.told),
    "case.told": (topics.incident, room_mails.told),
    "case.acknowledged": (topics.incident, room_mails.told),
    "case.resumed": (topics.incident,),
    "case.closed": (topics.incident, endpoints.case),
    "case.withdrawn": (topics.incident,),
    "case.described": (topics.incident, finding.case),
    "case.linked": (topics.incident, finding.case),
    "customer.spoken_to": (topics.incident,),
    "customer.threatened": (pages.threatened, topics.incident),
    "promise.made": (topics.promise,),
    "promise.kept": (entries.ended, topics.promise, beforehand.promise_ended),
    "promise.late": (entries.ended, topics.promise, beforehand.promise_ended),
    "promise.missed": (entries.ended, topics.promise),
    "promise.withdrawn": (entries.ended, topics.promise),
    "promise.reowned": (topics.promise,),
    "promise.steps": (entries.steps, pages.steps, topics.steps, endpoints.steps),
    "promise.unreached": (entries.unreached, pages.unreached, topics.promise),
    "signal.received": (topics.signal,),
    "signal.proposed": (pages.proposed, topics.signal, endpoints.signal),
    "signal.resolved": (entries.signal_resolved, topics.signal),
    "signal.triaged": (topics.signal,),
    "update.published": (
        topics.incident,
        topics.status,
        finding.update,
        endpoints.update,
        slack.published,
        pages.unapproved,
        pages.sent_alone,
        beforehand.spoken,
    ),
    "maintenance.changed": (topics.maintenance, topics.status),
    "update.review_asked": (pages.review_asked, topics.incident),
    "update.change_asked": (pages.answered, topics.incident),
    "update.approved": (pages.answered, topics.incident),
    "update.looked_after": (topics.incident,),
    "update.first_held": (topics.incident,),
    "update.first_asked": (pages.first_asked, topics.incident),
    "message.accepted": (comms.reached, topics.message),
    "message.failed": (fallback.given_up, topics.message),
    "message.bounced": (mails.bounced, topics.message),
    "endpoint.stopped": (subscription_channels.stopped, fallback.failing, channels.told, topics.message),
    "endpoint.failing": (fallback.failing, channels.told, topics.message),
    "endpoint.works": (topics.message,),
    "mail.taken": (mailing.heard,),
    "mail.read": (mails.listed,),
    "mail.declared": (mails.declared,),
    "mail.confirmed": (mailing.confirmed, topics.signal),
    "mail.replied": (mails.replied, topics.incident),
    "mailbox.looked": (mails.listed,),
    "question.asked": (topics.incident,),
    "question.answered": (topics.incident,),
    "question.partly": (topics.incident,),
    "question.used": (topics.incident,),
    "question.unused": (topics.incident,),
    "question.withdrawn": (topics.incident,),
    "question.idle": (asked.idle, topics.incident),
    "organisation.changed": (finding.organisation, topics.customers, room.changed),
    "catalogue.changed": (topics.status, topics.customers),
    "clock.died": (topics.health,),
    "clock.stood_still": (topics.health,),
    "clock.caught_up": (digests.caught_up, topics.health),
    "policy.changed": (topics.customers,),
    "promise.shortened": (topics.promise,),
    "person.deactivated": (topics.signed_out,),
}

# What happened -> who hears it later, by the clock, from a durable row, at least once.
AFTER: Mapping[str, Sequence[events.Listener]] = {
    "person.deactivated": (after.person_left,),
}

# What may read a file that hangs on it.
READERS = {"incident": lookups.may_read_incident, "update": lookups.may_read_update}

# Kind of due row -> what runs it.
HANDLERS: Mapping[str, Handler] = {
    "promise.step": Effect(promise_steps.run),
    "promise.reach": Effect(promise_steps.run_reach),
    "event.after": Effect(after.run),
    cases.SHIFTS: Effect(cases.run_shifts),
    evidence.LOOK: Outside(evidence.look, evidence.settle, 960.0, 1),
    evidence.SWEEP: Effect(evidence.sweep),
    "signals.watch": Effect(signals.run_watches),
    signals.REPLAY: Effect(signals.run_replay),
    signals.LOOK: Effect(signals.run_look),
    signals.VERIFY: Outside(signals.verify, signals.settle_verified, signals.VERIFY_S),
    signals.PROBE: Outside(signals.look_at_probe, signals.settle_probe, signals.PROBE_S, signals.PROBE_PLACES),
    **delivery.HANDLERS,
    subscribers.NOTIFY: Outside(subscribers.do, subscribers.settle, subscribers.TIMEOUT_S),
    questions.IDLE: Effect(questions.run),
    room.MAIL: Effect(room.send),
    room.PRUNE: Effect(room.prune),
    beforehand.SEND: Effect(beforehand_sending.run),
    maintenance.BEGIN: Effect(maintenance.begin_due),
    maintenance_sending.NOTIFY: Outside(maintenance_sending.do, maintenance_sending.settle, subscribers.TIMEOUT_S),
    maintenance_sending.FORGET: Effect(maintenance_sending.forget),
    subscribers.FORGET: Effect(subscribers.forget),
    subscribers.PRUNE: Effect(subscriptions.prune),
    live.PRUNE: Effect(live.prune),
    "signals.prune": Effect(after.prune_signals),
    slack_actions.PRUNE: Effect(slack_actions.prune),
    "api.prune": Effect(after.prune_answers),
    "sessions.prune": Effect(after.prune_sessions),
    "status.tick": Effect(topics.tick),
    "search.fill": Effect(finding.fill),
}

# Kind -> when, in the house's zone (minute hour day month weekday).
PERIODIC = {
    "live.prune": "17 * * * *",
    subscribers.PRUNE: "47 * * * *",
    room.PRUNE: "53 * * * *",
    evidence.SWEEP: "29 * * * *",
    "signals.prune": "23 3 * * *",
    "api.prune": "37 * * * *",
    slack_actions.PRUNE: "53 * * * *",
    "sessions.prune": "41 4 * * *",
    "signals.watch": "* * * * *",
    "status.tick": "* * * * *",
    cases.SHIFTS: "* * * * *",
    questions.IDLE: "* * * * *",
    **delivery.PERIODIC,
}


def connect() -> None:
    """Set every table and hook once, when Django has loaded the features."""
    events.wire(WITH, AFTER, after.enqueue)
    promise_hooks.ladder = ladder.of
    promise_hooks.changed = cases.refresh
    promise_hooks.lock = cases.lock
    promise_hooks.names = lookups.names
    promise_hooks.holds = lookups.holds
    case_hooks.prefill = signal_queries.prefill
    case_hooks.declared_from = lookups.declared_from
    maintenance_hooks.silence = lookups.silence
    maintenance_hooks.end_silences = lookups.end_silences
    claim_hooks.maintenance = lookups.announced
    customer_hooks.page_part = customer.part
    customer_hooks.running = lookups.running
    customer_hooks.apply = lookups.apply_policy
    customer_hooks.open_of = lookups.open_of
    delivery_hooks.mail_sources = mails.sources
    delivery_hooks.incident_of = lookups.incident_of
    file_doors.readers.update(READERS)
    search_hooks.holds = lookups.holds
    search_hooks.sources = finding.sources
    ui_context.wire(chrome.house)


def engine(**options: Any) -> Engine:
    """The clock of this process with everything it runs."""
    return Engine(
        HANDLERS,
        PERIODIC,
        zone=lambda: str(house.get("zone", "Asia/Tokyo")),
        ping=after.ping_dead_man,
        **options,
    )
