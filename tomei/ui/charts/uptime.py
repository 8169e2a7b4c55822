"""Ninety bars, one a day: up, partly down, down, in maintenance, or not yet measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from tomei.ui import moments

STATES = {
    "ja": {"up": "稼働", "partial": "一部障害", "down": "停止", "maintenance": "保守", "none": "記録なし"},
    "en": {"up": "up", "partial": "partly down", "down": "down", "maintenance": "maintenance", "none": "no record"},
}
SHAPES = {"partial": ("p", 4), "down": ("d", 0), "maintenance": ("m", 10), "none": ("n", 22)}  # class and top edge
WORDS = {
    "ja": {"all": "{name} {days}日間の稼働率 {share} %", "none": "{name} まだ記録がありません", "day": "日",
           "state": "状態", "share": "稼働率"},
    "en": {"all": "{name}: {share} % up over {days} days", "none": "{name}: no record yet", "day": "Day",
           "state": "State", "share": "Uptime"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UptimeDay:
    """`share` is the part of the day that was up, 0 to 1; None for a day before the component was watched."""

    on: date
    state: str  # up, partial, down, maintenance, none
    share: float | None = 1.0
    note: str = ""  # what happened, in the reader's language


def percent(share: float) -> str:
    """Rounded down, so that a second of outage never reads as 100 %: `99.97`, `100`."""
    hundredths = int(share * 10000 + 1e-9)
    return "100" if hundredths >= 10000 else f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")


def overall(days: Sequence[UptimeDay]) -> float | None:
    known = [day.share for day in days if day.share is not None]
    return sum(known) / len(known) if known else None


def label(days: Sequence[UptimeDay], name: str, language: str) -> str:
    share, words = overall(days), WORDS[language]
    if share is None:
        return words["none"].format(name=name)
    known = sum(1 for day in days if day.share is not None)
    return words["all"].format(name=name, days=known, share=percent(share))


def uptime_bars(days: Sequence[UptimeDay], name: str = "", language: str = "en") -> Markup:
    """One SVG. The days that were up are a single path: ninety components stay small."""
    up = Markup("").join(Markup("M{} 10h2v22h-2z").format(4 * at) for at, day in enumerate(days) if day.state == "up")
    rest = Markup("").join(_bar(at, day, language) for at, day in enumerate(days) if day.state != "up")
    return Markup(
        '<svg class="uptime" viewBox="0 0 {} 32" preserveAspectRatio="none" role="img" aria-label="{}">{}{}</svg>'
    ).format(
        max(4, 4 * len(days)),
        label(days, name, language),
        Markup('<path class="up" d="{}"/>').format(up) if up else "",
        rest,
    )


def _bar(at: int, day: UptimeDay, language: str) -> Markup:
    kind, top = SHAPES[day.state]
    return Markup('<rect class="{}" x="{}" y="{}" width="3" height="{}"><title>{}</title></rect>').format(
        kind, 4 * at - 0.5 if at else 0, top, 32 - top, _said(day, language)
    )


def _said(day: UptimeDay, language: str) -> str:
    parts = [moments.day(day.on, "UTC", language), STATES[language][day.state]]
    if day.share is not None:
        parts.append(f"{percent(day.share)} %")
    return " ".join([*parts, day.note]).strip()


def uptime_table(days: Sequence[UptimeDay], language: str = "en") -> Markup:
    """The days that were not wholly up, newest first: the data behind the bars."""
    words = WORDS[language]
    rows = Markup("").join(
        Markup('<tr><th scope="row">{}</th><td>{} {}</td><td class="num">{}</td></tr>').format(
            moments.day(day.on, "UTC", language, year=True),
            STATES[language][day.state],
            day.note,
            f"{percent(day.share)} %" if day.share is not None else "–",
        )
        for day in reversed(days)
        if day.state not in ("up", "none")
    )
    head = Markup('<tr><th scope="col">{}</th><th scope="col">{}</th><th scope="col" class="num">{}</th></tr>').format(
        words["day"], words["state"], words["share"]
    )
    return Markup('<table class="tbl"><thead>{}</thead><tbody>{}</tbody></table>').format(head, rows)
