"""A published update is never changed: it is corrected by a newer one, or gets its other language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from tomei.cases import actions as cases
from tomei.cases import queries as case_queries
from tomei.cases import timeline
from tomei.cases.facts import IncidentFacts
from tomei.comms import attaching, owing, queries, rules, sending
from tomei.comms.actions import plan as planning
from tomei.comms.actions.publish import entry_audience, entry_body
from tomei.comms.facts import Reached, UpdateFacts
from tomei.comms.guards import HELD, Finding
from tomei.comms.models import Update
from tomei.customers import queries as customers
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text
from tomei.promises import actions as promises
from tomei.promises import queries as promise_queries

ERASED = Text("（個人に関わる記述のため消去しました）", "(erased to protect a person)")


def forget_words(update_id: int) -> None:
    """The words of an update go with its entry of the timeline: every page that shows it says so instead."""
    Update.objects.filter(pk=update_id).update(parts={"effect": ERASED.as_json()})


@transaction.atomic
def correct(
    update_id: int,
    parts: Mapping[str, Text],
    *,
    reason: str,
    overrules: Mapping[str, str] | None = None,
    file_ids: Sequence[int] | None = None,
    by: Actor,
    now: datetime,
) -> UpdateFacts:
    """A newer version goes to everybody who got the old one; both stay readable, the old one marked.

    It keeps and makes no next time: what was promised stands. `file_ids` are the old version's files that it keeps
    and new ones; all of the old by default. Refuses `update.too_many_files`, `files.not_there`,
    `update.already_corrected`, `update.nothing_changed`, `update.no_reason`, and what the guards find.
    """
    by.require("update.publish")
    old = queries.update(update_id)
    cases.lock([old.incident_id])
    incident = planning.seen(old.incident_id, by)
    old = queries.update(update_id)
    _check_correctable(old, reason)
    kept = planning.told_parts(parts)
    rules.check_parts(kept, kind="correction", first=False)
    wanted = tuple(one.id for one in old.files) if file_ids is None else tuple(dict.fromkeys(file_ids))
    attaching.check(incident.id, wanted, old=old)
    if kept == dict(old.parts) and wanted == tuple(one.id for one in old.files):
        raise Refused("update.nothing_changed")
    languages = rules.languages_of(kept)
    found = _look(incident, kept, old)
    overruled = planning.judge(found, overrules or {}, by=by, free=False, now=now)
    policy = customers.policy_version(incident.policy_version_id)
    row = Update.objects.create(
        incident_id=incident.id, number=incident.updates + 1, kind="correction", state=old.state,
        severity=old.severity, parts={name: text.as_json() for name, text in kept.items()}, languages=list(languages),
        audiences=list(old.audiences), next_at=old.next_at, report_due_at=old.report_due_at,
        estimate=old.estimate.as_json() if old.estimate else None, corrects_id=old.id, overruled=list(overruled),
        author_id=by.user_id, author_name=by.name, published_at=now,
        translation_due_at=owing.translation_due(policy, languages, old.audiences, now),
    )  # fmt: skip
    attaching.hang(row, wanted, old=old, by=by, now=now)
    Update.objects.filter(pk=old.id).update(corrected_by=row)
    if old.translation_due_at is not None:
        promises.keep("translation", incident_id=incident.id, about=f"update:{old.id}", by=by, now=now)
    return _out(row, incident, "update.corrected", reason.strip(), by, now, corrects=old.number)


def _look(incident: IncidentFacts, parts: Mapping[str, Text], old: UpdateFacts) -> list[Finding]:
    """The findings of a version that grew from `old`. Refuses `update.liability_version`: what the old one did not
    admit cannot come in by a correction or a translation, which nobody approves beforehand."""
    found = planning.look(
        incident, parts, audiences=old.audiences, without=old.id, state=old.state, estimated=old.estimate is not None
    )
    admitted = any(one["guard"] in HELD for one in old.overruled)
    if not admitted and any(one.guard in HELD for one in found):
        raise Refused("update.liability_version", number=old.number)
    return found


def _check_correctable(old: UpdateFacts, reason: str) -> None:
    if old.corrected_by_id is not None:
        raise Refused("update.already_corrected", number=old.number, by=queries.update(old.corrected_by_id).number)
    if not reason.strip():
        raise Refused("update.no_reason")


@transaction.atomic
def translate(
    update_id: int,
    language: str,
    words: Mapping[str, str],
    *,
    overrules: Mapping[str, str] | None = None,
    by: Actor,
    now: datetime,
) -> UpdateFacts:
    """The missing language of an update goes out as its own version, to the readers of the old one; the promise ends.

    Refuses `update.translated`, `update.translation_missing`, and what the guards find. A responder may translate:
    the words were approved in the first language.
    """
    by.require("update.draft")
    old = queries.update(update_id)
    cases.lock([old.incident_id])
    incident = planning.seen(old.incident_id, by)
    old = queries.update(update_id)
    if language in old.languages or language not in ("ja", "en") or old.corrected_by_id is not None:
        raise Refused("update.translated", number=old.number)
    parts = _translated(old.parts, language, words)
    rules.check_parts(parts, kind="translation", first=False)
    found = _look(incident, parts, old)
    overruled = planning.judge(found, overrules or {}, by=by, free=not by.may("incident.overrule"), now=now)
    row = Update.objects.create(
        incident_id=incident.id, number=incident.updates + 1, kind="translation", state=old.state,
        severity=old.severity, parts={name: text.as_json() for name, text in parts.items()}, languages=["ja", "en"],
        audiences=list(old.audiences), next_at=old.next_at, report_due_at=old.report_due_at,
        estimate=old.estimate.as_json() if old.estimate else None, corrects_id=old.id,
        overruled=[*old.overruled, *overruled], author_id=by.user_id, author_name=by.name, published_at=now,
    )  # fmt: skip
    attaching.hang(row, [one.id for one in old.files], old=old, by=by, now=now)
    Update.objects.filter(pk=old.id).update(corrected_by=row)
    act = f"update:{row.pk}"
    promises.keep("translation", incident_id=incident.id, about=f"update:{old.id}", act=act, by=by, now=now)
    return _out(row, incident, "update.translated", "", by, now, corrects=old.number, language=language)


def _translated(parts: Mapping[str, Text], language: str, words: Mapping[str, str]) -> dict[str, Text]:
    done: dict[str, Text] = {}
    for name, text in parts.items():
        said = (words.get(name) or getattr(text, language)).strip()
        if not said and name in rules.TOLD:
            raise Refused("update.translation_missing", part=name)
        done[name] = Text(ja=said if language == "ja" else text.ja, en=said if language == "en" else text.en)
    return done


def _out(
    row: Update, incident: IncidentFacts, code: str, reason: str, by: Actor, now: datetime, **data: Any
) -> UpdateFacts:
    """Timeline, mails, the count and the event of a version that grew from an older one."""
    update = queries.facts_of(row)
    entry = timeline.add(
        incident.id, code, by=by, at=now, audience=entry_audience(update.audiences),
        body=entry_body(update.parts, update.audiences), update_id=update.id, number=update.number, reason=reason,
        audiences=list(update.audiences), languages=list(update.languages), **data,
        **attaching.entry_data(update.files),
    )  # fmt: skip
    Update.objects.filter(pk=row.pk).update(head=entry.anchor)
    update = replace(update, head=entry.anchor)
    reached = _readers(update, incident)
    heard = [pk for pk in reached.organisation_ids if pk not in set(reached.without_channel)]
    cases.update_published(incident.id, heard, now=now)
    after = case_queries.incident(incident.id)
    if update.translation_due_at is not None:
        owing.promise_translation(update, after, by=by, now=now)
    sending.queue(update, after, reached, now=now)
    events.emit(
        "update.published", now=now, update_id=update.id, incident_id=incident.id, number=update.number,
        kind=update.kind, audiences=list(update.audiences), organisation_ids=list(reached.organisation_ids),
        next_at=update.next_at.isoformat() if update.next_at else None, unapproved=False, drill=incident.drill,
        restricted=incident.restricted,
    )  # fmt: skip
    return update


def _readers(update: UpdateFacts, incident: IncidentFacts) -> Reached:
    """Who got the version before; of a translation only those who read that language as their own."""
    told: Sequence[int] = [
        one.organisation_id for one in queries.reach_of([update.corrects_id or 0]).get(update.corrects_id or 0, [])
    ]
    reached = sending.reach(incident, update.audiences, told)
    if update.kind != "translation":
        return reached
    language = _new_language(update)
    return replace(reached, recipients=tuple(one for one in reached.recipients if one.language == language))


def _new_language(update: UpdateFacts) -> str:
    before = queries.update(update.corrects_id or 0)
    return rules.missing_language(before.languages)


def open_translations(incident_id: int) -> list[int]:
    """Updates that still owe a language."""
    waiting = [one for one in promise_queries.open_of(incident_id) if one.kind == "translation"]
    return [int(one.about.partition(":")[2]) for one in waiting]
