"""What an update says of components, as the API takes it."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import AwareDatetime

from tomei.cases.rules.impacts import MOST, Change
from tomei.kernel import time


class ImpactIn(Schema):
    """What a component suffers: none, degraded, partial, major, maintenance, or nothing new when left out. Without
    `since_at` from now, or from the incident's begin when it is the component's first; with `until_at` it is over."""

    component_id: Annotated[int, Field(ge=1, le=2**31 - 1)]
    impact: Literal["none", "degraded", "partial", "major", "maintenance"] | None = None
    since_at: AwareDatetime | None = None
    until_at: AwareDatetime | None = None

    def change(self) -> Change:
        since, until = (time.at_least_utc(one) if one else None for one in (self.since_at, self.until_at))
        return Change(self.component_id, self.impact or "", since, until)


Impacts = Annotated[list[ImpactIn], Field(max_length=MOST)]
