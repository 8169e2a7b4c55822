"""Fold a text by NFKC and blank out what is not the writer's own claim, keeping the way back to the typed places."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_QUOTED = re.compile(
    r"^[ \t]*>.*$"  # a quoted line of a mail
    r"|```.*?```|`[^`\n]*`"
    r"|「[^」\n]*」|『[^』\n]*』"
    r"|“[^”\n]*”|«[^»\n]*»"
    r"|\"[^\"\n]*\""
    r"|https?://[^\s<>「」]+|www\.[^\s<>]+"
    r"|[\w.+-]+@[\w-]+\.[\w.-]+",
    re.MULTILINE | re.DOTALL,
)
_SENTENCE = re.compile(r"[^。！？!?\n]*?(?:[。！？!?]+|\.(?=\s|$)|\n|$)")
LONGEST = 600
BLANK = "\ufffc"


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is folded and blanked; `places[i]` is where its character i began in the typed text."""

    typed: str
    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        first = self.places[start] if start < len(self.places) else len(self.typed)
        last = self.places[end] if end < len(self.places) else len(self.typed)
        return first, max(last, first)


@dataclass(frozen=True, slots=True)
class Sentence:
    start: int
    text: str


def fold(typed: str, names: tuple[str, ...] = ()) -> Folded:
    """NFKC by cluster (a letter with its marks), so that each folded character knows where it came from."""
    out: list[str] = []
    places: list[int] = []
    index = 0
    while index < len(typed):
        stop = index + 1
        while stop < len(typed) and unicodedata.combining(unicodedata.normalize("NFKC", typed[stop])[:1] or " "):
            stop += 1
        folded = unicodedata.normalize("NFKC", typed[index:stop])
        out.append(folded)
        places.extend([index] * len(folded))
        index = stop
    return Folded(typed, _blanked("".join(out), names), tuple(places))


def _blanked(text: str, names: tuple[str, ...]) -> str:
    """Same length, with quotations, addresses and own names made unreadable."""
    text = _QUOTED.sub(lambda hit: BLANK * len(hit[0]), text)
    for name in sorted({unicodedata.normalize("NFKC", name) for name in names if name.strip()}, key=len, reverse=True):
        pattern = re.compile(re.escape(name) if not name.isascii() else rf"\b{re.escape(name)}\b")
        text = pattern.sub(lambda hit: BLANK * len(hit[0]), text)
    return text


def sentences(text: str) -> list[Sentence]:
    """Sentences with their places. A full stop inside a number or a name (`v2.1`) ends none."""
    found: list[Sentence] = []
    for hit in _SENTENCE.finditer(text):
        for start in range(hit.start(), hit.end(), LONGEST):  # no full stop in sight: patterns must not cost its square
            piece = text[start : min(start + LONGEST, hit.end())]
            if piece.strip():
                found.append(Sentence(start, piece))
    return found


def squeezed(text: str) -> str:
    """Letters and digits only, without clock times: two updates that differ in the hour alone are the same."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(
        r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\s*[:時]\s*\d{2}分?(?:\s*(?:jst|utc|gmt|us/pacific|p[ds]t))?", "", text
    )
    text = re.sub(r"\d{1,2}\s*(?:時|am\b|pm\b)|\d{1,2}月\d{1,2}日", "", text)
    return re.sub(r"[\W_]+", "", text)


def without_overlap(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """In order of place; of two that overlap the one that begins first."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
