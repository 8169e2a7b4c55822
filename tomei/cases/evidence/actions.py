"""Give, take in, look into, describe, share, release, read, hold, erase: the only writers of evidence."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from tomei.accounts import audit
from tomei.cases.actions import rows
from tomei.cases.evidence import queries, rules
from tomei.cases.evidence.models import Evidence, Reading
from tomei.cases.evidence.queries import EvidenceFacts
from tomei.cases.models import Incident
from tomei.cases.rules import words as word_rules
from tomei.clock import actions as clock
from tomei.clock.handlers import JobFacts
from tomei.customers import queries as customers
from tomei.files.looking import run
from tomei.files.uploads import actions as uploads
from tomei.files.uploads import queries as upload_queries
from tomei.files.uploads import rules as upload_rules
from tomei.files.uploads import store
from tomei.files.uploads.queries import UploadFacts
from tomei.kernel import time
from tomei.kernel.actor import CLOCK, Actor
from tomei.kernel.errors import Missing, Refused

LOOK, SWEEP = "evidence.look", "evidence.sweep"


def may_give(by: Actor) -> None:
    """A contact who may answer, or one of us who works on incidents."""
    by.require("room.answer" if by.kind == "contact" else "incident.work")


def begin(
    incident_id: int, name: str, size: int, *, organisation_id: int | None = None, fresh: bool = False, by: Actor,
    now: datetime,
) -> UploadFacts:  # fmt: skip
    """An upload for this incident is declared. A contact gives for the own organisation and for no other."""
    may_give(by)
    giver = by.organisation_id if by.kind == "contact" else organisation_id or customers.ours().id
    assert giver is not None
    if giver not in customers.organisations([giver]):
        raise Refused("incident.unknown_organisation")
    return uploads.begin(
        name, size, about=f"incident:{incident_id}", organisation_id=giver, fresh=fresh, by=by, now=now
    )


def coming(incident_id: int, key: str, by: Actor) -> UploadFacts:
    """An upload of this incident that this same person began, or `Missing`."""
    may_give(by)
    found = upload_queries.upload(key, f"incident:{incident_id}")
    if (found.by_kind, found.by_id) != (by.kind, by.id):
        raise Missing("upload")
    return found


@transaction.atomic
def give(incident_id: int, key: str, *, said: dict[str, Any] | None = None, by: Actor, now: datetime) -> int:
    """All of it is here: from now on it is evidence, which the clock looks into. Returns its id.

    Refuses `upload.chunks_missing`; a second time returns the same.
    """
    known = coming(incident_id, key, by)
    there = Evidence.objects.filter(upload_key=key).values_list("pk", flat=True).first()
    if there is not None:
        return int(there)
    words = _said(said or {})
    uploads.finish(key, now=now)
    giver = queries.reader(by)
    row = Evidence.objects.create(
        incident_id=incident_id, organisation_id=known.organisation_id, upload_key=key, name=known.name,
        size=known.size, given_by_kind=giver.kind, given_by_id=giver.id, given_at=now, **words,
    )  # fmt: skip
    clock.schedule(LOOK, due_at=now, key=f"evidence:{row.pk}", payload={"evidence": row.pk}, now=now)
    audit.record("evidence.given", by=by, now=now, evidence=row.pk, incident_id=incident_id, size=row.size)
    return row.pk


def _said(said: dict[str, Any]) -> dict[str, Any]:
    """Source, range, zone and note, as far as they were said."""
    rules.check_range(said.get("covers_from"), said.get("covers_until"))
    zone = word_rules.line(said.get("zone", ""), field="zone", limit=60)
    return {
        "source": word_rules.line(said.get("source", ""), field="source", limit=rules.MOST_SOURCE),
        "covers_from": said.get("covers_from"), "covers_until": said.get("covers_until"),
        "zone": time.zone(zone).key if zone else "",
        "note": word_rules.body(said.get("note", ""), field="note", limit=rules.MOST_NOTE),
    }  # fmt: skip


def look(job: JobFacts) -> dict[str, Any] | None:
    """Outside half of the clock: the child reads the file; the bytes get their place. May run twice."""
    row = Evidence.objects.filter(pk=int(job.payload["evidence"]), state=rules.CHECKING).first()
    if row is None:
        return None
    part, masked = store.part(row.upload_key), store.masked(row.upload_key)
    digests = upload_queries.digests(row.upload_key)
    if not part.is_file():
        return {"state": rules.BROKEN}
    found = run.look(part, masked, chunk=upload_rules.CHUNK, digests=digests)
    if found["state"] != rules.BROKEN:
        store.keep(part, queries.place(row.upload_key, "original"))
        if found["state"] == rules.READY and found.get("encoding"):
            store.keep(masked, queries.place(row.upload_key, "masked"))
    return found


def settle(job: JobFacts, found: dict[str, Any] | None, now: datetime) -> None:
    """What the child said is written down, and the timeline says what was given, by whom and with which hash."""
    row = Evidence.objects.filter(pk=int(job.payload["evidence"]), state=rules.CHECKING).first()
    if row is None or found is None:
        return
    incident = Incident.objects.select_for_update().get(pk=row.incident_id)
    for name in ("state", "why", "digest", "kind", "encoding", "lines", "masked_size", "masked_digest", "findings"):
        setattr(row, name, found.get(name, getattr(row, name)))
    row.members = found.get("archive")
    row.save()
    if row.state == rules.BROKEN:
        uploads.drop(row.upload_key)
    else:
        uploads.keep(row.upload_key)
    code = "evidence.given" if row.state != rules.BROKEN else "evidence.broken"
    _write(incident, row, code, _giver(row), now, at=row.given_at, findings=sum(one[1] for one in row.findings))


def _giver(row: Evidence) -> Actor:
    user_id = row.given_by_id if row.given_by_kind == "user" else None
    return Actor(row.given_by_kind, row.given_by_id, user_id=user_id)


def _write(
    incident: Incident, row: Evidence, code: str, by: Actor, now: datetime, *, at: datetime | None = None,
    body: str = "", **data: Any,
) -> None:  # fmt: skip
    """The name of the file and words of people are the body, which can be erased."""
    told = row.given_by_kind == "contact" or row.shared
    rows.write(
        incident, code, by=by, now=now, at=at, audience="customer" if told else "internal", body=body or row.name,
        evidence_id=row.pk, organisation_id=row.organisation_id, digest=row.digest, short=row.digest[:12],
        size=row.size, **data,
    )  # fmt: skip


def _subject(pk: int, incident_id: int, by: Actor) -> tuple[Incident, Evidence, EvidenceFacts]:
    """The incident locked, then the row; `Missing` for who may not see it."""
    incident = (
        Incident.objects.select_for_update().get(pk=incident_id)
        if by.kind == "contact"
        else rows.subject(incident_id, by)
    )
    seen = queries.evidence(pk, incident_id, by)
    return incident, Evidence.objects.select_for_update().get(pk=pk), seen


@transaction.atomic
def describe(pk: int, incident_id: int, said: dict[str, Any], *, by: Actor, now: datetime) -> None:
    """Where it comes from and which times it covers, filled in later; by the giver, or by us."""
    may_give(by)
    incident, row, seen = _subject(pk, incident_id, by)
    if by.kind == "contact" and not rules.gave(seen.standing, queries.reader(by)):
        raise Refused("rights.missing", verb="room.answer")
    words = _said(said)
    if all(getattr(row, name) == value for name, value in words.items()):
        return
    Evidence.objects.filter(pk=row.pk).update(**words)
    _write(incident, row, "evidence.described", by, now, body=words["note"] or words["source"] or row.name)


@transaction.atomic
def share(pk: int, incident_id: int, *, shared: bool, by: Actor, now: datetime) -> None:
    """What one of us gave for a customer is shown to their contacts, or no longer."""
    by.require("incident.work")
    incident, row, _seen = _subject(pk, incident_id, by)
    if row.given_by_kind == "contact" or row.organisation_id == customers.ours().id:
        raise Refused("evidence.not_to_share")
    if row.shared != shared:
        row.shared = shared
        row.save(update_fields=["shared"])
        _write(incident, row, "evidence.shared" if shared else "evidence.unshared", by, now)


@transaction.atomic
def release(pk: int, incident_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """It could not be looked into, and a lead answers for its being read as it is."""
    by.require("evidence.release")
    incident, row, _seen = _subject(pk, incident_id, by)
    rules.check_release(row.state)
    reason = word_rules.body(reason, field="reason", limit=2000, needed=True)
    row.state, row.released_by_id, row.released_at, row.release_reason = rules.RELEASED, by.user_id, now, reason
    row.save(update_fields=["state", "released_by_id", "released_at", "release_reason"])
    audit.record("evidence.released", by=by, now=now, evidence=row.pk)
    _write(incident, row, "evidence.released", by, now, body=reason)


@transaction.atomic
def hold(pk: int, incident_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """Kept although its time has come (legal hold); an empty reason ends that."""
    by.require("evidence.release")
    incident, row, _seen = _subject(pk, incident_id, by)
    reason = word_rules.body(reason, field="reason", limit=2000)
    if row.hold_reason == reason:
        return
    row.hold_reason = reason
    row.save(update_fields=["hold_reason"])
    audit.record("evidence.held" if reason else "evidence.unheld", by=by, now=now, evidence=row.pk)
    _write(incident, row, "evidence.held" if reason else "evidence.unheld", by, now, body=reason)


@transaction.atomic
def read(seen: EvidenceFacts, *, copy: str, reason: str = "", by: Actor, now: datetime) -> None:
    """Somebody gets bytes of it. Listed on its page and audited; refuses what `rules.check_reading` refuses."""
    reason = word_rules.body(reason, field="reason", limit=2000)
    rules.check_reading(seen.standing, queries.reader(by), copy=copy, reason=reason)
    who = queries.reader(by)
    Reading.objects.create(evidence_id=seen.id, by_kind=who.kind, by_id=who.id, copy=copy, reason=reason, at=now)
    audit.record("evidence.read", by=by, now=now, evidence=seen.id, copy=copy, reason=reason)


def sweep(jobs: Iterable[object], now: datetime) -> None:
    """Clock effect: uploads that broke off are forgotten, bytes whose time has come are erased."""
    uploads.sweep(now)
    until = now - timedelta(days=settings.TOMEI_EVIDENCE_DAYS)
    old = Evidence.objects.filter(incident__state="closed", incident__closed_at__lte=until, hold_reason="")
    for row in old.exclude(state__in=[rules.ERASED, rules.BROKEN, rules.CHECKING]).order_by("pk")[:100]:
        _erase(row, now)


def _erase(row: Evidence, now: datetime) -> None:
    """The bytes go, row and hash stay. Unlinked after the commit: a crash between leaves bytes that nobody reaches."""
    incident = Incident.objects.select_for_update().get(pk=row.incident_id)
    row.state, row.erased_at = rules.ERASED, now
    row.save(update_fields=["state", "erased_at"])
    uploads.drop(row.upload_key)
    key = row.upload_key
    transaction.on_commit(lambda: _unlink(key))
    audit.record("evidence.erased", by=CLOCK, now=now, evidence=row.pk)
    _write(incident, row, "evidence.erased", CLOCK, now)


def _unlink(key: str) -> None:
    for copy in rules.COPIES:
        with suppress(OSError):
            queries.place(key, copy).unlink(missing_ok=True)
