"""The only writers of checklists: a new version, an incident's choice of one, a tick."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from tomei.accounts import audit
from tomei.cases.actions import rows
from tomei.cases.playbooks import queries, rules
from tomei.cases.playbooks.models import PlaybookVersion
from tomei.cases.playbooks.queries import Checklist, Version
from tomei.cases.playbooks.rules import Step
from tomei.cases.queries import about_incidents as incident_queries
from tomei.cases.rules import words
from tomei.customers import queries as customers
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused, Stale


@transaction.atomic
def save_playbook(
    role: str, steps: Sequence[Step], *, product_id: int | None = None, seen: int | None = None, reason: str = "",
    by: Actor, now: datetime,
) -> Version:  # fmt: skip
    """A new version of the role's checklist; incidents that burn keep theirs until they adopt it.

    `Stale` when a version came after `seen`; nothing is written when no step changed.
    """
    by.require("playbook.edit")
    rules.known(role)
    if product_id is not None and product_id not in customers.products([product_id]):
        raise Refused("incident.unknown_product")
    old = queries.newest(role, product_id)
    mine = queries.versions(role, product_id)
    number = mine[0].number if mine else 0
    if seen is not None and seen != number:
        raise Stale("playbook.changed_meanwhile", number=number)
    kept = rules.check(steps)
    if kept == old.steps:
        return old
    row = PlaybookVersion.objects.create(
        role=role, product_id=product_id, number=number + 1, steps=[one.as_json() for one in kept],
        reason=words.line(reason, field="reason"), made_at=now, made_by_id=by.user_id,
    )  # fmt: skip
    audit.record("playbook.saved", by=by, now=now, role=role, product=product_id, number=row.number)
    return queries.facts_of(row)


@transaction.atomic
def mark_step(
    incident_id: int, role: str, step: int, state: str = rules.DONE, *, reason: str = "", by: Actor, now: datetime
) -> Checklist:
    """`step` is done, not needed (`skipped`, with the reason) or open again. A mark that stands already is kept."""
    by.require("incident.work")
    row = rows.subject(incident_id, by)
    reason = words.line(reason, field="reason", limit=500)
    rules.state(state, reason)
    [known] = queries.checklists(incident_queries.facts_of(row), [rules.known(role)])
    tick = next((one for one in known.ticks if one.step.key == step), None)
    if tick is None:
        raise Refused("playbook.no_such_step")
    if tick.state != state:
        data: dict[str, Any] = {"role": role, "step": step, "step_number": tick.number, "mark": state,
                                "words": tick.step.text.as_json(), "version": known.version.number}  # fmt: skip
        _write(row, "step.marked", by, now, reason, data)
    return queries.checklists(incident_queries.facts_of(row), [role])[0]


@transaction.atomic
def adopt_playbook(incident_id: int, role: str, *, by: Actor, now: datetime) -> Checklist:
    """This incident uses the newest version of the role's checklist from now on; ticks of steps that stay, stay."""
    by.require("incident.work")
    row = rows.subject(incident_id, by)
    [known] = queries.checklists(incident_queries.facts_of(row), [rules.known(role)])
    if known.newer is None:
        raise Refused("playbook.nothing_newer")
    _write(row, "playbook.adopted", by, now, "", {"role": role, "version_id": known.newer.id,
           "version": known.newer.number, "was": {"version": known.version.number}})  # fmt: skip
    return queries.checklists(incident_queries.facts_of(row), [role])[0]


def _write(row: Any, code: str, by: Actor, now: datetime, body: str, data: dict[str, Any]) -> None:
    rows.write(row, code, by=by, now=now, body=body, **data)
    events.emit("checklist.marked", now=now, incident_id=row.pk)
