"""How much fits into 30 seconds, and how a measure may be judged. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tomei.kernel.errors import Refused

MOST = 120  # words; of Japanese three characters count as one, read in the same time
LINE = 24
MEASURES = ("people", "executive", "vendor", "other")
OUTCOMES = ("helped", "none", "harmed", "unknown")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]")


def count(text: str) -> int:
    """Words of a text in either language."""
    wide = len(_WIDE.findall(text))
    return len(_WIDE.sub(" ", text).split()) + (wide + 2) // 3


def cut(text: str, most: int = LINE) -> str:
    """The first line of `text`, ended by an ellipsis where it is longer than `most` words."""
    line = " ".join(text.split("\n")[0].split())
    if count(line) <= most:
        return line
    while line and count(line) >= most:
        line = line[:-1]
    return f"{line.rstrip()}…"


def fit(lines: Sequence[str]) -> list[str]:
    """The lines in their order, as many from the top as make at most `MOST` words."""
    kept, total = [], 0
    for line in lines:
        total += count(line)
        if total > MOST:
            break
        kept.append(line)
    return kept


def measure(kind: str) -> str:
    if kind not in MEASURES:
        raise Refused("measure.unknown_kind", kind=kind[:40])
    return kind


def outcome(value: str) -> str:
    if value not in OUTCOMES:
        raise Refused("measure.unknown_outcome", outcome=value[:40])
    return value
