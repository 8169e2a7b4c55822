"""Django's mail backend: what Django and allauth send (password reset, invitations) goes through the outbox too."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from tomei.delivery import actions
from tomei.kernel import time
from tomei.kernel.errors import Refused


class OutboxBackend(BaseEmailBackend):
    """Queues each mail once per recipient. The purpose is `reset`, or what the header `X-Tomei-Purpose` says."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many mails were queued; an address that cannot be one is skipped only where Django asked for silence."""
        return sum(self._queue(message) for message in email_messages)

    def _queue(self, message: EmailMessage) -> int:
        given = message.extra_headers
        content = str(given.get("X-Tomei-Key") or uuid.uuid4())
        columns: dict[str, Any] = {
            "subject": " ".join(str(message.subject).split()),
            "text": str(message.body),
            "html": _html(message),
            "purpose": str(given.get("X-Tomei-Purpose") or "reset"),
            "rank": 2,  # somebody sits before a page and waits for it
            "now": time.now(),
        }
        for recipient in message.recipients():
            try:
                actions.queue_mail(to=parseaddr(recipient)[1], key=f"mail:{content}:{recipient}", **columns)
            except Refused:
                if not self.fail_silently:
                    raise
        return 1


def _html(message: EmailMessage) -> str:
    for alternative in getattr(message, "alternatives", ()):
        if alternative[1] == "text/html":
            return str(alternative[0])
    return ""
