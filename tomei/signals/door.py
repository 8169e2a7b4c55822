"""The inbound door: durable before it is answered, and one defined answer to everything that may come."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils import translation

from tomei.kernel import ids
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.signals import actions, rules
from tomei.signals.facts import Taken
from tomei.signals.models import Source
from tomei.ui import refusals

log = logging.getLogger("tomei.signals")
MOST_WAITING = 256  # requests of this process inside the door at once; beyond it, come again
MOST_BYTES_WAITING = 64 * 1024 * 1024
RETRY_S = 5
# PostgreSQL's word for what is no fault of one request: connection, resources, an operator, the system.
_OF_THE_DATABASE = ("08", "53", "57", "58")
_waiting = 0
_bytes_waiting = 0
_guard = Lock()


@dataclass(frozen=True, slots=True)
class Letter:
    """One request as it came; `language` is what its sender reads."""

    kind: str
    key: str
    body: bytes
    at: datetime
    language: str
    word: str = ""  # what stands behind the key, where the kind knows such words


@dataclass(frozen=True, slots=True)
class Reply:
    """What the sender is told. `json` has the counts, or the one error shape of the API."""

    status: int
    json: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


def enter(size: int) -> bool:
    """Take a place for a body of `size` bytes; False when too many wait. Whoever came in has to `leave`."""
    global _waiting, _bytes_waiting
    with _guard:
        if _waiting >= MOST_WAITING or (_waiting and _bytes_waiting + size > MOST_BYTES_WAITING):
            return False
        _waiting += 1
        _bytes_waiting += size
    return True


def leave(size: int) -> None:
    global _waiting, _bytes_waiting
    with _guard:
        _waiting -= 1
        _bytes_waiting -= size


def refusal(status: int, error: Refused, headers: Mapping[str, str] | None = None, language: str = "") -> Reply:
    said = refusals.said(error, language or translation.get_language() or "en")
    body = {
        "code": error.code,
        "message": said.sentence,
        "way_out": said.way_out,
        "facts": {name: value if isinstance(value, int) else str(value) for name, value in error.facts.items()},
    }
    return Reply(status, body, headers or {})


def busy(language: str = "") -> Reply:
    return refusal(429, Refused("signal.busy", seconds=RETRY_S), {"Retry-After": str(RETRY_S)}, language)


def receive(kind: str, key: str, body: bytes, now: datetime, word: str = "") -> Reply:
    """Take one request in and answer it.

    200 with counts when it is stored and understood; 400 when it is stored and not understood; 404 for every wrong
    key, alike; 413 when it is too large; 429 with Retry-After when too many wait; 503 when the database cannot write,
    507 when the disk is full; 500 when we cannot store this one. Nothing but 200 and 400 has kept the body.
    """
    if not enter(len(body)):
        return busy()
    try:
        return receive_all([Letter(kind, key, body, now, translation.get_language() or "en", word)])[0]
    finally:
        leave(len(body))


def receive_all(letters: Sequence[Letter], began: Callable[[], object] = lambda: None) -> list[Reply]:
    """What `receive` answers to each, all stored in one transaction; `began` is called when that is open.

    One that cannot be stored fails alone: all are stored one by one then.
    """
    try:
        return _receive_all(letters, began)
    except (OSError, OperationalError, InterfaceError) as error:
        if len(letters) == 1 or _is_of_the_database(error):
            return [_unstored(error, one.language) for one in letters]
        log.warning("%d requests are stored one by one: %s", len(letters), error)
    except Exception:
        log.exception("of %d requests at the door at least one could not be stored", len(letters))
        if len(letters) == 1:
            return [refusal(500, Refused("signal.fault"), language=letters[0].language)]
    return [receive_all([one], began)[0] for one in letters]


def _is_of_the_database(error: Exception) -> bool:
    """Whether it would befall every request alike: a full disk, a lock, a server that is away."""
    state = getattr(error.__cause__, "sqlstate", None)
    return not isinstance(error, OperationalError) or state is None or state[:2] in _OF_THE_DATABASE


def _unstored(error: Exception, language: str) -> Reply:
    full = "disk is full" in str(error) or "No space left" in str(error)
    if full or (isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)):
        return refusal(507, Refused("signal.no_space"), {"Retry-After": "60"}, language)
    if isinstance(error, OSError):
        log.error("a request at the door could not be stored", exc_info=error)
        return refusal(500, Refused("signal.fault"), language=language)
    return refusal(503, Refused("signal.database"), {"Retry-After": "2"}, language)


@dataclass(frozen=True, slots=True)
class _Read:
    """A letter, what is to be stored of it (nothing without a known key), and why it was not understood."""

    letter: Letter
    delivery: actions.Delivery | None = None
    error: Refused | None = None


def _receive_all(letters: Sequence[Letter], began: Callable[[], object]) -> list[Reply]:
    sources = _sources(letters)
    read = [_read(one, sources.get((one.kind, ids.digest(one.key)))) for one in letters]
    deliveries = [one.delivery for one in read if one.delivery is not None]
    now = max(one.at for one in letters)
    taken = iter(actions.take_in(deliveries, now=now, began=began) if deliveries else ())
    return [_reply(one, next(taken) if one.delivery is not None else None) for one in read]


def _sources(letters: Sequence[Letter]) -> dict[tuple[str, str], Source]:
    """Asked anew each time: a key that was archived or made anywhere counts at once.

    Found by digest: how long the search takes says nothing about the key.
    """
    digests = {ids.digest(one.key) for one in letters}
    return {(row.kind, row.key_digest): row for row in Source.objects.filter(key_digest__in=digests, archived_at=None)}


def _read(letter: Letter, source: Source | None) -> _Read:
    """Nothing is locked yet: reading five megabytes takes its time."""
    if source is None:
        return _Read(letter)
    if len(letter.body) > rules.MOST_BYTES:
        return _Read(letter, *_too_large(source, len(letter.body), letter.at))
    try:
        if letter.kind in rules.SIGNED:
            rules.SIGNED[letter.kind](letter.body)
            return _Read(letter, _delivery(source, letter))
        parsed = rules.parse(letter.kind, source.mapping, letter.body)
    except Refused as error:
        detail = ", ".join(f"{name}: {value}" for name, value in error.facts.items())
        return _Read(letter, _delivery(source, letter, error=f"{error.code} {detail}".strip()), error)
    return _Read(letter, _delivery(source, letter, parsed=parsed))


def _delivery(source: Source, letter: Letter, **outcome: Any) -> actions.Delivery:
    return actions.Delivery(
        source, actor_of(source), letter.at, letter.body, len(letter.body), word=letter.word, **outcome
    )


def _too_large(source: Source, size: int, now: datetime) -> tuple[actions.Delivery, Refused]:
    """That something came and was too large is kept, the body is not."""
    error = Refused("signal.too_large", most=rules.MOST_BYTES, size=size)
    return actions.Delivery(source, actor_of(source), now, b"", size, error=f"{error.code} size: {size}"), error


def _reply(read: _Read, taken: Taken | None) -> Reply:
    language = read.letter.language
    if taken is None:
        return refusal(404, Refused("signal.unknown_key"), language=language)
    if read.error is None:
        counts = {"received": taken.received_id, "events": taken.events, "new": taken.new, "repeated": taken.repeated}
        return Reply(200, {**counts, "late": taken.late, "groups": list(taken.group_ids)[:100]})
    if read.error.code == "signal.too_large":
        return refusal(413, read.error, language=language)
    reply = refusal(400, read.error, language=language)
    return Reply(400, {**reply.json, "code": "not_understood", "error": read.error.code, "received": taken.received_id})


def refuse_size(kind: str, key: str, size: int, now: datetime) -> Reply:
    """For a front that stopped reading at a limit of its own: the same answers as `receive`, without the body."""
    letter = Letter(kind, key, b"", now, translation.get_language() or "en")
    source = _sources([letter]).get((kind, ids.digest(key)))
    if source is None:
        return _reply(_Read(letter), None)
    delivery, error = _too_large(source, size, now)
    return _reply(_Read(letter, delivery, error), actions.take_in([delivery], now=now)[0])


def actor_of(source: Source) -> Actor:
    """The sender itself acts; it holds no right, only what the default rule does in its name."""
    return Actor("source", source.pk, source.name)
