"""Read what a form posted: clean text, moments in the reader's zone, choices. Everything else is refused in words.

Refuses `field.missing`, `field.too_long`, `field.not_a_choice`, `field.not_a_number` and `field.control_characters`,
each with the fact `field` (the name that the page shows), and what `kernel.time` refuses about moments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from tomei.kernel import time
from tomei.kernel.errors import Refused
from tomei.kernel.text import LANGUAGES, Text

SHORT, LONG = 300, 20_000
# Overrides of the writing direction can make a text read as something else than it is; emoji joiners must stay.
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0080-\u009f\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SECRET = re.compile(r"password|passwd|secret|token|otp|code$|key$", re.IGNORECASE)
_NOT_SHOWN = {"csrfmiddlewaretoken", "seen", "next", "lang"}


def clean(value: str) -> str:
    """The text as people meant it: one kind of line end, no control or direction characters, emoji kept."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    for pattern in (_DIRECTION, _CONTROL):
        value = pattern.sub("", value)
    return _SURROGATE.sub("\ufffd", value).strip()


def text(
    posted: Mapping[str, str],
    name: str,
    max_length: int = SHORT,
    required: bool = False,
    *,
    label: str = "",
    many_lines: bool = False,
) -> str:
    """A text field, cleaned. One line unless `many_lines`; refused when it is nothing but control characters."""
    raw = posted.get(name) or ""
    value = clean(raw)
    if not value and raw.strip():
        raise Refused("field.control_characters", field=label or name)
    if not many_lines:
        value = re.sub(r"\s*\n\s*", " ", value)
    if required and not value:
        raise Refused("field.missing", field=label or name)
    if len(value) > max_length:
        raise Refused("field.too_long", field=label or name, length=len(value), most=max_length)
    return value


def both(
    posted: Mapping[str, str],
    name: str,
    max_length: int = LONG,
    required: bool = False,
    *,
    label: str = "",
    many_lines: bool = True,
) -> Text:
    """`name.ja` and `name.en` as one text; when required, one of the two is enough."""
    sides = {
        language: text(posted, f"{name}.{language}", max_length, label=label or name, many_lines=many_lines)
        for language in LANGUAGES
    }
    if required and not any(sides.values()):
        raise Refused("field.missing", field=label or name)
    return Text(**sides)


def moment(
    posted: Mapping[str, str], name: str, zone: str, required: bool = False, *, label: str = ""
) -> datetime | None:
    """A `datetime-local` field in the reader's zone, as UTC; refuses a time that the clock skips or shows twice."""
    value = text(posted, name, 60, required, label=label)
    return time.parse_local(value, zone) if value else None


def choice(
    posted: Mapping[str, str], name: str, choices: Iterable[str], required: bool = True, *, label: str = ""
) -> str:
    """One of `choices`, exactly as spelled; empty only when it is not required."""
    value = (posted.get(name) or "").strip()
    if not value:
        if required:
            raise Refused("field.missing", field=label or name)
        return ""
    if value not in set(choices):
        raise Refused("field.not_a_choice", field=label or name, value=clean(value)[:60])
    return value


def number(
    posted: Mapping[str, str],
    name: str,
    least: int = 0,
    most: int = 2**31 - 1,
    required: bool = False,
    *,
    label: str = "",
) -> int | None:
    """A whole number between `least` and `most`; full-width digits are digits too."""
    value = text(posted, name, 40, required, label=label)
    if not value:
        return None
    try:
        read = int(value)
    except ValueError as error:
        raise Refused("field.not_a_number", field=label or name, value=value[:60], least=least, most=most) from error
    if not least <= read <= most:
        raise Refused("field.not_a_number", field=label or name, value=value[:60], least=least, most=most)
    return read


def ticked(posted: Mapping[str, str], name: str) -> bool:
    """Whether a check box was ticked; an unticked one is not posted at all."""
    return (posted.get(name) or "").lower() in ("1", "on", "true", "yes")


def typed_fields(posted: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a person typed, for the page that must refuse it: no secrets, nothing that the form carried by itself."""
    return [
        (name, clean(value)[:LONG])
        for name, value in posted.items()
        if isinstance(value, str) and value.strip() and name not in _NOT_SHOWN and not _SECRET.search(name)
    ]
