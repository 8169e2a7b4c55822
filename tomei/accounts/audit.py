"""The audit log: sign-ins, rights, settings, policies, tokens, exports. Apart from the timelines of incidents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tomei.accounts.models import AuditEntry
from tomei.kernel.actor import Actor

NOBODY = Actor("nobody")  # a door at which nobody has signed in yet


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reader of the log looks for; empty means everything."""

    code: str = ""  # a code, or the noun before its dot
    person_id: int | None = None
    before: int | None = None  # keyset: ids below this one


def record(code: str, /, *, by: Actor, now: datetime, **data: Any) -> None:
    """Add an entry in the caller's transaction. `data` must be JSON; never put a secret or a password into it."""
    plain = json.loads(json.dumps(data, default=str))
    AuditEntry.objects.create(
        at=now,
        actor_kind=by.kind,
        actor_id=by.user_id if by.kind == "token" else by.id,
        actor_name=by.name,
        code=code,
        data=plain | ({"token": by.id} if by.kind == "token" else {}) | ({"via": by.via} if by.via else {}),
    )


def entries(sought: Filter, limit: int) -> list[AuditEntry]:
    """The newest first, at most `limit`."""
    return list(_found(sought)[:limit])


def every(sought: Filter, *, step: int = 500) -> Iterator[AuditEntry]:
    """All that is sought, newest first, read in short steps so that no long transaction stands open."""
    last = sought.before
    while True:
        part = entries(Filter(sought.code, sought.person_id, last), step)
        yield from part
        if len(part) < step:
            return
        last = part[-1].pk


def _found(sought: Filter) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.order_by("-id")
    if sought.before is not None:
        rows = rows.filter(pk__lt=sought.before)
    if sought.person_id is not None:
        rows = rows.filter(actor_id=sought.person_id, actor_kind__in=("user", "token"))
    if "." in sought.code:
        return rows.filter(code=sought.code)
    return rows.filter(code__startswith=f"{sought.code}.") if sought.code else rows
