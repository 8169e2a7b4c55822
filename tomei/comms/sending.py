"""Whom an update goes to, and its mails in the outbox. A drill reaches nobody outside the house."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tomei.accounts import queries as accounts
from tomei.cases import queries as cases
from tomei.cases.facts import IncidentFacts
from tomei.comms import mail, notes, queries, views
from tomei.comms.channels import reaching
from tomei.comms.facts import Reached, Recipient, UpdateFacts
from tomei.comms.models import Reach
from tomei.comms.rules import organisation_of
from tomei.comms.subscribers import sending as subscribers
from tomei.customers import queries as customers
from tomei.customers.queries import ContactFacts, OrganisationFacts
from tomei.delivery import bulk as delivery
from tomei.delivery.endpoints import queueing


def organisations_of(incident: IncidentFacts, audiences: Sequence[str], *, everyone: bool = False) -> list[int]:
    """The customers that these audiences mean, whether or not anybody can be written to."""
    affected = queries.affected(incident.id, everyone=everyone)
    if "affected" in audiences or "executives" in audiences:
        return affected
    named = {organisation_of(audience) for audience in audiences}
    return [one for one in affected if one in named]


def reach(incident: IncidentFacts, audiences: Sequence[str], organisation_ids: Sequence[int] | None = None) -> Reached:
    """Everybody who gets it, each address once, and the organisations that nobody can write to."""
    meant = list(organisations_of(incident, audiences) if organisation_ids is None else organisation_ids)
    outside = [] if incident.drill else _outside(incident, meant, audiences)
    inside = _insiders(incident) if "internal" in audiences or incident.drill else []
    if "executives" in audiences and not incident.drill:
        inside += _sponsor(incident)
    reached = {one.organisation_id for one in outside}
    deaf = [] if incident.drill else [one for one in meant if one not in reached and _is_meant(one, audiences)]
    return Reached(tuple(_once([*outside, *inside])), tuple(meant), tuple(deaf))


def _is_meant(organisation_id: int, audiences: Sequence[str]) -> bool:
    return "affected" in audiences or f"customer:{organisation_id}" in audiences


def _outside(incident: IncidentFacts, meant: Sequence[int], audiences: Sequence[str]) -> list[Recipient]:
    """By mail and by the channels of contracts; what is restricted stays with the people who were chosen."""
    mails = _contacts(meant, audiences)
    if incident.restricted or not meant:
        return mails
    return reaching.spread(mails, customers.organisations(meant), audiences)


def _contacts(organisation_ids: Sequence[int], audiences: Sequence[str]) -> list[Recipient]:
    known = customers.organisations(organisation_ids)
    found = []
    for contact in customers.update_contacts(organisation_ids):
        standing = _standing(contact, audiences)
        if standing and contact.mail and contact.organisation_id in known:
            found.append(_recipient(contact, known[contact.organisation_id], standing))
    return found


def _standing(contact: ContactFacts, audiences: Sequence[str]) -> str:
    """As whom a contact reads it: an executive gets the summary where executives were chosen."""
    if contact.is_executive and "executives" in audiences:
        return "executives"
    own = f"customer:{contact.organisation_id}"
    return own if own in audiences else "affected" if "affected" in audiences else ""


def _recipient(contact: ContactFacts, organisation: OrganisationFacts, standing: str) -> Recipient:
    return Recipient(
        f"contact:{contact.id}", contact.mail, contact.language, organisation.zone, standing, organisation.id
    )


def _insiders(incident: IncidentFacts) -> list[Recipient]:
    """Role holders and the owner; of an open incident also the product's team."""
    ids = {user_id for users in cases.holders(incident.id).values() for user_id in users}
    if incident.owner_id is not None:
        ids.add(incident.owner_id)
    if incident.product_id is not None and not incident.restricted:
        team_id = customers.product(incident.product_id).team_id
        ids |= set(accounts.team(team_id).member_ids) if team_id is not None else set()
    return _people(ids, "internal")


def _sponsor(incident: IncidentFacts) -> list[Recipient]:
    if incident.product_id is None:
        return []
    sponsor_id = customers.product(incident.product_id).sponsor_id
    return _people([sponsor_id] if sponsor_id is not None else [], "executives")


def _people(user_ids: Iterable[int], standing: str) -> list[Recipient]:
    return [
        Recipient(f"user:{one.id}", one.email, one.language, one.zone, standing, user_id=one.id)
        for one in accounts.people(user_ids).values()
        if one.is_active and one.email
    ]


def _once(found: Sequence[Recipient]) -> list[Recipient]:
    seen: dict[str, Recipient] = {}
    for one in found:
        seen.setdefault(one.mail.lower() or one.key, one)
    return list(seen.values())


def queue(update: UpdateFacts, incident: IncidentFacts, reached: Reached, *, now: datetime) -> int:
    """One message per recipient, by key, so that nobody gets two; the rows of who is to be reached; subscribers."""
    _post(update, incident, reached.recipients, customers.organisations(reached.organisation_ids), now)
    _expect(update, incident, reached)
    subscribers.begin(update, incident, now=now)
    return len(reached.recipients)


def queue_by_mail(
    update: UpdateFacts, incident: IncidentFacts, organisation_id: int, *, only: str = "", now: datetime
) -> None:
    """The update as mails to the contacts of one organisation, or to one of them, when a channel did not deliver."""
    mails = _contacts([organisation_id], update.audiences)
    wanted = [one for one in mails if not only or one.key == only]
    _post(update, incident, wanted, customers.organisations([organisation_id]), now)


def _post(
    update: UpdateFacts, incident: IncidentFacts, recipients: Sequence[Recipient],
    known: Mapping[int, OrganisationFacts], now: datetime,
) -> None:  # fmt: skip
    """Write the words once for all who read them alike, and queue a mail or a POST for each."""
    house = customers.ours().name
    numbers = queries.numbers_of([update.corrects_id]) if update.corrects_id else {}
    seen: dict[tuple[str, str, str, int | None], views.CustomerView] = {}
    written: dict[tuple[str, str, str, int | None], mail.Mail] = {}
    mails, hooks = [], []
    for one in recipients:
        reader = (one.view, one.language, one.zone, one.organisation_id)
        if reader not in seen:
            seen[reader] = views.view(
                update, incident, audience=one.view, organisation=known.get(one.organisation_id or 0),
                language=one.language, zone=one.zone, numbers=numbers,
            )  # fmt: skip
        if one.endpoint_id is not None:
            hooks.append(_hook(update, one, one.endpoint_id, seen[reader]))
            continue
        if reader not in written:
            written[reader] = mail.render(seen[reader], house=house.said_in(one.language))
        mails.append(_mail(update, one, written[reader]))
    about = f"update:{update.id}"
    delivery.queue_mails(mails, purpose="update", rank=incident.rank, now=now, incident_id=incident.id, about=about)
    queueing.queue(hooks, purpose="update", rank=incident.rank, now=now, incident_id=incident.id)


def _hook(update: UpdateFacts, one: Recipient, endpoint_id: int, view: views.CustomerView) -> queueing.HookIn:
    data = notes.note(view)
    if one.kind == "webhook":
        data = queueing.event("update.published", notes.payload(view), update.published_at)
    return queueing.HookIn(
        endpoint_id, one.kind, one.hint, f"update:{update.id}:{one.key}", notes.title(view, view.language), data,
        about=f"update:{update.id}", organisation_id=one.organisation_id,
    )  # fmt: skip


def _mail(update: UpdateFacts, one: Recipient, said: mail.Mail) -> delivery.MailIn:
    return delivery.MailIn(
        to=one.mail, subject=said.subject, text=said.text, html=said.html, headers=said.headers,
        key=f"update:{update.id}:{one.key}", organisation_id=one.organisation_id, user_id=one.user_id,
        file_ids=said.file_ids,
    )  # fmt: skip


def _expect(update: UpdateFacts, incident: IncidentFacts, reached: Reached) -> None:
    """A row per organisation; those without a channel are there too, with no message, and never reached."""
    counts = dict.fromkeys(reached.without_channel, 0)
    for one in reached.recipients:
        if one.organisation_id is not None:
            counts[one.organisation_id] = counts.get(one.organisation_id, 0) + 1
    Reach.objects.bulk_create(
        [Reach(update_id=update.id, organisation_id=pk, messages=count) for pk, count in sorted(counts.items())],
        ignore_conflicts=True,
    )


def narrowed(reached: Reached, organisation_ids: Iterable[int]) -> Reached:
    """The same, but only these organisations and our own people."""
    wanted = set(organisation_ids)
    return replace(
        reached,
        recipients=tuple(
            one for one in reached.recipients if one.organisation_id is None or one.organisation_id in wanted
        ),
        organisation_ids=tuple(one for one in reached.organisation_ids if one in wanted),
        without_channel=tuple(one for one in reached.without_channel if one in wanted),
    )
