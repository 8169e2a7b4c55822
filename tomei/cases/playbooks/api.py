"""`/api/v1/playbooks` and the checklists of an incident."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema
from pydantic import AwareDatetime

from tomei.accounts.doors import actor_of
from tomei.cases import queries
from tomei.cases.playbooks import actions, rules
from tomei.cases.playbooks import queries as books
from tomei.cases.playbooks.queries import Checklist, Version
from tomei.cases.shapes import Id, Words
from tomei.cases.shapes import Version as Number
from tomei.kernel import time
from tomei.kernel.text import Text

router = Router(tags=["playbooks"])
Key = Annotated[int, Field(ge=0, le=10_000)]


class StepShape(Schema):
    """`minute` after the declaration; `rank` 0 (SEV1a) to 4 (SEV4): the least severe level that asks for it."""

    key: Key = 0
    text: Words
    minute: Annotated[int, Field(ge=0, le=1440)] | None = None
    rank: Annotated[int, Field(ge=0, le=4)] = 4


class PlaybookOut(Schema):
    """Version 0 is what Tomei comes with."""

    role: str
    product_id: int | None
    number: int
    steps: list[StepShape]
    reason: str
    made_at: AwareDatetime | None


class PlaybookIn(Schema):
    steps: Annotated[list[StepShape], Field(max_length=40)]
    product_id: Id | None = None
    seen: Number | None = None
    reason: str = ""


class TickOut(Schema):
    number: int
    key: int
    text: Words
    mark: str
    due_at: AwareDatetime | None
    marked_by_id: int | None
    marked_at: AwareDatetime | None
    reason: str


class ChecklistOut(Schema):
    """`newer` is the number of a version that came after the declaration, null when there is none."""

    role: str
    version: int
    newer: int | None
    ticks: list[TickOut]


class MarkIn(Schema):
    """`mark` null adopts the newest version for this role; else the step's new mark."""

    role: str
    step: Key = 0
    mark: Literal["done", "skipped", "open"] | None = None
    reason: str = ""


def shown(one: Version) -> dict[str, Any]:
    return {
        "role": one.role, "product_id": one.product_id, "number": one.number, "reason": one.reason,
        "made_at": one.made_at, "steps": [step.as_json() for step in one.steps],
    }  # fmt: skip


def shown_list(one: Checklist) -> dict[str, Any]:
    ticks = [
        {
            "number": tick.number, "key": tick.step.key, "text": tick.step.text.as_json(), "mark": tick.state,
            "due_at": tick.due_at, "marked_by_id": tick.entry.actor_id if tick.entry else None,
            "marked_at": tick.entry.at if tick.entry else None, "reason": tick.entry.body if tick.entry else "",
        }
        for tick in one.ticks
    ]  # fmt: skip
    return {"role": one.role, "version": one.version.number, "newer": one.newer.number if one.newer else None,
            "ticks": ticks}  # fmt: skip


@router.get("/playbooks", response=list[PlaybookOut], summary="The newest checklist of every role")
def listed(request: HttpRequest, product_id: int | None = None) -> Any:
    actor_of(request).require("read")
    return [shown(books.newest(role, product_id)) for role in rules.ROLES]


@router.put("/playbooks/{role}", response=PlaybookOut, summary="Write the next version of a checklist")
def save(request: HttpRequest, role: str, body: PlaybookIn) -> Any:
    steps = [rules.Step(one.key, Text(one.text.ja, one.text.en), one.minute, one.rank) for one in body.steps]
    given: dict[str, Any] = {"product_id": body.product_id, "seen": body.seen, "reason": body.reason}
    return shown(actions.save_playbook(role, steps, **given, by=actor_of(request), now=time.now()))


@router.get("/incidents/{key}/checklists", response=list[ChecklistOut], summary="Every role's checklist and its ticks")
def checklists(request: HttpRequest, key: str) -> Any:
    return [shown_list(one) for one in books.checklists(queries.by_number(key, actor_of(request)))]


@router.post("/incidents/{key}/checklists", response=ChecklistOut, summary="Tick a step, or adopt a newer version")
def mark(request: HttpRequest, key: str, body: MarkIn) -> Any:
    by = actor_of(request)
    one = queries.by_number(key, by)
    if body.mark is None:
        return shown_list(actions.adopt_playbook(one.id, body.role, by=by, now=time.now()))
    return shown_list(
        actions.mark_step(one.id, body.role, body.step, body.mark, reason=body.reason, by=by, now=time.now())
    )
