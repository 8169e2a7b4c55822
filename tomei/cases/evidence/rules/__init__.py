"""Who sees a piece of evidence, and which bytes they get. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tomei.kernel.errors import Refused

CHECKING, READY, UNSCANNED, RELEASED, BROKEN, ERASED = "checking", "ready", "unscanned", "released", "broken", "erased"
STATES = (CHECKING, READY, UNSCANNED, RELEASED, BROKEN, ERASED)
COPIES = ("masked", "original")
MOST_NOTE, MOST_SOURCE = 4000, 300


@dataclass(frozen=True, slots=True)
class Reader:
    """Who stands there: one of us, or a contact of `organisation_id`."""

    kind: str  # user, contact
    id: int | None
    organisation_id: int | None
    may_open_originals: bool = False
    may_release: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides about a piece of evidence."""

    state: str
    organisation_id: int
    given_by_kind: str
    given_by_id: int | None
    shared: bool
    is_text: bool


def gave(one: Standing, reader: Reader) -> bool:
    return (one.given_by_kind, one.given_by_id) == (reader.kind, reader.id) and reader.id is not None


def sees(one: Standing, reader: Reader) -> bool:
    """The uploader at once; everybody else after the scan; a contact only what is their own organisation's."""
    if reader.kind == "contact":
        theirs = one.organisation_id == reader.organisation_id
        if not theirs or not (one.given_by_kind == "contact" or one.shared):
            return False
    if gave(one, reader):
        return True
    if reader.kind == "contact":
        return one.state in (READY, RELEASED, ERASED)
    return one.state != CHECKING


def copy_of(one: Standing) -> str:
    """What is read by default: the masked copy where there is one."""
    return "masked" if one.state == READY and one.is_text else "original"


def check_reading(one: Standing, reader: Reader, *, copy: str, reason: str) -> None:
    """Refuses `evidence.not_looked_into`, `evidence.gone`, `evidence.no_reason` and `rights.missing`.

    The original of a text takes the right and a reason; what was never masked is read as it is, once it was looked
    into or released.
    """
    if one.state in (BROKEN, ERASED):
        raise Refused("evidence.gone", state=one.state)
    if one.state in (CHECKING, UNSCANNED):
        raise Refused("evidence.not_looked_into")
    if copy != copy_of(one):
        if copy == "masked":
            raise Refused("evidence.gone", state="masked")
        if not (reader.may_open_originals or gave(one, reader)):
            raise Refused("rights.missing", verb="evidence.original")
        if not reason:
            raise Refused("evidence.no_reason")


def check_release(state: str) -> None:
    if state != UNSCANNED:
        raise Refused("evidence.nothing_to_release", state=state)


def check_range(covers_from: datetime | None, covers_until: datetime | None) -> None:
    if covers_from is not None and covers_until is not None and covers_until < covers_from:
        raise Refused("evidence.range_backwards")


def erase_after(closed_at: datetime, days: int) -> datetime:
    return closed_at + timedelta(days=days)
