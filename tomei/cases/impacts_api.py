"""`/api/v1/incidents/{key}/impacts`: what each component suffered and when, and the correction of a wrong interval."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema
from pydantic import AwareDatetime

from tomei.accounts.doors import actor_of
from tomei.cases import actions, queries
from tomei.cases.facts import ImpactFacts
from tomei.cases.shapes import Id
from tomei.kernel import time

router = Router(tags=["incidents"])


class ImpactOut(Schema):
    """`until_at` null: it runs. With `void_at` it was found wrong and counts for nothing since; `replaced_by` is the
    version in its place, null when it was no impact."""

    id: int
    component_id: int
    impact: Literal["degraded", "partial", "major", "maintenance"]
    since_at: AwareDatetime
    until_at: AwareDatetime | None
    void_at: AwareDatetime | None
    replaced_by: int | None


class CorrectImpactIn(Schema):
    """`impact` none: it was no impact. Without `since_at` the start stays, without `until_at` it runs on."""

    impact: Literal["none", "degraded", "partial", "major", "maintenance"]
    since_at: AwareDatetime | None = None
    until_at: AwareDatetime | None = None
    reason: Annotated[str, Field(max_length=1000)]


def shown(one: ImpactFacts) -> dict[str, Any]:
    names = set(ImpactOut.model_fields) - {"replaced_by"}
    return {**{name: getattr(one, name) for name in names}, "replaced_by": one.replaced_by_id}


@router.get("/incidents/{key}/impacts", response=list[ImpactOut], summary="Intervals of impact, every version")
def impacts(request: HttpRequest, key: str) -> Any:
    return [shown(one) for one in queries.impact_versions(queries.by_number(key, actor_of(request)).id)]


@router.post(
    "/incidents/{key}/impacts/{int:interval}/correct", response=list[ImpactOut],
    summary="Correct an interval by a new version",
)  # fmt: skip
def correct(request: HttpRequest, key: str, interval: Id, body: CorrectImpactIn) -> Any:
    by = actor_of(request)
    one = queries.by_number(key, by)
    since, until = (time.at_least_utc(at) if at else None for at in (body.since_at, body.until_at))
    actions.correct_impact(
        one.id, interval, impact=body.impact, since_at=since, until_at=until, reason=body.reason, by=by, now=time.now()
    )
    return [shown(row) for row in queries.impact_versions(one.id)]
