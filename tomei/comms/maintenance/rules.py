"""What may be done with a maintenance and when; what of it counts as down time. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from tomei.comms.rules.timing import spoken
from tomei.kernel.errors import Refused
from tomei.kernel.text import LANGUAGES, Text

IMPACTS = ("maintenance", "degraded", "partial", "major")
AUDIENCES = ("public", "affected")
RUNNING = ("in_progress", "verifying")
OPEN = ("planned", "scheduled", *RUNNING)
# verb -> the states in which it may be done
VERBS: Mapping[str, tuple[str, ...]] = {
    "edit": ("planned",),
    "tell": ("planned",),
    "move": ("scheduled",),
    "start": ("scheduled",),
    "update": RUNNING,
    "complete": RUNNING,
    "cancel": ("planned", "scheduled"),
    "declare": RUNNING,
    "silence": RUNNING,
}
TITLE, LONGEST = 200, 5_000
LONGEST_WINDOW = timedelta(days=14)
FARTHEST = timedelta(days=400)
MINUTE = timedelta(minutes=1)


def check_state(state: str, verb: str) -> None:
    """Refuses `maintenance.not_now` when the maintenance stands where this verb makes no sense."""
    if state not in VERBS[verb]:
        raise Refused("maintenance.not_now", state=state, verb=verb)


def minute(moment: datetime) -> datetime:
    """People name whole minutes."""
    return moment.replace(second=0, microsecond=0)


def check_window(starts_at: datetime, ends_at: datetime, now: datetime) -> tuple[datetime, datetime]:
    """The window in whole minutes. Refuses `maintenance.in_past`, `.ends_first`, `.too_long` and `.too_far`."""
    start, end = minute(starts_at), minute(ends_at)
    if start <= now:
        raise Refused("maintenance.in_past", at=spoken(start))
    if end <= start:
        raise Refused("maintenance.ends_first", at=spoken(end))
    if end - start > LONGEST_WINDOW:
        raise Refused("maintenance.too_long", days=LONGEST_WINDOW.days)
    if start > now + FARTHEST:
        raise Refused("maintenance.too_far", days=FARTHEST.days)
    return start, end


def check_words(title: Text, text: Text) -> tuple[str, ...]:
    """The languages in which both stand. Refuses `maintenance.no_words` when there is none, `.too_many_letters`."""
    for words, limit, field in ((title, TITLE, "title"), (text, LONGEST, "text")):
        if any(len(getattr(words, language)) > limit for language in LANGUAGES):
            raise Refused("maintenance.too_many_letters", field=field, limit=limit)
    whole = tuple(one for one in LANGUAGES if getattr(title, one).strip() and getattr(text, one).strip())
    half = [one for one in LANGUAGES if one not in whole and getattr(text, one).strip()]
    if not whole or half:
        raise Refused("maintenance.no_words", field="title" if half else "text")
    return whole


def check_components(components: Sequence[tuple[int, str]], known: Sequence[int]) -> None:
    """Refuses `maintenance.no_component`, `.unknown_component` and `.unknown_impact`."""
    if not components:
        raise Refused("maintenance.no_component")
    if any(pk not in known for pk, _impact in components) or len({pk for pk, _ in components}) < len(components):
        raise Refused("maintenance.unknown_component")
    if any(impact not in IMPACTS for _pk, impact in components):
        raise Refused("maintenance.unknown_impact")


def check_audiences(audiences: Sequence[str]) -> None:
    if not audiences or any(one not in AUDIENCES for one in audiences):
        raise Refused("maintenance.no_audience")


def check_start(starts_at: datetime, now: datetime) -> None:
    """Refuses `maintenance.too_early`: whoever was told a time counts on nothing happening before it."""
    if now < starts_at:
        raise Refused("maintenance.too_early", at=spoken(starts_at))


def start_due(starts_at: datetime) -> datetime:
    """A start is told to the minute: it is kept while that minute lasts."""
    return starts_at + MINUTE - timedelta(seconds=1)


def latest_next(ends_at: datetime, interval_s: int, now: datetime) -> datetime:
    """The latest next time: the interval of the policy, and never beyond the told end while that is to come."""
    interval = now + timedelta(seconds=interval_s)
    return min(interval, ends_at) if ends_at > now else interval


def check_next(next_at: datetime | None, latest: datetime, now: datetime) -> datetime:
    """Refuses `maintenance.no_next`, `maintenance.next_in_past` and `maintenance.next_too_late`."""
    if next_at is None:
        raise Refused("maintenance.no_next", latest=spoken(latest))
    if next_at <= now:
        raise Refused("maintenance.next_in_past", at=spoken(next_at))
    if next_at > latest:
        raise Refused("maintenance.next_too_late", at=spoken(next_at), latest=spoken(latest))
    return next_at


def check_end(old: datetime, new: datetime | None, now: datetime) -> datetime | None:
    """The new end when it differs. Refuses `maintenance.end_in_past`, and `.end_passed` when an overrun names none."""
    wanted = minute(new) if new is not None else None
    if wanted is None or wanted == old:
        if now > old:
            raise Refused("maintenance.end_passed", at=spoken(old))
        return None
    if wanted <= now:
        raise Refused("maintenance.end_in_past", at=spoken(wanted))
    if wanted - now > LONGEST_WINDOW:
        raise Refused("maintenance.too_long", days=LONGEST_WINDOW.days)
    return wanted


def told_in_time(told_at: datetime, due_at: datetime) -> bool:
    """As promises count: within the due second."""
    return told_at.replace(microsecond=0) <= due_at.replace(microsecond=0)


def harm(
    impact: str, since: datetime, until: datetime | None, covered_until: datetime | None
) -> list[tuple[str, datetime, datetime | None]]:
    """Pieces of a component's time in work: maintenance as far as it was told in time, its true impact beyond.

    `covered_until` is None where the window was told late: then nothing of it is covered.
    """
    if covered_until is None or covered_until <= since:
        return [(impact, since, until)]
    if until is not None and until <= covered_until:
        return [("maintenance", since, until)]
    return [("maintenance", since, covered_until), (impact, covered_until, until)]
