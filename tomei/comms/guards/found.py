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
    "guess": Text(
        ja="原因はまだ特定されていません。「可能性があります」のように推測と書くか、特定できたなら状態を「原因特定」にしてください。",
        en="The cause is not identified yet. Say that it is suspected, or set the state to identified if it is known.",
    ),
    "jargon": Text(
        ja="社外の読み手にはわからない言葉です（機器名、アドレス、他社の番号、略語）。お客様から見た名前に言い換えてください。",
        en="A reader outside cannot know this (host, address, ticket, letters). Name what the customer sees.",
    ),
    "estimate": Text(
        ja="復旧の見込みに根拠がありません。見込みの欄に幅・根拠・確かさを書くか、時刻を削ってください。",
        en="A time of recovery without its basis. Fill the estimate (range, basis, confidence), or leave the time out.",
    ),
    "liability": Text(
        ja="賠償・過失・契約違反などの責任を認める文に読めます。別の人の承認が要ります。お詫びと「当社の障害です」はそのまま送れます。",
        en="Reads as an admission of liability: somebody else must approve it. An apology and 'we failed' always pass.",
    ),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """`previous`: the last texts in this language, newest first. `names`: products and components, never read as
    words. `providers`: vendors and partners on record, besides those every reader knows. `first`: nothing was told
    yet. `tried`: what was tried since stands in the update, so it is not empty. `cause_known`: the incident is past
    investigating, or says when the cause was found. `estimated`: the estimate has fields of its own. `words`: what the
    house says to customers every day, in capitals. `outside`: somebody who is not of the house reads it."""

    previous: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    first: bool = False
    tried: bool = False
    cause_known: bool = True
    estimated: bool = False
    words: frozenset[str] = frozenset()
    outside: bool = True


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
