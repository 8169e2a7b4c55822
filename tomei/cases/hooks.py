"""What later features lend to incidents. `tomei.wiring` sets these once at start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tomei.kernel.actor import Actor
from tomei.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Prefill:
    """What a group of signals already knows about an incident that is about to be declared from it."""

    group_id: int
    title: Text
    severity: str = ""
    product_id: int | None = None
    component_ids: tuple[int, ...] = ()
    began_at: datetime | None = None
    detected_at: datetime | None = None


def _nothing(group_id: int, by: Actor) -> Prefill | None:
    return None


def _nobody(group_id: int, incident_id: int, by: Actor, now: datetime) -> None:
    return None


# signal group -> what the form starts with; None when there is no such group for this reader
prefill: Callable[[int, Actor], Prefill | None] = _nothing
# an incident was declared from this group by its form: settle the group in the same transaction
declared_from: Callable[[int, int, Actor, datetime], None] = _nobody
