"""Queue, retry, suppress: the only writers of the outbox besides `send` and `hold`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from tomei.accounts import audit, vault
from tomei.clock.handlers import JobFacts
from tomei.delivery import hold, jobs, net, rules, webhooks
from tomei.delivery.models import Message, Suppression
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused

SUBJECT_LIMIT = 400
TEXT_LIMIT = 400_000
LEASE_OVER = timedelta(minutes=5)


def queue_mail(
    *,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    key: str,
    purpose: str,
    rank: int = 5,
    headers: Mapping[str, str] | None = None,
    now: datetime,
    incident_id: int | None = None,
    organisation_id: int | None = None,
    promise_id: int | None = None,
    user_id: int | None = None,
    about: str = "",
) -> int:
    """Queue a mail inside the caller's transaction and return its id; the same key again is the same mail.

    Refuses `delivery.bad_address`, `delivery.line_break` (subject, headers), `delivery.bad_header`, `delivery.too_long`
    and `delivery.unknown_purpose`.
    """
    address = rules.mail_address(to)
    _check(purpose, text, html)
    row = Message(
        channel="mail",
        address=address,
        address_hint=address,
        message_id=rules.message_id(key, rules.mail_domain(settings.TOMEI_URL)),
        subject=rules.one_line(subject.strip())[:SUBJECT_LIMIT],
        text=text,
        html=html,
        headers=rules.headers(dict(headers or {})),
    )
    return _queue(row, key, purpose, rank, now, incident_id, organisation_id, promise_id, user_id, about)


def queue_webhook(
    *,
    template: str,
    url_sealed: str,
    hint: str,
    key: str,
    purpose: str,
    rank: int,
    data: Mapping[str, Any],
    now: datetime,
    incident_id: int | None = None,
    organisation_id: int | None = None,
    promise_id: int | None = None,
    user_id: int | None = None,
    about: str = "",
) -> int:
    """Queue a POST inside the caller's transaction; `url_sealed` comes from `seal_address`, `data` fills the template.

    `data` has title, text, url, facts ([[name, value], …]), state (trigger or resolve) and dedup (what it is about).
    """
    if template not in webhooks.TEMPLATES:
        raise Refused("delivery.unknown_template", template=template[:40])
    _check(purpose, str(data.get("text") or ""), "")
    row = Message(
        channel="webhook",
        template=template,
        address=url_sealed,
        address_hint=hint,
        subject=str(data.get("title") or "")[:SUBJECT_LIMIT],
        data=dict(data),
    )
    return _queue(row, key, purpose, rank, now, incident_id, organisation_id, promise_id, user_id, about)


def _check(purpose: str, text: str, html: str) -> None:
    if purpose not in rules.PURPOSES:
        raise Refused("delivery.unknown_purpose", purpose=purpose[:40])
    if len(text) > TEXT_LIMIT or len(html) > TEXT_LIMIT:
        raise Refused("delivery.too_long", limit=TEXT_LIMIT)


def _queue(
    row: Message,
    key: str,
    purpose: str,
    rank: int,
    now: datetime,
    incident_id: int | None,
    organisation_id: int | None,
    promise_id: int | None,
    user_id: int | None,
    about: str,
) -> int:
    known = Message.objects.filter(key=key).values_list("pk", flat=True).first()
    if known is not None:
        return known
    held = hold.on()
    row.key, row.purpose, row.rank, row.about, row.created_at = key, purpose, rank, about, now
    row.incident_id, row.organisation_id = incident_id, organisation_id
    row.promise_id, row.user_id = promise_id, user_id
    row.state, row.next_try_at = ("held", None) if held else ("waiting", now)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # Somebody queued the same key between our look and our write: theirs is the message.
        return Message.objects.values_list("pk", flat=True).get(key=key)
    if not held:
        jobs.send(row.pk, rank=rank, due_at=now, now=now)
    return row.pk


def seal_address(template: str, url: str, secret: str = "") -> tuple[str, str]:
    """A webhook address as it is kept (encrypted) and what may be shown of it (its host).

    Refuses `delivery.bad_url`, `delivery.no_secret`, `delivery.bad_secret` and `delivery.no_topic` before anything
    is stored. Where the host leads is judged at every sending, since a name may point elsewhere tomorrow.
    """
    url = url.strip() or (webhooks.PAGERDUTY if template == "pagerduty" else "")
    host = net.check_url(url)
    webhooks.check_secret(template, secret)
    if template == "ntfy" and not url.split("://", 1)[1].partition("/")[2].strip("/"):
        raise Refused("delivery.no_topic")
    return vault.seal(json.dumps({"url": url, "secret": secret})), host


@transaction.atomic
def retry(message_id: int, *, by: Actor, now: datetime) -> None:
    """Try a failed message once more, with its whole time before it; one in its pause is tried at once.

    Refuses `delivery.not_failed` for what was sent, dropped, is held or is being sent at this moment.
    """
    by.require("delivery.release")
    row = Message.objects.filter(pk=message_id).first()
    if row is None:
        raise Missing(str(message_id))
    fields = {"state": "waiting", "attempts": 0, "tried_from": None, "next_try_at": now, "ended_at": None}
    retryable = Message.objects.filter(Q(state="failed") | resting(now), pk=message_id)
    if hold.on() or not retryable.update(**fields):
        raise Refused("delivery.not_failed", state=row.state)
    jobs.send(row.pk, rank=row.rank, due_at=now, now=now)
    audit.record("delivery.retried", by=by, now=now, message=row.pk)


@transaction.atomic
def suppress(address: str, *, reason: str, now: datetime) -> None:
    """No update goes to this address any more. Pages, invitations and resets still do."""
    Suppression.objects.get_or_create(
        address=rules.mail_address(address).lower(), defaults={"reason": reason[:300], "at": now}
    )


@transaction.atomic
def unsuppress(address: str, *, by: Actor, now: datetime) -> None:
    """Updates go to this address again; `Missing` when it was not suppressed."""
    by.require("delivery.release")
    gone, _ = Suppression.objects.filter(address=address.strip().lower()).delete()
    if not gone:
        raise Missing(address[:80])
    audit.record("delivery.unsuppressed", by=by, now=now, address=address.strip().lower())


def resting(now: datetime) -> Q:
    """Waiting and in nobody's hands: in its pause, or so long overdue that no lease can still be running."""
    return Q(state="waiting") & (Q(next_try_at__gt=now) | Q(next_try_at__lt=now - LEASE_OVER))


def sweep(batch: Sequence[JobFacts], now: datetime) -> None:
    """Clock effect `delivery.sweep`: wake what a hold held, or what waited for a mail server."""
    for job in batch:
        after = int(job.payload.get("after") or 0)
        if job.payload.get("state") == "held":
            hold.wake(after, now)
        else:
            _wake_waiting(after, now)


def _wake_waiting(after: int, now: datetime) -> None:
    # Only those in their pause: one that is being sent at this moment would go twice, since a moved job cannot settle.
    asleep = Message.objects.filter(resting(now), channel="mail", pk__gt=after)
    rows = list(asleep.order_by("pk")[: hold.BATCH])
    Message.objects.filter(pk__in=[row.pk for row in rows], state="waiting").update(next_try_at=now)
    jobs.send_many([(row.pk, row.rank) for row in rows], now=now)
    if len(rows) == hold.BATCH:
        jobs.sweep("waiting", after=rows[-1].pk, now=now)
