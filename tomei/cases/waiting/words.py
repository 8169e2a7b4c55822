"""Parties and reasons in both languages, for pages, timelines and the room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tomei.kernel.text import Text

PARTIES: dict[str, Text] = {
    "us": Text("当社", "us"),
    "customer": Text("お客様", "the customer"),
    "vendor": Text("ベンダー", "a vendor"),
    "nobody": Text("待ちなし", "nobody"),
}
REASONS: dict[str, dict[str, Text]] = {
    "us": {
        "diagnosing": Text("切り分け中", "finding the cause"),
        "fixing": Text("対処中", "fixing"),
        "checking": Text("確認中", "checking"),
        "deciding": Text("判断中", "deciding"),
        "other": Text("その他", "something else"),
    },
    "customer": {
        "answer": Text("回答待ち", "an answer"),
        "access": Text("接続・権限の提供待ち", "access"),
        "test": Text("試験・確認待ち", "a test on their side"),
        "window": Text("作業時間帯の指定待ち", "a window for the work"),
        "approval": Text("承認待ち", "their approval"),
        "other": Text("その他", "something else"),
    },
    "vendor": {
        "answer": Text("回答待ち", "an answer"),
        "fix": Text("修正待ち", "a fix"),
        "part": Text("部品・機器待ち", "a part"),
        "access": Text("接続・権限の提供待ち", "access"),
        "other": Text("その他", "something else"),
    },
    "nobody": {
        "observing": Text("経過観察", "being watched"),
        "window": Text("作業時間帯を待機", "the window for the work"),
        "other": Text("その他", "something else"),
    },
}
QUESTIONS: dict[str, Text] = {
    "heard_first": Text("障害を、まず当社からお聞きになりましたか", "Did you hear it from us first?"),
    "always_informed": Text("状況をいつも把握できていましたか", "Were you always informed?"),
    "will_not_return": Text("再発しないと思われますか", "Do you believe it will not return?"),
}
ANSWERS: dict[str, Text] = {
    "yes": Text("はい", "yes"),
    "no": Text("いいえ", "no"),
    "unknown": Text("わからない", "unknown"),
}
CODES: dict[str, Text] = {
    "resumed": Text("業務再開", "business runs again"),
    "not_yet": Text("業務はまだ再開していない", "business does not run again yet"),
    "closed": Text("案件を完了", "closed"),
    "keep_open": Text("開いたままにしたい", "asks to keep it open"),
    "reopened": Text("再オープン", "opened again"),
}
FLAGGED = Text("(当社が設定。相手の約束なし)", " (set by us, without their promise)")

SAID: dict[str, Text] = {
    "customer": Text("(お客様が確認)", " (confirmed by the customer)"),
    "told": Text("(お客様から聞き、当社が記録)", " (told to us by the customer, recorded by us)"),
}


def reason(party: str, code: str, language: str) -> str:
    """Empty when none was given."""
    known = REASONS.get(party, {}).get(code)
    return known.said_in(language) if known else code


def facts_of(data: Mapping[str, Any], language: str) -> dict[str, str]:
    """What the sentences of moves name beside organisations."""
    if data.get("said") in SAID:
        return {"said_note": SAID[data["said"]].said_in(language)}
    if "waits_for" not in data:
        return {}
    said = reason(str(data.get("party", "")), str(data["waits_for"]), language)
    note = Text("({0})", " ({0})").said_in(language).format(said) if said else ""
    return {"waits_note": note, "flag_note": FLAGGED.said_in(language) if data.get("flagged") else ""}
