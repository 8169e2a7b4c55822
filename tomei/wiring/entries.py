"""What promises and signals write into the timelines of incidents and cases: every step is an entry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tomei.cases import timeline
from tomei.comms import actions as comms
from tomei.kernel.actor import CLOCK, Actor
from tomei.kernel.events import Event
from tomei.promises import actions as promises
from tomei.promises import rules as kinds

# Ends that the entry of the act itself already tells (an update, a role, a word to the customer).
_TOLD_BY_THE_ACT = {"silence", "role_filled"}
_TOLD_BY_ITS_OWN = {"claim_answer", "authority_notice", "person_concerned", "controller_notice"}  # how late, too
_DATA = ("promise_id", "kind", "about", "owed_to_id", "audience", "due_at", "rung", "user_ids", "planned_at", "late_s")


def steps(event: Event) -> None:
    """Warned, overdue, escalated, unanswered: one entry each, with the moment it was planned for."""
    timeline.add_many(
        [
            _entry(f"promise.{step['code']}", step, CLOCK, datetime.fromisoformat(step["planned_at"]), event.at)
            for step in event["steps"]
            if _has_timeline(step)
        ]
    )


def ended(event: Event) -> None:
    """Kept, late, missed, withdrawn; silently settled silence and roles speak through their own entries."""
    facts = event.facts
    quiet = facts["kind"] in _TOLD_BY_THE_ACT and event.name in ("promise.kept", "promise.withdrawn")
    own = facts["kind"] in _TOLD_BY_ITS_OWN and facts.get("by_kind") != "clock"
    if quiet or own or not _has_timeline(facts):
        return
    by = Actor(facts.get("by_kind") or "clock", facts.get("by_id"), user_id=facts.get("by_id"))
    timeline.add_many([_entry(event.name, facts, by, event.at, event.at, reason=facts.get("reason") or "")])


def unreached(event: Event) -> None:
    """Kept, but five minutes later no channel had accepted it for anybody."""
    if _has_timeline(event.facts):
        timeline.add_many([_entry("promise.unreached", event.facts, CLOCK, event.at, event.at)])


def signal_resolved(event: Event) -> None:
    """The sender says that it is over: noted, never believed in place of a person."""
    if event.facts.get("incident_id"):
        timeline.add(
            event["incident_id"],
            "signal.resolved",
            by=Actor("source", event.facts.get("source_id"), name=str(event.facts.get("source") or "")),
            at=event.at,
            group_id=event["group_id"],
            title=str(event.facts.get("title") or ""),
        )


def erased(event: Event) -> None:
    """The words of a promise and of an update stand in their own rows too: they go with the entry that has them."""
    if event["code"] == "promised":
        promises.forget_words(event["promise_id"])
    elif event["update_id"]:
        comms.forget_words(event["update_id"])


def _has_timeline(facts: Mapping[str, Any]) -> bool:
    return bool(facts.get("incident_id") or facts.get("case_id"))


def _entry(
    code: str, facts: Mapping[str, Any], by: Actor, at: datetime, known_at: datetime, **more: Any
) -> timeline.NewEntry:
    named = (*_DATA, "owed_by_id") if kinds.kind(facts["kind"]).theirs else _DATA
    data = {name: facts[name] for name in named if facts.get(name) not in (None, "", [])}
    return timeline.NewEntry(
        code, by, at, known_at, facts.get("incident_id"), None if facts.get("incident_id") else facts.get("case_id"),
        data=data | more,
    )  # fmt: skip
