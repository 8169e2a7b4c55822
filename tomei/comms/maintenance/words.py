"""Sentences about a maintenance in one language: for mail, page, feed and calendar. No template, no gettext."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tomei.comms.maintenance import labels
from tomei.comms.maintenance.view import MaintenanceView, NoticeView
from tomei.kernel.text import Text
from tomei.ui import moments


def window(starts_at: datetime, ends_at: datetime, zone: str, language: str) -> str:
    """`2026年11月28日(土) 22:00 JST から 23:30 JST まで (UTC 13:00–14:30)`, the day of the end when it is another."""
    end = moments.clock(ends_at, zone, named=True)
    place = moments.place(zone)
    if starts_at.astimezone(place).date() != ends_at.astimezone(place).date():
        end = moments.full(ends_at, zone, language)
    start = moments.full(starts_at, zone, language)
    utc = ""
    if moments.zone_name(starts_at, zone) != "UTC":
        utc = f" ({moments.clock(starts_at, 'UTC')}–{moments.clock(ends_at, 'UTC')} UTC)"
    return f"{start} から {end} まで{utc}" if language == "ja" else f"{start} to {end}{utc}"


def title(view: NoticeView, language: str) -> str:
    return labels.KINDS[view.kind].said_in(language)


def lines(view: NoticeView, zone: str, language: str, *, page: bool = False) -> list[str]:
    """The window, what it replaces, whether it was told late, the next time.

    A `page` has the window above its notices: there only those name it that told another one.
    """
    named = f"{'日時' if language == 'ja' else 'When'}: {window(view.starts_at, view.ends_at, zone, language)}"
    found = [] if page and view.was is None else [named]
    if view.was is not None:
        old = window(*view.was, zone, language)
        found.append(f"これまでの予定: {old}" if language == "ja" else f"It was: {old}")
    if not view.in_time:
        found.append(labels.LATE["extended" if view.kind == "extended" else "scheduled"].said_in(language))
    if view.next_at is not None:
        at = when(view.next_at, zone, language, view.published_at)
        found.append(f"次の報告: {at} まで" if language == "ja" else f"Next update by {at}")
    return found


def when(moment: datetime, zone: str, language: str, now: datetime) -> str:
    near = moments.near(moment, zone, language, now)
    if moments.zone_name(moment, zone) == "UTC":
        return near
    return f"{near} ({moments.near(moment, 'UTC', language, now)})"


def pending(view: NoticeView, zone: str, language: str) -> str:
    if not view.pending or view.pending_at is None:
        return ""
    at = when(view.pending_at, zone, language, view.published_at)
    return labels.PENDING[view.pending].said_in(language).format(at=at)


def services(one: MaintenanceView, names: dict[int, Text], language: str) -> str:
    """`受注・出荷: 停止、会計: 遅延・品質低下`."""
    said = [
        f"{names[pk].said_in(language)}: {labels.IMPACTS[impact].said_in(language)}"
        for pk, impact in one.components
        if pk in names
    ]
    return ("、" if language == "ja" else ", ").join(said)


def spoken(view: NoticeView, language: str) -> str:
    """The language in which it is told to this reader: theirs where it stands, else the other."""
    return language if language in view.languages or not view.languages else view.languages[0]


def order(view: NoticeView, language: str) -> Sequence[str]:
    first = ("en", "ja") if language == "en" else ("ja", "en")
    return [one for one in first if one in view.languages]
