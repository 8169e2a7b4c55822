"""Clock handler `delivery.poll_mail`: what is unseen in the mailbox is stored, and only then marked as seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from tomei.clock.handlers import JobFacts
from tomei.delivery import hold, jobs
from tomei.delivery.inbound import actions, imap, options
from tomei.delivery.inbound.reading import MOST_BYTES
from tomei.delivery.models import Mailbox
from tomei.delivery.rules import MailboxSettings
from tomei.kernel import events, time
from tomei.kernel.errors import Refused

TIMEOUT_S = 90.0  # the lease: longer than a look may last
BATCH = 20
MOST_TRIED = 60  # of messages that the server will not give us, so many keep nobody behind them waiting
CUT = 256 * 1024  # so much is fetched of a message that is too large: its headers and first words
OVERDUE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Look:
    """`said`: looked, nothing (no mailbox), held, trouble."""

    said: str
    taken: int = 0
    is_full: bool = False
    trouble: str = ""


def do(job: JobFacts) -> Look:
    """One look. Nothing is fetched while sending is held: a copy of the house must not empty the mailbox of another."""
    try:
        box = options.mailbox()
        if box is None:
            return Look("nothing")
        return Look("held") if hold.on() else _look(box)
    except imap.Trouble as error:
        return Look("trouble", trouble=str(error)[:300])
    except Refused as error:
        return Look("trouble", trouble=str(error)[:300])


def _look(box: MailboxSettings) -> Look:
    taken, seen, trouble = 0, 0, ""
    with imap.opened(box) as folder:
        waiting = folder.unseen()
        for uid in waiting[:MOST_TRIED]:
            if seen >= BATCH:
                break
            try:
                is_cut = folder.size(uid) > MOST_BYTES
                raw = folder.raw(uid, CUT if is_cut else MOST_BYTES)
            except imap.Trouble as error:
                trouble = str(error)
                continue
            _pk, known = actions.store(raw, source_id=box.source_id, via="imap", now=time.now(), is_cut=is_cut)
            folder.mark_seen(uid)
            seen += 1
            taken += not known
    return Look("trouble" if trouble else "looked", taken, len(waiting) > seen and seen >= BATCH, trouble)


def settle(job: JobFacts, look: Look, now: datetime) -> None:
    """Write how it went, and look again: at once while more waits, else after the interval."""
    box = options.mailbox() if look.said != "nothing" else None
    if box is None:
        return
    due_at = now + timedelta(seconds=1 if look.is_full else box.every_s)
    row, _made = Mailbox.objects.get_or_create(pk=1)
    row.next_at = due_at
    if look.said == "trouble":
        row.last_error, row.failed_at = look.trouble, row.failed_at or now
    elif look.said == "looked":
        row.looked_at, row.last_error, row.failed_at = now, "", None
    row.save(update_fields=["next_at", "last_error", "failed_at", "looked_at"])
    if look.taken:
        Mailbox.objects.filter(pk=1).update(taken=F("taken") + look.taken, last_taken_at=now)
    jobs.poll_again(due_at=due_at, now=now)
    events.emit("mailbox.looked", now=now, said=look.said)


def look(batch: Sequence[JobFacts], now: datetime) -> None:
    """Clock effect, each minute: a look that should have been and is not there is put back."""
    row = Mailbox.objects.filter(pk=1).first()
    if row is not None and (row.next_at is None or now > row.next_at + OVERDUE):
        jobs.poll(due_at=now, now=now)
