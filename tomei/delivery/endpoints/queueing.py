"""Messages to endpoints, many at a time: rows in the caller's transaction, sent by the clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tomei.delivery import hold, paging, rules
from tomei.delivery.actions import SUBJECT_LIMIT
from tomei.delivery.models import Message
from tomei.kernel import ids
from tomei.kernel.errors import Refused

VERSION = 1  # of the payload: raised when a field changes its meaning or goes; new fields may come at any time


@dataclass(frozen=True, slots=True)
class HookIn:
    """One message to an endpoint. `data` is what `event` or `note` made, as its kind takes it."""

    endpoint_id: int
    kind: str
    hint: str
    key: str
    subject: str
    data: Mapping[str, Any]
    about: str = ""
    organisation_id: int | None = None


def event(name: str, data: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """The payload of a signed webhook, as `docs/webhooks.md` describes it."""
    return {"type": name, "version": VERSION, "timestamp": at.isoformat(), "data": dict(data)}


def note(
    title: str, text: str, *, url: str = "", facts: Sequence[tuple[str, str]] = (),
    links: Sequence[tuple[str, str]] = (),
) -> dict[str, Any]:  # fmt: skip
    """What a chat tool is told. `links` are (label, address of ours)."""
    return {"title": title, "text": text, "url": url, "facts": list(facts), "links": list(links)}


def queue(hooks: Sequence[HookIn], *, purpose: str, rank: int, now: datetime, incident_id: int | None = None) -> int:
    """Queue them; a key that is known already is not queued again. Returns how many are new."""
    if purpose not in rules.PURPOSES:
        raise Refused("delivery.unknown_purpose", purpose=purpose[:40])
    held = hold.on()
    return len(paging.write([_row(one, purpose, rank, now, incident_id, held) for one in hooks], now))


def ask(kind: str, sealed: str, hint: str, data: Mapping[str, Any], *, key: str, about: str, now: datetime) -> None:
    """Post the question whether it is meant to an address that nobody has confirmed: unsigned, to no endpoint yet."""
    row = Message(
        channel="webhook", template="event" if kind == "webhook" else kind, address=sealed, address_hint=hint, key=key,
        purpose="confirm", rank=6, subject=str(data.get("title") or data.get("type") or "")[:SUBJECT_LIMIT],
        data=dict(data), about=about, created_at=now, **_state(hold.on(), now),
    )  # fmt: skip
    paging.write([row], now)


def _row(one: HookIn, purpose: str, rank: int, now: datetime, incident_id: int | None, held: bool) -> Message:
    return Message(
        channel="webhook", template="event" if one.kind == "webhook" else one.kind, endpoint_id=one.endpoint_id,
        address_hint=one.hint, key=one.key, purpose=purpose, rank=rank, subject=one.subject[:SUBJECT_LIMIT],
        data=dict(one.data), about=one.about or f"endpoint:{one.endpoint_id}", incident_id=incident_id,
        organisation_id=one.organisation_id, created_at=now, **_state(held, now),
    )  # fmt: skip


def _state(held: bool, now: datetime) -> dict[str, Any]:
    return {"state": "held", "next_try_at": None} if held else {"state": "waiting", "next_try_at": now}


def key(name: str, endpoint_id: int, what: str) -> str:
    return f"{name}:{endpoint_id}:{ids.digest(what)[:32]}"
