"""A first text, a policy that lets it go by itself, and the clock that sends it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.people import NOW
from tomei import wiring
from tomei.clock.engine import Engine
from tomei.comms.beforehand import actions as firsts
from tomei.comms.beforehand.rules import FirstText
from tomei.comms.tests.factories import MINUTE, rows
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text

DUE = NOW + 4 * MINUTE  # 80 % of five minutes
TEXT = FirstText(
    "first", Text("第一報", "First notice"),
    {
        "effect": Text("{product}で障害が起きています。申し訳ございません。", "{product} is failing. We are sorry."),
        "doing": Text("次の報告は{next}までに出します。", "We write again by {next}."),
    },
)  # fmt: skip


def switch_on(**more: Any) -> None:
    """The policy in force lets first notices go by themselves at every severity."""
    for version in rows("customers", "PolicyVersion").all():
        for own in version.terms["severities"].values():
            own.update({"first_alone": True, **more})
        rows("customers", "PolicyVersion").filter(pk=version.pk).update(terms=version.terms)


def tick(at: datetime) -> None:
    """The clock at `at`: only what may send a first notice."""
    Engine({firsts.SEND: wiring.HANDLERS[firsts.SEND]}).drain(at)


def approved(*, by: Actor, of: Actor) -> FirstText:
    """Written by `of`, approved by `by`."""
    made = firsts.save_text(TEXT, seen=0, by=of, now=NOW - timedelta(days=1))
    return firsts.approve_text("first", seen=made.version, by=by, now=NOW - timedelta(days=1))
