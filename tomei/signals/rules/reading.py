"""Reading vendors' bodies kindly: a field of another type than published counts as missing, never as a fault.

What a body cannot do without is asked for by `need`, which refuses and says where.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tomei.kernel.errors import Refused
from tomei.signals.rules import shapes

Table = Mapping[str, Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"[0-9]{9,20}(\.[0-9]{1,9})?$")
# What template variables look like where the sender had nothing to put: $NAME, {MACRO.NAME}, *name*, {{ name }}.
_UNFILLED = re.compile(r"(\$[A-Z_]{2,60}|\{[A-Z0-9.$_]{2,60}\}|\*[A-Za-z]{2,60}\*|\{\{.{0,80}\}\}|\*UNKNOWN\*)$")


def body(given: bytes) -> Table:
    """The object that a body is; refuses what is no JSON object."""
    found: Table = shapes.shape(shapes.read(given), dict, "body")
    return found


def table(given: object, *path: str) -> Table:
    """The object at `path`, an empty one where there is none."""
    for name in path:
        given = given.get(name) if isinstance(given, dict) else None
    return given if isinstance(given, dict) else {}


def rows(given: object, where: str = "") -> list[Table]:
    """The objects of a list, at most as many as a request may hold; what is no object is left out."""
    found = given if isinstance(given, list) else []
    if len(found) > shapes.MOST_EVENTS:
        raise Refused("signal.too_many", most=shapes.MOST_EVENTS, count=len(found))
    return [one for one in found if isinstance(one, dict)]


def plain(value: object, limit: int = shapes.VALUE) -> str:
    """A scalar as words; anything else, and a template variable that nobody filled, is nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, int) and abs(value) >= 10**30:
        return ""  # Python refuses to write out very long numbers
    said = shapes.words(value, limit)
    return "" if _UNFILLED.match(said) else said


def text(given: Table, *names: str, limit: int = shapes.VALUE) -> str:
    """The first of these fields that says anything."""
    return next((said for name in names if (said := plain(given.get(name), limit))), "")


def need(said: str, where: str) -> str:
    """`said`, or refuse `signal.wrong_shape` and say which field is missing."""
    if not said:
        raise Refused("signal.wrong_shape", where=where)
    return said


def moment(given: object) -> datetime | None:
    """A moment from ISO 8601 with zone, or from seconds, milli-, micro- or nanoseconds since 1970."""
    if isinstance(given, bool):
        return None
    if isinstance(given, int | float):
        return _since(given)
    if isinstance(given, str) and _NUMBER.match(given.strip()):
        return _since(float(given.strip()))
    return shapes.moment(given)


def _since(number: float) -> datetime | None:
    if isinstance(number, float) and not math.isfinite(number):
        return None
    for unit in (1, 10**3, 10**6, 10**9):
        if 0 < number < 10**11 * unit:
            seconds = number // unit if isinstance(number, int) else number / unit
            at = _EPOCH + timedelta(seconds=seconds, microseconds=_rest(number, unit))
            return shapes.moment(at.isoformat())
    return None


def _rest(number: float, unit: int) -> int:
    return number % unit * 10**6 // unit if isinstance(number, int) else 0


def labels(*given: object) -> dict[str, str]:
    """Names and values from an object, pairs, objects of {key|tag, value}, or `name:value` texts; the first wins."""
    found: dict[str, str] = {}
    for name, value in (pair for one in given for pair in _pairs(one)):
        key, said = shapes.words(name, shapes.LABEL), _value(value)
        if key and said and key not in found and len(found) < shapes.MOST_LABELS:
            found[key] = said
    return found


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return shapes.words(value, shapes.VALUE)
    return plain(value)


def _pairs(given: object) -> Iterable[tuple[str, object]]:
    if isinstance(given, dict):
        yield from given.items()
    elif isinstance(given, list):
        for one in given[: 4 * shapes.MOST_LABELS]:
            yield from _pair(one)


def _pair(one: object) -> Iterable[tuple[str, object]]:
    if isinstance(one, dict):
        name = text(one, "key", "tag", "name")
        if name:
            yield name, one.get("value", "")
    elif isinstance(one, list) and len(one) == 2 and isinstance(one[0], str):
        yield one[0], one[1]
    elif isinstance(one, str) and ":" in one:
        name, _colon, value = one.partition(":")
        yield name.strip(), value.strip()


def prose(*given: object) -> str:
    """Longer texts, one below the other."""
    said = (plain(one, shapes.LONG) for one in given)
    return "\n".join(dict.fromkeys(one for one in said if one))[: shapes.LONG]


def link(*given: object) -> str:
    """The first address that may be shown as a link."""
    return next((found for one in given if isinstance(one, str) and (found := shapes.link(one))), "")


def bounded(key: str) -> str:
    """A sender's key as it is, or its beginning and its digest when it is longer than an index likes."""
    if len(key) <= shapes.KEY:
        return key
    return f"{key[: shapes.KEY - 70]}…{hashlib.sha256(key.encode()).hexdigest()}"


def own_key(*parts: str) -> str:
    """A key where the sender gives none: the same words give the same key, on every delivery."""
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]
