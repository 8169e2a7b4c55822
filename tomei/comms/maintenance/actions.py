"""The only writers of maintenance: one function per verb, each in one transaction, each telling leaving a notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from tomei.cases import actions as cases
from tomei.cases import timeline
from tomei.cases.facts import IncidentFacts
from tomei.clock import actions as clock
from tomei.clock.handlers import JobFacts
from tomei.comms.maintenance import deciding, hooks, owing, queries, rules, sending
from tomei.comms.maintenance.facts import MaintenanceFacts, NoticeFacts, PlanInput
from tomei.comms.maintenance.labels import BEGUN, DONE
from tomei.comms.models import Maintenance, Notice
from tomei.comms.rules import missing_language
from tomei.customers import queries as customers
from tomei.kernel import events
from tomei.kernel.actor import CLOCK, Actor
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import LANGUAGES, Text
from tomei.promises import actions as promises

BEGIN = "comms.begin_maintenance"
Reasons = Mapping[str, str]


@transaction.atomic
def plan(wanted: PlanInput, *, by: Actor, now: datetime) -> MaintenanceFacts:
    """Planned, told to nobody yet: from now on it is owed to tell it ahead."""
    by.require("maintenance.plan")
    ready = deciding.plan(wanted, now)
    row = Maintenance(owner_id=by.user_id, created_at=now, created_by=by.name, state="planned")
    _fill(row, ready)
    row.save(force_insert=True)
    owing.make(row, "maintenance_notice", row.notice_due_at, by=by, now=now)
    return _done(row, now)


@transaction.atomic
def edit(maintenance_id: int, wanted: PlanInput, *, seen: int | None, by: Actor, now: datetime) -> MaintenanceFacts:
    """Plan it otherwise, while nobody outside knows of it."""
    by.require("maintenance.plan")
    row = deciding.subject(maintenance_id, "edit", seen=seen)
    due_at = row.notice_due_at
    _fill(row, deciding.plan(wanted, now))
    if row.notice_due_at != due_at:
        promises.supersede("maintenance_notice", maintenance_id=row.pk, by=by, now=now)
        owing.make(row, "maintenance_notice", row.notice_due_at, by=by, now=now)
    return _done(row, now)


def _fill(row: Maintenance, ready: PlanInput) -> None:
    organisations = ready.organisation_ids or ()
    row.title, row.text = ready.title.as_json(), ready.text.as_json()
    row.components = [list(one) for one in ready.components]
    row.audiences, row.organisations = list(ready.audiences), list(organisations)
    row.starts_at, row.ends_at = ready.starts_at, ready.ends_at
    row.notice_due_at = deciding.notice_due(ready.components, organisations, ready.starts_at)
    row.starts_itself, row.silence = ready.starts_itself, ready.silence


@transaction.atomic
def tell(
    maintenance_id: int, *, overrules: Reasons | None = None, seen: int | None = None, by: Actor, now: datetime
) -> NoticeFacts:
    """Everybody it concerns is told the window. Later than owed it goes out all the same, and is recorded as late."""
    by.require("maintenance.tell")
    row = deciding.subject(maintenance_id, "tell", seen=seen)
    rules.check_window(row.starts_at, row.ends_at, now)
    text = Text.of(row.text)
    overruled = deciding.judge(row.pk, text, overrules or {}, by=by, now=now)
    row.state, row.told_at = "scheduled", now
    return _told_window(row, "scheduled", text, overruled, by=by, now=now)


@transaction.atomic
def move(
    maintenance_id: int,
    starts_at: datetime,
    ends_at: datetime,
    text: Text,
    *,
    overrules: Reasons | None = None,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> NoticeFacts:
    """Another window: the told times are withdrawn with this notice; the new ones are told ahead, or late, anew."""
    by.require("maintenance.tell")
    row = deciding.subject(maintenance_id, "move", seen=seen)
    text = _said(row, text)
    overruled = deciding.judge(row.pk, text, overrules or {}, by=by, now=now)
    start, end = rules.check_window(starts_at, ends_at, now)
    if (start, end) == (row.starts_at, row.ends_at):
        raise Refused("maintenance.same_window")
    owing.take_back(row, owing.WINDOW, text.said_in("ja"), by=by, now=now)
    was = [row.starts_at.isoformat(), row.ends_at.isoformat()]
    row.starts_at, row.ends_at = start, end
    components = tuple((pk, impact) for pk, impact in row.components)
    row.notice_due_at = deciding.notice_due(components, tuple(row.organisations), start)
    owing.make(row, "maintenance_notice", row.notice_due_at, by=by, now=now)
    return _told_window(row, "moved", text, overruled, was=was, by=by, now=now)


def _told_window(
    row: Maintenance, kind: str, text: Text, overruled: list[dict[str, Any]], *, by: Actor, now: datetime, **more: Any
) -> NoticeFacts:
    row.window_told_at = now
    in_time = rules.told_in_time(now, row.notice_due_at)
    row.covered_until = row.ends_at if in_time else None
    notice = _notice(row, kind, text, overruled, in_time=in_time, by=by, now=now, **more)
    owing.keep(row, "maintenance_notice", notice, by=by, now=now)
    owing.window(row, by=by, now=now)
    if row.starts_itself:
        clock.schedule(BEGIN, due_at=row.starts_at, key=f"maintenance:{row.pk}", payload={"id": row.pk}, now=now)
    return notice


@transaction.atomic
def start(
    maintenance_id: int,
    text: Text | None = None,
    *,
    next_at: datetime | None = None,
    overrules: Reasons | None = None,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> NoticeFacts:
    """It has begun. Refuses to begin before the told start; the next time is the latest allowed unless named."""
    by.require("maintenance.run")
    row = deciding.subject(maintenance_id, "start", seen=seen)
    words = _said(row, text) if text else BEGUN
    overruled = deciding.judge(row.pk, words, overrules or {}, by=by, now=now) if text else []
    return _begin(row, words, overruled, next_at=next_at, by=by, now=now)


def _begin(
    row: Maintenance, text: Text, overruled: list[dict[str, Any]], *, next_at: datetime | None, by: Actor, now: datetime
) -> NoticeFacts:
    rules.check_start(row.starts_at, now)
    latest = deciding.latest_next(row, row.ends_at, now)
    row.state, row.started_at = "in_progress", now
    row.next_at = rules.check_next(next_at, latest, now) if next_at else latest
    clock.cancel(f"maintenance:{row.pk}")
    notice = _notice(row, "started", text, overruled, by=by, now=now)
    owing.keep(row, "maintenance_start", notice, by=by, now=now)
    if row.silence:
        _silence(row, by, now)
        row.save(update_fields=["silences"])
    return notice


def begin_due(jobs: Sequence[JobFacts], now: datetime) -> None:
    """Clock effect: what was to begin by itself begins, if nobody has moved, begun or called it off meanwhile."""
    for job in jobs:
        row = Maintenance.objects.select_for_update().filter(pk=int(job.payload["id"]), state="scheduled").first()
        if row is not None and row.starts_itself and row.starts_at <= now:
            _begin(row, BEGUN, [], next_at=None, by=CLOCK, now=now)


@transaction.atomic
def update(
    maintenance_id: int,
    text: Text,
    *,
    next_at: datetime | None,
    verifying: bool = False,
    ends_at: datetime | None = None,
    overrules: Reasons | None = None,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> NoticeFacts:
    """How far it is, and when we speak next. With another `ends_at` the told end is withdrawn and this one told."""
    by.require("maintenance.run")
    row = deciding.subject(maintenance_id, "update", seen=seen)
    text = _said(row, text)
    end = rules.check_end(row.ends_at, ends_at, now)
    row.next_at = rules.check_next(next_at, deciding.latest_next(row, end or row.ends_at, now), now)
    overruled = deciding.judge(row.pk, text, overrules or {}, by=by, now=now)
    row.state = "verifying" if verifying else "in_progress"
    if end is None:
        return _notice(row, "verifying" if verifying else "update", text, overruled, by=by, now=now)
    return _extend(row, end, text, overruled, by=by, now=now)


def _extend(
    row: Maintenance, end: datetime, text: Text, overruled: list[dict[str, Any]], *, by: Actor, now: datetime
) -> NoticeFacts:
    by.require("maintenance.tell")
    was = [row.starts_at.isoformat(), row.ends_at.isoformat()]
    in_time = now <= row.ends_at
    owing.take_back(row, ["maintenance_end"], text.said_in("ja"), by=by, now=now)
    row.ends_at = end
    if row.silences:
        hooks.end_silences(row.silences, by, now)
        _silence(row, by, now)
    notice = _notice(row, "extended", text, overruled, was=was, in_time=in_time, by=by, now=now)
    owing.make(row, "maintenance_end", end, by=by, now=now)
    return notice


@transaction.atomic
def complete(
    maintenance_id: int,
    text: Text | None = None,
    *,
    overrules: Reasons | None = None,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> NoticeFacts:
    """It is over, and checked to be."""
    by.require("maintenance.run")
    row = deciding.subject(maintenance_id, "complete", seen=seen)
    words = _said(row, text) if text else DONE
    overruled = deciding.judge(row.pk, words, overrules or {}, by=by, now=now) if text else []
    row.state, row.ended_at, row.next_at = "completed", now, None
    notice = _notice(row, "completed", words, overruled, by=by, now=now)
    owing.keep(row, "maintenance_end", notice, by=by, now=now)
    if row.silences:
        hooks.end_silences(row.silences, by, now)
    return notice


@transaction.atomic
def cancel(
    maintenance_id: int,
    text: Text,
    *,
    overrules: Reasons | None = None,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> MaintenanceFacts:
    """It will not be. Where it was told, everybody is told so and the told times are withdrawn with these words."""
    by.require("maintenance.plan")
    row = deciding.subject(maintenance_id, "cancel", seen=seen)
    told = row.state != "planned"
    if told:
        by.require("maintenance.tell")
    text = _said(row, text)
    overruled = deciding.judge(row.pk, text, overrules or {}, by=by, now=now) if told else []
    row.state, row.ended_at = "cancelled", now
    clock.cancel(f"maintenance:{row.pk}")
    if not told:
        promises.supersede("maintenance_notice", maintenance_id=row.pk, reason=text.said_in("ja"), by=by, now=now)
        return _done(row, now)
    owing.take_back(row, owing.WINDOW, text.said_in("ja"), by=by, now=now)
    _notice(row, "cancelled", text, overruled, by=by, now=now)
    return queries.facts_of(row)


@transaction.atomic
def translate(maintenance_id: int, number: int, text: str, *, title: str = "", by: Actor, now: datetime) -> NoticeFacts:
    """The words of a notice in the language that it lacked. What was told stays as it was."""
    by.require("update.draft")
    row = Maintenance.objects.select_for_update().filter(pk=maintenance_id).first()
    found = Notice.objects.filter(maintenance=maintenance_id, number=number).first()
    if row is None or found is None:
        raise Missing(f"notice {number}")
    missing = missing_language(found.languages)
    if not missing:
        raise Refused("maintenance.translated")
    whole = _title(row, missing, title)
    words = deciding.clean(replace(Text.of(found.text), **{missing: text}))
    rules.check_words(whole, words)
    if not getattr(words, missing):
        raise Refused("maintenance.no_words", field="text")
    deciding.judge(None, Text(**{missing: getattr(words, missing)}), {}, by=by, now=now)
    return _translated(row, found, whole, words, missing, by=by, now=now)


def _title(row: Maintenance, missing: str, title: str) -> Text:
    """With the side that it lacked; one that stands is never changed."""
    known = Text.of(row.title)
    return known if getattr(known, missing) else deciding.clean(replace(known, **{missing: title}))


def _translated(
    row: Maintenance, found: Notice, title: Text, words: Text, missing: str, *, by: Actor, now: datetime
) -> NoticeFacts:
    row.title = title.as_json()
    if found.kind == "scheduled":
        row.text = words.as_json()
    found.text, found.languages, found.translated_at = words.as_json(), list(LANGUAGES), now
    found.save(update_fields=["text", "languages", "translated_at"])
    notice, facts = queries.notice_facts(found), _done(row, now)
    promises.keep("translation", maintenance_id=row.pk, audience=missing, act=f"notice:{notice.id}", by=by, now=now)
    sending.queue(notice, facts, now=now, only=missing)
    return notice


@transaction.atomic
def declare(maintenance_id: int, severity: str, *, by: Actor, now: datetime) -> IncidentFacts:
    """It went wrong: an incident with the same components and customers, each leading to the other."""
    by.require("incident.declare")
    row = deciding.subject(maintenance_id, "declare")
    if row.incident_id is not None:
        raise Refused("maintenance.incident_already")
    parts = customers.components(pk for pk, _impact in row.components)
    products = {one.product_id for one in parts.values()}
    title = Text.of(row.title)
    incident = cases.declare(
        title=Text(*(f"{getattr(title, one)} ({_WRONG[one]})" if getattr(title, one) else "" for one in LANGUAGES)),
        severity=severity, product_id=products.pop() if len(products) == 1 else None, component_ids=list(parts),
        began_at=row.started_at, by=by, now=now,
    )  # fmt: skip
    timeline.add(incident.id, "maintenance.became", by=by, at=now, maintenance=f"MNT-{row.pk}",
                 title=title.as_json())  # fmt: skip
    row.incident_id = incident.id
    _done(row, now)
    return incident


_WRONG = {"ja": "メンテナンス中に発生", "en": "during maintenance"}


@transaction.atomic
def silence(maintenance_id: int, *, by: Actor, now: datetime) -> MaintenanceFacts:
    """Alerts of its components call nobody until the told end."""
    by.require("signal.triage")
    row = deciding.subject(maintenance_id, "silence")
    hooks.end_silences(row.silences, by, now)
    _silence(row, by, now)
    return _done(row, now)


def _silence(row: Maintenance, by: Actor, now: datetime) -> None:
    if row.ends_at <= now:
        raise Refused("maintenance.end_passed", at=row.ends_at.isoformat())
    parts = customers.components(pk for pk, _impact in row.components)
    reason = f"MNT-{row.pk} {Text.of(row.title).said_in('ja')}"[:300]
    row.silences = hooks.silence([one.slug for one in parts.values()], row.ends_at, reason, by, now)


def _said(row: Maintenance, text: Text) -> Text:
    """Words in at least one language whole; refuses `maintenance.no_words`."""
    words = deciding.clean(text)
    if not any(getattr(words, one) for one in LANGUAGES):
        raise Refused("maintenance.no_words", field="text")
    rules.check_words(Text("–", "–"), words)
    return words


def _notice(
    row: Maintenance, kind: str, text: Text, overruled: list[dict[str, Any]], *, by: Actor, now: datetime,
    was: list[str] | None = None, in_time: bool = True,
) -> NoticeFacts:  # fmt: skip
    """Write it down, owe what it names, queue the mails, and let everybody look again."""
    title = Text.of(row.title)
    whole = [one for one in LANGUAGES if getattr(text, one)]
    languages = tuple(one for one in whole if getattr(title, one)) or tuple(whole)
    number = Notice.objects.filter(maintenance=row).count() + 1
    made = Notice.objects.create(
        maintenance=row, number=number, kind=kind, state=row.state, text=text.as_json(), languages=list(languages),
        starts_at=row.starts_at, ends_at=row.ends_at, next_at=row.next_at, was=was, in_time=in_time,
        translation_due_at=deciding.translation_due(languages, now), overruled=overruled, author_id=by.user_id,
        author_name=by.name, published_at=now,
    )  # fmt: skip
    notice = queries.notice_facts(made)
    owing.spoke(row, notice, by=by, now=now)
    sending.queue(notice, _done(row, now), now=now)
    return notice


def _done(row: Maintenance, now: datetime) -> MaintenanceFacts:
    row.version += 1
    row.save()
    events.emit("maintenance.changed", now=now, maintenance_id=row.pk, state=row.state)
    return queries.facts_of(row)
