"""The now board: what is on fire, who owns it, which promise is next, which customer hears nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tomei.accounts import queries as accounts
from tomei.cases import queries as cases
from tomei.cases import words as cases_words
from tomei.cases.duties import queries as duties
from tomei.cases.queries import about_cases
from tomei.cases.stakes import queries as stakes
from tomei.cases.stakes.queries import DeadlineFacts
from tomei.comms.labels import AUDIENCES
from tomei.comms.maintenance import queries as maintenance
from tomei.comms.maintenance.facts import MaintenanceFacts
from tomei.customers import queries as customers
from tomei.diagnosis import queries as questions
from tomei.diagnosis.facts import QuestionFacts
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text
from tomei.promises import hooks as promise_hooks
from tomei.promises import queries as promises
from tomei.promises.facts import Named, PromiseFacts
from tomei.signals import queries as signals
from tomei.signals import silences as held_back
from tomei.ui.parts import language

NEXT = 12
OWING_AFTER = ("report", "vendor", "reply", "answer")


@dataclass(frozen=True, slots=True)
class Fire:
    """One running incident as the board shows it."""

    facts: cases.IncidentFacts
    commander: str
    owner: str
    affected: list[cases.SilenceRow]
    next_update: PromiseFacts | None

    @property
    def quietest(self) -> cases.SilenceRow | None:
        """The customer who has waited longest of what they may wait."""
        return min(self.affected, key=lambda row: row.due_at, default=None)


@dataclass(frozen=True, slots=True)
class Owed:
    """A promise with the names a reader needs."""

    facts: PromiseFacts
    where: Named | None
    owner: str
    is_overdue: bool
    detail: str = ""  # to whom, or which role


@dataclass(frozen=True, slots=True)
class Alone:
    """A case without an incident; `due_at` is by when somebody of ours has to say that we have it."""

    case: cases.CaseFacts
    name: Text
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Board:
    fires: list[Fire]
    overdue: list[Owed]
    coming: list[Owed]
    later: list[Owed]
    silences: list[cases.SilenceRow]
    waiting_signals: list[signals.GroupFacts]
    duties: list[duties.DutyFacts]
    alone: list[Alone]  # cases that wait to be acknowledged or linked
    works: list[MaintenanceFacts]  # what runs, and what should have begun
    unused: list[QuestionFacts]  # answers of customers that lie unused
    deadlines: list[DeadlineFacts]  # of customers who stand still, within a day or passed
    quiet: tuple[int, int] = (0, 0)  # signals that fire in silence, and that flap

    @property
    def stopped(self) -> int:
        """Customers whose business stands still."""
        return len({row.organisation_id for fire in self.fires if fire.facts.rank <= 1 for row in fire.affected})


def read(by: Actor, now: datetime) -> Board:
    """Everything the board shows, in a number of queries that does not grow with the rows."""
    burning = cases.open_incidents(by)
    silences = cases.silence_rows(by)
    soonest = promises.next_due(60, by=by)
    owed = name(soonest, now)
    fires = _fires(burning, silences, soonest)
    after = [one for one in owed if one.facts.kind in OWING_AFTER and not one.is_overdue]
    rest = [one for one in owed if one not in after and (one.is_overdue or one.facts.kind != "silence")]
    return Board(
        fires,
        [one for one in rest if one.is_overdue],
        [one for one in rest if not one.is_overdue][:NEXT],
        after[:NEXT],
        silences,
        signals.waiting(),
        duties.due_soon(by, now),
        _alone(by),
        works=maintenance.on_board(now),
        unused=questions.idle(by),
        deadlines=stakes.soon(by, now),
        quiet=(held_back.firing_in_silence(now), signals.flapping()),
    )


def _alone(by: Actor) -> list[Alone]:
    """What customers declared or we opened for them, and no incident holds yet."""
    found = about_cases.newest(by, state="alone", limit=10)
    names = customers.organisations({one.organisation_id for one in found}) if found else {}
    due = promises.due_of_cases([one.id for one in found], "acknowledgement") if found else {}
    return [
        Alone(one, names[one.organisation_id].name, None if one.acknowledged_at else due.get(one.id)) for one in found
    ]


def _fires(
    burning: list[cases.IncidentFacts], silences: list[cases.SilenceRow], soonest: list[PromiseFacts]
) -> list[Fire]:
    held = cases.holdings(facts.id for facts in burning)
    commanders = {pk: next((h.user_id for h in roles if h.role == "commander"), None) for pk, roles in held.items()}
    people = accounts.people({pk for pk in [*commanders.values(), *(f.owner_id for f in burning)] if pk is not None})
    updates: dict[int | None, PromiseFacts] = {}
    for promise in soonest:
        if promise.kind in ("next_update", "first_notice"):
            updates.setdefault(promise.incident_id, promise)
    return [
        Fire(
            facts,
            _named(people, commanders.get(facts.id)),
            _named(people, facts.owner_id),
            [row for row in silences if row.incident_id == facts.id],
            updates.get(facts.id),
        )
        for facts in burning
    ]


def _named(people: dict[int, accounts.Person], user_id: int | None) -> str:
    return people[user_id].name if user_id in people else ""


def name(found: Iterable[PromiseFacts], now: datetime) -> list[Owed]:
    """Give promises the names of what they hang on and of who owns them."""
    rows = list(found)
    names = promise_hooks.names(
        [row.incident_id for row in rows if row.incident_id is not None],
        [row.case_id for row in rows if row.case_id is not None],
        [row.signal_group_id for row in rows if row.signal_group_id is not None],
        [row.maintenance_id for row in rows if row.maintenance_id is not None],
    )
    people = accounts.people({row.owner_id for row in rows if row.owner_id is not None})
    sides = {pk for row in rows for pk in (row.owed_to_id, row.owed_by_id) if pk is not None}
    known = customers.organisations(sides)
    return [
        Owed(row, _where(row, names), _named(people, row.owner_id), row.is_overdue(now), _detail(row, known))
        for row in rows
    ]


def _detail(row: PromiseFacts, known: dict[int, customers.OrganisationFacts]) -> str:
    """To whom it is owed, who owes it to us, or which role it is about, in the reader's language."""
    if row.about.startswith("role:"):
        return cases.said(cases_words.ROLES, row.about.removeprefix("role:"))
    if row.owed_to_id in known and known[row.owed_to_id].kind != "ours":
        return known[row.owed_to_id].name.said_in(language())
    if row.owed_by_id in known and known[row.owed_by_id].kind != "ours":
        return _("owed by %(name)s") % {"name": known[row.owed_by_id].name.said_in(language())}
    return AUDIENCES[row.audience].said_in(language()) if row.audience in AUDIENCES else ""


def _where(row: PromiseFacts, names: dict[tuple[str, int], Named]) -> Named | None:
    roots = (("incident", row.incident_id), ("case", row.case_id), ("group", row.signal_group_id),
             ("maintenance", row.maintenance_id))  # fmt: skip
    for kind, pk in roots:
        if pk is not None:
            return names.get((kind, pk))
    return None


__all__ = ["Board", "Fire", "Owed", "name", "read"]
