"""Pictures of the ledger as SVG of classes: an interval against its target, and the days of the period. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from markupsafe import Markup

from tomei.promises.rules import Tally, wilson
from tomei.ui import moments

WIDTH, LEFT, RIGHT = 180, 4.0, 176.0
CELL, TOP, MARGIN = 22, 20, 36
MOST_WEEKS = 26
WORDS = {
    "ja": {
        "interval": "履行 {rate}、95 %信頼区間 {low}〜{high}、目標 {target}",
        "days": "{first}から{last}までの日ごとの約束。遅延または不履行のあった日 {bad}日。数値は下の表にあります。",
        "late": "{day}: 遅延 {late}件",
        "missed": "{day}: 遅延 {late}件、不履行・超過 {missed}件",
    },
    "en": {
        "interval": "{rate} kept, 95 % interval {low} to {high}, target {target}",
        "days": "Promises by day, {first} to {last}; {bad} days with late or missed ones. The table has the figures.",
        "late": "{day}: {late} late",
        "missed": "{day}: {late} late, {missed} missed or overdue",
    },
}


def percent(share: float) -> str:
    """`92.0 %`, never `100.0 %` for less than all."""
    return "100 %" if share >= 1 else f"{min(share * 100, 99.9):.1f} %"


def interval(tally: Tally, target: float, language: str, *, floor: float = 0.7) -> Markup:
    """Point, interval and target on a line from `floor` to 100 %; what lies below is drawn at the edge."""
    bounds = wilson(tally.kept, tally.n)
    if bounds is None or tally.rate is None:
        return Markup("")

    def x(share: float) -> float:
        return round(LEFT + (RIGHT - LEFT) * (max(floor, min(1.0, share)) - floor) / (1 - floor), 1)

    label = WORDS[language]["interval"].format(
        rate=percent(tally.rate), low=percent(bounds[0]), high=percent(bounds[1]), target=percent(target)
    )
    low, high, goal = x(bounds[0]), x(bounds[1]), x(target)
    return Markup(
        '<svg class="draw" viewBox="0 0 180 20" role="img" aria-label="{}"><path class="rule" d="M4 10H176"/>'
        '<path class="tgt" d="M{} 1V19"/><path class="ci" d="M{} 10H{}M{} 6v8M{} 6v8"/>'
        '<circle class="pt" cx="{}" cy="10" r="3.5"/></svg>'
    ).format(label, goal, low, high, low, high, x(tally.rate))


def calendar(days: Mapping[date, Tally], first: date, last: date, language: str) -> Markup:
    """One square a day, one column a week from Monday, at most the last 26 weeks; a shape beside each colour."""
    first = max(first, last - timedelta(days=7 * MOST_WEEKS - 1))
    start = first - timedelta(days=first.weekday())
    weeks = ((last - start).days // 7) + 1
    bad = sum(1 for on, tally in days.items() if first <= on <= last and tally.broken)
    label = WORDS[language]["days"].format(
        first=moments.day(first, "UTC", language), last=moments.day(last, "UTC", language), bad=bad
    )
    names = [
        Markup('<text class="t3" x="0" y="{}">{}</text>').format(TOP + CELL * row + 13, moments.WEEKDAYS[language][row])
        for row in (0, 2, 4, 6)
    ]
    shown = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    quiet = [_quiet([on for on in shown if _kind(days.get(on)) == kind], kind, start) for kind in ("k", "none")]
    cells = [*quiet, *(_cell(on, days[on], start, language) for on in shown if _kind(days.get(on)) in ("l", "m"))]
    months = [_month(on, start, language) for on in shown if on.day <= 7 and on.weekday() == 0]
    return Markup('<svg class="draw" viewBox="0 0 {} 176" role="img" aria-label="{}">{}</svg>').format(
        max(MARGIN + CELL * weeks, 240), label, Markup("").join([*names, *months, *cells])
    )


def _place(on: date, start: date) -> tuple[int, int]:
    return MARGIN + CELL * ((on - start).days // 7), TOP + CELL * on.weekday()


def _month(on: date, start: date, language: str) -> Markup:
    name = f"{on.month}月" if language == "ja" else moments.MONTHS[on.month - 1]
    return Markup('<text class="t3" x="{}" y="12">{}</text>').format(_place(on, start)[0], name)


def _kind(tally: Tally | None) -> str:
    """The class of a day: m missed or overdue, l late, k all kept, none nothing owed."""
    if tally is None or tally.n == 0:
        return "none"
    return "m" if tally.missed + tally.overdue else "l" if tally.late else "k"


def _quiet(shown: list[date], kind: str, start: date) -> Markup:
    """All days of which there is nothing to say, as one path: half a year stays small."""
    squares = "".join("M{} {}h18v18h-18z".format(*_place(on, start)) for on in shown)
    return Markup('<path class="hm {}" d="{}"/>').format(kind, squares) if squares else Markup("")


def _cell(on: date, tally: Tally, start: date, language: str) -> Markup:
    x, y = _place(on, start)
    words, day = WORDS[language], moments.day(on, "UTC", language)
    missed = tally.missed + tally.overdue
    square = Markup('<rect class="hm {}" x="{}" y="{}" width="18" height="18" rx="2"><title>{}</title></rect>')
    if missed:
        said = words["missed"].format(day=day, late=tally.late, missed=missed)
        return square.format("m", x, y, said) + Markup('<path class="hx" d="M{} {}l8 8m0-8l-8 8"/>').format(
            x + 5, y + 5
        )
    said = words["late"].format(day=day, late=tally.late)
    return square.format("l", x, y, said) + Markup('<text class="hl mid" x="{}" y="{}">{}</text>').format(
        x + 9, y + 13, tally.late
    )
