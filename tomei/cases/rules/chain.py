"""The hash chain of a timeline (law 9): what was written cannot be changed, yet a body can be erased."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as the chain sees it. `body` and `salt` are empty once erased; `body_hash` stays."""

    seq: int
    at: datetime
    known_at: datetime
    actor_kind: str
    actor_id: int | None
    code: str
    audience: str
    data: Mapping[str, Any]
    body_hash: str
    hash: str
    body: str = ""
    salt: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`broken_at` is the first seq that does not verify; None when all `entries` do."""

    entries: int
    head: str
    broken_at: int | None = None
    why: str = ""

    @property
    def holds(self) -> bool:
        return self.broken_at is None


def hash_body(salt: str, body: str) -> str:
    """SHA-256 over salt and body: nobody guesses a short body from its hash."""
    return hashlib.sha256((salt + body).encode()).hexdigest()


def hash_entry(link: Link, previous: str) -> str:
    """SHA-256 over the canonical JSON of all but the body, and over the hash of what stood before."""
    fields = {
        "seq": link.seq,
        "at": _moment(link.at),
        "known_at": _moment(link.known_at),
        "actor": [link.actor_kind, link.actor_id],
        "code": link.code,
        "audience": link.audience,
        "data": link.data,
        "body_hash": link.body_hash,
        "previous": previous,
    }
    return hashlib.sha256(canonical(fields).encode()).hexdigest()


def canonical(value: Any) -> str:
    """JSON that reads the same after every database: sorted keys, no spaces, no ASCII escapes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def plain(value: Any) -> Any:
    """The JSON value that both databases give back unchanged: whole keys as text, floats rounded to milliseconds.

    PostgreSQL keeps numbers as decimals, so `1e20` or `-0.0` would come back written otherwise and break the chain.
    """
    if isinstance(value, float):
        return round(value, 3) + 0.0
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(part) for part in value]
    if isinstance(value, str):
        return str(value).replace("\x00", "")
    return value


def verify(links: Sequence[Link], *, seq: int, head: str) -> Verdict:
    """Walk all entries in order against the row's `seq` and `head`, which also shows a cut-off tail.

    A body that is gone without an entry that says so is a fault like any other.
    """
    previous = ""
    erased = {link.data.get("of") for link in links if link.code == "erased"}
    for expected, link in enumerate(links, start=1):
        why = _fault(link, expected, previous, erased)
        if why:
            return Verdict(len(links), head, expected, why)
        previous = link.hash
    if len(links) != seq or previous != head:
        return Verdict(len(links), head, len(links) + 1, "tail")
    return Verdict(len(links), head)


def _fault(link: Link, expected: int, previous: str, erased: set[Any]) -> str:
    if link.seq != expected:
        return "gap"
    if link.salt and hash_body(link.salt, link.body) != link.body_hash:
        return "body"
    if not link.salt and (link.body or (link.body_hash and link.seq not in erased)):
        return "body"  # a body vanishes with its salt and by an entry of its own, never alone
    return "" if hash_entry(link, previous) == link.hash else "entry"


def anchor(seq: int, head: str) -> str:
    """`12·9f3ac1`: the chain head that mails and feeds carry, so that customers hold the anchors."""
    return f"{seq}·{head[:6]}" if head else "0"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
