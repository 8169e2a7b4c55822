"""The composer's part: a heartbeat in one line, a draft that is kept, and a button where nothing stands in its way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tomei.cases import queries as incidents
from tomei.cases.facts import IncidentFacts
from tomei.comms import actions as comms
from tomei.comms import forms, labels, owing
from tomei.comms import queries as told
from tomei.comms.actions.plan import Plan
from tomei.comms.facts import DraftFacts
from tomei.comms.guards import Finding
from tomei.comms.web import shown
from tomei.customers import queries as customers
from tomei.integrations.slack import blocks, rules
from tomei.integrations.slack.blocks import Reply
from tomei.integrations.slack.speech import Asked, buttons, named, page, subject
from tomei.kernel import time
from tomei.kernel.errors import Refused
from tomei.ui import refusals

USUAL = ("affected", "internal")


def _next_at(incident: IncidentFacts, now: datetime) -> datetime:
    """The latest next time that the policy allows, as the one-tap notices of our own pages take it."""
    policy = customers.policy_version(incident.policy_version_id)
    return shown.latest(incident, policy, now).replace(microsecond=0)


def said_audiences(audiences: Iterable[str], language: str) -> str:
    """To whom, in words."""
    wanted = list(audiences)
    ids = [int(one.partition(":")[2]) for one in wanted if one.startswith("customer:") and one[9:].isdecimal()]
    names = customers.organisations(ids) if ids else {}
    words = []
    for one in wanted:
        if one in labels.AUDIENCES:
            words.append(labels.AUDIENCES[one].said_in(language))
        elif (found := names.get(int(one[9:]) if one[9:].isdecimal() else 0)) is not None:
            words.append(found.name.said_in(language))
    return ("、" if language == "ja" else ", ").join(words)


# -- Heartbeat --------------------------------------------------------------------------------------------------------


def heartbeat(rest: str, asked: Asked) -> Reply:
    """`INC-12 what was tried`; without words a form comes back."""
    incident, text = subject(rest, asked)
    return beaten(incident.key, text, asked) if text else heartbeat_form(incident.key, asked)


def heartbeat_form(key: str, asked: Asked) -> Reply:
    asked.by.require("update.heartbeat")
    incident = incidents.by_number(key, asked.by)
    head = named(incident, asked.language)
    audiences = said_audiences(told.told(incident.id).audiences or USUAL, asked.language)
    goes = _("It is a drill: nothing leaves to customers.") if incident.drill else _(
        "This goes out at once to: %(to)s. Next word by %(at)s."
    ) % {"to": audiences, "at": asked.when(_next_at(incident, asked.now))}  # fmt: skip
    sure = blocks.confirm(_("Send the heartbeat?"), goes, _("Send"), _("Do not send"))
    return Reply(
        head,
        (
            blocks.header(head),
            blocks.field("tried", _("What was tried since the last word"), many_lines=True),
            blocks.actions(
                blocks.button(_("Send"), "heartbeat", incident.key, style="primary", confirm=sure),
                blocks.button(_("Cancel"), "cancel"),
            ),
        ),
    )


def beaten(key: str, text: str, asked: Asked) -> Reply:
    """Sent where we told before; the next time is the latest that is allowed."""
    incident = incidents.by_number(key, asked.by)
    next_at = _next_at(incident, asked.now)
    sent = comms.heartbeat(incident.id, rules.as_text(text), next_at=next_at, by=asked.by, now=asked.now)
    return blocks.say(
        _("%(what)s: heartbeat %(number)s was sent to: %(to)s.") % {
            "what": named(incident, asked.language), "number": sent.number,
            "to": said_audiences(sent.audiences, asked.language),
        },
        _("Next word by %(at)s.") % {"at": asked.when(next_at)},
    )  # fmt: skip


# -- Update -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Way:
    """What stands between a draft and those who wait for it: nothing where `plan` is there."""

    findings: list[Finding]
    next_at: datetime
    plan: Plan | None = None
    why: Refused | None = None


def update(rest: str, asked: Asked) -> Reply:
    """`INC-12 the text`: kept as one's draft, with what stands in its way; without text a form comes back."""
    asked.by.require("update.draft")
    incident, text = subject(rest, asked)
    if text:
        return drafted(incident.key, text, asked)
    head = named(incident, asked.language)
    return Reply(
        head,
        (
            blocks.header(head),
            blocks.field("text", _("What to tell"), many_lines=True),
            blocks.actions(
                blocks.button(_("Keep as a draft"), "update", incident.key, style="primary"),
                blocks.link(_("Open the composer"), page(f"{incident.url}update/")),
            ),
        ),
    )


def drafted(key: str, text: str, asked: Asked) -> Reply:
    """Put behind what the draft says already: nothing that was written is lost."""
    asked.by.require("update.draft")
    incident = incidents.by_number(key, asked.by)
    before = told.draft(incident.id, asked.by.user_id or 0)
    data = _with(before.data if before else {}, text, incident)
    kept = comms.save_draft(incident.id, data, seen=before.version if before else None, by=asked.by, now=asked.now)
    return _shown(incident, kept, _way(incident, kept, asked), asked)


def _with(data: Mapping[str, Any], text: str, incident: IncidentFacts) -> dict[str, Any]:
    """The first word says the effect, a later one what is being done now."""
    name = f"{'doing' if incident.updates else 'effect'}.{rules.language(text)}"
    old = str(data.get(name) or "").strip()
    audiences = data.get("to") or list(told.told(incident.id).audiences or USUAL)
    whole = text if not old or old == text else f"{old}\n{text}"
    return {**data, name: whole, "to": audiences}


def _way(incident: IncidentFacts, kept: DraftFacts, asked: Asked) -> _Way:
    """Ask every rule, without sending."""
    next_at = _next_at(incident, asked.now)
    typed = forms.from_draft(kept.data)
    findings = comms.findings(incident.id, forms.parts(typed), by=asked.by, audiences=typed.to)
    open_now = [one for one in findings if not typed.reason(one.key).strip()]
    try:
        plan = comms.look(incident.id, _input(incident, kept, next_at, asked), by=asked.by, now=asked.now)
    except Refused as error:
        return _Way(open_now, next_at, why=error)
    alone = owing.is_outside(plan.audiences) and not asked.by.may("update.publish")  # allowed now, yet unapproved
    return _Way(open_now, next_at, plan=None if alone else plan)


def _input(incident: IncidentFacts, kept: DraftFacts, next_at: datetime, asked: Asked) -> Any:
    typed = forms.from_draft(kept.data)
    whole = forms.Typed({**typed.fields, "next": next_at.isoformat()}, typed.to, typed.files)
    return forms.update_input(whole, asked.person.zone, state=incident.state)


def _shown(incident: IncidentFacts, kept: DraftFacts, way: _Way, asked: Asked) -> Reply:
    lines = [_("%(what)s: your draft is kept.") % {"what": named(incident, asked.language)}]
    lines += [f"• {labels.GUARDS[one.guard].said_in(asked.language)}: {one.match[:80]}" for one in way.findings]
    if way.why is not None and not (way.findings and way.why.code == "update.guard"):
        lines.append(shown.said(way.why, asked.language, asked.now).sentence)
    elements = [blocks.link(_("Open the composer"), page(f"{incident.url}update/"))]
    if way.plan is not None:
        lines.append(_goes(way, asked))
        value = f"{incident.key}|{kept.version}|{way.next_at.isoformat()}"
        sure = blocks.confirm(_("Publish it?"), _goes(way, asked), _("Publish"), _("Do not send"))
        elements.insert(0, blocks.button(_("Publish"), "publish", value, style="primary", confirm=sure))
    elif way.why is None:
        lines.append(refusals.said(Refused("slack.needs_approval"), asked.language).sentence)
    return blocks.say(*lines).plus(blocks.actions(*elements))


def _goes(way: _Way, asked: Asked) -> str:
    assert way.plan is not None  # asked only then
    if way.plan.incident.drill:
        return _("It is a drill: nothing leaves to customers.")
    people = ngettext("%(n)d person", "%(n)d people", way.plan.reached.people) % {"n": way.plan.reached.people}
    return _("To: %(to)s (%(people)s). Next word by %(at)s.") % {
        "to": said_audiences(way.plan.audiences, asked.language), "people": people, "at": asked.when(way.next_at),
    }  # fmt: skip


def published(value: str, asked: Asked) -> Reply:
    """The draft as it stood when the button was shown; refuses `slack.draft_moved` when it was changed since."""
    key, version, at = ([*value.split("|"), "", ""])[:3]
    incident = incidents.by_number(key, asked.by)
    kept = told.draft(incident.id, asked.by.user_id or 0)
    if kept is None:
        raise Refused("slack.draft_moved")
    if not version.isascii() or not version.isdecimal() or len(version) > 9 or int(version) != kept.version:
        raise Refused("slack.draft_moved")
    draft = _input(incident, kept, time.parse_moment(at), asked)
    sent = comms.publish(incident.id, draft, by=asked.by, now=asked.now, confirmed=True)
    said = _("%(what)s: update %(number)s was sent to: %(to)s.") % {
        "what": named(incident, asked.language), "number": sent.number,
        "to": said_audiences(sent.audiences, asked.language),
    }  # fmt: skip
    return blocks.say(said).plus(buttons(incident, taken=True))
