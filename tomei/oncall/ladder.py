"""Who is told next when a promise is warned about, overdue, or nobody answers. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

OWNER, DEPUTY, TEAM_LEAD, COMMANDER, SPONSOR, EVERY_COMMANDER = NAMES = (
    "owner",
    "deputy",
    "team_lead",
    "commander",
    "sponsor",
    "every_commander",
)


@dataclass(frozen=True, slots=True)
class LadderFacts:
    """Whom each rung would find. `deputy_ids`: who stands in for the role that owes; `commander_ids`: who commands
    this incident; `every_commander_ids`: everybody with the commander's role; `active_ids`: who still works here."""

    owner_id: int | None = None
    deputy_ids: tuple[int, ...] = ()
    team_lead_id: int | None = None
    commander_ids: tuple[int, ...] = ()
    sponsor_ids: tuple[int, ...] = ()
    every_commander_ids: tuple[int, ...] = ()
    active_ids: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Rung:
    name: str
    user_ids: tuple[int, ...]


def rungs(facts: LadderFacts) -> list[Rung]:
    """The ladder from the bottom: owner, deputy of the role, lead of the product's team, commander, sponsor, every
    commander. Who stood on an earlier rung or has left is skipped, and a rung with nobody on it is left out; an
    empty list is a ladder that finds nobody, which is shown in red.
    """
    wanted: tuple[tuple[str, Iterable[int | None]], ...] = (
        (OWNER, (facts.owner_id,)),
        (DEPUTY, facts.deputy_ids),
        (TEAM_LEAD, (facts.team_lead_id,)),
        (COMMANDER, facts.commander_ids),
        (SPONSOR, facts.sponsor_ids),
        (EVERY_COMMANDER, facts.every_commander_ids),
    )
    climbed: set[int] = set()
    found: list[Rung] = []
    for name, ids in wanted:
        fresh = tuple(dict.fromkeys(one for one in ids if one in facts.active_ids and one not in climbed))
        if fresh:
            climbed.update(one for one in fresh if one is not None)
            found.append(Rung(name, tuple(one for one in fresh if one is not None)))
    return found


def next_rung(ladder: list[Rung], climbed: Iterable[str]) -> Rung | None:
    """The lowest rung whose name was not climbed yet; None when everybody was told."""
    done = set(climbed)
    return next((rung for rung in ladder if rung.name not in done), None)
