"""The last looks of a probe: a bar each, as high as it took, marked where it failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WORDS = {
    "ja": "直近 {count} 回の外形監視。正常 {good} 回、失敗 {bad} 回。正常時の最長 {ms} ミリ秒",
    "en": "The last {count} looks: {good} good, {bad} failed; the slowest good one took {ms} ms",
}
HIGH, WIDE, LEAST = 32, 4, 2


@dataclass(frozen=True, slots=True)
class Look:
    """`ms` is how long it took."""

    is_good: bool
    ms: int


def looks(given: Sequence[Look], most_ms: int, language: str = "en") -> Markup:
    """One SVG, oldest left: good looks as high as the slowest of them allows, failed ones over the whole height."""
    if not given:
        return Markup("")
    good = [one.ms for one in given if one.is_good]
    slowest = min(max(good, default=0), most_ms)
    words = WORDS[language].format(
        count=len(given), good=len(good), bad=len(given) - len(good), ms=max(good, default=0)
    )
    up = "".join(_bar(at, _height(one.ms, slowest)) for at, one in enumerate(given) if one.is_good)
    failed = Markup("").join(
        Markup('<rect class="d" x="{}" y="0" width="{}" height="{}"/>').format(WIDE * at, WIDE - 1, HIGH)
        for at, one in enumerate(given)
        if not one.is_good
    )
    return Markup(
        '<svg class="uptime" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}{}</svg>'
    ).format(WIDE * max(len(given), 20), HIGH, words, Markup('<path class="up" d="{}"/>').format(up), failed)


def _bar(at: int, height: int) -> str:
    return f"M{WIDE * at} {HIGH - height}h{WIDE - 2}v{height}h-{WIDE - 2}z"


def _height(ms: int, slowest: int) -> int:
    return LEAST + round((HIGH - 10 - LEAST) * min(ms, slowest) / slowest) if slowest else LEAST
