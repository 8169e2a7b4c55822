"""The words of pages and digests, in the language and zone of who is woken. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tomei.kernel.text import Text
from tomei.ui import moments


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to tell: what, in whole sentences, and when it was or is due; `late_s` is how late we tell it."""

    subject: Text
    text: Text
    due_at: datetime | None = None
    late_s: float = 0
    url: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """`text` is the whole mail; `body` and `facts` are its parts for a chat tool, which shows the link by itself."""

    subject: str
    text: str
    body: str
    facts: tuple[tuple[str, str], ...]


LATE_FROM_S = 60
MOST = 100  # steps spelt out in one digest; nobody reads more at night
_WORDS = {
    "ja": {
        "due": "期限",
        "late": "通知の遅れ",
        "late_says": "Tomei が止まっていたため、{span}遅れてお知らせしています。",
        "open": "開く",
        "digest": "Tomei が止まっていた間に通知できなかった項目：{n}件",
        "digest_says": "停止中に時刻を迎えた項目を1通にまとめてお知らせします。",
        "digest_more": "ほか {n} 件は約束台帳でご確認ください。",
    },
    "en": {
        "due": "Due",
        "late": "Told late by",
        "late_says": "Tomei stood still: you are told this {span} late.",
        "open": "Open",
        "digest": "{n} steps fell due while Tomei stood still",
        "digest_says": "These fell due while Tomei stood still. They come in one message.",
        "digest_more": "{n} more are in the ledger of promises.",
    },
}


def _language(language: str) -> str:
    return "ja" if language.startswith("ja") else "en"


def facts(step: Step, language: str, zone: str) -> tuple[tuple[str, str], ...]:
    """The due time in the reader's zone with its name, and the lateness when there is one worth saying."""
    words, found = _WORDS[_language(language)], []
    if step.due_at is not None:
        found.append((words["due"], moments.full(step.due_at, zone, _language(language))))
    if step.late_s >= LATE_FROM_S:
        found.append((words["late"], moments.span(step.late_s, _language(language))))
    return tuple(found)


def page(step: Step, *, language: str, zone: str) -> Said:
    """A page: the promise, its due time with zone, the lateness if any, and the link on a line of its own."""
    mine = _language(language)
    words, found = _WORDS[mine], facts(step, language, zone)
    body = [step.text.said_in(mine)]
    if step.late_s >= LATE_FROM_S:
        body.append(words["late_says"].format(span=moments.span(step.late_s, mine)))
    lines = [*body, "\n".join(f"{name}: {value}" for name, value in found)]
    if step.url:
        lines.append(f"{words['open']}: {step.url}")
    text = "\n\n".join(line for line in lines if line) + "\n"
    return Said(step.subject.said_in(mine), text, "\n\n".join(line for line in body if line), found)


def digest(steps: Sequence[Step], *, language: str, zone: str) -> Said:
    """One message with every step in the order given, each with its due time, lateness and link.

    Past `MOST` it says how many more there are: the ledger lists them.
    """
    mine = _language(language)
    words, parts = _WORDS[mine], []
    for number, step in enumerate(steps[:MOST], start=1):
        lines = [f"{number}. {step.subject.said_in(mine)}", step.text.said_in(mine)]
        lines += [f"{name}: {value}" for name, value in facts(step, language, zone)]
        parts.append("\n".join(f"   {line}" if at else line for at, line in enumerate([*lines, step.url]) if line))
    if len(steps) > MOST:
        parts.append(words["digest_more"].format(n=len(steps) - MOST))
    text = "\n\n".join([words["digest_says"], *parts]) + "\n"
    return Said(words["digest"].format(n=len(steps)), text, text, ())
