"""Evidence for who may see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from tomei.accounts import queries as accounts
from tomei.cases import views
from tomei.cases.evidence import rules
from tomei.cases.evidence.models import Evidence, Reading
from tomei.cases.evidence.rules import Reader, Standing
from tomei.cases.facts import IncidentFacts
from tomei.cases.models import Incident
from tomei.cases.queries import about_incidents
from tomei.customers import listing
from tomei.customers import queries as customers
from tomei.files.rules import said_size
from tomei.kernel import ids
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing
from tomei.kernel.text import Text

PAGE = 50
_LARGEST = 2**63


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    id: int
    incident_id: int
    organisation_id: int
    organisation: Text
    name: str
    size: int
    digest: str
    source: str
    covers_from: datetime | None
    covers_until: datetime | None
    zone: str
    note: str
    given_by_kind: str
    given_by_id: int | None
    given_by: str
    given_at: datetime
    shared: bool
    state: str
    why: str
    kind: str
    encoding: str
    lines: int
    masked_size: int
    masked_digest: str
    findings: tuple[tuple[str, int, tuple[int, ...]], ...]
    members: tuple[tuple[str, int, str], ...]
    members_count: int
    members_more: bool
    released_by_id: int | None
    released_at: datetime | None
    release_reason: str
    hold_reason: str
    erased_at: datetime | None

    @property
    def short(self) -> str:
        return self.digest[:12]

    @property
    def said_size(self) -> str:
        return said_size(self.size)

    @property
    def is_text(self) -> bool:
        return bool(self.encoding)

    @property
    def found(self) -> int:
        return sum(count for _kind, count, _lines in self.findings)

    @property
    def standing(self) -> Standing:
        return Standing(
            self.state, self.organisation_id, self.given_by_kind, self.given_by_id, self.shared, self.is_text
        )


@dataclass(frozen=True, slots=True)
class ReadingFacts:
    by: str
    by_kind: str
    copy: str
    reason: str
    at: datetime


def reader(by: Actor) -> Reader:
    if by.kind == "contact":
        return Reader("contact", by.id, by.organisation_id)
    return Reader("user", by.user_id, None, by.may("evidence.original"), by.may("evidence.release"))


def incident(key: str, by: Actor) -> IncidentFacts:
    """The incident of a reader on either side, or `Missing`: to a contact only what they are part of and were told."""
    if by.kind != "contact":
        return about_incidents.by_number(key, by)
    row = Incident.objects.filter(number=ids.number("INC", key)).first()
    if row is None or not views.is_own(by.organisation_id or 0, [row.pk]):
        raise Missing(key[:40])
    return about_incidents.facts_of(row)


def of_incident(incident_id: int, by: Actor, *, before: int = 0) -> list[EvidenceFacts]:
    """Newest first, at most `PAGE`; `before` is the last id of the page before."""
    rows = Evidence.objects.filter(incident=incident_id).order_by("-id")
    if by.kind == "contact":
        rows = rows.filter(organisation=by.organisation_id)
    if before:
        rows = rows.filter(pk__lt=before)
    who = reader(by)
    return [one for one in _facts(rows[: PAGE * 4]) if rules.sees(one.standing, who)][:PAGE]


def evidence(pk: int, incident_id: int, by: Actor) -> EvidenceFacts:
    """One of this incident that this reader may see, or `Missing`."""
    row = Evidence.objects.filter(pk=pk, incident=incident_id).first() if 0 < pk < _LARGEST else None
    found = _facts([row])[0] if row is not None else None
    if found is None or not rules.sees(found.standing, reader(by)):
        raise Missing(f"evidence {pk}")
    return found


def readings(pk: int, *, limit: int = 200) -> list[ReadingFacts]:
    """Who got bytes of it, newest first."""
    rows = list(Reading.objects.filter(evidence=pk).order_by("-id")[:limit])
    names = _names((row.by_kind, row.by_id) for row in rows)
    return [ReadingFacts(names[row.by_kind, row.by_id], row.by_kind, row.copy, row.reason, row.at) for row in rows]


def place(key: str, copy: str) -> Path:
    """Where the bytes lie."""
    return Path(settings.DATA) / "files" / "evidence" / (f"{key}.masked" if copy == "masked" else key)


def key_of(pk: int) -> str:
    return str(Evidence.objects.values_list("upload_key", flat=True).get(pk=pk))


def _names(pairs: Iterable[tuple[str, int | None]]) -> dict[tuple[str, int | None], str]:
    wanted = set(pairs)
    people = accounts.people({pk for kind, pk in wanted if kind == "user" and pk is not None})
    contacts = listing.contact_names({pk for kind, pk in wanted if kind == "contact" and pk is not None})
    return {
        (kind, pk): (people[pk].name if pk in people else "–") if kind == "user" else contacts.get(pk or 0, "–")
        for kind, pk in wanted
    }


def _facts(rows: Iterable[Evidence]) -> list[EvidenceFacts]:
    found = list(rows)
    names = _names((row.given_by_kind, row.given_by_id) for row in found)
    organisations = customers.organisations({row.organisation_id for row in found})
    return [_one(row, names, organisations[row.organisation_id].name) for row in found]


def _one(row: Evidence, names: dict[tuple[str, int | None], str], organisation: Text) -> EvidenceFacts:
    inside: dict[str, Any] = row.members or {}
    members: Sequence[Any] = inside.get("members", ())
    return EvidenceFacts(
        row.pk, row.incident_id, row.organisation_id, organisation, row.name, row.size, row.digest, row.source,
        row.covers_from, row.covers_until, row.zone, row.note, row.given_by_kind, row.given_by_id,
        names[row.given_by_kind, row.given_by_id], row.given_at, row.shared, row.state, row.why, row.kind,
        row.encoding, row.lines, row.masked_size, row.masked_digest,
        tuple((kind, count, tuple(lines)) for kind, count, lines in row.findings),
        tuple((name, size, warning) for name, size, warning in members), int(inside.get("count", 0)),
        bool(inside.get("more", False)), row.released_by_id, row.released_at, row.release_reason, row.hold_reason,
        row.erased_at,
    )  # fmt: skip
