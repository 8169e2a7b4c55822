"""Mail as a sender of signals: who wrote is not known until somebody who signed in has said so."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from tomei.kernel import events, ids
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text
from tomei.signals.actions.bundles import Delivery
from tomei.signals.actions.receiving import take_in
from tomei.signals.models import Group, Source
from tomei.signals.rules import Event, Parsed, shapes
from tomei.signals.rules.mail import MAIL

UNTITLED = Text("（件名なし）", "(no subject)")


def source_of(key: str) -> int | None:
    """The source whose mail door this key opens; found by digest, so that the time it takes says nothing."""
    rows = Source.objects.filter(kind=MAIL, key_digest=ids.digest(key), archived_at=None)
    return rows.values_list("pk", flat=True).first()


def sources() -> list[tuple[int, str]]:
    """The sources that take mail: id and name."""
    return list(Source.objects.filter(kind=MAIL, archived_at=None).order_by("id").values_list("pk", "name"))


def _number(event: events.Event, name: str) -> int:
    return int(event.facts.get(name) or 0)


def heard(event: events.Event) -> None:
    """Listener (`with`) on `mail.taken`: its source was heard from."""
    rows = Source.objects.filter(pk=_number(event, "source_id"))
    rows.update(last_received_at=event.at)
    rows.filter(first_received_at=None).update(first_received_at=event.at)


@transaction.atomic
def take_mail(event: events.Event) -> int | None:
    """A signal of a mail that answers nothing of ours, marked unverified; its group, or None without a source.

    `calls` makes it critical: somebody must look within the policy's triage time. It never declares by itself.
    """
    source = Source.objects.filter(pk=_number(event, "source_id"), kind=MAIL, archived_at=None).first()
    if source is None:
        return None
    delivery = Delivery(source, Actor("source", source.pk, source.name), event.at, b"", 0, parsed=_parsed(event))
    return take_in([delivery], now=event.at)[0].group_ids[0]


def _parsed(event: events.Event) -> Parsed:
    facts = event.facts
    key = f"mail:{event['inbound_id']}"
    labels = {"from": facts["sender"] or "?", "verified": "no"}
    if facts["attachments"]:
        labels["attachments"] = str(facts["attachments"])
    subject = shapes.words(facts["subject"], shapes.TITLE)
    signal = Event(
        status="firing",
        group_key=key,
        fingerprint=key,
        title=subject or UNTITLED.en,
        title_ja=subject or UNTITLED.ja,
        severity="critical" if facts["calls"] else "warning",
        at=event.at,
        url=f"{settings.TOMEI_URL}/mail-in/{event['inbound_id']}/",
        text=shapes.words(facts["text"], shapes.LONG),
        labels={name: shapes.words(value, shapes.VALUE) for name, value in labels.items()},
    )
    return Parsed((signal,))


def confirmed(event: events.Event) -> None:
    """Listener (`with`) on `mail.confirmed`: the group says who vouches for its sender."""
    group = Group.objects.select_for_update(of=("self",)).filter(pk=_number(event, "group_id")).first()
    if group is not None:
        group.labels = {**group.labels, "verified": shapes.words(event["who"], shapes.VALUE) or "yes"}
        group.save(update_fields=["labels"])
