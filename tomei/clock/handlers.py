"""What a feature gives the clock: a table `kind -> Effect | Outside`, made in `tomei.wiring`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class JobFacts:
    """One claimed job. `attempts` counts the failures so far; `payload` is what `schedule` was given."""

    id: int
    kind: str
    key: str | None
    rank: int
    due_at: datetime
    payload: dict[str, Any]
    attempts: int
    fence: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What outside work came to, for the `settle` of the same handler; the clock does not look inside."""

    ok: bool
    detail: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Effect:
    """Work that writes rows only. `run` gets up to `BATCH` jobs in order of rank and due time, inside the transaction.

    The jobs' rows are gone already, so `run` may schedule the same key anew. An exception undoes the batch, and each
    job is then tried alone.
    """

    run: Callable[[list[JobFacts], datetime], None]


@dataclass(frozen=True, slots=True)
class Outside:
    """Work that talks to the world. `do` runs in a thread of the pool, in no transaction, for at most `timeout_s`.

    `settle` gets its outcome inside the transaction that ends the job, and only with the newest fence; it may schedule
    the same key anew (a retry of its own). An exception in `do` or `settle` is retried by the clock with back-off.
    With `places` of its own a kind that others make slow never takes those that all other work shares.
    """

    do: Callable[[JobFacts], Any]
    settle: Callable[[JobFacts, Any, datetime], None]
    timeout_s: float = 60.0
    places: int | None = None


Handler = Effect | Outside
