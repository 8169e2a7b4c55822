"""What running incidents owe under a policy: cases and promises come later, so `tomei.wiring` fills these in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tomei.kernel.actor import Actor
from tomei.kernel.text import Text


@dataclass(frozen=True, slots=True)
class PromiseChange:
    """One promise of a running incident: due at `old`, and under the newest version at `new`. A told time stands."""

    kind: str
    old: datetime | None
    new: datetime | None
    stands: bool = False


@dataclass(frozen=True, slots=True)
class RunningFacts:
    """An incident that runs under an older version of the policy."""

    incident_id: int
    key: str
    title: Text
    version_number: int
    changes: list[PromiseChange] = field(default_factory=list)
    url: str = ""


@dataclass(frozen=True, slots=True)
class OpenFacts:
    """What the list of customers says beside a name."""

    open_cases: int = 0
    silence_limit_s: int | None = None


def _none_running(policy_id: int) -> list[RunningFacts]:
    return []


def _nothing_to_apply(incident_id: int, version_id: int, by: Actor, now: datetime) -> None:
    return None


def _nothing_open(organisation_ids: list[int]) -> dict[int, OpenFacts]:
    return {}


running: Callable[[int], list[RunningFacts]] = _none_running
apply: Callable[[int, int, Actor, datetime], None] = _nothing_to_apply
open_of: Callable[[list[int]], dict[int, OpenFacts]] = _nothing_open


def _nothing_more(request: object, organisation_id: int) -> str:
    return ""


# Ready HTML under the facts of an organisation: their cases and what was said to them, joined by `web`.
page_part: Callable[[Any, int], str] = _nothing_more
