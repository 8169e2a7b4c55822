"""A slip at 03:00 is taken back within ten seconds: the last change of severity or roles, by whoever made it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tomei.cases.actions import owing, roles, rows
from tomei.cases.facts import IncidentFacts
from tomei.cases.models import Entry, Incident
from tomei.cases.queries import about_incidents as incident_queries
from tomei.cases.rules import roles as rules
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity

_CODES = {"severity": ("severity.raised", "severity.lowered"), "role": ("role.taken", "role.left")}


@transaction.atomic
def undo(incident_id: int, what: str = "", *, by: Actor, now: datetime) -> IncidentFacts:
    """The last severity or role change by this actor is taken back; the entry that did it stays and is named.

    `what` is severity, role or empty for either. What a raise made is withdrawn, what it made sooner is
    owed at its old time again. Refuses `undo.nothing`, `undo.too_late`, `undo.overtaken`.
    """
    row = rows.subject(incident_id, by)
    wanted = _CODES.get(what, (*_CODES["severity"], *_CODES["role"]))
    mine = Entry.objects.filter(incident=row, code__in=wanted, actor_id=by.user_id or by.id)
    last = mine.exclude(actor_kind="clock").order_by("-seq").first()
    if last is None:
        raise Refused("undo.nothing")
    if not rules.may_undo(last.known_at, now):
        raise Refused("undo.too_late", seconds=int(rules.UNDO.total_seconds()))
    family = _CODES["severity" if last.code in _CODES["severity"] else "role"]
    later = Entry.objects.filter(incident=row, seq__gt=last.seq)
    overtaking = roles.CHANGES[:-1] if family is _CODES["role"] else family
    if later.filter(code__in=overtaking).exists() or any(
        one.data.get("of") == last.seq for one in later.filter(code="undone")
    ):
        raise Refused("undo.overtaken")
    _severity(row, last, by, now) if family is _CODES["severity"] else _role(row, last, by, now)
    row.refresh_from_db(fields=["next_due_at", "overdue"])
    return incident_queries.facts_of(row)


def _severity(row: Incident, last: Entry, by: Actor, now: datetime) -> None:
    by.require("incident.severity")
    old, back = row.severity, Severity(last.data["was"]["severity"])
    rows.replace(row, "severity", seen=None, now=now, severity=str(back), rank=back.rank)
    was = last.data["was"]
    owing.put_back(row, was.get("due", {}), was.get("made", ()), reason="undone", now=now)
    rows.write(row, "undone", by=by, now=now, of=last.seq, severity=str(back), was={"severity": old})
    events.emit("incident.severity_changed", now=now, incident_id=row.pk, number=row.number, old=old, new=str(back),
                rank=back.rank, drill=row.drill, restricted=row.restricted)  # fmt: skip


def _role(row: Incident, last: Entry, by: Actor, now: datetime) -> None:
    """Who joined leaves, who left is back. The promise that was kept by joining is owed again by leaving."""
    by.require("role.take")
    left = [(role, user_id) for role, user_id in last.data.get("joined", ())]
    joined = [(role, user_id) for role, user_id in last.data.get("left", ())]
    roles.change(row, "undone", left, joined, by=by, now=now, of=last.seq)
