"""Which line of a text answers a question. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tomei.search.tokens import Term, fold, tokens

LONGEST = 160  # characters of a line that are shown
BEFORE = 40  # of them in front of the match


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line, cut around the match; `language` is empty where nobody said which it is."""

    text: str = ""
    language: str = ""


NOTHING = Excerpt()


def best(lines: Iterable[tuple[str, str]], question: str, asked: list[Term], language: str = "") -> Excerpt:
    """The line that holds most of what was asked, in the reader's language among equals; empty when none does."""
    found, most = NOTHING, (0, False)
    for spoken, text in lines:
        for line in filter(None, map(str.strip, text.splitlines())):
            score = (_held(line, asked), spoken == language)
            if score[0] and score > most:
                found, most = Excerpt(_cut(line, question, asked), spoken), score
    return found


def _held(line: str, asked: list[Term]) -> int:
    there = tokens(line)
    known = set(there)
    return sum(
        term.token in known or (term.prefix and any(one.startswith(term.token) for one in there)) for term in asked
    )


def _cut(line: str, question: str, asked: list[Term]) -> str:
    if len(line) <= LONGEST:
        return line
    folded = fold(line)
    wanted = [*fold(question).split(), *(term.token for term in asked)]
    places = [at for at in (folded.find(one) for one in wanted) if at >= 0]
    # folding may change the length of a text (㌔ is キロ): near enough to show where
    start = max(0, min((places[0] if places else 0) - BEFORE, len(line) - LONGEST))
    end = start + LONGEST
    return f"{'…' if start else ''}{line[start:end]}{'…' if end < len(line) else ''}"
