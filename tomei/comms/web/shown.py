"""What the composer shows beside the text: guards, previews per audience, next times, whom it reaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from tomei.accounts import queries as accounts
from tomei.cases.facts import IncidentFacts
from tomei.comms import actions, attaching, forms, labels, offering, owing, queries, rules, sending, views, words
from tomei.comms.actions import plan
from tomei.comms.facts import DraftFacts, Reached, UpdateFacts
from tomei.comms.guards import Finding
from tomei.comms.web import impacts
from tomei.customers import queries as customers
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.text import LANGUAGES, Text
from tomei.promises import queries as promises
from tomei.ui import moments, refusals
from tomei.ui.refusals import Said

MOMENTS = ("latest", "next", "alone_from", "at")


latest = plan.latest


@dataclass(frozen=True, slots=True)
class Preview:
    """One audience's view: where it goes and the words in each language."""

    name: str
    label: Text
    goes: str
    view: views.CustomerView
    blocks: tuple[tuple[str, str, list[tuple[str, str]], list[str]], ...]


def zone() -> str:
    return timezone.get_current_timezone_name()


def said(error: Refused, language: str, now: datetime) -> Said:
    """A refusal in the reader's words, its moments in the reader's zone."""
    facts = dict(error.facts)
    for name in MOMENTS:
        value = facts.get(name)
        if isinstance(value, str) and value[:4].isdigit():
            moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
            facts[name] = moments.near(moment, zone(), language, now)
    if "found" in facts:
        facts["found"] = ", ".join(
            f"{labels.GUARDS[one['guard']].said_in(language)}「{one['match'][:40]}」" for one in facts["findings"][:5]
        )
    return refusals.said(Refused(error.code, **facts), language)


def context(incident: IncidentFacts, one: forms.Typed, *, by: Actor, now: datetime, language: str) -> dict[str, Any]:
    """All that the page of the composer takes but the answer of a rule."""
    policy = customers.policy_version(incident.policy_version_id)
    last = queries.latest(incident.id)
    until = latest(incident, policy, now)
    owed = promises.open_of(incident.id)
    parts = forms.parts(one)
    reached = sending.reach(incident, one.to or ("affected",))
    due_at = owing.due_for(owed, one.to or ("affected", "public"))
    parts = _with_next(parts, one, now, rules.offers(now, until))
    found = actions.findings(
        incident.id, parts, by=by, audiences=one.to, state=one.get("state"),
        estimated=bool(one.get("est_from").strip() and one.get("est_to").strip()),
    )  # fmt: skip
    return {
        "incident": incident, "typed": one, "last": last, "number": incident.updates + 1,
        "parts": [(name, labels.PARTS[name]) for name in _shown_parts(one)],
        "states": _states(incident), "chosen_state": one.get("state") or incident.state,
        "audiences": _audiences(incident, one), "offers": rules.offers(now, until), "latest": until,
        "interval_s": (until - now).total_seconds(), "slow": incident.slow_cadence_s,
        "due_at": due_at, "alone_from": due_at, "may_publish": by.may("update.publish"),
        "alone": due_at is not None and (due_at - now).total_seconds() <= rules.EARLY_S,
        "guards": guards(found, one, language), "left": sum(not one.reason(item.key).strip() for item in found),
        "previews": previews(incident, one, parts, reached, by=by, now=now),
        "reach": reach(reached, language), "report_days": policy.terms.of(incident.severity).report_working_days,
        "languages_whole": _whole(parts), "drafts": drafts(incident.id, by), "ended": rules.ENDED,
        "confidences": [(name, text.said_in(language)) for name, text in labels.CONFIDENCES.items()],
        "translation_s": policy.terms.translation_s, "said": None, "confirm": None,
        "files": attaching.waiting(incident.id, one.files),
        "saved": None, "version": "",
        "impacts": impacts.offered(incident, one), "impact_choices": impacts.choices(language),
        "templates": offering.offered(one.get("state") or incident.state, one.to or _default_to(incident)),
    }  # fmt: skip


def _with_next(
    parts: Mapping[str, Text], one: forms.Typed, now: datetime, offers: Sequence[datetime]
) -> dict[str, Text]:
    """As it would go out with the chosen time, or with the one that is ticked by itself."""
    chosen = _read(lambda: forms.next_at(one, zone())) or (offers[-1] if offers and not one.get("next") else None)
    return offering.with_next(parts, chosen, now) if chosen is not None else dict(parts)


def _shown_parts(one: forms.Typed) -> list[str]:
    """The parts of 3.1; what was tried belongs to the heartbeat and stands here only when it is filled."""
    tried = any(one.get(f"tried.{language}") for language in LANGUAGES)
    return [name for name in rules.PARTS if name != "tried" or tried]


def _states(incident: IncidentFacts) -> list[tuple[str, Text]]:
    names: Sequence[str] = (*rules.WORKING, "restored", "dismissed")
    if incident.state not in rules.WORKING:
        names = (incident.state,)
    return [(name, labels.STATES[name]) for name in names]


def _audiences(incident: IncidentFacts, one: forms.Typed) -> list[tuple[str, Text, bool]]:
    affected = queries.affected(incident.id)
    names = customers.organisations(affected)
    wanted = one.to or _default_to(incident)
    offered = ["affected", "public", "internal", "executives"]
    if incident.restricted:
        offered.remove("public")
    rows = [(name, _counted(name, len(affected)), name in wanted) for name in offered]
    if len(affected) > 1:
        rows += [(f"customer:{pk}", names[pk].name, f"customer:{pk}" in wanted) for pk in affected[:30] if pk in names]
    return rows


def _counted(name: str, count: int) -> Text:
    label = labels.AUDIENCES[name]
    return Text(f"{label.ja}（{count}社）", f"{label.en} ({count})") if name == "affected" else label


def _default_to(incident: IncidentFacts) -> tuple[str, ...]:
    """Where the last one went, else the affected customers and the house."""
    last = queries.latest(incident.id)
    return last.audiences if last else ("affected", "internal")


def guards(found: Sequence[Finding], one: forms.Typed, language: str) -> list[dict[str, Any]]:
    """Each finding with its place in the sentence, its advice and the reason written so far."""
    return [
        {
            "finding": item, "title": labels.GUARDS[item.guard].said_in(language),
            "advice": item.advice.said_in(language), "reason": one.reason(item.key),
            "part": labels.PARTS[item.part].said_in(language) if item.part else "",
            "around": _around(item, one),
        }
        for item in found
    ]  # fmt: skip


def _around(item: Finding, one: forms.Typed) -> tuple[str, str, str]:
    """The words before, the match, the words after; a finding on the whole text shows its beginning."""
    text = forms.parts(one).get(item.part, Text()) if item.part else None
    if text is None:
        return "", item.match[:160], ""
    whole = getattr(text, item.language)
    return whole[max(0, item.start - 40) : item.start], whole[item.start : item.end], whole[item.end : item.end + 40]


def previews(
    incident: IncidentFacts, one: forms.Typed, parts: Mapping[str, Text], reached: Reached, *, by: Actor, now: datetime
) -> list[Preview]:
    """What each audience would read, in both languages."""
    pseudo = _pseudo(incident, one, parts, by, now)
    counts: dict[str, int] = {}
    for recipient in sending.reach(incident, ("affected", "internal", "executives")).recipients:
        counts[recipient.view] = counts.get(recipient.view, 0) + 1
    found = []
    for name in ("affected", "public", "internal", "executives"):
        if name == "public" and incident.restricted:
            continue
        view = replace(views.view(pseudo, incident, audience=name, zone=zone()), url="")
        goes = str(counts.get(name, 0)) if name != "public" else ""
        blocks = tuple(
            (language, words.title(view, language), words.body(view, language), tail(view, language))
            for language in LANGUAGES
            if words.body(view, language)
        )
        found.append(Preview("exec" if name == "executives" else name, labels.AUDIENCES[name], goes, view, blocks))
    return found


def tail(view: views.CustomerView, language: str) -> list[str]:
    lines = (words.estimate_line(view, language), words.next_line(view, language), words.report_line(view, language))
    return [line for line in lines if line]


def _pseudo(
    incident: IncidentFacts, one: forms.Typed, parts: Mapping[str, Text], by: Actor, now: datetime
) -> UpdateFacts:
    """The update as it would stand; times that cannot be read are simply not shown yet."""
    state = one.get("state") if one.get("state") in rules.STATES else incident.state
    policy = customers.policy_version(incident.policy_version_id)
    return UpdateFacts(
        id=0, incident_id=incident.id, number=incident.updates + 1, kind=rules.kind_for(incident.state, state),
        state=state,
        severity=str(incident.severity), parts=parts, languages=LANGUAGES, audiences=rules.AUDIENCES,
        next_at=_read(lambda: forms.next_at(one, zone())),
        report_due_at=owing.report_due(incident, policy, now) if state == "restored" else None,
        estimate=_read(lambda: forms.update_input(one, zone(), state=state).estimate), corrects_id=None,
        corrected_by_id=None, overruled=(), unapproved=False, author_id=by.user_id, author_name=by.name,
        published_at=now, head=incident.anchor,
    )  # fmt: skip


def _read(value: Any) -> Any:
    try:
        return value()
    except (Refused, KeyError):
        return None


def reach(reached: Reached, language: str) -> dict[str, Any]:
    """How many people, which organisations, and who cannot be written to."""
    names = customers.organisations(reached.organisation_ids)
    return {
        "people": reached.people,
        "organisations": [names[pk].name for pk in reached.organisation_ids if pk in names],
        "without": [names[pk].name for pk in reached.without_channel if pk in names],
    }


def _whole(parts: Mapping[str, Text]) -> tuple[str, ...]:
    try:
        return rules.languages_of(parts) if parts else ()
    except Refused:
        return ()


def drafts(incident_id: int, by: Actor) -> list[tuple[DraftFacts, str]]:
    """Other people's drafts, those that wait for a review first, with the names of who writes."""
    found = [one for one in queries.drafts(incident_id) if one.author_id != by.user_id]
    people = accounts.people(one.author_id for one in found)
    return [(one, people[one.author_id].name) for one in found if one.author_id in people]
