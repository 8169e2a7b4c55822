"""Pages to many people at once, by mail and webhook: as many rows, a handful of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from tomei.delivery import hold, jobs, rules, webhooks
from tomei.delivery.actions import SUBJECT_LIMIT, TEXT_LIMIT
from tomei.delivery.models import Message
from tomei.kernel import bulk
from tomei.kernel.errors import Refused

_CHUNK = 200


@dataclass(frozen=True, slots=True)
class Call:
    """One message of many: a mail to `address`, or with `template` a POST to the sealed address, filled from `data`."""

    address: str
    key: str
    subject: str
    text: str
    rank: int
    user_id: int
    template: str = ""
    hint: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    incident_id: int | None = None
    promise_id: int | None = None


def queue(calls: Sequence[Call], *, purpose: str, now: datetime) -> dict[str, int]:
    """`actions.queue_mail` and `queue_webhook` for many in the caller's transaction: key -> id of the message.

    A key that is known already is the message of before and is not queued again. Refuses what they refuse, and then
    queues none.
    """
    if not calls:
        return {}
    if purpose not in rules.PURPOSES:
        raise Refused("delivery.unknown_purpose", purpose=purpose[:40])
    held, domain = hold.on(), rules.mail_domain(settings.TOMEI_URL)
    rows = {call.key: _row(call, purpose, domain, now, held) for call in calls}
    fresh = write(list(rows.values()), now)
    return fresh | _ids([key for key in rows if key not in fresh])


def write(rows: Sequence[Message], now: datetime) -> dict[str, int]:
    """Insert those whose keys are new and let the clock send them, unless they are held: key -> id."""
    written = bulk.insert(connection, rows, "ON CONFLICT (key) DO NOTHING RETURNING key, id")
    fresh = dict(written)
    jobs.send_many([(fresh[row.key], row.rank) for row in rows if row.state == "waiting" and row.key in fresh], now=now)
    return fresh


def _row(call: Call, purpose: str, domain: str, now: datetime, held: bool) -> Message:
    if len(call.text) > TEXT_LIMIT:
        raise Refused("delivery.too_long", limit=TEXT_LIMIT)
    row = Message(
        key=call.key, purpose=purpose, rank=call.rank, created_at=now, incident_id=call.incident_id,
        promise_id=call.promise_id, user_id=call.user_id, state="held" if held else "waiting",
        next_try_at=None if held else now,
    )  # fmt: skip
    if call.template:
        if call.template not in webhooks.TEMPLATES:
            raise Refused("delivery.unknown_template", template=call.template[:40])
        row.channel, row.template, row.data = "webhook", call.template, dict(call.data)
        row.address, row.address_hint, row.subject = call.address, call.hint, call.subject[:SUBJECT_LIMIT]
        return row
    row.channel, row.text, row.message_id = "mail", call.text, rules.message_id(call.key, domain)
    row.address = row.address_hint = rules.mail_address(call.address)
    row.subject = rules.one_line(call.subject.strip())[:SUBJECT_LIMIT]
    return row


def _ids(keys: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(keys), _CHUNK):
        found.update(Message.objects.filter(key__in=keys[start : start + _CHUNK]).values_list("key", "pk"))
    return found
