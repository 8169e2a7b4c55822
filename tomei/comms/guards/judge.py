"""Run the guards over one text, or over the parts of an update in all its languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tomei.comms.guards import blame, estimate, filler, guess, jargon, liability, vague
from tomei.comms.guards.folding import Folded, fold
from tomei.comms.guards.found import ADVICE, Facts, Finding
from tomei.kernel.text import LANGUAGES, Text

GUARDS = ("filler", "repeat", "blame", "vague", "guess", "jargon", "estimate", "liability")
HELD = frozenset(
    {"liability"}
)  # never passes in silence: approved by somebody else, or sent at the last moment and shown
LONGEST = 8_000  # characters looked at per text: more than any update that people read


def check(text: str, language: str, facts: Facts | None = None) -> list[Finding]:
    """What a tired reader would hold against this text, in the order of its places."""
    facts = facts or Facts()
    folded = fold(text[:LONGEST], facts.names)
    found = [*_whole(folded, language, facts), *_places(folded, language, facts)]
    return sorted(found, key=lambda one: (one.start, one.guard))


def check_parts(parts: Mapping[str, Text], facts: Mapping[str, Facts], order: Sequence[str] = ()) -> list[Finding]:
    """What stands in one place by part; filler and repetition over the whole body of each language."""
    found: list[Finding] = []
    names = [*[name for name in order if name in parts], *[name for name in parts if name not in order]]
    for language in LANGUAGES:
        known = facts.get(language) or Facts()
        body = "\n".join(filter(None, (getattr(parts[name], language).strip() for name in names)))
        if not body:
            continue
        found += _whole(fold(body[:LONGEST], known.names), language, known)
        for name in names:
            found += _named(_places(fold(getattr(parts[name], language)[:LONGEST], known.names), language, known), name)
    return found


def _whole(folded: Folded, language: str, facts: Facts) -> Iterator[Finding]:
    if facts.first or facts.tried:
        return
    if filler.repeats(folded.typed, facts.previous):
        yield _finding("repeat", language, folded, 0, len(folded.text))
        return
    for start, end in filler.spans(folded, language):
        yield _finding("filler", language, folded, start, end)


def _places(folded: Folded, language: str, facts: Facts) -> Iterator[Finding]:
    for start, end in blame.spans(folded, language, facts.providers):
        yield _finding("blame", language, folded, start, end)
    for start, end in vague.spans(folded, language):
        yield _finding("vague", language, folded, start, end)
    if facts.outside:
        for start, end in jargon.spans(folded, language, facts.words):
            yield _finding("jargon", language, folded, start, end)
        for start, end in liability.spans(folded, language):
            yield _finding("liability", language, folded, start, end)
    if not facts.cause_known:
        for start, end in guess.spans(folded, language):
            yield _finding("guess", language, folded, start, end)
    if not facts.estimated:
        for start, end in estimate.spans(folded, language):
            yield _finding("estimate", language, folded, start, end)


def _finding(guard: str, language: str, folded: Folded, start: int, end: int) -> Finding:
    first, last = folded.span(start, end)
    return Finding(guard, language, first, last, folded.typed[first:last], ADVICE[guard])


def _named(found: Iterator[Finding], part: str) -> list[Finding]:
    return [Finding(one.guard, one.language, one.start, one.end, one.match, one.advice, part) for one in found]
