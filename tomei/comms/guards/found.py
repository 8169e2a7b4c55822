"""What a guard gets to know and what it says."""

from __future__ import annotations

from dataclasses import dataclass

from tomei.kernel import ids
from tomei.kernel.text import Text

ADVICE: dict[str, Text] = {
    "filler": Text(
        ja="前回から何が変わったかが読み取れません。試したこと、わかったこと、次にすることのどれかを一つ書いてください。",
        en="A reader learns nothing new here. Add one thing: what was tried, what is known now, or what comes next.",
    ),
    "repeat": Text(
        ja="同じ文が3回続いています。前回からしたことを一つ書くか、試したことを添えて「経過連絡」として送ってください。",
        en="This is the third time with the same words. Say one thing done since, or what was tried in a heartbeat.",
    ),
    "blame": Text(
        ja="提供元のせいだと読めます。お客様と約束したのは私たちです。事実として書き、私たちがすることを添えてください。",
        en="This reads as blame on a provider. The promise is ours: state the fact, and what we do about it.",
    ),
    "vague": Text(
        ja="あいまいな見通しです。時刻を書くか、幅・確かさ・根拠を添えるか、削ってください。",
        en="A vague time. Name a clock time, or a range with its confidence and basis, or leave it out.",
    ),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """`previous`: the last texts in this language, newest first. `names`: products and components, never read as
    words. `providers`: vendors and partners on record, besides those every reader knows. `first`: nothing was told
    yet. `tried`: what was tried since stands in the update, so it is not empty."""

    previous: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    first: bool = False
    tried: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """`start` and `end` are places in the text as it was typed; `part` is set by `check_parts`."""

    guard: str
    language: str
    start: int
    end: int
    match: str
    advice: Text
    part: str = ""

    @property
    def key(self) -> str:
        """Names this finding in a form: other words, other finding, so a reason never covers what came later."""
        seen = ids.digest(f"{self.guard}|{self.language}|{self.part}|{self.match}")[:8]
        return f"{self.guard}.{self.language}.{self.part or 'text'}.{seen}"
