"""What somebody needs to know who takes a role: filled from what is known, as it was known at one moment.

An open hand-over reads as it stands now; one that was accepted reads as at its acceptance, whatever came later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tomei.accounts import queries as accounts
from tomei.cases import history, timeline, words
from tomei.cases.authority import queries as cards
from tomei.cases.authority.queries import PROPOSAL, Card
from tomei.cases.facts import EntryFacts, IncidentFacts
from tomei.cases.history import Line
from tomei.cases.models import Entry, RoleHolding
from tomei.cases.queries import about_cases, about_incidents
from tomei.cases.queries import measures as measures_of
from tomei.cases.queries.measures import Measure
from tomei.cases.stakes import queries as stakes
from tomei.cases.stakes import texts as stake_texts
from tomei.cases.stakes.queries import DeadlineFacts
from tomei.customers import queries as customers
from tomei.promises import queries as promises

MARKED = (
    "declared", "note.fact", "note.decision", "severity.raised", "severity.lowered", "investigating", "identified",
    "mitigating", "monitoring", "restored", "reopened", "measure.taken", "measure.judged",
)  # fmt: skip
LAST = 8


@dataclass(frozen=True, slots=True)
class Owed:
    """A promise that was open: what, by when, whose."""

    words: str
    due_at: datetime
    owner: str
    kind: str
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody in a role, or who was."""

    role: str
    word: str
    name: str
    since_at: datetime
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Harm:
    """One customer's part: who, how bad, what stands still."""

    name: str
    severity: str
    state: str
    stop: str


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything in the reader's language, as known at `at`."""

    key: str
    url: str
    title: str
    severity: str
    state: str
    at: datetime
    since_at: datetime
    harms: list[Harm]
    components: list[str]
    lines: list[Line]
    owed: list[Owed]
    on: list[Seat]
    off: list[Seat]
    told_at: datetime | None
    told_number: int
    next_at: datetime | None
    drill: bool = False
    measures: list[Measure] = field(default_factory=list)
    deadlines: list[DeadlineFacts] = field(default_factory=list)
    costs: str = ""  # of the customers' workarounds, each currency by itself
    card: Card = PROPOSAL


def build(incident: IncidentFacts, at: datetime, *, past: bool, language: str, zone: str) -> Pack:
    """The pack of `incident` as known at `at`; `past` reads it from the timeline instead of the row."""
    known = history.known_at(incident.id, at) if past else None
    entries = _entries(incident.id, at)
    owed = _owed(incident.id, at, language)
    told = next((one for one in reversed(entries) if one.code == "update.published"), None)
    on, off = seats(incident.id, at, language)
    marked = [one for one in entries if one.code in MARKED][-LAST:]
    return Pack(
        incident.key, incident.url, incident.title.said_in(language),
        known.severity if known else str(incident.severity),
        words.STATES[known.state if known else incident.state].said_in(language), at,
        incident.began_at or incident.detected_at or incident.declared_at, harms(incident.id, language),
        hurt(incident.id, at, language), history.said([(one, False) for one in marked], language=language, zone=zone),
        owed, on, off, told.at if told else None, int(told.data.get("number") or 0) if told else 0,
        min((one.due_at for one in owed if one.kind in ("next_update", "first_notice")), default=None), incident.drill,
        measures_of.measures(incident.id, at), stakes.at_moment(incident.id, at),
        stake_texts.money(stakes.meter(stakes.workarounds_of(incident.id, at), at).spent, language),
        cards.card(incident.product_id, at),
    )  # fmt: skip


def _entries(incident_id: int, at: datetime) -> list[EntryFacts]:
    """Only what the pack reads, oldest first."""
    rows = Entry.objects.filter(incident=incident_id, known_at__lte=at, code__in=(*MARKED, "update.published"))
    return [timeline.facts(row) for row in reversed(rows.order_by("-seq")[:60])]


def _owed(incident_id: int, at: datetime, language: str) -> list[Owed]:
    """What was open at `at`, soonest first; a customer's silence is said by the update."""
    found = [
        one for one in promises.of_incident(incident_id)
        if one.kind != "silence" and one.created_at <= at and (one.ended_at is None or one.ended_at > at)
    ]  # fmt: skip
    names = accounts.people(one.owner_id for one in found if one.owner_id is not None)
    return [
        Owed(one.words.said_in(language), one.due_at, _name(names, one.owner_id), one.kind, one.due_at < at)
        for one in found
    ]


def _name(people: Mapping[int, accounts.Person], user_id: int | None) -> str:
    person = people.get(user_id or 0)
    return person.name if person else ""


def seats(incident_id: int, at: datetime, language: str) -> tuple[list[Seat], list[Seat]]:
    """Who was in a role at `at`, and who had been before: the newest leaving of each person and role."""
    rows = list(RoleHolding.objects.filter(incident=incident_id, joined_at__lte=at).order_by("joined_at", "id"))
    people = accounts.people({row.user_id for row in rows})
    on: list[Seat] = []
    off: dict[tuple[str, str], Seat] = {}
    for row in rows:
        word = words.ROLES[row.role].said_in(language) if row.role in words.ROLES else row.role
        name = _name(people, row.user_id)
        if row.left_at is None or row.left_at > at:
            on.append(Seat(row.role, word, name, row.joined_at))
        else:
            off[row.role, name] = Seat(row.role, word, name, row.joined_at, row.left_at)
    here = {(one.role, one.name) for one in on}
    return on, [one for key, one in off.items() if key not in here]


def harms(incident_id: int, language: str) -> list[Harm]:
    """The customers' parts, worst first."""
    cases = [one for one in about_cases.cases_of(incident_id) if one.state in about_cases.OPEN]
    names = customers.organisations(one.organisation_id for one in cases)
    return [
        Harm(
            names[one.organisation_id].name.said_in(language), str(one.severity),
            words.CASE_STATES[one.state].said_in(language), one.stop,
        )
        for one in cases if one.organisation_id in names
    ]  # fmt: skip


def hurt(incident_id: int, at: datetime, language: str) -> list[str]:
    """Components that were hurt at `at`, each with its impact."""
    found = [
        one for one in about_incidents.components_of(incident_id)
        if one.since_at <= at and (one.until_at is None or one.until_at > at)
    ]  # fmt: skip
    known = customers.components(one.component_id for one in found)
    return [
        f"{known[one.component_id].name.said_in(language)} ({words.IMPACTS[one.impact].said_in(language)})"
        for one in found if one.component_id in known and one.impact in words.IMPACTS
    ]  # fmt: skip


def names_of(user_ids: Sequence[int]) -> dict[int, str]:
    return {pk: person.name for pk, person in accounts.people(user_ids).items()}
