"""A message as it goes out: the same bytes on every attempt, so that a repeated sending is the same mail."""

from __future__ import annotations

import logging
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings

from tomei.delivery.models import Message
from tomei.delivery.rules import MailServer
from tomei.files import queries as files
from tomei.kernel.ids import digest

# 7bit makes the library choose quoted-printable or base64 by itself: no server on the way needs 8BITMIME.
_POLICY = SMTP.clone(cte_type="7bit")
log = logging.getLogger("tomei.delivery")
_STRUCTURED = frozenset({"in-reply-to", "references", "list-unsubscribe"})


def render(message: Message, server: MailServer) -> bytes:
    """The mail in full. Header injection cannot happen here: every value was checked when it was queued."""
    mail = EmailMessage(policy=_POLICY)
    mail["Date"] = format_datetime(message.created_at)
    mail["From"] = Address(server.sender_name, addr_spec=server.sender)
    mail["To"] = Address(addr_spec=message.address)
    mail["Subject"] = message.subject
    mail["Auto-Submitted"] = "auto-replied" if message.purpose == "answer" else "auto-generated"
    mail["X-Tomei-Loop"] = digest(settings.TOMEI_URL)[:16]  # a mail that comes back with it is answered by nobody
    for name, value in message.headers.items():
        if name.lower() not in _STRUCTURED:
            mail[name] = value
    mail.set_content(message.text, charset="utf-8")
    if message.html:
        mail.add_alternative(message.html, subtype="html", charset="utf-8")
        mail.set_boundary(f"=_tomei_{digest(message.key)[:24]}")
    _attach(mail, message)
    return _identity(message) + mail.as_bytes(policy=_POLICY)


def _attach(mail: EmailMessage, message: Message) -> None:
    """Each file under the name it was kept by. Bytes that are gone from the disk do not keep the words from going."""
    known = files.files(message.files) if message.files else {}
    for one in (known[pk] for pk in message.files if pk in known):
        content = files.content(one)
        if content is None:
            log.warning("file %d of message %d is gone from the disk: the mail goes without it", one.id, message.pk)
            continue
        kind, _, subtype = one.content_type.partition(";")[0].partition("/")
        mail.add_attachment(content, maintype=kind, subtype=subtype, filename=one.name)
        mail.set_boundary(f"=_tomei_files_{digest(message.key)[:24]}")


def _identity(message: Message) -> bytes:
    """Ids and addresses by hand: the library folds one that is longer than a line into encoded words, and mail programs
    then find neither the thread nor the way out."""
    lines = [f"Message-ID: {message.message_id}"]
    for name, value in message.headers.items():
        if name.lower() in _STRUCTURED:
            lines.append(f"{name}: " + "\r\n ".join(value.split()))
    return "".join(f"{line}\r\n" for line in lines).encode("ascii", "replace")
