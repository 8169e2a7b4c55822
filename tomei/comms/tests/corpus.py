"""The labelled sentences: `+` must be hit, `-` must pass; `|` parts this text, the one before, the one before that."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tomei.comms.guards import Facts, check

HERE = Path(__file__).parent / "corpus"
SETS = [
    (guard, language)
    for guard in ("vague", "blame", "filler", "guess", "jargon", "estimate", "liability")
    for language in ("ja", "en")
]
ALSO = {"filler": ("filler", "repeat")}  # the third text in the same words is the filler guard's other half


@dataclass(frozen=True)
class Line:
    wanted: bool
    text: str
    previous: tuple[str, ...]


def read(guard: str, language: str) -> list[Line]:
    lines = (HERE / f"{guard}.{language}.txt").read_text(encoding="utf-8").splitlines()
    found = []
    for line in lines:
        text, *previous = (piece.strip() for piece in line[2:].split(" | "))
        found.append(Line(line[0] == "+", text, tuple(previous)))
    return found


def hits(line: Line, guard: str, language: str) -> list[str]:
    facts = Facts(
        previous=line.previous, providers=("北浜ネット", "Kitahama Net"), cause_known=False, words=frozenset({"WMS"})
    )
    wanted = ALSO.get(guard, (guard,))
    return [one.match for one in check(line.text, language, facts) if one.guard in wanted]
