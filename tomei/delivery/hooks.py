"""Which signal sources take mail, and which incident is meant: both come later, so `tomei.wiring` fills this in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing


@dataclass(frozen=True, slots=True)
class MailSource:
    id: int
    name: str


def _none() -> list[MailSource]:
    return []


mail_sources: Callable[[], list[MailSource]] = _none


def _no_incident(key: str, by: Actor) -> int:
    raise Missing(key)


# The id of an incident by what people call it (`INC-12`), or `Missing`: incidents come later too.
incident_of: Callable[[str, Actor], int] = _no_incident
