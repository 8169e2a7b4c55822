"""A public update to its subscribers: the clock queues it in slices, so that who publishes waits for none of them.

Reading and rendering a slice happen outside any transaction; only the rows are written in one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tomei.cases import queries as cases
from tomei.cases.facts import IncidentFacts
from tomei.clock import actions as clock
from tomei.clock.handlers import JobFacts
from tomei.comms import notes, queries, rules, views
from tomei.comms.facts import UpdateFacts
from tomei.comms.mail import Mail
from tomei.comms.models import Subscriber
from tomei.comms.subscribers import mail
from tomei.comms.subscribers.facts import about, facts
from tomei.comms.subscribers.rules import KEPT, concerns
from tomei.customers import queries as customers
from tomei.delivery import bulk as delivery
from tomei.delivery import queries as delivered
from tomei.delivery.endpoints import queries as endpoints
from tomei.delivery.endpoints import queueing
from tomei.delivery.endpoints.facts import EndpointFacts
from tomei.kernel.text import LANGUAGES

NOTIFY, FORGET, PRUNE = "comms.notify", "comms.forget_notices", "comms.prune_subscriptions"
SLICE = 100  # 200 held the write lock for 44 ms, at worst 60
RANK = 7  # behind every page and every notice under a contract
TIMEOUT_S = 60.0


def begin(update: UpdateFacts, incident: IncidentFacts, *, now: datetime) -> None:
    """One row: the clock tells the subscribers. Of drills and of what is restricted they never hear."""
    if "public" not in update.audiences or incident.drill or incident.restricted:
        return
    if Subscriber.objects.exists():
        _next(update.id, 0, now)
        clock.schedule(
            FORGET, due_at=now + KEPT, key=f"notices:{update.id}", rank=RANK, payload={"update": update.id}, now=now
        )


def _next(update_id: int, after: int, now: datetime) -> None:
    payload = {"update": update_id, "after": after}
    clock.schedule(NOTIFY, due_at=now, key=f"notify:{update_id}:{after}", rank=RANK, payload=payload, now=now)


@dataclass(frozen=True, slots=True)
class Slice:
    """Mails that are ready to be queued, and the subscriber after whom the next slice begins; 0 at the end."""

    update_id: int
    incident_id: int
    mails: tuple[delivery.MailIn, ...] = ()
    after: int = 0
    hooks: tuple[queueing.HookIn, ...] = ()


def do(job: JobFacts) -> Slice:
    """Read some hundred subscribers and write their mails; nothing is kept yet."""
    update = queries.update(int(job.payload["update"]))
    incident = cases.incident(update.incident_id)
    rows = list(
        Subscriber.objects.filter(pk__gt=int(job.payload["after"]), confirmed_at__lte=update.published_at)
        .order_by("pk")[:SLICE]
    )  # fmt: skip
    after = rows[-1].pk if len(rows) == SLICE else 0
    if incident.restricted or incident.drill:  # became so after it was published
        return Slice(update.id, incident.id)
    wanted = _wanted(rows, update)
    seen = _views(update, incident, {row.language for row in wanted})
    house = customers.ours().name
    said = {language: mail.update(view, house=house.said_in(language)) for language, view in seen.items()}
    mails = tuple(_mail(update, row, said[row.language]) for row in wanted if row.channel == "mail")
    return Slice(update.id, incident.id, mails, after, _hooks(update, [one for one in wanted if one.endpoint_id], seen))


def _wanted(rows: Sequence[Subscriber], update: UpdateFacts) -> list[Subscriber]:
    """Whom it concerns, in whose language it is news, and who has not got it as one of our customers."""
    hurt = {one.component_id for one in cases.components_of(update.incident_id)}
    wanted = [row for row in rows if concerns(row.components, hurt)]
    if update.kind == "translation":
        before = queries.update(update.corrects_id or 0)
        wanted = [row for row in wanted if row.language == rules.missing_language(before.languages)]
    addresses = [row.lower for row in wanted]
    skipped = delivered.suppressed_among(addresses) | delivered.addressed(f"update:{update.id}")
    return [row for row in wanted if row.lower not in skipped]


def _views(update: UpdateFacts, incident: IncidentFacts, languages: set[str]) -> dict[str, views.CustomerView]:
    """What is said once per language, in the zone of the house."""
    house = customers.ours()
    numbers = queries.numbers_of([update.corrects_id]) if update.corrects_id else {}
    return {
        language: views.view(update, incident, audience="public", language=language, zone=house.zone, numbers=numbers)
        for language in LANGUAGES
        if language in languages
    }


def _hooks(
    update: UpdateFacts, rows: Sequence[Subscriber], seen: Mapping[str, views.CustomerView]
) -> tuple[queueing.HookIn, ...]:
    """For every address that still takes something: a signed payload or a note, each with its own way out."""
    known = endpoints.known(row.endpoint_id for row in rows if row.endpoint_id is not None)
    return tuple(
        _hook(update, row, known[row.endpoint_id], seen[row.language])
        for row in rows
        if row.endpoint_id is not None and row.endpoint_id in known and known[row.endpoint_id].is_on
    )


def _hook(update: UpdateFacts, row: Subscriber, to: EndpointFacts, view: views.CustomerView) -> queueing.HookIn:
    own = facts(row).url
    if to.kind == "webhook":
        way_out = {"subscription": {"manage_url": own, "unsubscribe_url": f"{own}unsubscribe/"}}
        data = queueing.event("update.published", notes.payload(view) | way_out, update.published_at)
    else:
        data = notes.note(view, links=[(mail.CHANGE.said_in(view.language), own)])
    return queueing.HookIn(
        to.id, to.kind, to.hint, f"notice:{update.id}:{row.pk}", notes.title(view, view.language), data, about(row.pk)
    )


def _mail(update: UpdateFacts, row: Subscriber, said: Mail) -> delivery.MailIn:
    own = mail.personal(said, facts(row).url)
    return delivery.MailIn(
        to=row.address, subject=own.subject, text=own.text, html=own.html, headers=own.headers,
        key=f"notice:{update.id}:{row.pk}", about=about(row.pk),
    )  # fmt: skip


def settle(job: JobFacts, found: Slice, now: datetime) -> None:
    """Queue this slice and let the next follow; by their keys nobody gets it twice. Who left meanwhile gets none."""
    here = _here([one.about for one in found.mails] + [one.about for one in found.hooks])
    mails = [one for one in found.mails if one.about in here]
    hooks = [one for one in found.hooks if one.about in here]
    delivery.queue_mails(mails, purpose="notice", rank=RANK, now=now, incident_id=found.incident_id)
    queueing.queue(hooks, purpose="notice", rank=RANK, now=now, incident_id=found.incident_id)
    if found.after:
        _next(found.update_id, found.after, now)


def _here(abouts: Sequence[str]) -> set[str]:
    """Those of them whose subscriber is still there."""
    wanted = [int(one.partition(":")[2]) for one in abouts]
    return {about(pk) for pk in Subscriber.objects.filter(pk__in=wanted).values_list("pk", flat=True)}


def forget(jobs: Sequence[JobFacts], now: datetime) -> None:
    """Clock effect: a week after an update its mails to subscribers are erased, some hundred at a time."""
    for job in jobs:
        update = queries.update(int(job.payload["update"]))
        if delivery.forget(update.incident_id, f"notice:{update.id}:", most=SLICE):
            clock.schedule(
                FORGET, due_at=now + timedelta(seconds=1), key=f"notices:{update.id}", rank=RANK,
                payload={"update": update.id}, now=now,
            )  # fmt: skip
