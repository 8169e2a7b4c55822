"""`/api/v1/authority` and what may be done in one incident."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema
from pydantic import AwareDatetime

from tomei.accounts.doors import actor_of
from tomei.cases import queries
from tomei.cases.authority import actions, rules
from tomei.cases.authority import queries as cards
from tomei.cases.authority.queries import Card
from tomei.cases.shapes import Id, Version, Words
from tomei.kernel import time
from tomei.kernel.text import Text

router = Router(tags=["authority"])


class LineShape(Schema):
    """`level` ask names a role, a person, or both. `key` stays over versions; 0 gives the line a new one."""

    key: Annotated[int, Field(ge=0, le=10_000)] = 0
    text: Words
    level: Literal["may", "ask", "never"] = "may"
    role: str = ""
    person_id: Id | None = None


class CardOut(Schema):
    """Version 0 is a proposal that nobody adopted yet (`is_proposal`)."""

    product_id: int | None
    number: int
    is_proposal: bool
    lines: list[LineShape]
    reason: str
    made_at: AwareDatetime | None


class CardIn(Schema):
    """The lines as they stand, put back, adopt the proposal."""

    lines: Annotated[list[LineShape], Field(max_length=60)]
    product_id: Id | None = None
    seen: Version | None = None
    reason: str = ""


def shown(one: Card) -> dict[str, Any]:
    return {
        "product_id": one.product_id, "number": one.number, "is_proposal": one.is_proposal, "reason": one.reason,
        "made_at": one.made_at, "lines": [line.as_json() for line in one.lines],
    }  # fmt: skip


@router.get("/authority", response=CardOut, summary="What an engineer may do without asking")
def read(request: HttpRequest, product_id: int | None = None) -> Any:
    actor_of(request).require("read")
    return shown(cards.card(product_id))


@router.put("/authority", response=CardOut, summary="Write the next version of a card, or adopt the proposal")
def save(request: HttpRequest, body: CardIn) -> Any:
    lines = [
        rules.Line(one.key, Text(one.text.ja, one.text.en), one.level, one.role, one.person_id) for one in body.lines
    ]
    given: dict[str, Any] = {"product_id": body.product_id, "seen": body.seen, "reason": body.reason}
    return shown(actions.save_card(lines, **given, by=actor_of(request), now=time.now()))


@router.get("/incidents/{key}/authority", response=CardOut, summary="The card that holds in this incident")
def of_incident(request: HttpRequest, key: str) -> Any:
    return shown(cards.card(queries.by_number(key, actor_of(request)).product_id))
