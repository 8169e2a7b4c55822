"""What waits, what failed and why, and what became of one message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from tomei.delivery import mending, rules, server
from tomei.delivery.models import Message, Suppression
from tomei.kernel.errors import Missing, Refused

STATES = ("waiting", "held", "failed", "sent", "dropped")
# These carry a link that opens an account: nobody but the addressee reads their words.
SECRET_PURPOSES = frozenset({"reset", "invite"})


@dataclass(frozen=True, slots=True)
class MessageFacts:
    id: int
    channel: str
    template: str
    to: str
    purpose: str
    subject: str
    state: str
    attempts: int
    created_at: datetime
    next_try_at: datetime | None
    accepted_at: datetime | None
    ended_at: datetime | None
    via: str
    last_error: str
    incident_id: int | None
    organisation_id: int | None
    promise_id: int | None
    user_id: int | None
    about: str


def facts(row: Message) -> MessageFacts:
    return MessageFacts(
        row.pk, row.channel, row.template, row.address_hint, row.purpose, row.subject, row.state, row.attempts,
        row.created_at, row.next_try_at, row.accepted_at, row.ended_at, row.via, row.last_error, row.incident_id,
        row.organisation_id, row.promise_id, row.user_id, row.about,
    )  # fmt: skip


def message(message_id: int) -> MessageFacts:
    """One message, or `Missing`."""
    row = Message.objects.filter(pk=message_id).first()
    if row is None:
        raise Missing(str(message_id))
    return facts(row)


def page(
    *,
    states: Iterable[str] = STATES,
    purpose: str = "",
    before: int | None = None,
    limit: int = 50,
    incident_id: int | None = None,
) -> tuple[list[MessageFacts], int | None]:
    """Newest first, of one purpose or of all, and the id after which the next page begins (None at the end)."""
    rows = Message.objects.filter(state__in=list(states))
    if purpose:
        rows = rows.filter(purpose=purpose)
    if incident_id is not None:
        rows = rows.filter(incident_id=incident_id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    got = list(rows.order_by("-pk")[: limit + 1])
    return [facts(row) for row in got[:limit]], got[limit - 1].pk if len(got) > limit else None


def filtered(
    filters: mending.Filters, *, before: int | None = None, limit: int = 50
) -> tuple[list[MessageFacts], int | None]:
    """Newest first, as `page`, narrowed down further."""
    rows = mending.rows(filters)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    got = list(rows.order_by("-pk")[: limit + 1])
    return [facts(row) for row in got[:limit]], got[limit - 1].pk if len(got) > limit else None


def mailbox(*, before: int | None = None, limit: int = 50) -> tuple[list[MessageFacts], int | None]:
    """Every mail that was accepted, newest first, and the id after which the next page begins."""
    rows = Message.objects.filter(channel="mail", state="sent")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    got = list(rows.order_by("-pk")[: limit + 1])
    return [facts(row) for row in got[:limit]], got[limit - 1].pk if len(got) > limit else None


def text_of(message_id: int) -> str:
    """The words of one message as they left or would leave."""
    row = Message.objects.filter(pk=message_id).only("text", "data").first()
    return "" if row is None else row.text or str(row.data.get("text") or "")


def latest(about: str, purpose: str) -> MessageFacts | None:
    """The newest message about this (`contact:5`), e.g. to show whether a test arrived."""
    row = Message.objects.filter(about=about, purpose=purpose).order_by("-pk").first()
    return facts(row) if row else None


def about(about: str) -> list[MessageFacts]:
    """Every message about this (`update:5`), oldest first: to whom it went and what became of each."""
    return [facts(row) for row in Message.objects.filter(about=about).order_by("pk")]


def counts() -> dict[str, int]:
    """How many wait, are held and failed; each counted by its index, to a hundred at most where it may be many."""
    return {state: Message.objects.filter(state=state)[:1000].count() for state in ("waiting", "held", "failed")}


def failed_count() -> int:
    return counts()["failed"]


def mail_is_set() -> bool:
    """Can mail leave? True with a readable mail server; the demo's mailbox does not count."""
    try:
        return server.current() is not None
    except Refused:
        return False


def mail_id(key: str) -> str:
    """The `Message-ID` that the mail with this key carries: for `In-Reply-To` and `References` of the next."""
    return rules.message_id(key, rules.mail_domain(settings.TOMEI_URL))


def is_suppressed(address: str) -> bool:
    return Suppression.objects.filter(address=address.strip().lower()).exists()


def suppressed_among(addresses: Sequence[str]) -> set[str]:
    """Which of these, in lower case, get no updates."""
    found: set[str] = set()
    for start in range(0, len(addresses), 500):
        some = addresses[start : start + 500]
        found.update(Suppression.objects.filter(address__in=some).values_list("address", flat=True))
    return found


def addressed(about: str) -> set[str]:
    """The mail addresses, in lower case, that a message about this went to or will go to."""
    rows = Message.objects.filter(about=about, channel="mail").values_list("address", flat=True)
    return {address.lower() for address in rows}


def suppressed(limit: int = 200) -> list[tuple[str, str, datetime]]:
    return list(Suppression.objects.order_by("-pk").values_list("address", "reason", "at")[:limit])


def pages_to(user_ids: Iterable[int], since: datetime) -> list[tuple[int, datetime]]:
    """Who was woken when: one moment for each page of these people, however many ways it went."""
    found = Message.objects.filter(user_id__in=set(user_ids), purpose="page", created_at__gte=since)
    woken = found.order_by("created_at").values_list("user_id", "created_at").distinct()
    return [(user_id, at) for user_id, at in woken if user_id is not None]
