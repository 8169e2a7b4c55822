"""A band of time cut into spans: who had to act when. Height tells the kinds apart where colour cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from tomei.ui import moments

WIDTH = 900.0
TOPS = {"us": 0, "customer": 8, "vendor": 16, "nobody": 26}  # of 32
LEAST = 1.0  # drawn, so that a short span is seen
WORDS = {
    "ja": {"alt": "時間の内訳: {parts}", "part": "{label} {span}", "none": "まだ時間が経っていません"},
    "en": {"alt": "Where the time went: {parts}", "part": "{label} {span}", "none": "No time has passed yet"},
}


@dataclass(frozen=True, slots=True)
class Band:
    """`kind` is us, customer, vendor or nobody; `label` names the party in the reader's language."""

    kind: str
    label: str
    start: datetime
    end: datetime


def bands(found: Sequence[Band], language: str = "en", zone: str = "UTC") -> Markup:
    """One SVG from the first start to the last end; its text alternative sums up per label."""
    if not found:
        return Markup("<p class='meta'>{}</p>").format(WORDS[language]["none"])
    start, length = found[0].start, (found[-1].end - found[0].start).total_seconds() or 1.0
    drawn = Markup("").join(_rect(one, (one.start - start).total_seconds() / length, length, language, zone)
                            for one in found)  # fmt: skip
    return Markup(
        '<svg class="bands" viewBox="0 0 {} 32" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
    ).format(int(WIDTH), label(found, language), drawn)


def label(found: Sequence[Band], language: str) -> str:
    sums: dict[str, float] = {}
    for one in found:
        sums[one.label] = sums.get(one.label, 0.0) + (one.end - one.start).total_seconds()
    longest = sorted(sums.items(), key=lambda part: -part[1])
    words = WORDS[language]
    said = (words["part"].format(label=name, span=moments.span(seconds, language)) for name, seconds in longest)
    return words["alt"].format(parts=("、" if language == "ja" else ", ").join(said))


def _rect(one: Band, at: float, length: float, language: str, zone: str) -> Markup:
    wide = max(LEAST, WIDTH * (one.end - one.start).total_seconds() / length)
    left, top = min(WIDTH * at, WIDTH - wide), TOPS[one.kind]
    said = f"{one.label} {moments.span((one.end - one.start).total_seconds(), language)}"
    since = moments.full(one.start, zone, language)
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>').format(
        one.kind, round(left, 1), top, round(wide, 1), 32 - top, f"{since}: {said}"
    )
