"""What was said and heard: notes, words to customers by any channel, a threat to leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from tomei.cases import timeline
from tomei.cases.actions import owing, rows
from tomei.cases.facts import CaseFacts, EntryFacts
from tomei.cases.models import Case, Incident
from tomei.cases.queries import about_cases as case_queries
from tomei.cases.rules import words as word_rules
from tomei.customers import actions as book
from tomei.customers import queries as customers
from tomei.files import queries as files
from tomei.kernel import events
from tomei.kernel.actor import CLOCK, Actor
from tomei.kernel.errors import Refused
from tomei.promises import actions as promises

CHANNELS = ("phone", "mail", "chat", "meeting", "visit", "other")
KINDS = ("note", "fact", "decision")


@transaction.atomic
def note(
    incident_id: int,
    body: str,
    *,
    audience: str = "internal",
    kind: str = "note",
    file_ids: Iterable[int] = (),
    at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> EntryFacts:
    """One entry in somebody's own words: a note, a fact or a decision, with files that were attached before.

    Needs nothing from the reader, so it never goes stale. Refuses an empty note without files, a file of another
    incident, a time in the future. `audience` customer is what the customers of this incident may see.
    """
    by.require("incident.work") if by.kind != "clock" else None
    row = rows.subject(incident_id, by)
    attached = _files(incident_id, file_ids)
    body = word_rules.body(body, field="body", needed=not attached)
    if kind not in KINDS:
        raise Refused("note.unknown_kind", kind=kind[:40])
    if at is not None and at > now:
        raise Refused("time.in_future", at=at.isoformat(timespec="minutes"))
    entry = rows.write(
        row, f"note.{kind}", by=by, now=now, at=at, audience=audience, body=body,
        **({"files": attached} if attached else {}),
    )  # fmt: skip
    events.emit("note.written", now=now, incident_id=row.pk, entry_id=entry.id)
    return entry


def _files(incident_id: int, file_ids: Iterable[int]) -> list[dict[str, Any]]:
    """Name and digest go into the chain: it proves which bytes were attached."""
    wanted = list(dict.fromkeys(file_ids))
    if not wanted:
        return []
    known = {one.id: one for one in files.of(f"incident:{incident_id}")}
    if any(pk not in known for pk in wanted):
        raise Refused("note.unknown_file")
    return [{"id": pk, "digest": known[pk].digest} for pk in wanted]


@transaction.atomic
def spoke(
    incident_id: int,
    organisation_ids: Iterable[int],
    *,
    channel: str = "phone",
    with_whom: str = "",
    line: str = "",
    at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> EntryFacts:
    """A word to customers, telephone calls included: recorded, and their silence begins anew from it.

    Refuses customers without an open case here (`spoke.not_affected`), nobody at all, an unknown channel.
    """
    by.require("incident.work")
    row = rows.subject(incident_id, by)
    if channel not in CHANNELS:
        raise Refused("spoke.unknown_channel", channel=channel[:40])
    with_whom = word_rules.line(with_whom, field="with_whom", limit=120)
    line = word_rules.line(line, field="line", limit=1000)
    cases = _spoken_to(row, list(dict.fromkeys(organisation_ids)))
    moment = _not_future(at, now)
    data: dict[str, Any] = {"organisation_ids": [case.organisation_id for case in cases], "channel": channel}
    first = _first_notice(row, moment)
    body = f"{with_whom}: {line}" if with_whom and line else with_whom or line  # a name is a body: it can be erased
    entry = rows.write(row, "spoke", by=by, now=now, at=moment, body=body, **data, **first)
    timeline.add_many(
        [
            timeline.NewEntry("spoke", by, moment, now, case_id=case.pk, body=body, data={"channel": channel})
            for case in cases
        ]
    )
    _heard(row, cases, moment, by, now)
    events.emit("customer.spoken_to", now=now, incident_id=row.pk, channel=channel, drill=row.drill,
                restricted=row.restricted, organisation_ids=data["organisation_ids"])  # fmt: skip
    return entry


def _not_future(at: datetime | None, now: datetime) -> datetime:
    if at is not None and at > now:
        raise Refused("time.in_future", at=at.isoformat(timespec="minutes"))
    return at or now


def _spoken_to(row: Incident, organisation_ids: Sequence[int]) -> list[Case]:
    if not organisation_ids:
        raise Refused("spoke.nobody")
    cases = list(
        Case.objects.filter(incident=row, organisation__in=organisation_ids).exclude(state="withdrawn").order_by("id")
    )
    if len(cases) < len(organisation_ids):
        raise Refused("spoke.not_affected", key=f"INC-{row.number}")
    return cases


def _first_notice(row: Incident, at: datetime) -> dict[str, Any]:
    """The stamp of the first word to any customer, written by the entry that brings it."""
    if row.first_notice_at is not None:
        return {}
    row.first_notice_at = at
    Incident.objects.filter(pk=row.pk).update(first_notice_at=at)
    return {"stamps": {"first_notice": at}}


def _heard(row: Incident, cases: Sequence[Case], at: datetime, by: Actor, now: datetime) -> None:
    """Rows of those who heard, their silence, and the first notice once everybody affected has heard something."""
    touched = [case.pk for case in cases]
    Case.objects.filter(pk__in=touched).exclude(last_word_at__gt=at).update(last_word_at=at)
    Case.objects.filter(pk__in=touched, first_word_at=None).update(first_word_at=at)
    if row.last_word_at is None or row.last_word_at < at:
        row.last_word_at = at
        Incident.objects.filter(pk=row.pk).update(last_word_at=at)
    if not row.drill:
        book.record_word((case.organisation_id for case in cases), at=at)
    owing.word(row, cases, policy=customers.policy_version(row.policy_version_id), at=at, by=by, now=now)
    deaf = Case.objects.filter(incident=row, first_word_at=None, state__in=case_queries.OPEN)
    if not deaf.exists():
        promises.keep("first_notice", incident_id=row.pk, now=now, by=by, act="word")


@transaction.atomic
def word_to(organisation_ids: Iterable[int] | None, incident_id: int, now: datetime) -> list[int]:
    """An update went out to these customers (all when None): their silence begins anew. Returns whom it concerned.

    Called by the feature that sent it and wrote its own entry; customers without a case here are passed over.
    """
    row = rows.subject(incident_id, CLOCK)
    cases = Case.objects.filter(incident=row).exclude(state="withdrawn").order_by("id")
    if organisation_ids is not None:
        cases = cases.filter(organisation__in=set(organisation_ids))
    heard = list(cases)
    first = _first_notice(row, now) if heard or organisation_ids is None else {}  # a word inside the house is none
    if first:
        rows.write(row, "stamped", by=CLOCK, now=now, **first)
    if heard:
        _heard(row, heard, now, CLOCK, now)
    return [case.organisation_id for case in heard]


@transaction.atomic
def update_published(incident_id: int, organisation_ids: Iterable[int] | None, *, now: datetime) -> int:
    """Count a published update and treat it as a word; returns its number."""
    rows.subject(incident_id, CLOCK)
    Incident.objects.filter(pk=incident_id).update(updates=F("updates") + 1)
    word_to(organisation_ids, incident_id, now)
    return Incident.objects.values_list("updates", flat=True).get(pk=incident_id)


@transaction.atomic
def threat(case_id: int, line: str = "", *, by: Actor, now: datetime) -> CaseFacts:
    """A threat to cancel was heard: kept on the case, and the account owner is alerted at once."""
    by.require("incident.work")
    case, incident = rows.case_subject(case_id, by)
    line = word_rules.line(line, field="line", limit=1000)
    case.threatened_at = now
    Case.objects.filter(pk=case.pk).update(threatened_at=now)
    owner_id = customers.organisation(case.organisation_id).account_owner_id
    rows.write_case(case, incident, "customer.threatened", by=by, now=now, body=line,
                    organisation_ids=[case.organisation_id], account_owner_id=owner_id)  # fmt: skip
    events.emit(
        "customer.threatened", now=now, case_id=case.pk, incident_id=case.incident_id,
        organisation_id=case.organisation_id, account_owner_id=owner_id, line=line,
        drill=bool(incident and incident.drill), restricted=bool(incident and incident.restricted),
    )  # fmt: skip
    return case_queries.facts_of(case)
