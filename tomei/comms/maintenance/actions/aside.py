"""Beside its course: the missing language, the incident it became, the silence of its alerts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from tomei.cases import actions as cases
from tomei.cases import timeline
from tomei.cases.facts import IncidentFacts
from tomei.comms.maintenance import deciding, hooks, queries, rules, sending
from tomei.comms.maintenance.actions import writing
from tomei.comms.maintenance.facts import MaintenanceFacts, NoticeFacts
from tomei.comms.models import Maintenance, Notice
from tomei.comms.rules import missing_language
from tomei.customers import queries as customers
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import LANGUAGES, Text
from tomei.promises import actions as promises


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
    notice, facts = queries.notice_facts(found), writing.done(row, now)
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
    writing.done(row, now)
    return incident


_WRONG = {"ja": "メンテナンス中に発生", "en": "during maintenance"}


@transaction.atomic
def silence(maintenance_id: int, *, by: Actor, now: datetime) -> MaintenanceFacts:
    """Alerts of its components call nobody until the told end."""
    by.require("signal.triage")
    row = deciding.subject(maintenance_id, "silence")
    hooks.end_silences(row.silences, by, now)
    writing.silence(row, by, now)
    return writing.done(row, now)
