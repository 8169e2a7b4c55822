"""The shapes in which chat tools, pagers and a program of one's own take a message. Pure.

Shapes as their makers document them: Slack incoming webhooks (Block Kit), Teams workflows ("post to a channel when a
webhook request is received": an Adaptive Card in an attachment), Mattermost incoming webhooks, ntfy's JSON publishing,
PagerDuty Events API v2, and for everything else one documented JSON object signed by Standard Webhooks.

What somebody typed never becomes markup: it goes into plain-text fields where the tool has them and is escaped where
it has not, so that a customer's name can neither break the payload nor call everybody in the channel.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from standardwebhooks.webhooks import Webhook

from tomei.kernel.errors import Refused
from tomei.kernel.ids import digest

PAGERDUTY = "https://events.pagerduty.com/v2/enqueue"
_ZERO_WIDTH = "\u200b"


@dataclass(frozen=True, slots=True)
class Note:
    """What a template is filled with. `state` is trigger or resolve; `dedup` names the thing it is about."""

    title: str
    text: str
    url: str
    state: str
    dedup: str
    rank: int
    facts: tuple[tuple[str, str], ...]
    purpose: str
    links: tuple[tuple[str, str], ...] = ()  # (label, url) beside `url`; our own addresses only

    @classmethod
    def of(cls, data: Mapping[str, Any], *, key: str, purpose: str, rank: int) -> Note:
        pairs = tuple((str(name), str(value)) for name, value in data.get("facts") or ())
        links = tuple((str(label), str(url)) for label, url in data.get("links") or ())
        state = "resolve" if data.get("state") == "resolve" else "trigger"
        return cls(
            str(data.get("title") or ""), str(data.get("text") or ""), str(data.get("url") or ""), state,
            str(data.get("dedup") or key), rank, pairs, purpose, links,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Post:
    url: str
    headers: dict[str, str]
    body: bytes


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def no_mention(text: str) -> str:
    """Break `@channel`, `@everyone` and `<!here>`: a mark of no width after the sign keeps it readable and mute."""
    return re.sub(r"@(?=\S)", "@" + _ZERO_WIDTH, text).replace("<!", "<" + _ZERO_WIDTH + "!")


def markdown(text: str) -> str:
    """`text` as Markdown that reads as it was typed, and calls nobody."""
    return no_mention(re.sub(r"([\\`*_{}\[\]()#+\-.!|>~<])", r"\\\1", text))


def _angle(text: str) -> str:
    """Slack's three control characters."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _slack_url(url: str) -> str:
    return _angle(url).replace("|", "%7C")


def _slack(note: Note, secret: str) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": _cut(no_mention(note.title), 150), "emoji": False}}
    ]
    body = "\n".join(filter(None, [note.text, *(f"{name}: {value}" for name, value in note.facts)]))
    if body:
        plain = {"type": "plain_text", "text": _cut(no_mention(body), 3000), "emoji": False}
        blocks.append({"type": "section", "text": plain})
    if note.url:
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": f"<{_slack_url(note.url)}>"}})
    if note.links:
        said = " ".join(f"<{_slack_url(url)}|{_angle(no_mention(label))}>" for label, url in note.links)
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": said}]})
    return {"text": _angle(no_mention(_cut(note.title, 500))), "blocks": blocks}


def _teams(note: Note, secret: str) -> dict[str, Any]:
    body: list[dict[str, Any]] = [
        {
            "type": "TextBlock",
            "text": markdown(_cut(note.title, 500)),
            "weight": "Bolder",
            "size": "Medium",
            "wrap": True,
        }
    ]
    body += [
        {"type": "TextBlock", "text": markdown(line), "wrap": True}
        for line in _cut(note.text, 8000).splitlines()
        if line
    ]
    if note.facts:
        pairs = [{"title": markdown(name), "value": markdown(value)} for name, value in note.facts]
        body.append({"type": "FactSet", "facts": pairs})
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    shown = [("Tomei", note.url)] if note.url else []
    if shown or note.links:
        card["actions"] = [
            {"type": "Action.OpenUrl", "title": label, "url": url} for label, url in (*shown, *note.links)
        ]
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _mattermost(note: Note, secret: str) -> dict[str, Any]:
    lines = [f"**{markdown(_cut(note.title, 500))}**", markdown(_cut(note.text, 8000))]
    lines += [f"{markdown(name)}: {markdown(value)}" for name, value in note.facts]
    lines.append(note.url)
    lines += [f"[{markdown(label)}]({url})" for label, url in note.links]
    return {"text": "\n".join(line for line in lines if line), "props": {"disable_mentions": True}}


def _ntfy(note: Note, secret: str) -> dict[str, Any]:
    body = "\n".join(filter(None, [note.text, *(f"{name}: {value}" for name, value in note.facts)]))
    payload: dict[str, Any] = {
        "title": _cut(note.title, 250),
        "message": _cut(body or note.title, 3500),
        "priority": 5 if note.rank <= 1 else 4 if note.rank == 2 else 3,
    }
    if note.url:
        payload["click"] = note.url
    return payload


def _pagerduty(note: Note, secret: str) -> dict[str, Any]:
    event: dict[str, Any] = {"routing_key": secret, "event_action": note.state, "dedup_key": _dedup(note.dedup)}
    if note.state == "resolve":
        return event
    severity = "critical" if note.rank <= 1 else "error" if note.rank == 2 else "warning"
    details = {"text": note.text, **dict(note.facts)}
    event["payload"] = {
        "summary": _cut(note.title, 1024), "source": "Tomei", "severity": severity, "custom_details": details,
    }  # fmt: skip
    event["client"] = "Tomei"
    if note.url:
        event["client_url"] = note.url
        event["links"] = [{"href": note.url, "text": "Tomei"}]
    return event


def _dedup(text: str) -> str:
    """PagerDuty takes 255 characters; a longer key is replaced by its digest, never cut, so that two stay two."""
    return text if len(text) <= 255 else digest(text)


def _generic(note: Note, secret: str) -> dict[str, Any]:
    return {
        "type": f"tomei.{note.purpose}",
        "state": note.state,
        "about": note.dedup,
        "rank": note.rank,
        "title": note.title,
        "text": note.text,
        "url": note.url,
        "facts": dict(note.facts),
    }


_SHAPES: Mapping[str, Callable[[Note, str], dict[str, Any]]] = {
    "slack": _slack,
    "teams": _teams,
    "mattermost": _mattermost,
    "ntfy": _ntfy,
    "pagerduty": _pagerduty,
    "generic": _generic,
}
TEMPLATES = tuple(_SHAPES)
NEEDS_SECRET = frozenset({"pagerduty"})  # the integration key of the service
TAKES_SECRET = frozenset({"pagerduty", "ntfy", "generic"})


def render(template: str, note: Note, *, url: str, secret: str, key: str, now: datetime) -> Post:
    """The request that carries `note`. The same key gives the same `Idempotency-Key` on every attempt."""
    if template not in _SHAPES:
        raise Refused("delivery.unknown_template", template=template[:40])
    payload = _SHAPES[template](note, secret)
    if template == "generic":
        payload["at"] = now.isoformat()
    sent = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": digest(key)}
    if template == "ntfy":
        url, payload["topic"] = _topic(url)
        if secret:
            sent["Authorization"] = f"Bearer {secret}"
    body = json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace")
    if template == "generic":
        sent |= signature(body, [secret] if secret else [], key, now)
    return Post(url, sent, body)


def _topic(url: str) -> tuple[str, str]:
    """ntfy takes JSON at its root with the topic inside: `https://ntfy.example/ops` is its root and `ops`."""
    parts = urlsplit(url)
    root, _, topic = parts.path.rstrip("/").rpartition("/")
    if not topic:
        raise Refused("delivery.no_topic")
    return urlunsplit((parts.scheme, parts.netloc, root + "/", parts.query, "")), topic


def signature(body: bytes, secrets: Sequence[str], key: str, now: datetime) -> dict[str, str]:
    """The three headers of Standard Webhooks, signed by each secret; without one the id and the time alone."""
    identity = f"msg_{digest(key)[:40]}"
    sent = {"webhook-id": identity, "webhook-timestamp": str(int(now.timestamp()))}
    if secrets:
        sent["webhook-signature"] = " ".join(Webhook(one).sign(identity, now, body.decode()) for one in secrets)
    return sent


def event(data: Mapping[str, Any], *, url: str, secrets: Sequence[str], key: str, now: datetime) -> Post:
    """The documented JSON object (`type`, `version`, `timestamp`, `data`), byte for byte the same on every attempt."""
    body = json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")
    sent = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": digest(key)}
    return Post(url, sent | signature(body, secrets, key, now), body)


def check_secret(template: str, secret: str) -> None:
    """Refuse `delivery.no_secret` and `delivery.bad_secret` before the address is kept."""
    if template not in _SHAPES:
        raise Refused("delivery.unknown_template", template=template[:40])
    if template in NEEDS_SECRET and not secret:
        raise Refused("delivery.no_secret")
    if secret and not (secret.isascii() and secret.isprintable() and len(secret) <= 500):
        raise Refused("delivery.bad_secret")
    if template == "generic" and secret:
        try:
            key = base64.b64decode(secret.removeprefix("whsec_") + "==", validate=False)
        except (binascii.Error, ValueError) as error:
            raise Refused("delivery.bad_secret") from error
        if len(key) < 16:
            raise Refused("delivery.bad_secret")
