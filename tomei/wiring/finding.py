"""What can be found by search: indexed in the transaction that changed it, shown as its source reads now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from tomei.cases import queries as cases
from tomei.cases import timeline
from tomei.cases.facts import EntryFacts, IncidentFacts
from tomei.clock import actions as clock
from tomei.clock.engine import JobFacts
from tomei.comms import queries as comms
from tomei.comms.facts import UpdateFacts
from tomei.customers import queries as customers
from tomei.kernel.events import Event
from tomei.kernel.text import Text
from tomei.search import actions as search
from tomei.search.hooks import Source

BATCH = 10  # incidents that one step of a new index takes up
_AROUND = 10  # newer rows that a link into a list by pages shows above the one meant


def incident(event: Event) -> None:
    facts = cases.incident(event["incident_id"])
    search.index(
        f"incident:{facts.id}", kind="incident", title=facts.title, url=facts.url,
        text=f"{facts.key} {facts.severity}", now=event.at, audience=_audience(facts), subject=_subject(facts),
    )  # fmt: skip


def restricted(event: Event) -> None:
    """Restricted or open to all: everything of the incident follows it."""
    facts = cases.incident(event["incident_id"])
    incident(event)
    search.set_audience(_subject(facts), _audience(facts))
    for one in cases.cases_of(facts.id):
        _case(one.id, event.at)


def case(event: Event) -> None:
    if event.facts.get("case_id"):
        _case(event["case_id"], event.at)


def _case(case_id: int, now: datetime) -> None:
    facts = cases.case(case_id)
    name = customers.organisation(facts.organisation_id).name
    within = cases.incident(facts.incident_id) if facts.incident_id is not None else None
    search.index(
        f"case:{facts.id}", kind="case", title=Text(f"{facts.key} {name.ja}", f"{facts.key} {name.en}"), url=facts.url,
        text=f"{facts.key} {facts.words} {facts.stop}", now=now,
        audience=_audience(within) if within else "internal", subject=_subject(within) if within else None,
    )  # fmt: skip


def organisation(event: Event) -> None:
    facts = customers.organisation(event["organisation_id"])
    if facts.kind == "ours":
        return
    contacts = " ".join(f"{contact.name} {contact.mail}" for contact in customers.contacts(facts.id))
    search.index(f"customer:{facts.id}", kind="customer", title=facts.name, url=facts.url, text=contacts, now=event.at)


def note(event: Event) -> None:
    entry = timeline.entries([event["entry_id"]])[event["entry_id"]]
    _note(entry, cases.incident(event["incident_id"]))


def _note(entry: EntryFacts, within: IncidentFacts) -> None:
    if not entry.body:
        return
    search.index(
        f"note:{entry.id}", kind="note", title=Text(within.key, within.key), now=entry.known_at,
        url=f"{within.url}timeline/?before={entry.seq + 1 + _AROUND}#e{entry.seq}", text=entry.body,
        audience=_audience(within), subject=_subject(within),
    )  # fmt: skip


def update(event: Event) -> None:
    """A correction or a translation takes the place of the version before it."""
    facts = comms.update(event["update_id"])
    if facts.corrects_id is not None:
        search.forget(f"update:{facts.corrects_id}")
    _update(facts, cases.incident(facts.incident_id))


def _update(facts: UpdateFacts, within: IncidentFacts) -> None:
    words = "\n".join(line for _language, line in _told(facts))
    search.index(
        f"update:{facts.id}", kind="update", title=Text(within.key, within.key), now=facts.published_at,
        url=f"{within.url}updates/?after={facts.number + 1 + _AROUND}#update-{facts.number}", text=words,
        audience=_audience(within), subject=_subject(within),
    )  # fmt: skip


def erased(event: Event) -> None:
    """Words that were erased are found no more, whichever entry held them."""
    search.forget(f"note:{event['entry_id']}")
    if event.facts.get("update_id"):
        search.forget(f"update:{event['update_id']}")


def _audience(facts: IncidentFacts) -> str:
    return f"restricted:{facts.id}" if facts.restricted else "internal"


def _subject(facts: IncidentFacts) -> str:
    return f"incident:{facts.id}"


def _told(facts: UpdateFacts) -> list[tuple[str, str]]:
    return [pair for words in facts.parts.values() for pair in words.as_json().items() if pair[1]]


def sources(refs: Sequence[str]) -> dict[str, Source]:
    """Lent to search: how hits read now, in a few queries for all of them."""
    wanted: dict[str, list[int]] = {}
    for ref in refs:
        kind, _, number = ref.partition(":")
        if kind in _SOURCES:
            wanted.setdefault(kind, []).append(int(number))
    return {f"{kind}:{pk}": one for kind, ids in wanted.items() for pk, one in _SOURCES[kind](ids).items()}


def _incidents_read(ids: Sequence[int]) -> dict[int, Source]:
    return {pk: Source(_titled(one)) for pk, one in cases.incidents(ids).items()}


def _cases_read(ids: Sequence[int]) -> dict[int, Source]:
    found = cases.cases(ids)
    names = customers.organisations({one.organisation_id for one in found.values()})
    return {
        pk: Source(_before(one.key, names[one.organisation_id].name), (("", one.stop), ("", one.words)))
        for pk, one in found.items()
    }


def _notes_read(ids: Sequence[int]) -> dict[int, Source]:
    found = timeline.entries(ids)
    titles = _titles([one.incident_id for one in found.values() if one.incident_id])
    return {pk: Source(titles[one.incident_id or 0], (("", one.body),)) for pk, one in found.items()}


def _updates_read(ids: Sequence[int]) -> dict[int, Source]:
    found = comms.updates(ids)
    titles = _titles([one.incident_id for one in found.values()])
    return {pk: Source(titles[one.incident_id], tuple(_told(one))) for pk, one in found.items()}


def _titles(incident_ids: Sequence[int]) -> dict[int, Text]:
    return {pk: _titled(one) for pk, one in cases.incidents(incident_ids).items()}


def _titled(facts: IncidentFacts) -> Text:
    return _before(facts.key, facts.title)


def _before(key: str, words: Text) -> Text:
    return Text(f"{key} {words.ja}" if words.ja else "", f"{key} {words.en}" if words.en else "")


_SOURCES: Mapping[str, Callable[[Sequence[int]], dict[int, Source]]] = {
    "incident": _incidents_read,
    "case": _cases_read,
    "note": _notes_read,
    "update": _updates_read,
}


def begin_anew(now: datetime) -> None:
    """After an upgrade the clock indexes every incident again, in steps too short to be felt."""
    clock.schedule("search.fill", due_at=now, rank=9, payload={"after": 0}, now=now)


def fill(jobs: Sequence[JobFacts], now: datetime) -> None:
    for job in jobs:
        found = cases.after(int(job.payload["after"]), BATCH)
        for incident_id in found:
            _everything(incident_id, now)
        if len(found) == BATCH:
            clock.schedule("search.fill", due_at=now, rank=9, payload={"after": found[-1]}, now=now)


def _everything(incident_id: int, now: datetime) -> None:
    """What an incident holds, as it stands now: nothing that was corrected or erased."""
    facts = cases.incident(incident_id)
    incident(Event("incident.indexed", facts.last_word_at or facts.declared_at, {"incident_id": incident_id}))
    for one in cases.cases_of(incident_id):
        _case(one.id, one.opened_at)
    for entry in timeline.notes(incident_id):
        _note(entry, facts)
    gone = timeline.erased_updates(incident_id)
    for told in comms.of_incident(incident_id):
        if told.corrected_by_id is None and told.id not in gone:
            _update(told, facts)
