"""How promise rows change: inserted with their clock jobs, ended once, told to listeners. For actions and steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from tomei.clock import actions as clock
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text
from tomei.promises import hooks, rules
from tomei.promises.facts import New, PromiseFacts
from tomei.promises.models import Promise
from tomei.promises.rules.ending import Ending

STEP, REACH = "promise.step", "promise.reach"
REACH_WITHIN = timedelta(minutes=5)
_ROOTS = ("incident_id", "case_id", "customer_id", "signal_group_id", "maintenance_id")


def facts_of(row: Promise) -> PromiseFacts:
    """The frozen copy that leaves this feature."""
    return PromiseFacts(
        id=row.pk, kind=row.kind, incident_id=row.incident_id, case_id=row.case_id, customer_id=row.customer_id,
        signal_group_id=row.signal_group_id, owed_by_id=row.owed_by_id, owed_to_id=row.owed_to_id,
        audience=row.audience, about=row.about, text=Text.of(row.text), owner_id=row.owner_id, role=row.role,
        rank=row.rank, told=row.told, drill=row.drill, due_at=row.due_at, state=row.state, ended_at=row.ended_at,
        late_s=row.late_s, reached_at=row.reached_at, rung=row.rung, unanswered=row.unanswered,
        created_at=row.created_at, team_id=row.team_id, restricted=row.restricted, reason=row.reason, act=row.act,
        next_step_at=row.next_step_at, maintenance_id=row.maintenance_id, automatic=row.automatic,
    )  # fmt: skip


def key_of(promise_id: int) -> str:
    return f"promise:{promise_id}"


def hurry_key_of(promise_id: int) -> str:
    """A second look, sooner than the first: its own key, so that nobody waits for a job that runs at this moment."""
    return f"hurry:{promise_id}"


def build(new: New, now: datetime) -> Promise:
    """The unsaved row of `new`; refuses an unknown kind, hanging on none or several, or a due time without zone."""
    kind = rules.kind(new.kind)
    if sum(getattr(new, root) is not None for root in _ROOTS) != 1:
        raise Refused("promise.hangs_on_one")
    if new.due_at.tzinfo is None:
        raise Refused("time.no_zone", text=new.due_at.isoformat())
    return Promise(
        kind=new.kind, incident_id=new.incident_id, case_id=new.case_id, customer_id=new.customer_id,
        signal_group_id=new.signal_group_id, maintenance_id=new.maintenance_id,
        owed_by_id=new.owed_by, owed_to_id=new.owed_to, audience=new.audience,
        about=new.about, text=new.text.as_json() if new.text else {}, owner_id=new.owner_id,
        role=new.role or kind.role, team_id=new.team_id, rank=rules.rank_for(new.kind, new.rank), told=new.told,
        drill=new.drill, restricted=new.restricted, created_at=now, since_at=now, due_at=new.due_at,
        next_step_at=rules.first_step_at(new.kind, now, new.due_at),
    )  # fmt: skip


def schedule(found: Iterable[Promise], now: datetime, key: Callable[[int], str] = key_of) -> None:
    """Let the clock look at these promises when their next steps are due."""
    clock.schedule_many(
        (
            clock.Wanted(STEP, due_at=row.next_step_at, key=key(row.pk), rank=row.rank)
            for row in found
            if row.next_step_at is not None
        ),
        now=now,
    )


def payload(row: Promise) -> dict[str, Any]:
    """What every event about one promise carries: JSON values, ids for people and rows."""
    return {
        "promise_id": row.pk, "kind": row.kind, "incident_id": row.incident_id, "case_id": row.case_id,
        "customer_id": row.customer_id, "signal_group_id": row.signal_group_id, "owed_by_id": row.owed_by_id,
        "maintenance_id": row.maintenance_id,
        "owed_to_id": row.owed_to_id, "audience": row.audience, "about": row.about, "told": row.told,
        "drill": row.drill, "restricted": row.restricted, "due_at": row.due_at.isoformat(), "owner_id": row.owner_id,
        "user_ids": [row.owner_id] if row.owner_id else [], "rung": "", "rank": row.rank,
        "planned_at": row.due_at.isoformat(),
    }  # fmt: skip


def step_payload(
    row: Promise, code: str, rung: str, user_ids: Sequence[int], planned_at: datetime, at: datetime
) -> dict[str, Any]:
    """What is said of one step: `payload`, who is to hear it, and how late it was taken."""
    return payload(row) | {
        "code": code, "rung": rung, "user_ids": list(user_ids), "planned_at": planned_at.isoformat(),
        "at": at.isoformat(), "late_s": max(0.0, (at - planned_at).total_seconds()),
        "catch_up": rules.is_catch_up(planned_at, at), "text": row.text or rules.kind(row.kind).words.as_json(),
    }  # fmt: skip


def tell(rows: Iterable[Promise], name: str, now: datetime, by: Actor, **more: Any) -> None:
    """Emit `name` once per row, with who did it."""
    for row in rows:
        events.emit(name, now=now, **payload(row), by_kind=by.kind, by_id=by.id, **more)


def touched(rows: Iterable[Promise], now: datetime) -> None:
    """What the incidents of these rows show is written anew, once for all."""
    incident_ids = sorted({row.incident_id for row in rows if row.incident_id is not None})
    if incident_ids:
        hooks.changed(incident_ids, now)


def end(
    endings: Sequence[tuple[Promise, Ending]], *, by: Actor, now: datetime, reason: str = "", act: str = ""
) -> list[int]:
    """End each row that is still open, once: whoever comes second changes nothing and tells nothing.

    The clock jobs go, what must reach somebody is looked at again after five minutes, the events are emitted.
    Returns the ids that this call ended. The caller holds the incident rows (`hooks.lock`).
    """
    ended = [(row, ending) for row, ending in endings if _end_one(row, ending, now, reason, act, by)]
    if not ended:
        return []
    clock.cancel_many([key(row.pk) for row, _ in ended for key in (key_of, hurry_key_of)])
    _watch_reach([row for row, _ in ended], now)
    for row, ending in ended:
        tell([row], f"promise.{ending.state}", now, by, state=str(ending.state), late_s=ending.late_s, reason=reason,
             act=act)  # fmt: skip
    touched((row for row, _ in ended), now)
    return [row.pk for row, _ in ended]


def _end_one(row: Promise, ending: Ending, now: datetime, reason: str, act: str, by: Actor) -> bool:
    changes = {
        "state": str(ending.state), "ended_at": now, "late_s": ending.late_s, "reason": reason, "act": act,
        "next_step_at": None,
        "automatic": _is_automatic(ending, act, by),
    }  # fmt: skip
    if Promise.objects.filter(pk=row.pk, state="open").update(**changes) != 1:
        return False
    for name, value in changes.items():
        setattr(row, name, value)
    return True


def _is_automatic(ending: Ending, act: str, by: Actor) -> bool:
    """The clock did it itself: the clock that only notes what a person did (a word ends a silence) names no act."""
    return by.kind == "clock" and bool(act) and ending.state in (rules.State.KEPT, rules.State.LATE)


def _watch_reach(ended: Iterable[Promise], now: datetime) -> None:
    """What was said must be accepted by some channel within five minutes; a drill reaches nobody by design."""
    clock.schedule_many(
        (
            clock.Wanted(REACH, due_at=now + REACH_WITHIN, key=f"reach:{row.pk}", rank=row.rank)
            for row in ended
            if row.state in (rules.State.KEPT, rules.State.LATE) and rules.kind(row.kind).reaches and not row.drill
        ),
        now=now,
    )
