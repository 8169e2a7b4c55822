"""How far the checklists are and what the last measures brought: short lines of the war room, in three queries."""

from __future__ import annotations

from typing import Any

from tomei.cases import room_words, words
from tomei.cases.facts import IncidentFacts
from tomei.cases.playbooks import queries as books
from tomei.cases.playbooks import rules as playbooks
from tomei.cases.queries import holders, measures
from tomei.kernel.actor import Actor

LAST = 3


def lines(incident: IncidentFacts, by: Actor, language: str) -> dict[str, Any]:
    """(role, word, done, of, open step of one's own role or None) of each role that is held, one's own first."""
    held = holders(incident.id)
    found = [one for one in books.checklists(incident) if one.role in held and one.ticks]
    mine = {role for role, users in held.items() if by.user_id in users}
    rows = [
        (
            one.role, words.ROLES[one.role].said_in(language), one.done, len(one.ticks),
            next((tick for tick in one.ticks if tick.state == playbooks.OPEN), None) if one.role in mine else None,
        )
        for one in sorted(found, key=lambda one: one.role not in mine)
    ]  # fmt: skip
    taken = measures.measures(incident.id)[-LAST:][::-1]
    return {
        "steps_of": rows, "measures": taken,
        "outcome_word": lambda code: room_words.OUTCOMES[code].said_in(language),
    }  # fmt: skip
