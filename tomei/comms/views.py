"""What a reader outside the house gets (law 13): built here and nowhere else; renderers take only these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from tomei.cases import queries as cases
from tomei.cases.facts import IncidentFacts
from tomei.comms.facts import Attached, UpdateFacts
from tomei.comms.rules import Estimate, shown_parts
from tomei.customers import queries as customers
from tomei.customers.queries import OrganisationFacts
from tomei.kernel.errors import Missing
from tomei.kernel.text import LANGUAGES, Text


@dataclass(frozen=True, slots=True)
class CustomerView:
    """One update as one audience may see it. `parts` hold only what that audience sees, in reading order.

    `zone` is the reader's, `language` the one said first. `pending` names the language that is still to come.
    """

    key: str
    title: Text
    number: int
    kind: str
    state: str
    severity: str
    parts: tuple[tuple[str, Text], ...]
    languages: tuple[str, ...]
    language: str
    zone: str
    published_at: datetime
    next_at: datetime | None
    report_due_at: datetime | None
    estimate: Estimate | None
    anchor: str
    url: str
    pending: str = ""
    pending_at: datetime | None = None
    corrects: int | None = None
    corrected_by: int | None = None
    unapproved: bool = False
    drill: bool = False
    automatic: bool = False  # it went out by itself; who approved the words beforehand stays in the house
    organisation: Text = field(default_factory=Text)
    files: tuple[Attached, ...] = ()  # everybody whom the update goes to gets them


def customer_view(update: UpdateFacts, organisation: OrganisationFacts | None, *, audience: str = "") -> CustomerView:
    """The update for one organisation, or for the public (None). `Missing` when it is not theirs to read.

    `audience` narrows it to another standing (`executives`, `internal`); by default affected or public.
    """
    incident = cases.incident(update.incident_id)
    wanted = audience or ("public" if organisation is None else _standing(update, organisation.id))
    if wanted not in update.audiences and not (audience and audience == "internal"):
        raise Missing(f"update {update.number}")
    return view(update, incident, audience=wanted, organisation=organisation)


def _standing(update: UpdateFacts, organisation_id: int) -> str:
    own = f"customer:{organisation_id}"
    return own if own in update.audiences else "affected"


def view(
    update: UpdateFacts,
    incident: IncidentFacts,
    *,
    audience: str,
    organisation: OrganisationFacts | None = None,
    language: str = "",
    zone: str = "",
    numbers: Mapping[int, int] | None = None,
) -> CustomerView:
    """The same when incident and reader are at hand. `numbers` maps update ids to numbers, for corrections."""
    shown = tuple((name, update.parts[name]) for name in shown_parts(audience) if update.parts.get(name))
    pending = next((one for one in LANGUAGES if one not in update.languages), "") if update.translation_due_at else ""
    known = numbers or {}
    return CustomerView(
        key=incident.key,
        title=incident.title,
        number=update.number,
        kind=update.kind,
        state=update.state,
        severity=update.severity,
        parts=shown,
        languages=update.languages,
        language=language or (organisation.language if organisation else "ja"),
        zone=zone or (organisation.zone if organisation else "Asia/Tokyo"),
        published_at=update.published_at,
        next_at=update.next_at,
        report_due_at=update.report_due_at,
        estimate=update.estimate,
        anchor=update.head,
        url=_url(incident, audience, update, organisation),
        pending=pending,
        pending_at=update.translation_due_at if pending else None,
        corrects=known.get(update.corrects_id or 0),
        corrected_by=known.get(update.corrected_by_id or 0),
        unapproved=update.unapproved if audience == "internal" else False,
        drill=incident.drill,
        automatic=update.automatic,
        organisation=organisation.name if organisation else Text(),
        files=update.files,
    )


def _url(incident: IncidentFacts, audience: str, update: UpdateFacts, organisation: OrganisationFacts | None) -> str:
    """Where this reader can follow it; empty where there is no page for them.

    A customer's leads into their room: it carries no authority, whoever follows it signs in there.
    """
    if audience == "internal":
        return f"{settings.TOMEI_URL}{incident.url}updates/#update-{update.number}"
    if organisation is not None and organisation.kind in customers.GUESTS:
        open_to_them = not incident.drill and not incident.restricted
        return f"{settings.TOMEI_URL}/room{incident.url}#update-{update.number}" if open_to_them else ""
    place = f"{settings.TOMEI_URL}/status{incident.url}#update-{update.number}"
    return place if update.is_public and not incident.drill else ""


def numbers(updates: Sequence[UpdateFacts]) -> dict[int, int]:
    return {one.id: one.number for one in updates}
