"""Spans of time as people write them: `15m`, `1h30m`, `2d`, `15分`, `1時間`."""

from __future__ import annotations

import re
import unicodedata

from tomei.kernel.errors import Refused

_UNITS = {"s": 1, "秒": 1, "m": 60, "min": 60, "分": 60, "h": 3600, "時間": 3600, "d": 86400, "日": 86400}
_PART = re.compile(r"([0-9]{1,9})(min|s|m|h|d|秒|分|時間|日)")
LONGEST_S = 366 * 86400


def parse_span(text: str, field: str) -> int:
    """Return whole seconds; refuse `field.span_unreadable`, `field.span_not_positive` and `field.span_too_long`."""
    words = unicodedata.normalize("NFKC", text).lower().replace(" ", "")
    parts = _PART.findall(words)
    if not parts or "".join(number + unit for number, unit in parts) != words:
        raise Refused("field.span_unreadable", field=field, text=text[:40])
    return checked(sum(int(number) * _UNITS[unit] for number, unit in parts), field)


def checked(seconds: object, field: str) -> int:
    """A span that may be promised: a whole number of seconds, more than none, at most a year."""
    if isinstance(seconds, bool) or not isinstance(seconds, int):
        raise Refused("field.span_unreadable", field=field, text=str(seconds)[:40])
    if seconds <= 0:
        raise Refused("field.span_not_positive", field=field)
    if seconds > LONGEST_S:
        raise Refused("field.span_too_long", field=field)
    return seconds


def format_span(seconds: int | None) -> str:
    """`5400` is `1h30m`: what `parse_span` reads back as the same number. None is empty."""
    if seconds is None:
        return ""
    parts = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"
