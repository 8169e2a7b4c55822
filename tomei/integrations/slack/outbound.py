"""What the channel is told: each declaration and each update. Listeners: they write rows of the outbox and no more.

A channel is read by everybody who is in it, also by guests: nothing of a restricted incident is told there, and the
text of an update only where it left the house. A drill is marked.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tomei.accounts import settings as house
from tomei.accounts import vault
from tomei.cases import queries as cases
from tomei.cases.facts import IncidentFacts
from tomei.comms import labels
from tomei.comms import queries as comms
from tomei.comms.facts import UpdateFacts
from tomei.comms.rules import TOLD, body_of
from tomei.delivery import slack_app
from tomei.integrations.models import SlackWorkspace
from tomei.integrations.slack import blocks, rules, speech, updating
from tomei.kernel import time
from tomei.kernel.events import Event
from tomei.ui import moments

Say = Callable[[str, str], list[blocks.Block]]  # language and zone -> blocks


def declared(event: Event) -> None:
    """A declaration, with buttons."""
    spaces = _spaces()
    if not spaces or event["restricted"]:
        return
    incident = cases.incident(event["incident_id"])

    def say(language: str, zone: str) -> list[blocks.Block]:
        state = f"{cases.state_word(incident.state)} · {moments.full(incident.declared_at, zone, language)}"
        return [
            blocks.header(_head(incident, language)),
            blocks.section(_("Declared. %(state)s") % {"state": state}),
            speech.buttons(incident),
        ]

    _tell(spaces, incident, f"slack:declared:{incident.id}", f"incident:{incident.id}", say, event)


def published(event: Event) -> None:
    """An update: to whom it went and when the next word comes; its words where they left the house."""
    spaces = _spaces()
    if not spaces or event["restricted"]:
        return
    incident, update = cases.incident(event["incident_id"]), comms.update(event["update_id"])

    def say(language: str, zone: str) -> list[blocks.Block]:
        kind = labels.KINDS[update.kind].said_in(language) if update.kind in labels.KINDS else update.kind
        to = updating.said_audiences(update.audiences, language)
        lines = [_("%(kind)s %(number)s to: %(to)s.") % {"kind": kind, "number": update.number, "to": to}]
        if update.next_at is not None:
            lines.append(_("Next word by %(at)s.") % {"at": moments.full(update.next_at, zone, language)})
        made = [blocks.header(_head(incident, language)), blocks.section("\n".join(lines))]
        words = _words(update, language)
        return [*made, *([blocks.section(words)] if words else []), speech.buttons(incident, taken=True)]

    _tell(spaces, incident, f"slack:update:{update.id}", f"update:{update.id}", say, event)


def restricted(event: Event) -> None:
    """What has not left yet stays here; what stands in the channel already nobody can take back."""
    if event["restricted"]:
        slack_app.drop_waiting(event["incident_id"], now=event.at)


def _spaces() -> list[SlackWorkspace]:
    """Those with a channel and a token to write into it; one question, also where Slack is not set up."""
    return list(SlackWorkspace.objects.exclude(channel_id="").exclude(token_sealed="").order_by("id"))


def _head(incident: IncidentFacts, language: str) -> str:
    return speech.named(incident, language)


def _words(update: UpdateFacts, language: str) -> str:
    """What all affected customers or the public read; a word to one customer stays where it was said."""
    if not {"public", "affected"} & set(update.audiences):
        return ""
    other = "en" if language == "ja" else "ja"
    return body_of(update.parts, language, TOLD) or body_of(update.parts, other, TOLD)


def _tell(spaces: list[SlackWorkspace], incident: IncidentFacts, key: str, about: str, say: Say, event: Event) -> None:
    if incident.restricted:
        return
    zone = str(house.get("zone", "Asia/Tokyo"))
    for space in spaces:
        with translation.override(space.language), timezone.override(time.zone(zone)):
            head = _head(incident, space.language)
            payload = {
                "channel": space.channel_id, "text": rules.escape(blocks.cut(head, 500)),
                "blocks": say(space.language, zone), "unfurl_links": False, "unfurl_media": False,
            }  # fmt: skip
        slack_app.queue_call(
            "chat.postMessage", vault.open(space.token_sealed), payload, key=f"{key}:{space.pk}", subject=head,
            purpose="chat", rank=2, now=event.at, incident_id=incident.id, about=about,
        )  # fmt: skip
