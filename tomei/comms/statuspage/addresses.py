"""What stands under `/status/`: which addresses there are, and of what kind each is. Pure."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import parse_qs

API = "/status/api/v2/"
WORK = "/status/how-we-work/"
SUMMARY = f"{API}summary.json"
ENDPOINTS = tuple(
    API + name
    for name in (
        "summary.json", "status.json", "components.json", "incidents.json", "incidents/unresolved.json",
        "scheduled-maintenances.json", "scheduled-maintenances/upcoming.json", "scheduled-maintenances/active.json",
    )
)  # fmt: skip
FEED_KINDS = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}
CALENDAR = "/status/maintenance.ics"
FEEDS = tuple(f"/status/feed.{form}" for form in FEED_KINDS)
_INCIDENT = re.compile(r"/status/incidents/(INC-[1-9][0-9]{0,11})/")
_WORK = re.compile(r"/status/maintenances/(MNT-[1-9][0-9]{0,11})/")
_FEED = re.compile(r"/status/(?:components/([A-Za-z0-9_-]{1,80})/)?feed\.(atom|rss|json)")
_MONTH = re.compile(r"[1-9][0-9]{3}-(0[1-9]|1[0-2])")


def incident_of(path: str) -> str:
    """`INC-12` of its page; empty for every other address."""
    found = _INCIDENT.fullmatch(path)
    return found[1] if found else ""


def maintenance_of(path: str) -> str:
    """`MNT-5` of its page; empty for every other address."""
    found = _WORK.fullmatch(path)
    return found[1] if found else ""


def feed_of(path: str) -> tuple[str, str] | None:
    """Of a feed, the component that it is about (empty: all of the page) and `atom`, `rss` or `json`."""
    found = _FEED.fullmatch(path)
    return (found[1] or "", found[2]) if found else None


def feed(component: str, form: str, place: str = "/status/") -> str:
    return f"{place}components/{component}/feed.{form}" if component else f"{place}feed.{form}"


def language_of(path: str, language: str) -> str:
    """The API has the fields of one language, whoever asks; everything else speaks the reader's."""
    return "en" if path in ENDPOINTS else language


def kind_of(path: str) -> str:
    """The media type of what an address answers."""
    if path in ENDPOINTS:
        return "application/json; charset=utf-8"
    if path == CALENDAR:
        return "text/calendar; charset=utf-8"
    found = feed_of(path)
    return FEED_KINDS[found[1]] if found else "text/html; charset=utf-8"


def whole(path: str, query: str) -> str:
    """`/status/history/?month=2026-07` is a page of its own; every other query is not."""
    if path != "/status/history/" or "month=" not in query:
        return path
    asked = parse_qs(query, max_num_fields=20).get("month", [""])[-1] if len(query) < 200 else ""
    return f"{path}?month={asked}" if _MONTH.fullmatch(asked) else path


def month_of(address: str) -> date | None:
    _, _, month = address.partition("/status/history/?month=")
    return date.fromisoformat(f"{month}-01") if month else None
