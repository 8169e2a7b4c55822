"""Whom we wake, and in which words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from tomei.accounts import queries as accounts
from tomei.cases import queries as cases
from tomei.clock import queries as clock
from tomei.comms import queries as comms
from tomei.comms import texts as comms_texts
from tomei.customers import queries as customers
from tomei.kernel import ids
from tomei.kernel.events import Event
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text
from tomei.live import actions as live
from tomei.oncall import actions as oncall
from tomei.oncall.words import Step
from tomei.promises import queries as promises
from tomei.promises import rules as promise_rules
from tomei.wiring import declarations, digests, duties, sentences

Facts = Mapping[str, Any]


def steps(event: Event) -> None:
    """Tell the people of each step. What was slept through waits for the clock to have caught up: `digests`."""
    found = [step for step in event["steps"] if step["code"] != "missed"]  # the ladder was told each hour
    incidents = cases.incidents({step["incident_id"] for step in found if step["incident_id"]})
    bundled = any(step["catch_up"] for step in found) and clock.catching_up(event.at)
    late: dict[int, list[Step]] = defaultdict(list)
    woken: list[oncall.Page] = []
    for step in found:
        incident = incidents.get(step["incident_id"] or 0)
        if not step["catch_up"]:
            woken += _pages(step, incident)
        elif not bundled:  # late without a stand-still: the house could not keep up
            for user_id in step["user_ids"]:
                late[user_id].append(digests.item(step, incident))
    _wake(woken, event.at)
    digests.send(late, f"late:{event.at.isoformat()}", event.at)


def _pages(step: Facts, incident: cases.IncidentFacts | None) -> Iterator[oncall.Page]:
    subject, text = sentences.step(step, incident, _facts_at_hand(step, incident))
    work = step.get("maintenance_id")
    url = incident.url if incident else f"/maintenance/MNT-{work}/" if work else f"/promises/{step['promise_id']}/"
    key = f"step:{step['promise_id']}:{step['due_at']}:{step['key']}:{step['planned_at']}"
    due_at = datetime.fromisoformat(step["due_at"])
    for user_id in step["user_ids"]:
        yield oncall.Page(
            user_id, key, subject, text, step["rank"], url, step["promise_id"], step["incident_id"], due_at
        )


def _facts_at_hand(step: Facts, incident: cases.IncidentFacts | None) -> Text:
    """What the top tier must know before it joins: harm, since when, who stands still, what was told last."""
    if step["kind"] != "top_tier" or incident is None:
        return Text()
    affected = customers.organisations(case.organisation_id for case in cases.cases_of(incident.id))
    return sentences.at_hand(incident, [one.name for one in affected.values()], comms.latest(incident.id))


def declared(event: Event) -> None:
    """Wake who is accountable and the lead of the product's team at once."""
    facts = event.facts
    subject, text = sentences.declared(facts)
    woken = [facts["owner_id"], accounts.lead_of(facts["team_id"])]
    incident_id, url = facts["incident_id"], f"/incidents/{ids.key('INC', facts['number'])}/"
    pages = [
        oncall.Page(pk, f"declared:{incident_id}", subject, text, facts["rank"], url, None, incident_id)
        for pk in _unique(woken)
    ]
    _wake(pages, event.at)


def case_declared(event: Event) -> None:
    """A customer says that their business stands still: wake whoever a declared incident of the kind would wake."""
    facts = event.facts
    subject, text = declarations.declared(facts, customers.organisation(facts["organisation_id"]).name)
    woken = _unique([facts["owner_id"], accounts.lead_of(facts["team_id"])])
    woken = woken or [person.id for person in accounts.active_people("commander")]
    url = f"/cases/{ids.key('CASE', facts['number'])}/"
    key = f"case-declared:{facts['case_id']}"
    _wake([oncall.Page(pk, key, subject, text, facts["rank"], url) for pk in woken], event.at)


def contested(event: Event) -> None:
    """They say that it is worse, or less, than we think: whoever answers for it hears it at once."""
    case = cases.case(event["case_id"])
    incident = cases.incident(case.incident_id) if case.incident_id is not None else None
    owed = [one.owner_id for one in promises.open_of_case(case.id) if one.kind == "severity_answer"]
    woken = _unique([*owed, *(cases.holders(incident.id).get("commander", ()) if incident else ())])
    woken = woken or [person.id for person in accounts.active_people("commander")]
    subject, text = declarations.contested(case, customers.organisation(case.organisation_id).name)
    key = f"contested:{case.id}:{event.at.isoformat()}"
    _wake([oncall.Page(pk, key, subject, text, case.rank, case.url) for pk in woken], event.at)


def severity_raised(event: Event) -> None:
    """A higher severity wakes the same people again; a lower one lets them sleep."""
    facts = event.facts
    if not Severity(facts["new"]).is_worse_than(Severity(facts["old"])):
        return
    incident = cases.incident(facts["incident_id"])
    subject, text = sentences.severity(incident, facts["old"])
    holders = cases.holders(incident.id)
    woken = [incident.owner_id, *holders.get("commander", ()), _team_lead(incident.product_id)]
    page(woken, f"severity:{incident.id}:{incident.severity_v}", incident, subject, text, event.at)


def proposed(event: Event) -> None:
    """A critical alert waits for a person: wake the owner of what it hurts, else every commander."""
    facts = event.facts
    subject, text = sentences.proposed(facts)
    woken = [facts.get("owner_id")] if facts.get("owner_id") else [p.id for p in accounts.active_people("commander")]
    key, url = f"proposed:{facts['group_id']}:{event.at.isoformat()}", f"/signals/{facts['group_id']}/"
    promise_id = facts.get("promise_id")
    _wake([oncall.Page(pk, key, subject, text, 1, url, promise_id) for pk in _unique(woken)], event.at)


def threatened(event: Event) -> None:
    """A customer spoke of leaving: their account owner hears it now, not at the renewal."""
    facts = event.facts
    owner = facts.get("account_owner_id")
    name = customers.organisation(facts["organisation_id"]).name
    subject, text = sentences.threat(name, str(facts.get("line") or ""))
    url = (
        cases.incident(facts["incident_id"]).url
        if facts.get("incident_id")
        else f"/customers/{facts['organisation_id']}/"
    )
    woken = [owner] if owner else [person.id for person in accounts.active_people("commander")]
    key, incident_id = f"threat:{facts['case_id']}:{event.at.isoformat()}", facts.get("incident_id")
    _wake([oncall.Page(pk, key, subject, text, 1, url, None, incident_id) for pk in _unique(woken)], event.at)


def review_asked(event: Event) -> None:
    """A draft waits for approval while its promise runs: whoever may approve hears it."""
    incident = cases.incident(event["incident_id"])
    subject, text = sentences.review_asked(incident)
    woken: list[int | None] = [*cases.holders(incident.id).get("commander", ())] or [incident.owner_id]
    if event.facts.get("of_id"):
        woken = [event["of_id"]]
    page(woken, f"review:{event['draft_id']}:{event.at.isoformat()}", incident, subject, text, event.at)


def answered(event: Event) -> None:
    """The reviewer approved or wants other words: the author, whose promise runs, hears it."""
    incident = cases.incident(event["incident_id"])
    subject, text = sentences.review_answered(incident, approved=event.name == "update.approved")
    key = f"answered:{event['draft_id']}:{event.at.isoformat()}"
    page([event["author_id"]], key, incident, subject, text, event.at)


def unapproved(event: Event) -> None:
    """It went out because its time had come: the approver hears it; of an admission of liability every commander."""
    facts = event.facts
    if not facts.get("unapproved"):
        return
    incident = cases.incident(facts["incident_id"])
    subject, text = sentences.sent_unapproved(incident, facts["number"], liability=bool(facts.get("liability")))
    woken: list[int | None] = [*cases.holders(incident.id).get("commander", ())] or [incident.owner_id]
    if facts.get("liability"):
        woken += [person.id for person in accounts.active_people("commander") if _finds(person.id, incident)]
    page(woken, f"unapproved:{facts['update_id']}", incident, subject, text, event.at)


def sent_alone(event: Event) -> None:
    """A first notice went out by itself: who leads hears it at once, since customers now wait for a person's word."""
    if event.facts.get("automatic"):
        incident = cases.incident(event["incident_id"])
        subject, text = sentences.sent_alone(incident)
        page(_leading(incident), f"alone:{event['update_id']}", incident, subject, text, event.at)


def first_asked(event: Event) -> None:
    """It could not go by itself: a person must write, now."""
    incident = cases.incident(event["incident_id"])
    subject, text = sentences.first_asked(
        incident, comms_texts.REFUSALS.get(event["why"], comms_texts.REFUSALS["first.no_text"])[0]
    )
    page(_leading(incident), f"first-asked:{incident.id}", incident, subject, text, event.at)


def _leading(incident: cases.IncidentFacts) -> list[int | None]:
    held = cases.holders(incident.id)
    return [*held.get("commander", ()), *held.get("communications", ()), incident.owner_id]


def _finds(user_id: int, incident: cases.IncidentFacts) -> bool:
    """A restricted incident is told of to those alone who may find it."""
    return not incident.restricted or user_id in (incident.owner_id, *_everybody_in(incident.id))


def _everybody_in(incident_id: int) -> list[int]:
    return [user_id for held in cases.holders(incident_id).values() for user_id in held]


def unreached(event: Event) -> None:
    """We spoke, but no channel took it for anybody: the owner and the commander must know."""
    facts = event.facts
    if not facts.get("incident_id"):
        return
    incident = cases.incident(facts["incident_id"])
    subject, text = sentences.unreached(incident, promise_rules.kind(facts["kind"]).words)
    woken = [facts.get("owner_id"), *cases.holders(incident.id).get("commander", ())]
    page(woken, f"unreached:{facts['promise_id']}", incident, subject, text, event.at)


def handed(event: Event) -> None:
    """Somebody is asked to take a role: until they say so, the other one answers."""
    incident = cases.incident(event["incident_id"])
    giver = accounts.people([event["other_id"]]).get(event["other_id"])
    subject, text = duties.handed(incident, event["role"], giver.name if giver else "")
    page([event["user_id"]], f"hand-over:{event['hand_over_id']}", incident, subject, text, event.at)


def declined(event: Event) -> None:
    """The role stays where it is: its holder must know at once."""
    incident = cases.incident(event["incident_id"])
    taker = accounts.people([event["other_id"]]).get(event["other_id"])
    subject, text = duties.declined(incident, event["role"], taker.name if taker else "")
    page([event["user_id"]], f"hand-over:{event['hand_over_id']}:declined", incident, subject, text, event.at)


def offered(event: Event) -> None:
    """A long duty: who holds the role is asked to hand it over while they still think clearly."""
    incident = cases.incident(event["incident_id"])
    subject, text = duties.offered(incident, event["role"], event["duty_s"])
    page([event["user_id"]], f"shift:{event['holding_id']}:offer", incident, subject, text, event.at)


def insisted(event: Event) -> None:
    """Too long a duty is not left to who is tired: deputy and lead see to the relief."""
    incident, user_id = cases.incident(event["incident_id"]), event["user_id"]
    holders = cases.holders(incident.id)
    woken = [accounts.deputy_of(user_id), *holders.get("deputy", ()), _team_lead(incident.product_id)]
    others = [pk for pk in [*woken, *holders.get("commander", ())] if pk != user_id]
    person = accounts.people([user_id]).get(user_id)
    subject, text = duties.insisted(incident, event["role"], person.name if person else "", event["duty_s"])
    everybody = [one.id for one in accounts.active_people("commander") if one.id != user_id]
    relief = others if any(others) else everybody
    page(relief, f"shift:{event['holding_id']}:insist", incident, subject, text, event.at)


def page(
    woken: Iterable[int | None], key: str, incident: cases.IncidentFacts, subject: Text, text: Text, now: datetime
) -> None:
    """Wake these people about an incident; the same key again wakes nobody."""
    rank, url = incident.rank, incident.url
    _wake([oncall.Page(pk, key, subject, text, rank, url, None, incident.id) for pk in _unique(woken)], now)


def _wake(pages: Sequence[oncall.Page], now: datetime) -> None:
    """Queue them all, and let the open pages of these people ring."""
    oncall.page_bulk(pages, now=now)
    live.publish_many([_ring(one.user_id, one.subject, one.url) for one in pages], now=now)


def _ring(user_id: int, subject: Text, url: str) -> tuple[str, str, dict[str, Any]]:
    """Open pages of this person ring and flash."""
    return f"person:{user_id}", "ring", {"text": subject.as_json(), "url": url}


def _team_lead(product_id: int | None) -> int | None:
    if product_id is None:
        return None
    return accounts.lead_of(customers.product(product_id).team_id)


def _unique(user_ids: Iterable[int | None]) -> list[int]:
    return list(dict.fromkeys(one for one in user_ids if one is not None))
