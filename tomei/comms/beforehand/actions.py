"""The only writers of first texts and of what waits at an incident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from tomei.accounts import audit
from tomei.cases import actions as cases
from tomei.cases import queries as case_queries
from tomei.cases import timeline
from tomei.clock import actions as clock
from tomei.comms import guards, owing, reviews
from tomei.comms import rules as update_rules
from tomei.comms.actions import plan as planning
from tomei.comms.beforehand import queries, rules
from tomei.comms.guards import Finding
from tomei.comms.models import FirstNotice
from tomei.comms.models import FirstText as Row
from tomei.customers import queries as customers
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused, Stale
from tomei.kernel.text import LANGUAGES, Text

SEND = "comms.first_notice"


def key_of(incident_id: int, due_at: datetime) -> str:
    """One per moment: who moves it never waits for a job that runs now, which waits for the incident (see hurry)."""
    return f"first:{incident_id}:{due_at.isoformat()}"


@transaction.atomic
def save_text(
    text: rules.FirstText, *, seen: int, overrules: Mapping[str, str] | None = None, by: Actor, now: datetime
) -> rules.FirstText:
    """A new version, or a new text (`seen` 0): nobody has approved it. `Stale` when somebody else saved meanwhile.

    Refuses what `rules.check_text` refuses, `first.liability` always, other findings of the guards without a reason.
    """
    by.require("template.edit")
    clean = _checked(text)
    overruled = _judge(clean, overrules or {}, by, now)
    return _write(replace(clean, overruled=overruled, is_archived=False), seen, by, now, "first_text.saved")


def _checked(text: rules.FirstText) -> rules.FirstText:
    parts = {name: _clean(said) for name, said in text.parts.items() if said}
    made = rules.check_text(replace(text, name=_clean(text.name), parts=parts))
    if set(made.products) - {one.id for one in customers.all_products()}:
        raise Refused("first.unknown_product")
    if set(made.components) - set(customers.components(made.components)):
        raise Refused("first.unknown_component")
    return made


def _clean(text: Text) -> Text:
    return Text(*(getattr(text, one).replace("\x00", "").strip() for one in LANGUAGES))


def _judge(
    text: rules.FirstText, reasons: Mapping[str, str], by: Actor, now: datetime
) -> tuple[Mapping[str, Any], ...]:
    found = _no_liability(queries.findings(text.parts))
    return planning.judge(found, reasons, by=by, free=False, now=now)


def _no_liability(found: list[Finding]) -> list[Finding]:
    held = next((one for one in found if one.guard in guards.HELD), None)
    if held is not None:
        raise Refused("first.liability", match=held.match[:40])
    return found


@transaction.atomic
def approve_text(key: str, *, seen: int, by: Actor, now: datetime) -> rules.FirstText:
    """These very words may go out by themselves from now on; the next edit ends that.

    Refuses `review.own_words` to its author (unless nobody else may), `first.approved`, and what the guards find now.
    """
    by.require("update.publish")
    text = _newest(key, seen)
    if text.is_archived or text.approved_at is not None:
        raise Refused("first.approved", key=key[:40])
    writers = {text.made_by_id}
    update_rules.check_approver(
        by.user_id, writers=writers, others=reviews.others_may_approve(writers={by.user_id, *writers})
    )
    known = {one["key"] for one in text.overruled}
    found = [one for one in _no_liability(queries.findings(text.parts)) if one.key not in known]
    planning.judge(found, {}, by=by, free=False, now=now)
    free = Row.objects.filter(key=key, version=seen, approved_at=None)
    if not free.update(approved_by_id=by.user_id, approved_by_name=by.name, approved_at=now):
        raise Refused("first.approved", key=key[:40])
    audit.record("first_text.approved", by=by, now=now, key=key, version=seen)
    return queries.one(key)


@transaction.atomic
def archive_text(key: str, *, archived: bool = True, seen: int, by: Actor, now: datetime) -> rules.FirstText:
    """It goes out no more; brought back it must be approved anew."""
    by.require("template.edit")
    code = "first_text.archived" if archived else "first_text.returned"
    return _write(replace(_newest(key, seen), is_archived=archived), seen, by, now, code)


def _newest(key: str, seen: int) -> rules.FirstText:
    text = queries.one(key)
    if text.version != seen:
        raise Stale("template.stale", who=text.made_by_name or "–", version=text.version)
    return text


def _write(text: rules.FirstText, seen: int, by: Actor, now: datetime, code: str) -> rules.FirstText:
    last = Row.objects.filter(key=text.key).order_by("-version").first()
    if (last.version if last else 0) != seen:
        raise Stale("template.stale", who=last.made_by_name if last else "–", version=last.version if last else 0)
    try:
        with transaction.atomic():
            row = Row.objects.create(
                key=text.key, version=seen + 1, name=text.name.as_json(), severities=list(text.severities),
                products=list(text.products), components=list(text.components), public=text.public,
                parts={name: said.as_json() for name, said in text.parts.items()}, overruled=list(text.overruled),
                is_archived=text.is_archived, made_by_id=by.user_id, made_by_name=by.name, made_at=now,
            )  # fmt: skip
    except IntegrityError:  # two saved at once: the constraint let one through
        raise Stale("template.stale", who=queries.one(text.key).made_by_name or "–", version=seen + 1) from None
    audit.record(code, by=by, now=now, key=text.key, version=row.version)
    return queries.facts_of(row)


@transaction.atomic
def hold_back(incident_id: int, reason: str, *, by: Actor, now: datetime) -> queries.NoticeFacts:
    """A person stops it, and says why; the promise of the first notice runs on. Refuses `first.not_waiting`."""
    by.require("update.draft")
    said = rules.check_reason(reason)
    cases.lock([incident_id])
    planning.seen(incident_id, by)
    if not end(incident_id, rules.HELD, now=now, why=said, who=by.name, by_id=by.user_id):
        raise Refused("first.not_waiting")
    timeline.add(incident_id, "update.first_held", by=by, at=now, body=said)
    events.emit("update.first_held", now=now, incident_id=incident_id, user_id=by.user_id)
    found = queries.of_incident(incident_id)
    assert found is not None
    return found


def plan(incident_id: int, *, now: datetime, changed: bool = False) -> None:
    """Let the clock look when the policy says so; called in the transaction that declared or changed the incident.

    `changed`: severity or policy is another one now. A time that waits is then moved forward, never back.
    """
    incident = case_queries.incident(incident_id)
    policy = customers.policy_version(incident.policy_version_id)
    terms = policy.terms.of(incident.severity)
    if terms.first_alone_after_s is None:
        if changed:
            FirstNotice.objects.filter(incident=incident_id, state=rules.WAITING).delete()
        return
    row = FirstNotice.objects.filter(incident=incident_id).first() if changed else None
    if incident.first_notice_at is not None or (row is not None and row.state != rules.WAITING):
        return
    start = now if changed and terms.first_alone_s is None else incident.declared_at
    due_at = policy.due(incident.severity, terms.first_alone_after_s, start)
    if changed and due_at <= now:
        due_at = now + rules.AGAIN
    if row is not None and row.due_at <= due_at:
        return
    FirstNotice.objects.update_or_create(incident_id=incident_id, defaults={"due_at": due_at, "state": rules.WAITING})
    clock.schedule(
        SEND, due_at=due_at, key=key_of(incident_id, due_at), rank=incident.rank, payload={"id": incident_id}, now=now
    )


def declared(event: events.Event) -> None:
    """Listener."""
    plan(event["incident_id"], now=event.at)


def severity_changed(event: events.Event) -> None:
    """Listener."""
    plan(event["incident_id"], now=event.at, changed=True)


def end(incident_id: int, state: str, *, now: datetime, **how: Any) -> bool:
    """From waiting to `state`, once: whoever comes second changes nothing. The caller holds the incident.

    The job stays: it finds nothing that waits.
    """
    waiting = FirstNotice.objects.filter(incident=incident_id, state=rules.WAITING)
    return waiting.update(state=state, at=now, **how) == 1


def spoken(event: events.Event) -> None:
    """Listener: a person told somebody outside; nothing goes by itself any more."""
    if not event.facts.get("automatic") and owing.is_outside(event["audiences"]):
        end(event["incident_id"], rules.SPOKEN, now=event.at)


def promise_ended(event: events.Event) -> None:
    """Listener: the first notice was given another way, by telephone to everybody say."""
    if event["kind"] == "first_notice" and event["incident_id"] and event["by_kind"] != "clock":
        end(event["incident_id"], rules.SPOKEN, now=event.at)
