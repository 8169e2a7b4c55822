"""How a timeline is read: newest first by pages, as known at a moment, exported with its chain."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tomei.accounts import queries as accounts
from tomei.cases import impact_texts, sentences, timeline
from tomei.cases.facts import CaseFacts, EntryFacts, IncidentFacts
from tomei.cases.models import Entry
from tomei.cases.rules import Known, chain, replay
from tomei.cases.words import AUDIENCES
from tomei.customers import queries as customers
from tomei.kernel.text import Text
from tomei.ui import moments

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One entry for a reader: who, what, in whose words. `kind` is how the page draws its dot."""

    entry: EntryFacts
    sentence: str
    who: str
    kind: str
    corrected: bool = False

    @property
    def is_private(self) -> bool:
        return self.entry.audience == "internal" and self.entry.code.startswith("note.")

    @property
    def files(self) -> list[dict[str, Any]]:
        return list(self.entry.data.get("files", ()))


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of a timeline; `next` is the seq before which the next page begins, 0 at the end."""

    items: list[Line]
    next: int = 0


def _rows(incident_id: int | None, case_id: int | None) -> QuerySet[Entry]:
    return Entry.objects.filter(incident=incident_id) if incident_id is not None else Entry.objects.filter(case=case_id)


def page(
    incident_id: int | None = None,
    *,
    case_id: int | None = None,
    language: str,
    zone: str,
    before: int = 0,
    limit: int = PAGE,
    until: datetime | None = None,
    audience: str = "",
) -> Lines:
    """The newest entries (before seq `before`), as they were known at `until`; of one audience when asked."""
    rows = _rows(incident_id, case_id)
    if until is not None:
        rows = rows.filter(known_at__lte=until)
    shown = rows.filter(seq__lt=before) if before else rows
    if audience:
        shown = shown.filter(audience=audience)
    found = list(shown.order_by("-seq")[: limit + 1])
    entries = _corrected([timeline.facts(row) for row in found[:limit]], rows)
    lines = said(entries, language=language, zone=zone)
    return Lines(lines, found[limit - 1].seq if len(found) > limit else 0)


def _corrected(entries: list[EntryFacts], rows: QuerySet[Entry]) -> list[tuple[EntryFacts, bool]]:
    """With the times that later entries corrected; the stored entry keeps its own, or its hash would not hold."""
    times: dict[int, datetime] = {}
    for data in rows.filter(code="time_corrected").order_by("seq").values_list("data", flat=True):
        times[data["of"]] = datetime.fromisoformat(data["corrected_at"])
    return [(replace(one, at=times[one.seq]), True) if one.seq in times else (one, False) for one in entries]


def said(entries: Iterable[tuple[EntryFacts, bool]], *, language: str, zone: str) -> list[Line]:
    """The entries as lines of a reader's language; names are fetched once for all."""
    listed = list(entries)
    names = names_of([entry for entry, _ in listed])
    return [
        Line(one, sentences.say(one, language, names=names, zone=zone), _who(one, names), _kind(one), corrected)
        for one, corrected in listed
    ]


def names_of(entries: Sequence[EntryFacts]) -> sentences.Names:
    people, organisations, components = set(), set(), set()
    for one in entries:
        if one.actor_kind in ("user", "token") and one.actor_id:
            people.add(one.actor_id)
        for side in ("joined", "left"):
            people |= {user for _, user in one.data.get(side, ())}
        if isinstance(one.data.get("drafted_by_id"), int):
            people.add(one.data["drafted_by_id"])
        people |= {user for user in one.data.get("user_ids", ()) if isinstance(user, int)}
        organisations |= set(sentences.organisation_ids(one.data))
        components |= {part["id"] for part in one.data.get("components", ()) if isinstance(part, dict)}
        components |= impact_texts.component_ids(one.data)
    return sentences.Names(
        {pk: person.name for pk, person in accounts.people(people).items()},
        {pk: one.name for pk, one in customers.organisations(organisations).items()} if organisations else {},
        {pk: one.name for pk, one in customers.components(components).items()} if components else {},
    )


_VIA = {"slack": "Slack"}  # the tools through which our people speak, by `Actor.via`


def _who(entry: EntryFacts, names: sentences.Names) -> str:
    if entry.actor_kind in ("user", "token") and entry.actor_id:
        name = names.people.get(entry.actor_id, f"#{entry.actor_id}")
        return f"{name} ({_VIA[entry.data['via']]})" if entry.data.get("via") in _VIA else name
    return "Tomei" if entry.actor_kind in ("clock", "source") else entry.actor_kind


_LATE = ("promise.late", "promise.missed", "promise.overdue", "promise.escalated", "promise.unanswered")


def _kind(entry: EntryFacts) -> str:
    if entry.code in _LATE:
        return "late"
    if entry.code in ("note.decision", "declared") or entry.code.startswith("severity."):
        return "decision"
    if entry.code.startswith(("promise.", "update.")):
        return "promise"
    if entry.code in ("spoke", "customer.threatened") or entry.code.startswith("case."):
        return "customer"
    return "note"


def known_at(incident_id: int, at: datetime) -> Known:
    """The incident as Tomei knew it at `at`: state, severity, roles, owner, cases and stamps."""
    rows = Entry.objects.filter(incident=incident_id, known_at__lte=at).order_by("seq")
    return replay((timeline.facts(row) for row in rows), at)


def everything(incident_id: int | None = None, *, case_id: int | None = None) -> list[EntryFacts]:
    """The whole chain, oldest first."""
    return [timeline.facts(row) for row in _rows(incident_id, case_id).order_by("seq")]


def export_json(subject: IncidentFacts | CaseFacts, *, language: str, zone: str) -> str:
    """Everything that verifies the chain elsewhere: what each hash is over, in the order in which it was written."""
    entries, verdict = _whole(subject)
    lines = said([(one, False) for one in entries], language=language, zone=zone)
    body = {
        "subject": subject.key,
        "title": subject.title.as_json() if isinstance(subject, IncidentFacts) else None,
        "head": subject.anchor,
        "chain": "sha256 over canonical JSON of seq, at, known_at, actor, code, audience, data, body_hash, previous; "
        "body_hash is sha256(salt + body)",
        "verified": verdict.holds,
        "entries": [_exported(line) for line in lines],
    }
    return json.dumps(body, ensure_ascii=False, indent=1)


def _whole(subject: IncidentFacts | CaseFacts) -> tuple[list[EntryFacts], chain.Verdict]:
    if isinstance(subject, IncidentFacts):
        return everything(subject.id), timeline.verify(subject.id)
    return everything(case_id=subject.id), timeline.verify(case_id=subject.id)


def _exported(line: Line) -> dict[str, Any]:
    one = line.entry
    return {
        "seq": one.seq,
        "at": one.at.isoformat(timespec="microseconds"),
        "known_at": one.known_at.isoformat(timespec="microseconds"),
        "actor": [one.actor_kind, one.actor_id],
        "who": line.who,
        "code": one.code,
        "audience": one.audience,
        "sentence": line.sentence,
        "data": one.data,
        "body": one.body,
        "salt": one.salt,
        "body_hash": one.body_hash,
        "hash": one.hash,
    }


def export_text(subject: IncidentFacts | CaseFacts, *, language: str, zone: str) -> str:
    """For reading and printing: one line per entry, the head first."""
    entries, verdict = _whole(subject)
    title = subject.title.said_in(language) if isinstance(subject, IncidentFacts) else ""
    holds = VERIFIED if verdict.holds else BROKEN
    head = f"{subject.key} {title}".rstrip()
    out = [head, f"{subject.anchor} {holds.said_in(language).format(verdict.broken_at)}", ""]
    for line in said([(one, False) for one in entries], language=language, zone=zone):
        at = moments.full(line.entry.at, zone, language)
        audience = AUDIENCES[line.entry.audience].said_in(language)
        out.append(f"{line.entry.seq:>4}  {at}  {line.sentence}  [{line.who}, {audience}]  {line.entry.hash[:6]}")
        body = ERASED.said_in(language) if line.entry.is_erased else line.entry.body
        out += [f"      {part}" for part in body.splitlines()]
    return "\n".join(out) + "\n"


VERIFIED = Text("連鎖を検証済み", "chain verified")
BROKEN = Text("連鎖は {0} 番で検証できません", "the chain does not verify at entry {0}")
ERASED = Text("(本文は消去されました)", "(body erased)")
