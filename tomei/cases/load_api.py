"""`/api/v1/load`: hours on duty, nights, days in a row, rest, of those whom the reader may see."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import AwareDatetime

from tomei.accounts.doors import actor_of
from tomei.cases.queries import load as queries
from tomei.cases.web.load import plain
from tomei.kernel import time

router = Router(tags=["people"])


class LoadOut(Schema):
    """`stage` is empty, `offer` or `insist`; `rest_hours` null while on duty."""

    user_id: int
    name: str
    zone: str
    on_duty_since: AwareDatetime | None
    stage: str
    hours_24h: float
    hours_7d: float
    nights_7d: int
    days_in_a_row: int
    rest_hours: float | None
    too_little_rest: bool


@router.get("/load", response=list[LoadOut], summary="Hours on duty and rest")
def load(request: HttpRequest) -> Any:
    return [plain(one) for one in queries.of(queries.seen_by(actor_of(request)), time.now())]
