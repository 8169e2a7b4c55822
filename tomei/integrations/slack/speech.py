"""Who asks, and our words for them: in their language, with times in their zone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tomei.accounts.facts import Person
from tomei.cases import queries as cases
from tomei.cases.facts import IncidentFacts
from tomei.comms.web import shown
from tomei.integrations.slack import blocks, rules
from tomei.integrations.slack.blocks import Reply
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.ui import moments, refusals


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of a linked person."""

    by: Actor
    person: Person
    now: datetime

    @property
    def language(self) -> str:
        return "en" if self.person.language == "en" else "ja"

    def when(self, moment: datetime) -> str:
        """An absolute time, the day only when it is not today."""
        return moments.near(moment, self.person.zone, self.language, self.now)


@contextmanager
def speaking(person: Person) -> Iterator[None]:
    """In this person's language and zone."""
    with translation.override("en" if person.language == "en" else "ja"), timezone.override(time.zone(person.zone)):
        yield


def no(error: Refused | Missing, asked: Asked) -> Reply:
    """A refusal as a sentence with its way out."""
    if isinstance(error, Missing):
        return blocks.say(
            _("%(what)s is not there, or not for you to see.") % {"what": str(error)[:40]},
            _("`/tomei status` lists what is open."),
        )
    said = shown.said(error, asked.language, asked.now)
    return blocks.say(said.sentence, said.way_out)


def refused(code: str, language: str) -> str:
    """A refusal for somebody whom we do not know."""
    said = refusals.said(Refused(code), language)
    return f"{said.sentence} {said.way_out}"


def named(incident: IncidentFacts, language: str) -> str:
    """`INC-12 SEV1b Orders fail`, marked as a drill where it is one."""
    drill = _("DRILL") + " " if incident.drill else ""
    return f"{drill}{incident.key} {incident.severity} {incident.title.said_in(language)}"


def page(path: str) -> str:
    return f"{settings.TOMEI_URL}{path}"


def subject(text: str, asked: Asked) -> tuple[IncidentFacts, str]:
    """The incident that a command begins with, and the rest; refuses `slack.no_number`, `Missing` for a hidden one."""
    key, rest = rules.incident(text)
    if not key:
        raise Refused("slack.no_number")
    return cases.by_number(key, asked.by), rest


def buttons(incident: IncidentFacts, *, taken: bool = False) -> blocks.Block:
    """What can be done about an incident from a message."""
    made = [] if taken else [blocks.button(_("I take it"), "take", incident.key, style="primary")]
    return blocks.actions(
        *made,
        blocks.button(_("Heartbeat"), "heartbeat_form", incident.key),
        blocks.button(_("Promises"), "promises", incident.key),
        blocks.link(_("Open"), page(incident.url)),
    )
