"""Clock handler `delivery.send`: talk to the channel outside any transaction, then settle what it said in one.

Killed between the two, the lease runs out and the message goes once more, with the same `Message-ID` or
`Idempotency-Key`: at least once, and recognisable.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from tomei.accounts import vault
from tomei.clock.handlers import JobFacts
from tomei.delivery import hold, jobs, mail, net, rules, server, slack_app, smtp, webhooks
from tomei.delivery.actions import suppress
from tomei.delivery.endpoints import health, posting
from tomei.delivery.inbound import returns
from tomei.delivery.models import Message, Suppression
from tomei.kernel import events, time
from tomei.kernel.errors import Refused

TIMEOUT_S = 60.0  # the lease: longer than every time-out of a sending together

LASTING = frozenset(
    {"delivery.private_address", "delivery.bad_url", "delivery.no_topic", "endpoint.removed", "endpoint.off"}
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`said`: accepted, temporary, permanent, unconfigured, held, nothing (gone or done already)."""

    said: str
    detail: str = ""
    after_s: int = 0  # what the channel asked us to wait
    unknown_recipient: bool = False
    answer: str = ""  # of an endpoint: status and the beginning of what it said
    gone: bool = False  # the endpoint will never take anything again


def do(job: JobFacts) -> Outcome:
    """Send the message of this job, or say why not. No transaction is open here."""
    row = Message.objects.filter(pk=job.payload["message"]).first()
    if row is None or row.state != "waiting":
        return Outcome("nothing")
    if hold.on():
        return Outcome("held")
    try:
        return _mail(row) if row.channel == "mail" else _webhook(row)
    except Refused as error:
        # A setting that cannot be read is mended by a person; an address that is not allowed stays so.
        lasting = error.code in LASTING
        return Outcome("permanent" if lasting else "temporary", str(error)[:300])


def _mail(row: Message) -> Outcome:
    if row.purpose in rules.OBEY_SUPPRESSION:
        why = Suppression.objects.filter(address=row.address.lower()).values_list("reason", flat=True).first()
        if why is not None:
            return Outcome("permanent", f"suppressed: {why}")
    where = server.or_demo()
    if where is None:
        return Outcome("unconfigured", "no mail server is set")
    if not where.host:
        mail.render(row, where)  # a mail that could not be rendered must fail here as it would outside
        return Outcome("accepted", server.DEMO_MAILBOX)
    try:
        envelope = returns.address(where.bounces, row.pk)
        smtp.send(where, to=row.address, mail=mail.render(row, where), sender=envelope)
    except smtp.Permanent as error:
        return Outcome("permanent", str(error), unknown_recipient=error.unknown_recipient)
    except smtp.Temporary as error:
        return Outcome("temporary", str(error))
    return Outcome("accepted", where.host)


def _webhook(row: Message) -> Outcome:
    if row.template == slack_app.TEMPLATE:
        return _slack_app(row)
    if row.endpoint_id is not None or row.template == "event":
        return _endpoint(row)
    address = json.loads(vault.open(row.address))
    note = webhooks.Note.of(row.data, key=row.key, purpose=row.purpose, rank=row.rank)
    post = webhooks.render(
        row.template, note, url=address["url"], secret=address["secret"], key=row.key, now=time.now()
    )
    try:
        answer = net.post(post.url, post.body, headers=post.headers)
    except net.Unreachable as error:
        return Outcome("temporary", str(error)[:300])
    return _judge(answer, row.address_hint)


def _endpoint(row: Message) -> Outcome:
    post = posting.post(row, time.now())
    try:
        answer = net.post(post.url, post.body, headers=post.headers)
    except net.Unreachable as error:
        return Outcome("temporary", str(error)[:300])
    if posting.asks_to_wait(row, answer):
        return Outcome("temporary", posting.said(answer), answer=posting.said(answer))
    judged = _judge(answer, row.address_hint)
    return replace(judged, answer=posting.said(answer), gone=posting.is_gone(row, answer))


def _slack_app(row: Message) -> Outcome:
    post = slack_app.post(row)
    try:
        answer = net.post(post.url, post.body, headers=post.headers)
    except net.Unreachable as error:
        return Outcome("temporary", str(error)[:300])
    error_said = slack_app.error_in(answer)
    if 200 <= answer.status < 300 and error_said:
        return Outcome("temporary" if error_said in slack_app.PASSING else "permanent", error_said)
    return _judge(answer, row.address_hint)


def _judge(answer: net.Answer, host: str) -> Outcome:
    """2xx is accepted; 408, 425, 429 and 5xx are worth another try; a redirect or another 4xx never is."""
    if 200 <= answer.status < 300:
        return Outcome("accepted", host)
    said = f"{answer.status} {' '.join(answer.body[:200].decode('utf-8', 'replace').split())}"
    if answer.status in (408, 425, 429) or answer.status >= 500:
        asked = answer.headers.get("retry-after", "")
        return Outcome("temporary", said, after_s=min(int(asked), 3600) if asked.isdecimal() and len(asked) < 9 else 0)
    return Outcome("permanent", said)


@transaction.atomic(savepoint=False)
def settle(job: JobFacts, outcome: Outcome, now: datetime) -> None:
    """Write what the channel said. What somebody dropped or another clock settled stays as it is."""
    row = Message.objects.filter(pk=job.payload["message"]).first()
    if row is None or outcome.said == "nothing":
        return
    if outcome.said == "held":
        Message.objects.filter(pk=row.pk, state="waiting").update(state="held", next_try_at=None)
    elif outcome.said == "unconfigured":
        _wait(row, now + rules.UNCONFIGURED, now, attempts=row.attempts, last_error=outcome.detail)
    elif outcome.said == "accepted":
        _accepted(row, outcome, now)
    else:
        _not_accepted(row, outcome, now)


def _wait(row: Message, due_at: datetime, now: datetime, **columns: object) -> None:
    if Message.objects.filter(pk=row.pk, state="waiting").update(next_try_at=due_at, **columns):
        jobs.send(row.pk, rank=row.rank, due_at=due_at, now=now)


def _accepted(row: Message, outcome: Outcome, now: datetime) -> None:
    # Sent is sent, even when somebody began a hold or dropped it while the server was saying yes.
    first = Message.objects.filter(pk=row.pk).exclude(state="sent").update(
        state="sent", accepted_at=now, via=outcome.detail[:200], attempts=row.attempts + 1, next_try_at=None,
        ended_at=None, last_error="", answer=outcome.answer,
    )  # fmt: skip
    if first:
        if row.endpoint_id is not None:
            health.accepted(row.endpoint_id, now)
        tell("message.accepted", row, now)


def _not_accepted(row: Message, outcome: Outcome, now: datetime) -> None:
    attempts, began = row.attempts + 1, row.tried_from or now
    columns = {
        "attempts": attempts, "tried_from": began, "last_error": outcome.detail[:500], "answer": outcome.answer,
    }  # fmt: skip
    if row.endpoint_id is not None:
        health.failed(row.endpoint_id, outcome.detail, gone=outcome.gone, now=now)
    due = rules.next_try(attempts, tried_from=began, now=now) if outcome.said == "temporary" else None
    if due is not None:
        _wait(row, max(due, now + timedelta(seconds=outcome.after_s)), now, **columns)
        return
    if Message.objects.filter(pk=row.pk, state="waiting").update(
        state="failed", ended_at=now, next_try_at=None, **columns
    ):
        if outcome.unknown_recipient and row.purpose in rules.OBEY_SUPPRESSION:
            suppress(row.address, reason=outcome.detail, now=now)
        tell("message.failed", row, now)


def tell(name: str, row: Message, now: datetime) -> None:
    """What became of this message, told to who listens."""
    events.emit(
        name,
        now=now,
        message_id=row.pk,
        purpose=row.purpose,
        about=row.about,
        organisation_id=row.organisation_id,
        incident_id=row.incident_id,
        promise_id=row.promise_id,
        user_id=row.user_id,
        endpoint_id=row.endpoint_id,
    )
