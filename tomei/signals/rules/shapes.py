"""What both doors share: an event, and reading JSON that nobody can be trusted to have written well."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NoReturn

from tomei.kernel.errors import Refused

MOST_BYTES = 5 * 1024 * 1024
MOST_EVENTS = 10_000
MOST_LABELS = 64
TITLE, KEY, LABEL, VALUE, LONG = 300, 400, 100, 500, 4000
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_LONG_FRACTION = re.compile(r"(\.[0-9]{6})[0-9]+")
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Event:
    """One alert that fires or has resolved.

    `group_key` says which signals belong together; `fingerprint` which alert it is. `at` orders the events of one
    alert; None where the sender gave no time that can be believed. `component` is what its labels call the component.
    """

    status: str
    group_key: str
    fingerprint: str
    title: str
    severity: str = ""
    component: str = ""
    at: datetime | None = None
    url: str = ""
    text: str = ""
    title_ja: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_firing(self) -> bool:
        return self.status == "firing"


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody at the sender did with a group: `kind` is acknowledged or note. It changes no state."""

    kind: str
    group_key: str
    who: str = ""
    at: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """Something was changed out there (a deployment, a maintenance): kept for diagnosis, nobody is called."""

    title: str
    at: datetime | None = None
    origin: str = ""  # the part of the sender's world that it came from
    component: str = ""
    url: str = ""
    text: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parsed:
    """The events in the order sent. `left_out` is how many the sender says it did not send."""

    events: tuple[Event, ...] = ()
    left_out: int = 0
    remarks: tuple[Remark, ...] = ()
    changes: tuple[Change, ...] = ()


def read(body: bytes) -> Any:
    """The JSON of a body; refuses `signal.not_utf8`, `signal.broken_json` and `signal.too_deep`."""
    if len(body) > MOST_BYTES:
        raise Refused("signal.too_large", most=MOST_BYTES, size=len(body))
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("signal.not_utf8", position=error.start) from error
    try:
        return json.loads(text, parse_constant=_no_such_number)
    except RecursionError as error:
        raise Refused("signal.too_deep") from error
    except ValueError as error:
        detail = f"{getattr(error, 'msg', '') or 'number'} ({getattr(error, 'pos', '-')})"
        raise Refused("signal.broken_json", detail=detail) from error


def _no_such_number(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity are no JSON, and no database keeps them


def shape(given: object, wanted: type | tuple[type, ...], where: str) -> Any:
    """`given` when it is of the wanted type, else refuse `signal.wrong_shape` and say where."""
    if not isinstance(given, wanted) or (isinstance(given, bool) and wanted is int):
        raise Refused("signal.wrong_shape", where=where)
    return given


def words(value: object, limit: int) -> str:
    """One readable piece of text: no control characters, nothing that a database refuses, at most `limit` long."""
    if isinstance(value, str) and value.isprintable():
        return value.strip()[:limit]  # nearly all that comes: neither controls nor halves of characters are printable
    if value is None:
        return ""
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)[: limit * 2]
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", str(value))).strip()[:limit]


def labels(given: object, where: str) -> dict[str, str]:
    """Names and values as text; what is beyond the first 64 is left out."""
    pairs = shape({} if given is None else given, dict, where)
    return {words(name, LABEL): words(pairs[name], VALUE) for name in list(pairs)[:MOST_LABELS]}


def moment(given: object) -> datetime | None:
    """A moment in UTC; None when it is missing, unreadable, without zone, or in no year that anybody alerts in."""
    if not isinstance(given, str):
        return None
    try:
        # Go writes nanoseconds; Python keeps microseconds.
        read_at = datetime.fromisoformat(_LONG_FRACTION.sub(r"\1", given.strip()[:64]))
        at = read_at.astimezone(UTC) if read_at.tzinfo else None
    except (ValueError, OverflowError):
        return None
    return at if at is not None and _EARLIEST <= at < _LATEST else None


def link(given: object) -> str:
    """An address that may be shown as a link: http or https, nothing that runs."""
    text = words(given, 1000)
    return text if re.match(r"https?://[^\s<>\"]+$", text) else ""


def component_of(found: Mapping[str, str]) -> str:
    return (found.get("component") or found.get("service") or "").strip().lower()[:80]
