"""Times and spans in the words of a reader. Pure: zone, language and the present moment are handed in."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

WEEKDAYS = {"ja": "月火水木金土日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UNITS = {"ja": ("日", "時間", "分", "秒", ""), "en": ("d", "h", "m", "s", " ")}
EXACT = {"ja": ("日", "時間", "分", "秒"), "en": (" d", " h", " min", " s")}


def place(zone: str | tzinfo) -> tzinfo:
    return ZoneInfo(zone) if isinstance(zone, str) else zone


def zone_name(moment: datetime, zone: str | tzinfo) -> str:
    """`JST`, `CET`; a zone that has no letters says its offset: `UTC+03`."""
    return _zone(moment.astimezone(place(zone)))


def _zone(there: datetime) -> str:
    name = there.tzname() or "UTC"
    return f"UTC{name}" if name[:1] in "+-" else name


def clock(moment: datetime, zone: str | tzinfo, *, named: bool = False) -> str:
    """`14:13`, or `14:13 JST` when `named`."""
    there = moment.astimezone(place(zone))
    return _named(there) if named else _clock(there)


def _clock(there: datetime) -> str:
    return f"{there.hour:02d}:{there.minute:02d}"


def _named(there: datetime) -> str:
    return f"{there.hour:02d}:{there.minute:02d} {_zone(there)}"


def day(moment: datetime | date, zone: str | tzinfo, language: str, *, year: bool = False) -> str:
    """`11月18日(水)` or `Wed 18 Nov`; with the year when asked."""
    on = moment.astimezone(place(zone)) if isinstance(moment, datetime) else moment
    return _day(on, language, year)


def _day(on: date, language: str, year: bool) -> str:
    if language == "ja":
        text = f"{on.month}月{on.day}日({WEEKDAYS['ja'][on.weekday()]})"
        return f"{on.year}年{text}" if year else text
    text = f"{WEEKDAYS['en'][on.weekday()]} {on.day} {MONTHS[on.month - 1]}"
    return f"{text} {on.year}" if year else text


def full(moment: datetime, zone: str | tzinfo, language: str) -> str:
    """`2026年11月18日(水) 14:13 JST` or `Wed 18 Nov 2026, 14:13 JST`: true wherever it is read."""
    there = moment.astimezone(place(zone))
    return f"{_day(there, language, year=True)}{' ' if language == 'ja' else ', '}{_named(there)}"


def near(moment: datetime, zone: str | tzinfo, language: str, now: datetime) -> str:
    """As short as it can be and still be one moment: the day only when it is not today, the year when not this one."""
    there, here = moment.astimezone(place(zone)), now.astimezone(place(zone))
    if there.date() == here.date():
        return _named(there)
    return f"{_day(there, language, there.year != here.year)} {_named(there)}"


def span(seconds: float, language: str) -> str:
    """`4分12秒`, `2h 51m`, `6d 2h`: two units at most, never mistaken for a time of day. As `span` in time.js."""
    whole = int(abs(seconds))
    days, hours, minutes, rest = whole // 86400, whole // 3600 % 24, whole // 60 % 60, whole % 60
    d, h, m, s, gap = UNITS["ja" if language.startswith("ja") else "en"]
    if days:
        return f"{days}{d}{gap}{hours}{h}"
    if hours:
        return f"{hours}{h}{gap}{minutes:02d}{m}"
    return f"{minutes}{m}{gap}{rest:02d}{s}" if minutes else f"{rest}{s}"


def limit(seconds: float, language: str) -> str:
    """A length that somebody set: `15分`, `1 h 30 min`, without units that are nought."""
    whole = int(abs(seconds))
    counts = (whole // 86400, whole // 3600 % 24, whole // 60 % 60, whole % 60)
    units = EXACT["ja" if language.startswith("ja") else "en"]
    parts = [f"{count}{unit}" for count, unit in zip(counts, units, strict=True) if count]
    return ("" if language.startswith("ja") else " ").join(parts) or f"0{units[3]}"
