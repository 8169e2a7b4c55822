"""A notice to the customers it concerns, at once, and to the subscribers of the page, by the clock in slices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tomei.clock import actions as clock
from tomei.clock.handlers import JobFacts
from tomei.comms.channels import reaching
from tomei.comms.facts import Recipient
from tomei.comms.mail import Mail
from tomei.comms.maintenance import mail, notes, queries, view
from tomei.comms.maintenance.facts import MaintenanceFacts, NoticeFacts
from tomei.comms.models import Subscriber
from tomei.comms.subscribers import mail as subscriber_mail
from tomei.comms.subscribers import sending as subscribers
from tomei.comms.subscribers.facts import about, facts
from tomei.comms.subscribers.rules import KEPT, concerns
from tomei.customers import queries as customers
from tomei.delivery import bulk as delivery
from tomei.delivery import queries as delivered
from tomei.delivery.endpoints import queries as endpoints
from tomei.delivery.endpoints import queueing

NOTIFY, FORGET = "comms.notify_maintenance", "comms.forget_maintenance"
RANK = 6  # behind every incident's words, before those to subscribers


def queue(notice: NoticeFacts, one: MaintenanceFacts, *, now: datetime, only: str = "") -> int:
    """To whom it concerns, by mail and by the channels of their contracts; `only` narrows it to readers of one
    language (a translation)."""
    found = [to for to in reach(one) if only in ("", to.language)]
    _queue(notice, one, found, only, now)
    if "public" in one.audiences and Subscriber.objects.exists():
        _next(notice.id, 0, only, now)
        key = f"maintenance-notices:{notice.id}"
        clock.schedule(FORGET, due_at=now + KEPT, key=key, rank=RANK, payload={"notice": notice.id}, now=now)
    return len(found)


def reach(one: MaintenanceFacts, *, channels: bool = True) -> list[Recipient]:
    """The contacts of whom it concerns, and the channels that stand beside or for them."""
    known = customers.organisations(one.organisation_ids) if "affected" in one.audiences else {}
    mails = [
        Recipient(f"contact:{contact.id}", contact.mail, contact.language, known[contact.organisation_id].zone,
                  "affected", contact.organisation_id)
        for contact in customers.update_contacts(known) if contact.mail
    ]  # fmt: skip
    return reaching.spread(mails, known, ["affected"]) if known and channels else mails


def queue_by_mail(notice_id: int, organisation_id: int, *, only: str = "", now: datetime) -> None:
    """What a channel could not deliver, to the contacts of this organisation (or one of them), each once."""
    notice = queries.notice(notice_id)
    one = queries.one(notice.maintenance_id)
    found = [to for to in reach(one, channels=False) if to.organisation_id == organisation_id]
    _queue(notice, one, [to for to in found if only in ("", to.key)], "", now)


def _queue(notice: NoticeFacts, one: MaintenanceFacts, found: Sequence[Recipient], only: str, now: datetime) -> None:
    said: dict[tuple[str, str], Mail] = {}
    mails, hooks = [], []
    for to in found:
        if to.endpoint_id is not None:
            hooks.append(_hook(notice, one, to, only))
            continue
        reader = (to.language, to.zone)
        if reader not in said:
            said[reader] = _render(notice, one, *reader)
        mails.append(_mail(notice, to.mail, said[reader], to.key, only, to.organisation_id or 0))
    delivery.queue_mails(mails, purpose="notice", rank=RANK, now=now, about=f"notice:{notice.id}")
    queueing.queue(hooks, purpose="notice", rank=RANK, now=now)


def _hook(notice: NoticeFacts, one: MaintenanceFacts, to: Recipient, only: str) -> queueing.HookIn:
    assert to.endpoint_id is not None  # asked before
    data = _data(notice, one, to.kind, to.language, to.zone)
    return queueing.HookIn(
        to.endpoint_id, to.kind, to.hint, f"maintenance:{notice.id}{only and f':{only}'}:{to.key}",
        notes.title(view.of(one, [notice]), view.notice(notice), to.language), data, f"notice:{notice.id}",
        to.organisation_id,
    )  # fmt: skip


def _data(
    notice: NoticeFacts, one: MaintenanceFacts, kind: str, language: str, zone: str, way_out: str = ""
) -> dict[str, Any]:
    """What an endpoint of this kind takes; `way_out` is the address under which a subscription is changed."""
    seen, told, public = view.of(one, [notice]), view.notice(notice), "public" in one.audiences
    if kind == "webhook":
        own = {"subscription": {"manage_url": way_out, "unsubscribe_url": f"{way_out}unsubscribe/"}} if way_out else {}
        return queueing.event(notes.TOLD, notes.payload(seen, told, public=public) | own, notice.published_at)
    names = {pk: part.name for pk, part in customers.components(one.component_ids).items()}
    links = [(subscriber_mail.CHANGE.said_in(language), way_out)] if way_out else []
    return notes.note(seen, told, names=names, language=language, zone=zone, public=public, links=links)


def _render(notice: NoticeFacts, one: MaintenanceFacts, language: str, zone: str, ending: mail.Ending = ()) -> Mail:
    names = {pk: part.name for pk, part in customers.components(one.component_ids).items()}
    return mail.render(
        view.of(one, [notice]), view.notice(notice), names=names, house=customers.ours().name.said_in(language),
        language=language, zone=zone, public="public" in one.audiences, ending=ending,
    )  # fmt: skip


def _mail(notice: NoticeFacts, to: str, said: Mail, who: str, only: str, organisation_id: int) -> delivery.MailIn:
    return delivery.MailIn(
        to=to, subject=said.subject, text=said.text, html=said.html, headers=said.headers,
        key=f"maintenance:{notice.id}{only and f':{only}'}:{who}", organisation_id=organisation_id,
    )  # fmt: skip


def _next(notice_id: int, after: int, only: str, now: datetime) -> None:
    payload = {"notice": notice_id, "after": after, "only": only}
    key = f"notify-maintenance:{notice_id}:{only}:{after}"
    clock.schedule(NOTIFY, due_at=now, key=key, rank=subscribers.RANK, payload=payload, now=now)


@dataclass(frozen=True, slots=True)
class Slice:
    """Mails that are ready to be queued, and the subscriber after whom the next slice begins; 0 at the end."""

    notice_id: int
    only: str
    mails: tuple[delivery.MailIn, ...] = ()
    after: int = 0
    hooks: tuple[queueing.HookIn, ...] = ()


def do(job: JobFacts) -> Slice:
    """Read some hundred subscribers and write their mails; nothing is kept yet."""
    notice, only = queries.notice(int(job.payload["notice"])), str(job.payload.get("only", ""))
    one = queries.one(notice.maintenance_id)
    rows = list(
        Subscriber.objects.filter(pk__gt=int(job.payload["after"]), confirmed_at__lte=notice.published_at)
        .order_by("pk")[: subscribers.SLICE]
    )  # fmt: skip
    after = rows[-1].pk if len(rows) == subscribers.SLICE else 0
    wanted = [row for row in rows if concerns(row.components, one.component_ids) and only in ("", row.language)]
    skipped = delivered.suppressed_among([row.lower for row in wanted]) | delivered.addressed(f"notice:{notice.id}")
    by_mail = [row for row in wanted if row.channel == "mail" and row.lower not in skipped]
    said = {language: _to_all(notice, one, language) for language in {row.language for row in by_mail}}
    mails = tuple(_personal(notice, row, said[row.language], only) for row in by_mail)
    return Slice(notice.id, only, mails, after, _posts(notice, one, wanted, only))


def _posts(
    notice: NoticeFacts, one: MaintenanceFacts, rows: Sequence[Subscriber], only: str
) -> tuple[queueing.HookIn, ...]:
    """For every address that still takes something: a signed payload or a note, each with its own way out."""
    known = endpoints.known(row.endpoint_id for row in rows if row.endpoint_id is not None)
    zone, seen, told = customers.ours().zone, view.of(one, [notice]), view.notice(notice)
    return tuple(
        queueing.HookIn(
            to.id, to.kind, to.hint, f"maintenance:{notice.id}{only and f':{only}'}:subscriber:{row.pk}",
            notes.title(seen, told, row.language), _data(notice, one, to.kind, row.language, zone, facts(row).url),
            about(row.pk),
        )
        for row in rows
        if row.endpoint_id is not None and (to := known.get(row.endpoint_id)) is not None and to.is_on
    )  # fmt: skip


def _to_all(notice: NoticeFacts, one: MaintenanceFacts, language: str) -> Mail:
    return _render(notice, one, language, customers.ours().zone, subscriber_mail.ending(language))


def _personal(notice: NoticeFacts, row: Subscriber, said: Mail, only: str) -> delivery.MailIn:
    own = subscriber_mail.personal(said, facts(row).url)
    return delivery.MailIn(
        to=row.address, subject=own.subject, text=own.text, html=own.html, headers=own.headers,
        key=f"maintenance:{notice.id}{only and f':{only}'}:subscriber:{row.pk}", about=about(row.pk),
    )  # fmt: skip


def settle(job: JobFacts, found: Slice, now: datetime) -> None:
    """Queue this slice and let the next follow; by their keys nobody gets it twice. Who left meanwhile gets none."""
    abouts = [one.about for one in found.mails] + [one.about for one in found.hooks]
    ids = [int(one.partition(":")[2]) for one in abouts]
    here = {about(pk) for pk in Subscriber.objects.filter(pk__in=ids).values_list("pk", flat=True)}
    mails = [one for one in found.mails if one.about in here]
    delivery.queue_mails(mails, purpose="notice", rank=subscribers.RANK, now=now)
    hooks = [one for one in found.hooks if one.about in here]
    queueing.queue(hooks, purpose="notice", rank=subscribers.RANK, now=now)
    if found.after:
        _next(found.notice_id, found.after, found.only, now)


def forget(jobs: Sequence[JobFacts], now: datetime) -> None:
    """Clock effect: a week after a notice its mails to subscribers are erased, some hundred at a time."""
    for job in jobs:
        notice_id = int(job.payload["notice"])
        if delivery.forget(None, f"maintenance:{notice_id}:subscriber:", most=subscribers.SLICE):
            clock.schedule(
                FORGET, due_at=now + timedelta(seconds=1), key=f"maintenance-notices:{notice_id}", rank=RANK,
                payload={"notice": notice_id}, now=now,
            )  # fmt: skip
