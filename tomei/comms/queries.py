"""Updates, drafts and reach as facts; what the rules must know before a word goes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from tomei.accounts import settings
from tomei.cases import queries as cases
from tomei.comms.facts import Attached, DraftFacts, ReachFacts, UpdateFacts
from tomei.comms.guards import Facts as GuardFacts
from tomei.comms.guards import check
from tomei.comms.models import Draft, Reach, Update
from tomei.comms.rules import Estimate, body_of
from tomei.comms.rules.audiences import OUTSIDE
from tomei.customers import queries as customers
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import LANGUAGES, Text

PAGE = 50
WORDS = "guards.words"


@dataclass(frozen=True, slots=True)
class Page:
    """`next` continues after the last item; empty at the end."""

    items: list[UpdateFacts]
    next: str = ""


def facts_of(row: Update) -> UpdateFacts:
    return UpdateFacts(
        id=row.pk, incident_id=row.incident_id, number=row.number, kind=row.kind, state=row.state,
        severity=row.severity, parts={name: Text.of(text) for name, text in row.parts.items()},
        languages=tuple(row.languages), audiences=tuple(row.audiences), next_at=row.next_at,
        report_due_at=row.report_due_at, estimate=Estimate.of(row.estimate), corrects_id=row.corrects_id,
        corrected_by_id=row.corrected_by_id, overruled=tuple(row.overruled), unapproved=row.unapproved,
        author_id=row.author_id, author_name=row.author_name, published_at=row.published_at, head=row.head,
        translation_due_at=row.translation_due_at, files=tuple(Attached(**one) for one in row.files),
        drafted_by_id=row.drafted_by_id, approved_by_id=row.approved_by_id, approved_by_name=row.approved_by_name,
        template=row.template, automatic=row.automatic, looked_by_id=row.looked_by_id, looked_at=row.looked_at,
    )  # fmt: skip


def update(update_id: int) -> UpdateFacts:
    """For other features' rules, whoever asks; `Missing` when there is none."""
    row = Update.objects.filter(pk=update_id).first()
    if row is None:
        raise Missing(f"update {update_id}")
    return facts_of(row)


def updates(update_ids: Iterable[int]) -> dict[int, UpdateFacts]:
    """By id, whoever asks; unknown ids are left out."""
    return {row.pk: facts_of(row) for row in Update.objects.filter(pk__in=set(update_ids))}


def by_number(incident_id: int, number: int) -> UpdateFacts:
    """Update 3 of an incident that the reader may see; `Missing` when there is none."""
    row = Update.objects.filter(incident=incident_id, number=number).first()
    if row is None:
        raise Missing(f"update {number}")
    return facts_of(row)


def of_incident(incident_id: int, *, limit: int = 500) -> list[UpdateFacts]:
    """Every update of an incident, newest first."""
    return [facts_of(row) for row in Update.objects.filter(incident=incident_id).order_by("-number")[:limit]]


def page(incident_id: int, *, after: str = "", limit: int = PAGE) -> Page:
    """One page, newest first; `after` is the number of the last one seen. Refuses `list.unreadable_cursor`."""
    rows = Update.objects.filter(incident=incident_id)
    if after:
        if not after.isascii() or not after.isdigit() or len(after) > 9:
            raise Refused("list.unreadable_cursor", cursor=after[:40])
        rows = rows.filter(number__lt=int(after))
    found = [facts_of(row) for row in rows.order_by("-number")[: limit + 1]]
    return Page(found[:limit], str(found[limit - 1].number) if len(found) > limit else "")


def numbers_of(update_ids: Iterable[int]) -> dict[int, int]:
    """Id to number, for "corrects update 3"."""
    return dict(Update.objects.filter(pk__in=set(update_ids)).values_list("pk", "number"))


def latest(incident_id: int) -> UpdateFacts | None:
    row = Update.objects.filter(incident=incident_id).order_by("-number").first()
    return facts_of(row) if row else None


def of_incidents(incident_ids: Iterable[int]) -> dict[int, list[UpdateFacts]]:
    """Every update of these incidents, newest first, in one query; whose they are to read is decided by the caller."""
    found: dict[int, list[UpdateFacts]] = {}
    for row in Update.objects.filter(incident__in=set(incident_ids)).order_by("incident_id", "-number"):
        found.setdefault(row.incident_id, []).append(facts_of(row))
    return found


def public_of(incident_ids: Iterable[int]) -> dict[int, list[UpdateFacts]]:
    """Updates whose audience holds `public`, newest first, by incident: the only rows that the status page sees."""
    found: dict[int, list[UpdateFacts]] = {}
    for row in Update.objects.filter(incident__in=set(incident_ids)).order_by("incident_id", "-number"):
        if "public" in row.audiences:
            found.setdefault(row.incident_id, []).append(facts_of(row))
    return found


def is_published(about: str) -> bool:
    """Does `update:5` stand on the status page now: told to the public, not replaced, no drill, not restricted?"""
    prefix, _, number = about.partition(":")
    row = Update.objects.filter(pk=int(number)).first() if prefix == "update" else None
    if row is None or "public" not in row.audiences or row.corrected_by_id is not None:
        return False
    incident = cases.incident(row.incident_id)
    return not incident.drill and not incident.restricted


def told_publicly(*, since: datetime | None = None) -> list[int]:
    """Incidents that the public was told of, by the id of their newest public update, newest first."""
    rows = Update.objects.all() if since is None else Update.objects.filter(published_at__gte=since)
    found: dict[int, None] = {}
    for incident_id, audiences in rows.order_by("-id").values_list("incident_id", "audiences"):
        if "public" in audiences:
            found.setdefault(incident_id)
    return list(found)


def told_between(start: datetime, end: datetime) -> list[int]:
    """Incidents with a public update in this stretch of time, newest first."""
    rows = Update.objects.filter(published_at__gte=start, published_at__lt=end).order_by("-id")
    return list(
        dict.fromkeys(pk for pk, audiences in rows.values_list("incident_id", "audiences") if "public" in audiences)
    )


def first_public_at() -> datetime | None:
    """When the public first heard anything from us."""
    rows = Update.objects.order_by("published_at").values_list("published_at", "audiences")
    return next((at for at, audiences in rows.iterator(chunk_size=200) if "public" in audiences), None)


@dataclass(frozen=True, slots=True)
class Told:
    """What was told before in an incident: the audiences, the last estimate, whether anybody outside heard."""

    audiences: tuple[str, ...] = ()
    estimate: Estimate | None = None
    outside: bool = False
    recovery: bool = False
    count: int = 0


def told(incident_id: int) -> Told:
    """From every update of the incident; a reopening begins recovery anew."""
    audiences: dict[str, None] = {}
    estimate, recovery, count = None, False, 0
    for row in Update.objects.filter(incident=incident_id).order_by("number"):
        for audience in row.audiences:
            audiences.setdefault(audience)
        estimate = Estimate.of(row.estimate) or estimate
        recovery = row.kind == "recovery" or (recovery and row.state not in ("investigating", "identified"))
        count += 1
    outside = any(one in OUTSIDE or one.startswith("customer:") for one in audiences)
    return Told(tuple(audiences), estimate, outside, recovery, count)


def guard_facts(
    incident_id: int,
    *,
    product_id: int | None,
    tried: bool,
    audiences: Sequence[str] = (),
    without: int | None = None,
    cause_known: bool = True,
    estimated: bool = False,
    outside: bool = True,
) -> dict[str, GuardFacts]:
    """What the guards must know, by language: our names, the providers on record, and the last two texts.

    Of the texts only those count that one of `audiences` read (all when none is named): told to others, it is news.
    """
    rows = Update.objects.filter(incident=incident_id).exclude(pk=without or 0).exclude(kind="translation")
    heard = (row for row in rows.order_by("-number")[:50] if not audiences or set(audiences) & set(row.audiences))
    earlier = [facts_of(row) for row in islice(heard, 2)]
    names, providers = _names(product_id)
    words = house_words()
    return {
        language: GuardFacts(
            previous=tuple(body for one in earlier if (body := body_of(one.parts, language))),
            names=names,
            providers=providers,
            first=not earlier,
            tried=tried,
            cause_known=cause_known,
            estimated=estimated,
            words=words,
            outside=outside,
        )
        for language in LANGUAGES
    }


def house_words() -> frozenset[str]:
    """What the house says to its customers every day, in capitals: the guard against jargon lets it pass."""
    return frozenset(str(one).upper() for one in settings.get(WORDS, []))


def was_identified(incident_id: int) -> bool:
    """Has an update said before that the cause is identified, and did none since go back to investigating?"""
    rows = Update.objects.filter(incident=incident_id).order_by("-number").values_list("state", flat=True)
    said = next((state for state in rows if state in ("identified", "investigating")), "")
    return said == "identified"


def ready_guards() -> None:
    """Compile the guards' patterns with the providers on record, so that the first publish need not under its lock."""
    facts = GuardFacts(providers=_names(None)[1])
    for language in LANGUAGES:
        check("", language, facts)


def guard_names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of everything that we run, and of everybody whose services we use."""
    return _words([one.name for one in customers.components_all()]), _names(None)[1]


def _names(product_id: int | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    own: list[Text] = [one.name for one in customers.components_of(product_id)] if product_id else []
    if product_id:
        own.append(customers.product(product_id).name)
    others = [one.name for one in customers.all_organisations("vendor", "partner")]
    return _words(own), _words(others)


def _words(texts: Iterable[Text]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for text in texts for word in (text.ja, text.en) if len(word) > 1))


def draft(incident_id: int, author_id: int) -> DraftFacts | None:
    row = Draft.objects.filter(incident=incident_id, author=author_id).first()
    return draft_facts(row) if row else None


def draft_by_id(draft_id: int, incident_id: int) -> DraftFacts:
    """A draft of this incident, also another person's: who reviews must read it."""
    row = Draft.objects.filter(pk=draft_id, incident=incident_id).first()
    if row is None:
        raise Missing(f"draft {draft_id}")
    return draft_facts(row)


def drafts(incident_id: int) -> list[DraftFacts]:
    """What is being written about an incident, those that wait for a review first."""
    rows = Draft.objects.filter(incident=incident_id).order_by("asked_review_at", "id")
    return sorted(map(draft_facts, rows), key=lambda one: (one.asked_review_at is None, one.id))


def draft_facts(row: Draft) -> DraftFacts:
    return DraftFacts(
        row.pk, row.incident_id, row.author_id, row.data, row.version, row.saved_at, row.asked_review_at,
        row.asked_of_id, row.saved_by_id,
    )  # fmt: skip


def reach_of(update_ids: Sequence[int]) -> dict[int, list[ReachFacts]]:
    """Per update the organisations it went to, and when a channel first accepted it."""
    found: dict[int, list[ReachFacts]] = {}
    for row in Reach.objects.filter(update__in=update_ids).order_by("organisation_id"):
        found.setdefault(row.update_id, []).append(
            ReachFacts(row.update_id, row.organisation_id, row.messages, row.reached_at)
        )
    return found


def told_organisations(incident_id: int) -> list[int]:
    """Every organisation that an update of this incident went to."""
    rows = Reach.objects.filter(update__incident=incident_id).order_by("organisation_id")
    return list(dict.fromkeys(rows.values_list("organisation_id", flat=True)))


def affected(incident_id: int, *, everyone: bool = False) -> list[int]:
    """Customers who still wait for a word here: their case is not closed. `everyone` counts the closed ones too."""
    found = cases.cases_of(incident_id)
    return [one.organisation_id for one in found if everyone or one.state != "closed"]
