"""What is pressed: buttons under our messages. Everything they carry came back from outside and is judged anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from tomei.integrations.slack import blocks, updating, verbs
from tomei.integrations.slack.blocks import Reply
from tomei.integrations.slack.rules import Press
from tomei.integrations.slack.speech import Asked
from tomei.kernel.errors import Refused

FORMS = frozenset({"declare", "heartbeat", "update", "publish", "cancel"})  # done, the answer takes the form's place


def run(press: Press, asked: Asked) -> Reply | None:
    """Do what was pressed; None for what needs no words (a link). `Refused` and `Missing` come out."""
    if press.action == "open":
        return None
    act = ACTIONS.get(press.action)
    if act is None:
        raise Refused("slack.unknown_button")
    return act(press, asked)


def _declare(press: Press, asked: Asked) -> Reply:
    title, severity = press.fields.get("title", ""), press.fields.get("severity", "")
    if not title:
        raise Refused("field.missing", field=_("What fails"))
    if not severity:
        raise Refused("field.missing", field=_("Severity, by what has stopped for customers"))
    product = press.fields.get("product", "")
    product_id = int(product) if product.isascii() and product.isdecimal() and len(product) < 19 else None
    return verbs.declared(severity, title, asked, product_id=product_id, stop=press.fields.get("stop", ""))


def _heartbeat(press: Press, asked: Asked) -> Reply:
    return updating.beaten(press.value, press.fields.get("tried", ""), asked)


def _update(press: Press, asked: Asked) -> Reply:
    text = press.fields.get("text", "")
    if not text:
        raise Refused("field.missing", field=_("What to tell"))
    return updating.drafted(press.value, text, asked)


ACTIONS: Mapping[str, Callable[[Press, Asked], Reply]] = {
    "declare": _declare,
    "take": lambda press, asked: verbs.taken(press.value, "commander", asked),
    "heartbeat_form": lambda press, asked: updating.heartbeat_form(press.value, asked),
    "heartbeat": _heartbeat,
    "promises": lambda press, asked: verbs.owed_in(press.value, asked),
    "update": _update,
    "publish": lambda press, asked: updating.published(press.value, asked),
    "cancel": lambda press, asked: blocks.say(_("Cancelled. Nothing was done.")),
}
