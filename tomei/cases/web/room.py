"""What the war room shows of an incident: read once, rendered by the fragments under `cases/fragments/`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from tomei.accounts import queries as accounts
from tomei.cases import history, words
from tomei.cases.duties import queries as duties
from tomei.cases.facts import CaseFacts, HoldingFacts, ImpactFacts, IncidentFacts
from tomei.cases.models import Entry
from tomei.cases.queries import about_cases, about_incidents
from tomei.cases.rules import State, roles
from tomei.cases.rules.states import moves_from
from tomei.cases.stakes import shown as stakes
from tomei.cases.waiting import reading as waiting
from tomei.customers import queries as customers
from tomei.kernel.actor import Actor
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text
from tomei.promises import queries as promises
from tomei.promises import rules as promise_rules
from tomei.ui import charts

NEWEST = 25  # entries beside the form: the page stays under 50 kB after a night of escalations; the tab has them all
NEXT_MOVE = {
    "investigating": "identify",
    "identified": "mitigate",
    "mitigating": "monitor",
    "monitoring": "restore",
    "restored": "close",
}


@dataclass(frozen=True, slots=True)
class Seat:
    """One role as the roster shows it: who sits there, and until when it must be filled."""

    role: str
    word: str
    holders: list[tuple[HoldingFacts, str]] = field(default_factory=list)
    owed: promises.PromiseFacts | None = None
    mine: bool = False
    single: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """One case with the names and figures that stand beside it."""

    case: CaseFacts
    name: Text
    silence: about_cases.SilenceRow | None
    account: about_cases.AccountFacts | None
    account_owner: str
    state: str


def room_context(incident: IncidentFacts, by: Actor, now: datetime, language: str) -> dict[str, Any]:
    """Everything the fragments take: header, roles, timeline, promises, strip, cases with silence and contract."""
    zone = timezone.get_current_timezone_name()
    owed = promises.open_of(incident.id)
    seats = _seats(incident, by, owed)
    lines = history.page(incident.id, language=language, zone=zone, limit=NEWEST)
    cases = shown_cases(incident, by)
    product = customers.product(incident.product_id) if incident.product_id is not None else None
    return {
        "incident": incident,
        "tab": "now",
        "url_of": f"{incident.url}{{}}/".format,
        "state_word": about_incidents.said(words.STATES, incident.state),
        "product": product,
        "components": components(incident),
        "accountable": _accountable(incident, seats),
        "moves": offered(incident.state),
        "next_move": NEXT_MOVE.get(incident.state, ""),
        "severities": [(str(one), words.SEVERITIES[one].said_in(language)) for one in Severity],
        "roles": seats,
        "crew": [(person.id, person.name) for person in accounts.active_people() if person.role != "observer"],
        "promises": owed,
        "owed_by_law": duties.open_of(incident.id),
        "ball": waiting.line(incident, now, language),
        "owners": _owners(owed),
        "next_promise": next(iter(owed), None),
        "organisation_names": _sides(owed) | {shown.case.organisation_id: shown.name for shown in cases},
        "role_words": [(role, words.ROLES[role].said_in(language)) for role in roles.ROLES],
        "lines": lines,
        "cases": cases,
        **stakes.of_incident(incident.id, now, language),
        "stamps": [(name, words.STAMPS[name].said_in(language), at) for name, at in incident.stamps.items()],
        "strip": strip(incident, owed, now, language, zone),
        "may": may(by),
        **said_by(),
        "partners": lambda: partners([(shown.case.organisation_id, shown.name) for shown in cases], language),
        "undo": undoable(incident, by, now),
        "channels": [(code, word.said_in(language)) for code, word in words.CHANNELS.items()],
        "kinds": [(code, word.said_in(language)) for code, word in words.KINDS.items()],
    }


def partners(affected: Sequence[tuple[int, Text]], language: str) -> list[tuple[int, str]]:
    """Who may promise us something here, or be promised something: those affected, vendors and partners."""
    others = [(one.id, one.name) for one in customers.all_organisations("vendor", "partner")]
    return [(pk, name.said_in(language)) for pk, name in dict([*affected, *others]).items()]


def may(by: Actor) -> dict[str, bool]:
    """What the page offers; the actions decide again for themselves."""
    verbs = {
        "work": "incident.work", "severity": "incident.severity", "role": "role.take", "give_role": "incident.role",
        "promise": "promise.work",
        "restrict": "incident.restrict", "declare": "incident.declare", "erase": "house.configure",
    }  # fmt: skip
    return {name: by.may(verb) for name, verb in verbs.items()}


def said_by() -> dict[str, Any]:
    """Functions that the fragments call to say a code in the reader's language."""
    return {
        "role_word_of": lambda role: about_incidents.said(words.ROLES, role),
        "hearer_word": lambda audience: about_incidents.said(words.HEARERS, audience),
        "audience_word": lambda audience: about_incidents.said(words.AUDIENCES, audience),
    }


def offered(state: str) -> list[tuple[str, str]]:
    """Moves that this state has, with their words; the next one first."""
    found = [(str(move), about_incidents.said(words.MOVES, move)) for move in moves_from(State(state))]
    return sorted(found, key=lambda one: one[0] != NEXT_MOVE.get(state))


def _seats(incident: IncidentFacts, by: Actor, owed: Sequence[promises.PromiseFacts]) -> list[Seat]:
    held: dict[str, list[HoldingFacts]] = {}
    for holding in about_incidents.holdings([incident.id])[incident.id]:
        held.setdefault(holding.role, []).append(holding)
    people = accounts.people(one.user_id for several in held.values() for one in several)
    waiting = {one.about.removeprefix("role:"): one for one in owed if one.kind == "role_filled"}
    shown = [role for role in roles.ROLES if role in roles.SINGLE or role in held or role in waiting]
    return [
        Seat(
            role,
            about_incidents.said(words.ROLES, role),
            [(one, people[one.user_id].name if one.user_id in people else "") for one in held.get(role, ())],
            waiting.get(role),
            any(one.user_id == by.user_id for one in held.get(role, ())),
            role in roles.SINGLE,
        )
        for role in shown
    ]


def _accountable(incident: IncidentFacts, seats: Sequence[Seat]) -> tuple[str, str]:
    """Name and the standing by which this person answers."""
    if incident.owner_id is None:
        return "", ""
    person = accounts.people([incident.owner_id]).get(incident.owner_id)
    held = next((seat.word for seat in seats for one, _ in seat.holders if one.user_id == incident.owner_id), "")
    return (person.name if person else "", held)


def _owners(owed: Sequence[promises.PromiseFacts]) -> Mapping[int, str]:
    people = accounts.people(one.owner_id for one in owed if one.owner_id is not None)
    return {pk: person.name for pk, person in people.items()}


def _sides(owed: Sequence[promises.PromiseFacts]) -> dict[int, Text]:
    """Names of those who owe us something."""
    theirs = {one.owed_by_id for one in owed if promise_rules.kind(one.kind).theirs}
    return {pk: one.name for pk, one in customers.organisations(theirs).items()} if theirs else {}


def components(incident: IncidentFacts) -> list[tuple[Text, str, ImpactFacts]]:
    """What is hurt now (or was, once it is over), with its impact in words."""
    found = about_incidents.components_of(incident.id)
    now_hurt = [one for one in found if one.until_at is None] or found[-5:]
    known = customers.components(one.component_id for one in now_hurt)
    return [
        (known[one.component_id].name, about_incidents.said(words.IMPACTS, one.impact), one)
        for one in now_hurt
        if one.component_id in known
    ]


def shown_cases(incident: IncidentFacts, by: Actor) -> list[Shown]:
    """The customers' parts with silence, contract, renewal and account owner, in a fixed number of queries."""
    cases = about_cases.cases_of(incident.id)
    accounts_of = about_cases.accounts_of((one.organisation_id for one in cases), incident.product_id)
    silent = {row.case_id: row for row in about_cases.silence_rows(by, incident_id=incident.id, limit=500)}
    owners = accounts.people(one.account_owner_id for one in accounts_of.values() if one.account_owner_id is not None)
    return [_shown(one, accounts_of.get(one.organisation_id), silent.get(one.id), owners) for one in cases]


def _shown(
    case: CaseFacts,
    account: about_cases.AccountFacts | None,
    silence: about_cases.SilenceRow | None,
    owners: Mapping[int, accounts.Person],
) -> Shown:
    owner = owners.get(account.account_owner_id) if account and account.account_owner_id is not None else None
    return Shown(
        case, account.name if account else Text(), silence, account, owner.name if owner else "",
        about_incidents.said(words.CASE_STATES, case.state),
    )  # fmt: skip


def strip(
    incident: IncidentFacts, owed: Sequence[promises.PromiseFacts], now: datetime, language: str, zone: str
) -> Any:
    """The line of stamps, words and promises, drawn by the server."""
    stamps = [charts.Stamp(words.STAMPS[name].said_in(language), at) for name, at in incident.stamps.items() if at]
    if incident.is_working:
        stamps.append(charts.Stamp(words.STAMPS["restored"].said_in(language), None))
    spoken = Entry.objects.filter(incident=incident.id, code__in=("spoke", "update.published")).order_by("-seq")
    said = [
        charts.Word(str(data.get("number") or about_incidents.said(words.CHANNELS, data.get("channel", ""))), at)
        for at, data in reversed(spoken.values_list("at", "data")[:20])
    ]
    ahead = [charts.Owed(one.words.said_in(language), one.due_at, one.state) for one in owed if one.kind != "silence"]
    return charts.strip(stamps, said, ahead[:6], now=now, zone=zone, language=language)


def undoable(incident: IncidentFacts, by: Actor, now: datetime) -> Entry | None:
    """The slip that this reader may still take back."""
    if by.user_id is None:
        return None
    codes = ("severity.raised", "severity.lowered", "role.taken", "role.left", "undone")
    last = Entry.objects.filter(incident=incident.id, code__in=codes, known_at__gte=now - timedelta(seconds=10))
    row = last.order_by("-seq").first()
    return row if row is not None and row.actor_id == by.user_id and row.code != "undone" else None
