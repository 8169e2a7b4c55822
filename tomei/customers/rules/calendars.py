"""Business calendars: working time over hours, holidays and summer time. Pure arithmetic in UTC at the edges.

Hours are wall time of the calendar's zone. An opening that crosses midnight belongs to the day on which it begins.
Where summer time skips an hour the opening is shorter, where it repeats one it is longer: working time is real seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from tomei.kernel.errors import Refused
from tomei.kernel.time import UTC, zone

_HHMM = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_EVERY_YEAR = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
LOOK_AHEAD_DAYS = 800  # beyond two years without an opening a calendar is a mistake, not a wait
DAY = 1440

Openings = tuple[tuple[int, int], ...]  # minutes from midnight; the end may pass 1440


@dataclass(frozen=True, slots=True)
class CalendarFacts:
    """`hours` has seven entries, Monday first. `closed_on` holds ISO dates and `MM-DD` for every year.

    `country` is an ISO code, with a part of the country after a dash (`DE-BY`), or empty for no public holidays.
    """

    zone: str
    country: str
    hours: tuple[Openings, ...]
    closed_on: frozenset[str] = frozenset()

    @classmethod
    def of(cls, zone_name: str, country: str, hours: object, closed_on: object = ()) -> CalendarFacts:
        """Read the JSON form and check it; refuses what it cannot read and a week without any opening."""
        zone(zone_name)
        if country and (not _COUNTRY.fullmatch(country) or not _knows(country)):
            raise Refused("calendar.unknown_country", field="country", country=country[:10])
        week = tuple(_openings(_of_day(hours, day), day) for day in range(7))
        if not any(week):
            raise Refused("calendar.never_open", field="hours")
        return cls(zone_name, country, week, frozenset(_closed(closed_on)))


def _of_day(hours: object, day: int) -> object:
    if not isinstance(hours, Mapping):
        raise Refused("calendar.unreadable_hours", field="hours", text=str(hours)[:40])
    return hours.get(str(day), hours.get(day, ()))


def _openings(value: object, day: int) -> Openings:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise Refused("calendar.unreadable_hours", field=f"hours.{day}", text=str(value)[:40])
    openings: list[tuple[int, int]] = []
    for pair in value:
        begin, end = _pair(pair, day)
        if openings and begin < openings[-1][1]:
            raise Refused("calendar.overlapping_hours", field=f"hours.{day}", text=str(pair)[:40])
        openings.append((begin, end))
    return tuple(openings)


def _pair(pair: object, day: int) -> tuple[int, int]:
    if isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 2:
        raise Refused("calendar.unreadable_hours", field=f"hours.{day}", text=str(pair)[:40])
    begin, end = (_minutes(part, day) for part in pair)
    if begin in (end, DAY):
        raise Refused("calendar.unreadable_hours", field=f"hours.{day}", text=f"{pair[0]}-{pair[1]}")
    return begin, end if end > begin else end + DAY


def _minutes(text: object, day: int) -> int:
    if not isinstance(text, str) or not _HHMM.fullmatch(text):
        raise Refused("calendar.unreadable_hours", field=f"hours.{day}", text=str(text)[:40])
    return int(text[:2]) * 60 + int(text[3:])


def _closed(value: object) -> Iterator[str]:
    if isinstance(value, str) or not isinstance(value, Sequence | set | frozenset) or len(value) > 1000:
        raise Refused("calendar.unreadable_day", field="closed_on", text=str(value)[:40])
    for day in value:
        if isinstance(day, str) and (_EVERY_YEAR.fullmatch(day) or _is_date(day)):
            yield day
        else:
            raise Refused("calendar.unreadable_day", field="closed_on", text=str(day)[:40])


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def default_calendar() -> CalendarFacts:
    """Monday to Friday 9 to 18 in Tokyo with Japan's holidays and the usual days off around New Year."""
    week = {str(day): [["09:00", "18:00"]] for day in range(5)}
    return CalendarFacts.of("Asia/Tokyo", "JP", week, ["12-29", "12-30", "12-31", "01-02", "01-03"])


def _split(country: str) -> tuple[str, str | None]:
    code, _, part = country.partition("-")
    return code, part or None


@lru_cache(maxsize=256)
def _knows(country: str) -> bool:
    # Imported here: the package costs 12 MB and half a second that a house without calendars never pays.
    import holidays

    code, part = _split(country)
    known = holidays.list_supported_countries(include_aliases=True)
    return code in known and (part is None or part in known[code])


@lru_cache(maxsize=512)
def holidays_of(country: str, year: int) -> Mapping[date, str]:
    """Public holidays with their names; empty without a country. Substitute holidays are in."""
    if not country:
        return {}
    # Imported here for the same reason as in `_knows`.
    import holidays

    code, part = _split(country)
    return dict(holidays.country_holidays(code, subdiv=part, years=year).items())


def is_working_day(day: date, calendar: CalendarFacts) -> bool:
    """Open on this weekday, no public holiday, not closed by the house."""
    if not calendar.hours[day.weekday()]:
        return False
    text = day.isoformat()
    if text in calendar.closed_on or text[5:] in calendar.closed_on:
        return False
    return day not in holidays_of(calendar.country, day.year)


@lru_cache(maxsize=16384)
def _spans(calendar: CalendarFacts, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """The openings that begin on `day`, in UTC, in order and never overlapping."""
    if not is_working_day(day, calendar):
        return ()
    place = zone(calendar.zone)
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 wall time on purpose, made aware below
    spans: list[tuple[datetime, datetime]] = []
    for begin, end in calendar.hours[day.weekday()]:
        opens, closes = ((midnight + timedelta(minutes=m)).replace(tzinfo=place).astimezone(UTC) for m in (begin, end))
        if spans:
            opens = max(opens, spans[-1][1])  # an hour that summer time skips may push one opening into the next
        if closes > opens:
            spans.append((opens, closes))
    return tuple(spans)


def _from(moment: datetime, calendar: CalendarFacts) -> Iterator[tuple[datetime, datetime]]:
    """Openings that end after `moment`, each cut so that none begins before it or before the one ahead has ended."""
    first = moment.astimezone(zone(calendar.zone)).date() - timedelta(days=1)
    reached = moment
    empty = 0
    day = first
    while empty < LOOK_AHEAD_DAYS:
        empty += 1
        for opens, closes in _spans(calendar, day):
            if closes > reached:
                empty = 0
                yield max(opens, reached), closes
                reached = closes
        try:
            day += timedelta(days=1)
        except OverflowError:
            break
    raise Refused("calendar.never_open", field="hours")


def add_working_time(start: datetime, seconds: float, calendar: CalendarFacts) -> datetime:
    """The moment at which `seconds` of working time after `start` have passed, in UTC.

    Nothing added gives `start` itself; anything more ends inside an opening or at its closing.
    Refuses `calendar.never_open` when the calendar does not open for two years.
    """
    moment = start.astimezone(UTC)
    if seconds <= 0:
        return moment
    left = timedelta(seconds=seconds)
    for opens, closes in _from(moment, calendar):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    raise AssertionError("_from ends by refusing")


def working_seconds(start: datetime, end: datetime, calendar: CalendarFacts) -> float:
    """Working time between two moments; none when `end` is not after `start`."""
    stop, total = end.astimezone(UTC), timedelta(0)
    for opens, closes in _from(start.astimezone(UTC), calendar):
        if opens >= stop:
            break
        total += min(closes, stop) - opens
    return total.total_seconds()


def next_open(moment: datetime, calendar: CalendarFacts) -> datetime:
    """`moment` itself when the house is open then, else the next opening."""
    return next(_from(moment.astimezone(UTC), calendar))[0]


def is_working(moment: datetime, calendar: CalendarFacts) -> bool:
    return next_open(moment, calendar) == moment.astimezone(UTC)


def add_working_days(start: datetime, days: int, calendar: CalendarFacts | None) -> datetime:
    """Closing time of the `days`-th working day after the day of `start`; the day of `start` itself is not counted.

    None days: today's closing if it is still to come, else the next one. Without a calendar, the default one counts.
    """
    known = calendar or default_calendar()
    moment = start.astimezone(UTC)
    day = moment.astimezone(zone(known.zone)).date()
    if days <= 0:
        return next(_from(moment, known))[1]
    empty = 0
    while days and empty < LOOK_AHEAD_DAYS:
        day += timedelta(days=1)
        empty += 1
        if _spans(known, day):
            days, empty = days - 1, 0
    if days:
        raise Refused("calendar.never_open", field="hours")
    return _spans(known, day)[-1][1]


def working_days_before(start: datetime, days: int, calendar: CalendarFacts | None) -> datetime:
    """The last moment at which `start` can be told so that `days` working days lie whole between: a closing time.

    The mirror of `add_working_days`; none days: `start` itself. Without a calendar, the default one counts.
    """
    known = calendar or default_calendar()
    day = start.astimezone(zone(known.zone)).date() + timedelta(days=1)
    if days <= 0:
        return start.astimezone(UTC)
    left, empty = days + 1, 0  # the last working day that has closed before `start` is the first one counted
    while empty < LOOK_AHEAD_DAYS:
        day -= timedelta(days=1)
        empty += 1
        spans = _spans(known, day)
        if spans and spans[-1][1] <= start:
            left, empty = left - 1, 0
            if not left:
                return spans[-1][1]
    raise Refused("calendar.never_open", field="hours")
