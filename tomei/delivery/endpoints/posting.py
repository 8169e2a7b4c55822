"""The request that a message to an endpoint makes, and what its answer means. Used by the clock, in no transaction."""

from __future__ import annotations

import json
from datetime import datetime

from tomei.accounts import vault
from tomei.delivery import net, webhooks
from tomei.delivery.endpoints import rules
from tomei.delivery.models import Endpoint, Message
from tomei.kernel.errors import Refused

EXCERPT = 300


def post(row: Message, now: datetime) -> webhooks.Post:
    """Address and secrets as they are now. Refuses `endpoint.removed` and `endpoint.off`, which last."""
    url, secrets = _where(row, now)
    if row.template == "event":
        return webhooks.event(row.data, url=url, secrets=secrets, key=row.key, now=now)
    note = webhooks.Note.of(row.data, key=row.key, purpose=row.purpose, rank=row.rank)
    return webhooks.render(row.template, note, url=url, secret="", key=row.key, now=now)


def _where(row: Message, now: datetime) -> tuple[str, list[str]]:
    if row.endpoint_id is None:  # the question to an address that nobody has confirmed yet
        return json.loads(vault.open(row.address))["url"], []
    found = Endpoint.objects.filter(pk=row.endpoint_id).first()
    if found is None:
        raise Refused("endpoint.removed")
    if found.off_at is not None:
        raise Refused("endpoint.off", why=found.off_why)
    return vault.open(found.address), _secrets(found, now)


def _secrets(found: Endpoint, now: datetime) -> list[str]:
    """The newest first: who knows only the one of before finds its signature beside it."""
    if not found.secret:
        return []
    secrets = [vault.open(found.secret)]
    if found.old_secret and found.old_secret_until and found.old_secret_until > now:
        secrets.append(vault.open(found.old_secret))
    return secrets


def said(answer: net.Answer) -> str:
    """Status and the beginning of the body on one line."""
    return f"{answer.status} {' '.join(answer.body[:EXCERPT].decode('utf-8', 'replace').replace(chr(0), '').split())}"


def is_gone(row: Message, answer: net.Answer) -> bool:
    return rules.is_gone(row.template, answer.status, answer.body[:EXCERPT].decode("utf-8", "replace"))


def asks_to_wait(row: Message, answer: net.Answer) -> bool:
    return rules.asks_to_wait(row.template, answer.status, answer.body[:EXCERPT].decode("utf-8", "replace"))
