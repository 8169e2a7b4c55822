"""What came in by mail and what became of it, and how the mailbox stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tomei.delivery.inbound import options
from tomei.delivery.models import Inbound, Mailbox
from tomei.kernel.errors import Missing


@dataclass(frozen=True, slots=True)
class InboundFacts:
    """`sender` is what the mail claims; `confirmed_by` is who, signed in, has vouched for it."""

    id: int
    at: datetime
    via: str
    source_id: int | None
    kind: str
    verdict: str
    detail: str
    sender: str
    sender_name: str
    subject: str
    text: str
    attachments: int
    size: int
    is_cut: bool
    message_id: int | None
    incident_id: int | None
    group_id: int | None
    answered_at: datetime | None
    confirmed_at: datetime | None
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class MailboxFacts:
    """`failed_at` is since when it fails; None while it goes well."""

    host: str
    folder: str
    every_s: int
    looked_at: datetime | None
    failed_at: datetime | None
    last_error: str
    taken: int


def _facts(row: Inbound) -> InboundFacts:
    return InboundFacts(
        row.pk, row.at, row.via, row.source_id, row.kind, row.verdict, row.detail, row.sender, row.sender_name,
        row.subject, row.text, row.attachments, row.size, row.is_cut, row.answers_id, row.incident_id, row.group_id,
        row.answered_at, row.confirmed_at, row.confirmed_by,
    )  # fmt: skip


def one(inbound_id: int) -> InboundFacts:
    """One mail, or `Missing`."""
    row = Inbound.objects.defer("raw").filter(pk=inbound_id).first()
    if row is None:
        raise Missing(f"mail {inbound_id}")
    return _facts(row)


def page(*, before: int | None = None, limit: int = 50) -> tuple[list[InboundFacts], int | None]:
    """Newest first, and the id after which the next page begins (None at the end)."""
    rows = Inbound.objects.defer("raw").order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    got = list(rows[: limit + 1])
    return [_facts(row) for row in got[:limit]], got[limit - 1].pk if len(got) > limit else None


def about(message_id: int) -> list[InboundFacts]:
    """What came back about a message of ours: bounces, replies, automatic answers; oldest first."""
    return [_facts(row) for row in Inbound.objects.defer("raw").filter(answers=message_id).order_by("pk")[:50]]


def mailbox() -> MailboxFacts | None:
    """How polling stands, or None without a mailbox."""
    box = options.mailbox()
    if box is None:
        return None
    row = Mailbox.objects.filter(pk=1).first() or Mailbox()
    return MailboxFacts(box.host, box.folder, box.every_s, row.looked_at, row.failed_at, row.last_error, row.taken)
