"""What is typed after `/tomei`: each verb is one query or one action, and a reply that the person alone sees."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from tomei.cases import actions as cases
from tomei.cases import queries as incidents
from tomei.cases.rules.roles import ROLES
from tomei.cases.words import HEARERS, SEVERITIES
from tomei.cases.words import ROLES as ROLE_WORDS
from tomei.customers import queries as customers
from tomei.integrations.slack import blocks, owners, rules, updating
from tomei.integrations.slack.blocks import Reply
from tomei.integrations.slack.speech import Asked, buttons, named, page, subject
from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity
from tomei.promises import lists
from tomei.promises import queries as promises
from tomei.promises.facts import PromiseFacts

LISTED = 15
Verb = Callable[[str, Asked], Reply]


def run(text: str, asked: Asked) -> Reply:
    """Do what was typed; `Refused` and `Missing` come out."""
    word, rest = rules.verb(text)
    act = VERBS.get(word or "help")
    if act is None:
        raise Refused("slack.unknown_verb", verb=word[:40])
    return act(rest, asked)


def help_(rest: str, asked: Asked) -> Reply:
    lines = (
        "/tomei declare SEV1b " + _("what fails") + " – " + _("declare an incident; without words, a form"),
        "/tomei heartbeat INC-12 " + _("what was tried") + " – " + _("tell customers that we are still on it"),
        "/tomei update INC-12 " + _("the text") + " – " + _("keep a draft and see what stands in its way"),
        "/tomei take INC-12 commander – " + _("take a role"),
        "/tomei who " + _("product or component") + " – " + _("who owns it"),
        "/tomei promises – " + _("what you owe, next due first; with INC-12 what is owed there"),
        "/tomei status – " + _("what is open"),
    )
    whole = "\n".join(lines)
    return Reply(whole, (blocks.section(whole), blocks.context(_("You speak here as %(name)s.") % {
        "name": asked.person.name})))  # fmt: skip


# -- Declare ----------------------------------------------------------------------------------------------------------


def declare(rest: str, asked: Asked) -> Reply:
    """With a severity and a title it is declared; with less, a form comes back, filled with what was typed."""
    asked.by.require("incident.declare")
    severity, title = rules.severity(rest)
    return declared(severity, title, asked) if severity and title else declare_form(severity, title, asked)


def declare_form(severity: str, title: str, asked: Asked) -> Reply:
    said, language = _("Declare an incident"), asked.language
    levels = [(str(one), f"{one} {SEVERITIES[str(one)].said_in(language)}") for one in Severity]
    products = [(str(one.id), one.name.said_in(language)) for one in customers.all_products() if not one.is_archived]
    made = [
        blocks.header(said),
        blocks.choice("severity", _("Severity, by what has stopped for customers"), levels, initial=severity),
        blocks.field("title", _("What fails"), initial=title),
    ]
    if products:
        made.append(blocks.choice("product", _("Product"), products, optional=True))
    made += [
        blocks.field("stop", _("What the customer cannot do"), many_lines=True, optional=True),
        blocks.actions(blocks.button(_("Declare"), "declare", style="primary"), blocks.button(_("Cancel"), "cancel")),
    ]
    return Reply(said, tuple(made))


def declared(severity: str, title: str, asked: Asked, *, product_id: int | None = None, stop: str = "") -> Reply:
    """Numbered, with every promise of its policy; what the customer cannot do stands as a fact on the timeline."""
    made = cases.declare(
        title=rules.as_text(title), severity=severity, product_id=product_id, by=asked.by, now=asked.now
    )
    if stop:
        cases.note(made.id, stop, kind="fact", by=asked.by, now=asked.now)
    reply = blocks.say(_("Declared: %(what)s") % {"what": named(made, asked.language)}, *_owed(made.id, asked, 4))
    return reply.plus(buttons(made))


# -- Roles, promises, status ------------------------------------------------------------------------------------------


def take(rest: str, asked: Asked) -> Reply:
    """`INC-12 commander`; without a role, the commander's."""
    incident, word = subject(rest, asked)
    return taken(incident.key, role_of(word) if word else "commander", asked)


def taken(key: str, role: str, asked: Asked) -> Reply:
    found = incidents.by_number(key, asked.by)
    after = cases.take_role(found.id, role, by=asked.by, now=asked.now)
    said = _("%(what)s: you are now %(role)s.") % {
        "what": named(after, asked.language), "role": ROLE_WORDS[role].said_in(asked.language),
    }  # fmt: skip
    return blocks.say(said).plus(buttons(after, taken=True))


def role_of(word: str) -> str:
    """The code of a role, from its code or its name in either language; refuses `role.unknown`."""
    wanted = word.strip().casefold().replace(" ", "_")
    for code in ROLES:
        said = ROLE_WORDS[code]
        if wanted in (code, said.ja.casefold(), said.en.casefold().replace(" ", "_")):
            return code
    raise Refused("role.unknown", role=word[:40])


def owed(rest: str, asked: Asked) -> Reply:
    """What one owes oneself, or what is owed in an incident; next due first, with absolute times."""
    asked.by.require("read")
    if rest:
        incident, _rest = subject(rest, asked)
        return owed_in(incident.key, asked)
    lines = _owed(None, asked, LISTED)
    if not lines:
        return blocks.say(_("You owe nothing now."))
    reply = blocks.say(_("What you owe, next due first:"), *lines)
    return reply.plus(blocks.actions(blocks.link(_("Open"), page("/promises/"))))


def owed_in(key: str, asked: Asked) -> Reply:
    incident = incidents.by_number(key, asked.by)
    lines = _owed(incident.id, asked, LISTED)
    head = named(incident, asked.language)
    reply = blocks.say(head, *lines) if lines else blocks.say(head, _("Nothing is owed here now."))
    return reply.plus(blocks.actions(blocks.link(_("Open"), page(incident.url))))


def _owed(incident_id: int | None, asked: Asked, most: int) -> list[str]:
    owner = asked.by.user_id if incident_id is None else None
    found = promises.next_due(most, by=asked.by, owner_id=owner, incident_id=incident_id)
    lines = []
    for row in lists.dressed(found):
        parts = [asked.when(row.facts.due_at), row.facts.words.said_in(asked.language), _about(row.facts, asked)]
        if row.owed_to:
            parts.append(row.owed_to.said_in(asked.language))
        if incident_id is None and row.on is not None:
            parts.append(row.on.key)
        if incident_id is not None and row.owner:
            parts.append(row.owner)
        marks = [_("DRILL")] if row.facts.drill else []
        marks += [_("OVERDUE")] if row.facts.is_overdue(asked.now) else []
        lines.append(" ".join(["•", *marks, " · ".join(part for part in parts if part)]))
    return lines


def _about(promise: PromiseFacts, asked: Asked) -> str:
    """Which role, or to whom: two promises of one kind must not look like one written twice."""
    role = ROLE_WORDS.get(promise.about.removeprefix("role:"))
    hearer = HEARERS.get(promise.audience)
    return role.said_in(asked.language) if role else hearer.said_in(asked.language) if hearer else ""


def status(rest: str, asked: Asked) -> Reply:
    """What burns now, worst first."""
    found = incidents.open_incidents(asked.by, limit=LISTED)
    if not found:
        return blocks.say(_("Nothing is open."))
    lines = []
    for one in found:
        due = _("next due %(at)s") % {"at": asked.when(one.next_due_at)} if one.next_due_at else ""
        late = _("OVERDUE") if one.overdue else ""
        parts = [named(one, asked.language), incidents.state_word(one.state), due, late]
        lines.append("• " + " · ".join(part for part in parts if part))
    return blocks.say(*lines).plus(blocks.actions(blocks.link(_("Open"), page("/"))))


VERBS: Mapping[str, Verb] = {
    "help": help_, "?": help_, "declare": declare, "heartbeat": updating.heartbeat, "update": updating.update,
    "who": owners.who, "promises": owed, "take": take, "status": status,
}  # fmt: skip
