"""What mail that comes in does to later features: a word on the timeline, a signal, somebody who must know."""

from __future__ import annotations

from typing import Any

from tomei.cases import queries as cases
from tomei.cases import timeline
from tomei.delivery import hooks, queries
from tomei.delivery.inbound import actions as inbound
from tomei.kernel.actor import CLOCK
from tomei.kernel.events import Event
from tomei.kernel.text import Text
from tomei.live import actions as live
from tomei.signals.actions import mailing
from tomei.wiring import pages, sentences

PAGE_EVERY_S = 600  # one page per incident and so long, however many customers reply at once
_REPLIED = Text("顧客からメールの返信がありました", "A customer replied by mail")
_READ_IT = Text(
    "時系列記録にあります。差出人は自称で、確認されていません。電話などで本人に確かめてから答えてください。",
    "It stands on the timeline. The sender is as claimed and unverified: make sure who it is before you answer.",
)


def sources() -> list[hooks.MailSource]:
    return [hooks.MailSource(pk, name) for pk, name in mailing.sources()]


def declared(event: Event) -> None:
    """Somebody wrote: a signal, if its source still takes mail."""
    group_id = mailing.take_mail(event)
    if group_id is not None:
        inbound.declared(event["inbound_id"], group_id)


def replied(event: Event) -> None:
    """The words go to the timeline, inside; whoever speaks for the incident is told that they are there."""
    facts = event.facts
    head = " / ".join(filter(None, (facts["sender"] or "?", facts["subject"])))
    code = "mail.replied" if facts.get("organisation_id") else "mail.reply"
    _write(event, code, f"{head}\n\n{facts['text']}".strip(), inbound_id=event["inbound_id"])
    incident = cases.incident(event["incident_id"])
    holders = cases.holders(incident.id)
    woken = holders.get("communications") or holders.get("commander") or (incident.owner_id,)
    where = sentences.where(incident)
    subject = Text(f"{where}{_REPLIED.ja}", f"{where}{_REPLIED.en}")
    key = f"mail-reply:{incident.id}:{int(event.at.timestamp()) // PAGE_EVERY_S}"
    pages.page(woken, key, incident, subject, _READ_IT, event.at)


def bounced(event: Event) -> None:
    """A customer, or one of us, did not get a message about the incident. Of mere subscribers the outbox tells."""
    facts = event.facts
    if not facts.get("incident_id") or not (facts.get("organisation_id") or facts.get("user_id")):
        return
    message = queries.message(event["message_id"])
    _write(event, "message.bounced", f"{message.to}: {message.last_error}")


def _write(event: Event, code: str, body: str, **data: Any) -> None:
    """An entry inside the house about a message of ours; whose it was stands in it by id, the words in its body."""
    data["message_id"] = event["message_id"]
    if event.facts.get("organisation_id"):
        data["organisation_ids"] = [event["organisation_id"]]
    timeline.add(event["incident_id"], code, by=CLOCK, at=event.at, body=body, **data)


def listed(event: Event) -> None:
    """The list of mail has changed."""
    live.publish("outbox", now=event.at)
