"""What several verbs of maintenance write: the notice and all that hangs on it, the silence, the row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tomei.comms.maintenance import deciding, hooks, owing, queries, rules, sending
from tomei.comms.maintenance.facts import MaintenanceFacts, NoticeFacts
from tomei.comms.models import Maintenance, Notice
from tomei.customers import queries as customers
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.text import LANGUAGES, Text

BEGIN = "comms.begin_maintenance"
Reasons = Mapping[str, str]


def silence(row: Maintenance, by: Actor, now: datetime) -> None:
    if row.ends_at <= now:
        raise Refused("maintenance.end_passed", at=row.ends_at.isoformat())
    parts = customers.components(pk for pk, _impact in row.components)
    reason = f"MNT-{row.pk} {Text.of(row.title).said_in('ja')}"[:300]
    row.silences = hooks.silence([one.slug for one in parts.values()], row.ends_at, reason, by, now)


def said(row: Maintenance, text: Text) -> Text:
    """Words in at least one language whole; refuses `maintenance.no_words`."""
    words = deciding.clean(text)
    if not any(getattr(words, one) for one in LANGUAGES):
        raise Refused("maintenance.no_words", field="text")
    rules.check_words(Text("–", "–"), words)
    return words


def notice(
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
    told = queries.notice_facts(made)
    owing.spoke(row, told, by=by, now=now)
    sending.queue(told, done(row, now), now=now)
    return told


def done(row: Maintenance, now: datetime) -> MaintenanceFacts:
    row.version += 1
    row.save()
    events.emit("maintenance.changed", now=now, maintenance_id=row.pk, state=row.state)
    return queries.facts_of(row)
