"""Review: ask, comment, ask for a change, approve the exact words; look afterwards at what nobody approved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from tomei.accounts import queries as accounts
from tomei.cases import timeline
from tomei.cases.facts import IncidentFacts
from tomei.comms import queries, reviews, rules
from tomei.comms.actions.plan import seen as incident_seen
from tomei.comms.facts import DraftFacts, ReviewFacts, UpdateFacts
from tomei.comms.models import Draft, Review, Update
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused, Stale


@transaction.atomic
def ask_review(incident_id: int, *, of: int | None = None, by: Actor, now: datetime) -> DraftFacts:
    """The author's draft waits for a commander, or for the person `of`; everybody in the incident sees that it does.

    Refuses `review.cannot_approve` for somebody who may not approve, and `review.own_words` for oneself.
    """
    by.require("update.draft")
    incident_seen(incident_id, by)
    row = Draft.objects.filter(incident=incident_id, author=by.user_id).first()
    if row is None:
        raise Missing("draft")
    name = _asked(of, by)
    Draft.objects.filter(pk=row.pk).update(asked_review_at=now, asked_of_id=of)
    row.refresh_from_db()
    _say(row, rules.ASKED, body=name, by=by, now=now)
    timeline.add(incident_id, "update.review_asked", by=by, at=now, draft_id=row.pk, of_id=of)
    events.emit("update.review_asked", now=now, incident_id=incident_id, draft_id=row.pk, user_id=by.user_id, of_id=of)
    return queries.draft_facts(row)


def _asked(of: int | None, by: Actor) -> str:
    if of is None:
        return ""
    if of == by.user_id:
        raise Refused("review.own_words")
    person = next((one for one in accounts.active_people("commander") if one.id == of), None)
    if person is None:
        raise Refused("review.cannot_approve")
    return person.name


@transaction.atomic
def comment(
    incident_id: int, draft_id: int, text: str, *, part: str = "", language: str = "", by: Actor, now: datetime
) -> ReviewFacts:
    """A word beside the text, at a part when one is named. Refuses `review.no_words`, `review.too_long`."""
    by.require("update.draft")
    row = _draft(incident_id, draft_id, by)
    return _say(row, rules.COMMENT, body=rules.check_comment(text), part=part, language=language, by=by, now=now)


@transaction.atomic
def ask_change(
    incident_id: int, draft_id: int, text: str, *, seen: int, zone: str, by: Actor, now: datetime
) -> ReviewFacts:
    """The reviewer wants other words, and says which; an approval of these words ends. The author hears of it."""
    by.require("update.publish")
    row = _draft(incident_id, draft_id, by)
    said = rules.check_comment(text)
    _answer(row, seen)
    version = _version(row, incident_seen(incident_id, by), zone)
    found = _say(row, rules.CHANGE, body=said, digest=rules.digest(version), by=by, now=now)
    timeline.add(incident_id, "update.change_asked", by=by, at=now, draft_id=row.pk)
    _emit("update.change_asked", row, by, now)
    return found


@transaction.atomic
def approve(incident_id: int, draft_id: int, *, seen: int, zone: str, by: Actor, now: datetime) -> ReviewFacts:
    """These very words, in both languages, may go out; a later edit voids it. `seen` is the version that was read.

    Refuses `review.own_words` (who wrote it, unless nobody else may) and `review.empty`; `Stale` when it changed.
    """
    by.require("update.publish")
    incident = incident_seen(incident_id, by)
    row = _draft(incident_id, draft_id, by)
    _answer(row, seen)
    writers = {row.author_id, row.saved_by_id}
    rules.check_approver(by.user_id, writers=writers, others=reviews.others_may_approve(writers={by.user_id, *writers}))
    version = _version(row, incident, zone)
    if not version["words"]:
        raise Refused("review.empty")
    found = _say(row, rules.APPROVED, digest=rules.digest(version), text=version, by=by, now=now)
    timeline.add(incident_id, "update.approved", by=by, at=now, draft_id=row.pk, digest=found.digest)
    _emit("update.approved", row, by, now)
    return found


@transaction.atomic
def look_after(incident_id: int, number: int, *, by: Actor, now: datetime) -> UpdateFacts:
    """Somebody who may approve looked at what went out unapproved.

    Refuses `review.nothing_to_see` and `review.own_words`.
    """
    by.require("update.publish")
    incident_seen(incident_id, by)
    one = queries.by_number(incident_id, number)
    writers = {one.author_id, one.drafted_by_id}
    if not one.unapproved or one.looked_at is not None:
        raise Refused("review.nothing_to_see", number=number)
    rules.check_approver(by.user_id, writers=writers, others=reviews.others_may_approve(writers={by.user_id, *writers}))
    kept = Update.objects.filter(pk=one.id, looked_at=None).update(looked_at=now, looked_by_id=by.user_id)
    if not kept:
        raise Refused("review.nothing_to_see", number=number)
    timeline.add(incident_id, "update.looked_after", by=by, at=now, update_id=one.id, number=number)
    events.emit("update.looked_after", now=now, incident_id=incident_id, update_id=one.id, number=number)
    return queries.update(one.id)


def _draft(incident_id: int, draft_id: int, by: Actor) -> Draft:
    incident_seen(incident_id, by)
    row = Draft.objects.filter(pk=draft_id, incident=incident_id).first()
    if row is None:
        raise Missing(f"draft {draft_id}")
    if by.user_id is None:
        raise Refused("rights.missing", verb="update.draft")
    return row


def _answer(row: Draft, seen: int) -> None:
    """The question is answered. The author may save at this very moment: one of the two finds the other's version."""
    answered = Draft.objects.filter(pk=row.pk, version=seen).update(asked_review_at=None, asked_of_id=None)
    row.refresh_from_db()  # ours only when the version was the one that was read
    if not answered:
        known = accounts.people([row.saved_by_id]) if row.saved_by_id else {}
        who = known[row.saved_by_id].name if row.saved_by_id in known else "–"
        raise Stale("draft.stale", who=who, at=row.saved_at.isoformat(timespec="seconds"), version=row.version)


def _version(row: Draft, incident: IncidentFacts, zone: str) -> dict[str, Any]:
    return rules.version_of_draft(row.data, state=incident.state, zone=zone)


def _say(row: Draft, kind: str, *, by: Actor, now: datetime, **words: Any) -> ReviewFacts:
    part, language = words.pop("part", ""), words.pop("language", "")
    known = part if part in rules.PARTS else ""
    assert by.user_id is not None
    made = Review.objects.create(
        incident_id=row.incident_id, draft_id=row.pk, kind=kind, part=known,
        language=language if known and language in ("ja", "en") else "", author_id=by.user_id, author_name=by.name,
        said_at=now, **words,
    )  # fmt: skip
    return reviews.facts_of(made)


def _emit(name: str, row: Draft, by: Actor, now: datetime) -> None:
    events.emit(
        name, now=now, incident_id=row.incident_id, draft_id=row.pk, author_id=row.author_id, user_id=by.user_id
    )
