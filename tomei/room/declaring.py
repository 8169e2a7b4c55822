"""A guest declares, contests, and leads on their side: how often, and whether the house lets readers do it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tomei.accounts import audit
from tomei.accounts import settings as house
from tomei.cases.declared import actions as declared
from tomei.cases.declared.rules import Said
from tomei.cases.facts import CaseFacts
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.room import actions, rules
from tomei.room.facts import Guest

READERS = "room_readers_declare"


def readers_may() -> bool:
    """Whether contacts who only read may declare: whose business stands still may call, unless the house says no."""
    return house.get(READERS, True) is not False


def may(reader: Guest) -> bool:
    return reader.actor.may("room.declare") and (reader.contact.room_role != "reader" or readers_may())


def let_readers(allowed: bool, *, by: Actor, now: datetime) -> None:
    """Whether readers may declare from now on."""
    house.put(READERS, allowed, by=by, now=now)


@transaction.atomic
def declare(said: Said, *, another: bool, by: Guest, now: datetime) -> CaseFacts:
    """Declared in the name of their organisation; refuses `room.may_not_declare` and `room.declared_often`."""
    _let(by)
    if not actions.passes("declare", str(by.organisation.id), rules.DECLARATIONS, now):
        raise Refused("room.declared_often", most=rules.DECLARATIONS)
    made = declared.declare(said, another=another, by=by.actor, now=now)
    audit.record("room.declared", by=by.actor, now=now, case=made.key)
    return made


def _let(by: Guest) -> None:
    if not may(by):
        raise Refused("room.may_not_declare")


@transaction.atomic
def contest(case_id: int, level: str, *, words: str, by: Guest, now: datetime) -> CaseFacts:
    """They hold another severity true: an answer is owed to them. Refuses `room.may_not_declare`."""
    _let(by)
    return declared.contest(case_id, level, words=words, by=by.actor, now=now)


@transaction.atomic
def lead(case_id: int, *, leads: bool, by: Guest, now: datetime) -> CaseFacts:
    """Whoever is signed in says of themselves that they lead on their side, or that they do not."""
    return declared.lead(case_id, leads=leads, by=by.actor, now=now)
