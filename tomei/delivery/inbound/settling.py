"""Clock handler `delivery.read_mail`: read a taken mail outside any transaction, then do what follows in one."""

from __future__ import annotations

import logging
import zlib
from datetime import datetime, timedelta

from django.db import transaction

from tomei.clock.handlers import JobFacts
from tomei.delivery.actions import suppress
from tomei.delivery.inbound import answering, options, reading, returns
from tomei.delivery.inbound.reading import Mail
from tomei.delivery.models import Inbound, Message
from tomei.delivery.rules import OBEY_SUPPRESSION
from tomei.delivery.send import tell
from tomei.kernel import events

TIMEOUT_S = 60.0
HOUR = timedelta(hours=1)
MOST_CALLS = 10  # mails of one source that call a person within an hour; whoever came for these sees the others
log = logging.getLogger("tomei.delivery")


def do(job: JobFacts) -> Mail | None:
    """What the raw mail says. A mail that breaks the reader is somebody's words all the same."""
    row = Inbound.objects.filter(pk=job.payload["inbound"], state="taken").first()
    if row is None or row.raw is None:
        return None
    try:
        return reading.read(zlib.decompress(bytes(row.raw)))
    except Exception:
        log.exception("mail %d could not be read", row.pk)
        return Mail("other", why="unreadable")


@transaction.atomic
def settle(job: JobFacts, mail: Mail | None, now: datetime) -> None:
    """Write what it is and what followed. One that was read already stays as it is."""
    row = Inbound.objects.select_for_update().filter(pk=job.payload["inbound"], state="taken").first()
    if row is None or mail is None:
        return
    row.state, row.sender, row.sender_name, row.subject = "read", mail.sender, mail.sender_name, mail.subject
    row.text, row.attachments, row.kind = mail.text, mail.attachments, mail.kind
    row.detail = mail.why
    message = _message(mail)
    row.answers = message
    if mail.kind == "bounce":
        _bounced(row, mail, message, now)
    elif mail.kind in ("auto", "loop"):
        _noted(row, mail, now)
    elif message is not None and message.incident_id is not None:
        _replied(row, message, now)
    else:
        _written(row, now)
    events.emit("mail.read", now=now, inbound_id=row.pk, kind=row.kind, incident_id=row.incident_id)


def _message(mail: Mail) -> Message | None:
    """The message of ours that this is about: by our own return address, else by an id that only its reader knows."""
    number = returns.message_of(mail.token) if mail.token else None
    if number is not None:
        return Message.objects.filter(pk=number, channel="mail").first()
    if mail.kind == "bounce" and mail.bounce is not None and not mail.bounce.is_standard:
        return None  # plain words count only with our token
    found = {row.message_id: row for row in Message.objects.filter(message_id__in=mail.answers)}
    return next((found[one] for one in mail.answers if one in found), None)


def _bounced(row: Inbound, mail: Mail, message: Message | None, now: datetime) -> None:
    bounce = mail.bounce
    assert bounce is not None
    said = " ".join(f"{bounce.status} {bounce.said}".split())[:300]
    row.detail = said
    if message is None:
        row.verdict = "unproven"
    elif bounce.action == "delayed":
        row.verdict = "delayed"
        Message.objects.filter(pk=message.pk, state="sent").update(last_error=f"delayed: {said}")
    elif bounce.action == "failed":
        row.verdict = _undelivered(message, said, lasting=bounce.is_lasting, now=now)
        row.incident_id = message.incident_id
    else:
        row.verdict = "noted"
    row.save()


def _undelivered(message: Message, said: str, *, lasting: bool, now: datetime) -> str:
    """The message counts as not delivered from now on, told once; returns the verdict."""
    changed = Message.objects.filter(pk=message.pk, state="sent").update(
        state="failed", ended_at=now, last_error=f"bounced: {said}"
    )
    if not changed:
        return "repeated"
    suppressed = lasting and message.purpose in OBEY_SUPPRESSION
    if suppressed:
        suppress(message.address, reason=f"bounced: {said}", now=now)
    tell("message.failed", message, now)
    tell("message.bounced", message, now)
    return "suppressed" if suppressed else "bounced"


def _noted(row: Inbound, mail: Mail, now: datetime) -> None:
    """Nobody answers a machine. An alarm by mail is a signal where its source says so."""
    if mail.is_machine and row.source_id is not None and options.of(row.source_id).machines:
        row.kind = "declaration"
        _declare(row, now)
        return
    row.verdict = "noted"
    row.save()


def _replied(row: Inbound, message: Message, now: datetime) -> None:
    row.kind, row.verdict, row.incident_id = "reply", "timeline", message.incident_id
    row.save()
    events.emit(
        "mail.replied", now=now, inbound_id=row.pk, incident_id=message.incident_id, message_id=message.pk,
        organisation_id=message.organisation_id, user_id=message.user_id, sender=row.sender, subject=row.subject,
        text=row.text, attachments=row.attachments,
    )  # fmt: skip


def _written(row: Inbound, now: datetime) -> None:
    row.kind = "declaration"
    _declare(row, now)
    if row.source_id is not None:
        answering.answer(row, now)


def _declare(row: Inbound, now: datetime) -> None:
    """A signal of its source; the listener that makes it writes the group's id."""
    row.verdict = "no_source"
    row.save()
    events.emit(
        "mail.declared", now=now, inbound_id=row.pk, source_id=row.source_id, sender=row.sender,
        sender_name=row.sender_name, subject=row.subject, text=row.text, attachments=row.attachments,
        calls=_calls(row, now),
    )  # fmt: skip
    row.refresh_from_db()


def _calls(row: Inbound, now: datetime) -> bool:
    """Whether this one asks for a person: its source says so, and not ten others have called within the hour."""
    if row.source_id is None or not options.of(row.source_id).calls:
        return False
    recent = Inbound.objects.filter(source_id=row.source_id, at__gt=now - HOUR, verdict="signal")
    return recent[:MOST_CALLS].count() < MOST_CALLS
