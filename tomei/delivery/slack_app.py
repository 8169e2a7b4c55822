"""What leaves to a Slack app: answers to where somebody spoke (`response_url`) and calls of the Web API by its bot.

Queued, sent and retried like every webhook; the payload stands in the message as it goes out. The Web API says no with
200 and `"ok": false`, so its answer is read; 429 and its `Retry-After` are honoured as everywhere. One message goes by
one `client_msg_id`, the same on every attempt.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tomei.accounts import vault
from tomei.delivery import hold, net, paging, rules
from tomei.delivery.actions import SUBJECT_LIMIT
from tomei.delivery.models import Message
from tomei.delivery.webhooks import Post
from tomei.kernel.errors import Refused
from tomei.kernel.ids import digest

TEMPLATE = "slack_app"
HOOKS = "https://hooks.slack.com/"
API = "https://slack.com/api/"
PASSING = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)


def queue_answer(
    url: str, payload: Mapping[str, Any], *, key: str, subject: str, now: datetime, user_id: int | None = None
) -> None:
    """Answer where somebody spoke; refuses `delivery.bad_url` for an address that is not Slack's."""
    _write(url, "", payload, key=key, subject=subject, purpose="chat", rank=0, now=now, user_id=user_id)


def queue_call(
    method: str, token: str, payload: Mapping[str, Any], *, key: str, subject: str, purpose: str, rank: int,
    now: datetime, incident_id: int | None = None, about: str = "",
) -> None:  # fmt: skip
    """Call a method of the Web API once, by this bot."""
    whole = {**payload, "client_msg_id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"tomei:{key}"))}
    _write(
        API + method, token, whole, key=key, subject=subject, purpose=purpose, rank=rank, now=now,
        incident_id=incident_id, about=about,
    )  # fmt: skip


def _write(
    url: str, token: str, payload: Mapping[str, Any], *, key: str, subject: str, purpose: str, rank: int,
    now: datetime, incident_id: int | None = None, user_id: int | None = None, about: str = "",
) -> None:  # fmt: skip
    host = _checked(url)
    if purpose not in rules.PURPOSES:
        raise Refused("delivery.unknown_purpose", purpose=purpose[:40])
    held = hold.on()
    row = Message(
        channel="webhook", template=TEMPLATE, address=vault.seal(json.dumps({"url": url, "token": token})),
        address_hint=host, key=key, purpose=purpose, rank=rank, subject=subject[:SUBJECT_LIMIT], data=dict(payload),
        incident_id=incident_id, user_id=user_id, about=about, created_at=now,
        state="held" if held else "waiting", next_try_at=None if held else now,
    )  # fmt: skip
    paging.write([row], now)


def drop_waiting(incident_id: int, *, now: datetime) -> None:
    """What a channel was to be told of this incident and has not left yet never leaves."""
    waiting = Message.objects.filter(incident_id=incident_id, template=TEMPLATE, state__in=("waiting", "held"))
    waiting.update(state="dropped", ended_at=now, next_try_at=None)


def _checked(url: str) -> str:
    """The host; only Slack's own addresses are ever posted to, whatever a request named."""
    host = net.check_url(url)
    if not url.startswith((HOOKS, API)):
        raise Refused("delivery.bad_url")
    return host


def post(row: Message) -> Post:
    """The request that carries this message."""
    kept = json.loads(vault.open(row.address))
    _checked(kept["url"])
    sent = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": digest(row.key)}
    if kept["token"]:
        sent["Authorization"] = f"Bearer {kept['token']}"
    return Post(kept["url"], sent, json.dumps(row.data, ensure_ascii=False).encode("utf-8", "replace"))


def error_in(answer: net.Answer) -> str:
    """The Web API's reason for a no that came with 200; empty for a yes, and for what is no JSON object."""
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(said, dict) or said.get("ok") is not False:
        return ""
    return str(said.get("error") or "unknown_error")[:80]
