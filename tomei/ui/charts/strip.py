"""The time strip of an incident: its stamps, its words to customers with the silences between, and what is owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import pairwise

from markupsafe import Markup

from tomei.ui import moments
from tomei.ui.charts.axis import LEFT, RIGHT, Axis, Lane, axis, width

WORDS = {
    "ja": {"stamps": "刻印", "words": "顧客への", "words2": "言葉", "owed": "約束", "now": "いま",
           "late": "{span} 遅延", "table": "表で見る", "time": "時刻", "what": "できごと", "ahead": "これから",
           "open": "期限", "soon": "まもなく", "overdue": "期限超過", "kept": "履行", "missed": "不履行",
           "withdrawn": "取り下げ",
           "alt": "刻印 {stamps}件、顧客への言葉 {words}件、うち遅延 {late}件、これからの約束 {owed}件"},
    "en": {"stamps": "Stamps", "words": "Words to", "words2": "customers", "owed": "Owed", "now": "now",
           "late": "{span} late", "table": "As a table", "time": "Time", "what": "What", "ahead": "ahead",
           "open": "due", "soon": "due soon", "overdue": "overdue", "kept": "kept", "missed": "missed",
           "withdrawn": "withdrawn",
           "alt": "{stamps} stamps, {words} words to customers, {late} of them late, {owed} promises ahead"},
}  # fmt: skip
INK = {"kept": "ok", "late": "lt", "soon": "lt", "open": "edge", "overdue": "ko", "missed": "ko", "withdrawn": "edge"}


@dataclass(frozen=True, slots=True)
class Stamp:
    """What happened and when; `at` None is ahead of us (restored, business resumed)."""

    label: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Word:
    """One word to customers. `late_s` is how late it was against its promise, 0 when it was in time."""

    label: str
    at: datetime
    late_s: float = 0


@dataclass(frozen=True, slots=True)
class Owed:
    """A promise: open, soon or overdue while it is owed, or how it ended."""

    label: str
    at: datetime
    state: str = "open"


@dataclass(frozen=True, slots=True)
class _Paper:
    """What every row needs to draw itself."""

    axis: Axis
    now: datetime
    zone: tzinfo
    language: str

    def clock(self, moment: datetime) -> str:
        return moments.clock(moment, self.zone)

    def word(self, name: str) -> str:
        return WORDS[self.language][name]


def strip(
    stamps: Sequence[Stamp],
    words: Sequence[Word],
    promises: Sequence[Owed],
    *,
    now: datetime,
    zone: str | tzinfo,
    language: str,
) -> Markup:
    """The drawing for a wide page, the same line as a list for a phone, and all of it as a table."""
    times = [stamp.at for stamp in stamps if stamp.at is not None]
    line = axis([*times, *(word.at for word in words), *(promise.at for promise in promises)], now)
    paper = _Paper(line, now, moments.place(zone), language)
    label = paper.word("alt").format(
        stamps=len(times),
        words=len(words),
        late=sum(1 for word in words if word.late_s > 0),
        owed=sum(1 for promise in promises if promise.at >= now),
    )
    rows = [_ticks(paper), _stamps(paper, stamps), _words(paper, words), _owed(paper, promises), _now(paper)]
    drawing = Markup('<svg class="draw wideonly" viewBox="0 0 900 216" role="img" aria-label="{}">{}</svg>').format(
        label, Markup("").join(rows)
    )
    return drawing + _list(paper, stamps) + _table(paper, stamps, words, promises)


def _ticks(paper: _Paper) -> Markup:
    by_day = paper.axis.step_s() >= 86400
    parts = []
    for tick in paper.axis.ticks(paper.zone):
        x, local = paper.axis.x(tick), tick.astimezone(paper.zone)
        text = f"{local.month}/{local.day}" if by_day else paper.clock(tick)
        parts.append(Markup('<path class="rule" d="M{} 20V196"/>').format(x))
        parts.append(Markup('<text class="t3 mid" x="{}" y="212">{}</text>').format(x, text))
    zone = Markup('<text class="t3" x="0" y="212">{}</text>').format(moments.zone_name(paper.now, paper.zone))
    return Markup("").join(parts) + zone


def _stamps(paper: _Paper, stamps: Sequence[Stamp]) -> Markup:
    known = [(stamp.label, stamp.at) for stamp in stamps if stamp.at is not None]
    start = paper.axis.x(min((at for _, at in known), default=paper.now))
    parts = [
        Markup('<text class="t1" x="0" y="54">{}</text>').format(paper.word("stamps")),
        Markup('<path class="trk" d="M{} 50H{}"/>').format(start, paper.axis.x(paper.now)),
        Markup('<path class="trk ahead" d="M{} 50H{}"/>').format(paper.axis.x(paper.now), RIGHT),
    ]
    here = paper.axis.x(paper.now)
    lanes = ((36, Lane([(here, here)])), (73, Lane([(here, here)])))  # no label crosses the line of now
    for label, at in sorted(known, key=lambda pair: pair[1]):
        parts.append(Markup('<circle class="stn on" cx="{}" cy="50" r="4.5"/>').format(paper.axis.x(at)))
        parts.append(_stamp_label(paper, label, at, lanes))
    return Markup("").join(parts)


def _stamp_label(paper: _Paper, label: str, at: datetime, lanes: Sequence[tuple[int, Lane]]) -> Markup:
    """Above the line or below it; where neither has room the label stands in the table only."""
    x, wide = paper.axis.x(at), width(f"{paper.clock(at)} {label}")
    for y, lane in lanes:
        beyond = paper.axis.x(paper.now) + 9  # in the first minutes everything stands close before now
        for left in (min(x - 4, RIGHT - wide), x + 4 - wide, *([beyond] if beyond - x < wide else [])):
            if left >= LEFT - 4 and lane.fits(left, left + wide):
                return Markup('<text x="{}" y="{}"><tspan class="t1">{}</tspan> {}</text>').format(
                    round(left, 1), y, paper.clock(at), label
                )
    return Markup("")


def _words(paper: _Paper, words: Sequence[Word]) -> Markup:
    parts = [
        Markup('<text class="t1" x="0" y="118">{}</text><text class="t1" x="0" y="132">{}</text>').format(
            paper.word("words"), paper.word("words2")
        )
    ]
    lane, below, ordered = Lane(), Lane(), sorted(words, key=lambda word: word.at)
    for before, after in pairwise(ordered):
        parts.append(_gap(paper, before.at, after.at, late=after.late_s > 0))
    if ordered:
        parts.append(_gap(paper, ordered[-1].at, paper.now, late=False))
    for word in ordered:
        x, shape = paper.axis.x(word.at), "late" if word.late_s > 0 else "kept"
        parts.append(_icon(x, 112, shape))
        if lane.fits(x - 18, x + 18, gap=2):
            parts.append(Markup('<text class="mid" x="{}" y="143">{}</text>').format(x, paper.clock(word.at)))
        if word.late_s > 0:
            late = paper.word("late").format(span=moments.limit(word.late_s // 60 * 60 or word.late_s, paper.language))
            if below.fits(x - width(late) / 2, x + width(late) / 2):
                parts.append(Markup('<text class="mid fwarn" x="{}" y="157">{}</text>').format(x, late))
    return Markup("").join(parts)


def _gap(paper: _Paper, start: datetime, end: datetime, *, late: bool) -> Markup:
    """The silence between two words: a bar, with its length when there is room for the number."""
    left, right = paper.axis.x(start) + 10, paper.axis.x(end) - 10
    if right - left < 4:
        return Markup("")
    bar = Markup('<path class="gap{}" d="M{} 120H{}"/>').format(" w" if late else "", round(left, 1), round(right, 1))
    minutes = (end - start).total_seconds() // 60 * 60
    text = moments.limit(minutes, paper.language) if minutes else ""
    if not text or width(text) > right - left:
        return bar
    return bar + Markup('<text class="mid{}" x="{}" y="110">{}</text>').format(
        " fwarn" if late else "", round((left + right) / 2, 1), text
    )


def _icon(x: float, y: float, state: str) -> Markup:
    return Markup('<use href="#p-{}" x="{}" y="{}" width="16" height="16" class="{}"/>').format(
        state, round(x - 8, 1), y, INK[state]
    )


def _owed(paper: _Paper, promises: Sequence[Owed]) -> Markup:
    parts = [Markup('<text class="t1" x="0" y="186">{}</text>').format(paper.word("owed"))]
    ordered = sorted(promises, key=lambda promise: promise.at)
    here = paper.axis.x(paper.now)
    lane = Lane([(here - 1, here + 1), *((paper.axis.x(item.at) - 6, paper.axis.x(item.at) + 6) for item in ordered)])
    for promise in ordered:
        parts.append(_icon(paper.axis.x(promise.at), 174, promise.state))
        parts.append(_owed_label(paper, promise, lane))
    return Markup("").join(parts)


def _owed_label(paper: _Paper, promise: Owed, lane: Lane) -> Markup:
    """Beside its sign, to the right or to the left; where neither has room the label stands in the table only."""
    x, text = paper.axis.x(promise.at), f"{paper.clock(promise.at)} {promise.label}"
    wide, owed = width(text), promise.at >= paper.now
    strong = "fbad" if promise.state in ("overdue", "missed") else "t1" if owed else "t3"
    for left in (x + 12, x - 12 - wide):
        if LEFT - 4 <= left <= RIGHT + 6 - wide and lane.fits(left, left + wide, gap=4):
            return Markup('<text class="{}" x="{}" y="186">{}</text>').format(strong, round(left, 1), text)
    return Markup("")


def _now(paper: _Paper) -> Markup:
    x = paper.axis.x(paper.now)
    return Markup('<path class="now" d="M{0} 16V200"/><text class="nowt mid" x="{0}" y="12">{1} {2}</text>').format(
        x, paper.word("now"), paper.clock(paper.now)
    )


def _list(paper: _Paper, stamps: Sequence[Stamp]) -> Markup:
    known = sorted((stamp for stamp in stamps if stamp.at is not None), key=lambda stamp: stamp.at or paper.now)
    rows = [
        Markup('<li{}><b>{}</b><time datetime="{}">{}</time></li>').format(
            Markup(' class="here"') if stamp is known[-1] else "",
            stamp.label,
            _iso(stamp.at),
            paper.clock(stamp.at),
        )
        for stamp in known
        if stamp.at is not None
    ]
    ahead = [
        Markup('<li class="ahead"><b>{}</b><span>{}</span></li>').format(stamp.label, paper.word("ahead"))
        for stamp in stamps
        if stamp.at is None
    ]
    return Markup('<ol class="line phone">{}</ol>').format(Markup("").join([*rows, *ahead]))


def _table(paper: _Paper, stamps: Sequence[Stamp], words: Sequence[Word], promises: Sequence[Owed]) -> Markup:
    rows = [(stamp.at, stamp.label, "") for stamp in stamps if stamp.at is not None]
    rows += [(word.at, word.label, _lateness(paper, word)) for word in words]
    rows += [(promise.at, promise.label, paper.word(promise.state).format(span="").strip()) for promise in promises]
    body = Markup("").join(_row(paper, *row) for row in sorted(rows, key=lambda row: row[0]))
    return Markup(
        '<details class="fold" id="strip-table"><summary>{}</summary><table class="tbl"><thead><tr>'
        '<th scope="col">{}</th><th scope="col">{}</th></tr></thead><tbody>{}</tbody></table></details>'
    ).format(paper.word("table"), paper.word("time"), paper.word("what"), body)


def _row(paper: _Paper, at: datetime, label: str, state: str) -> Markup:
    when = moments.near(at, paper.zone, paper.language, paper.now)
    strong = Markup(" <b>{}</b>").format(state) if state else ""
    return Markup('<tr><th scope="row"><time datetime="{}">{}</time></th><td>{}{}</td></tr>').format(
        _iso(at), when, label, strong
    )


def _lateness(paper: _Paper, word: Word) -> str:
    if word.late_s <= 0:
        return ""
    return paper.word("late").format(span=moments.span(word.late_s, paper.language))


def _iso(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if moment else ""
