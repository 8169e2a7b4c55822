"""Requests that are believed only when their signature holds (SNS): the clock fetches the certificate and verifies.

The door keeps them as they came. What a request may reach is an address of SNS itself, over `delivery.net`.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime

from tomei.clock import actions as clock
from tomei.clock.handlers import JobFacts
from tomei.delivery import net
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.signals.actions import receiving
from tomei.signals.actions.bundles import LOOK, Delivery
from tomei.signals.models import Certificate, Received
from tomei.signals.rules import Parsed, cloudwatch, sns

TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """`certificate` is what was fetched for it, by its address; `error` why it is not believed or not understood."""

    parsed: Parsed | None = None
    error: str = ""
    certificate: tuple[str, str] | None = None


def verify(job: JobFacts) -> Verdict | None:
    """Fetch, verify, and confirm a subscription whose signature holds; who does not answer is asked anew."""
    row = Received.objects.filter(pk=job.payload["received_id"], verdict="unverified").first()
    if row is None:
        return None
    fetched = None
    try:
        notice = sns.notice(zlib.decompress(bytes(row.body)))
        known = Certificate.objects.filter(url=notice.certificate_url).values_list("pem", flat=True).first()
        pem = known or _fetch(notice.certificate_url)
        sns.verify(notice, pem.encode(), row.at)
        fetched = None if known else (notice.certificate_url, pem)
        if notice.kind == "SubscriptionConfirmation":
            _confirm(notice.subscribe_url)
        parsed = cloudwatch.parse_message(notice.message) if notice.kind == "Notification" else Parsed()
    except Refused as error:
        detail = ", ".join(f"{name}: {value}" for name, value in error.facts.items())
        return Verdict(error=f"{error.code} {detail}".strip(), certificate=fetched)
    return Verdict(parsed, certificate=fetched)


def _fetch(url: str) -> str:
    answer = net.get(url)
    if answer.status >= 500 or answer.status == 429:
        raise net.Unreachable(f"{url}: {answer.status}")
    if answer.status != 200:
        raise Refused("sns.bad_certificate")
    return answer.body.decode("ascii", "replace")


def _confirm(url: str) -> None:
    answer = net.get(url)
    if answer.status >= 500 or answer.status == 429:
        raise net.Unreachable(f"SNS: {answer.status}")
    if answer.status != 200:
        raise Refused("sns.not_confirmed", status=answer.status)


def settle(job: JobFacts, verdict: Verdict | None, now: datetime) -> None:
    """What is believed now takes the way of every delivery, under the moment at which it came."""
    row = Received.objects.select_related("source").filter(pk=job.payload["received_id"], verdict="unverified").first()
    if row is None or verdict is None:
        return
    if verdict.certificate is not None:
        url, pem = verdict.certificate
        Certificate.objects.get_or_create(url=url, defaults={"pem": pem, "fetched_at": now})
    body = zlib.decompress(bytes(row.body))
    by = Actor("source", row.source.pk, row.source.name)
    delivery = Delivery(row.source, by, row.at, body, row.size, parsed=verdict.parsed, error=verdict.error,
                        is_replay=row.replayed_at is not None)  # fmt: skip
    row.delete()  # the delivery brings a row of its own
    [taken] = receiving.take_in([delivery], now=now)
    if row.replayed_at is not None:
        Received.objects.filter(pk=taken.received_id).update(replayed_at=row.replayed_at)
        clock.schedule(LOOK, due_at=now, key=f"look:{row.source_id}", payload={"source_id": row.source_id}, now=now)
