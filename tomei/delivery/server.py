"""Which mail server: the environment's, else the one set in the page, else none."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction

from tomei.accounts import settings as house
from tomei.delivery import jobs, rules
from tomei.delivery.rules import MailServer
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused

DEMO_MAILBOX = "demo mailbox"


def from_environment() -> bool:
    return bool(settings.TOMEI_MAIL_URL)


def current() -> MailServer | None:
    """The mail server in force; refuses `delivery.bad_mail_url` when the environment's cannot be read."""
    if settings.TOMEI_MAIL_URL:
        return rules.mail_url(settings.TOMEI_MAIL_URL)
    stored = house.get("mail.server")
    if not stored:
        return None
    return MailServer(password=house.get("mail.password") or "", **stored)


def or_demo() -> MailServer | None:
    """The server in force; in the demo without one, the built-in mailbox, which takes everything."""
    return current() or (
        MailServer("", 0, sender="support@tomei.example", sender_name="Tomei") if settings.DEMO else None
    )


@transaction.atomic
def save(server: MailServer, *, by: Actor, now: datetime) -> None:
    """The server is in force from the next mail on, and what waited for one is tried at once.

    An empty password keeps the one that is stored, as long as host and user stay the same: a stored password is
    never sent to a server that somebody else named. Refuses `delivery.set_by_environment`.
    """
    by.require("house.configure")
    if settings.TOMEI_MAIL_URL:
        raise Refused("delivery.set_by_environment")
    before = current()
    same = before is not None and (before.host, before.user) == (server.host, server.user)
    if not server.password and same and before is not None:
        server = replace(server, password=before.password)
    shown = {
        "host": server.host, "port": server.port, "user": server.user, "security": server.security,
        "sender": server.sender, "sender_name": server.sender_name, "bounces": server.bounces,
    }  # fmt: skip
    house.put("mail.server", shown, by=by, now=now)
    house.put("mail.password", server.password, by=by, now=now, secret=True)
    jobs.sweep("waiting", now=now)
