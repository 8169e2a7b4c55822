"""Upcoming and running maintenance as iCalendar (RFC 5545), for whoever plans around it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from icalendar import Calendar, Event

from tomei.comms.maintenance import words
from tomei.comms.maintenance.view import MaintenanceView
from tomei.comms.statuspage.page import PageView
from tomei.delivery.rules import mail_domain
from tomei.kernel.text import Text

_NAME = Text("{house} 計画メンテナンス", "{house} maintenance")
_AGAIN = timedelta(hours=1)  # how often a calendar is asked to look again


def render(page: PageView, language: str) -> bytes:
    """One event each; what was called off stays in it, so that calendars take it away."""
    made = Calendar()
    name = _NAME.said_in(language).format(house=page.house.said_in(language))
    made.add("prodid", f"-//{mail_domain(settings.TOMEI_URL)}//Tomei//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("refresh-interval", _AGAIN, parameters={"value": "DURATION"})
    names = {one.id: one.name for one in page.components}
    for one in reversed(page.maintenances):
        if one.is_open or one.state == "cancelled":
            made.add_component(_event(one, names, page.zone, language))
    return bytes(made.to_ical())


def _event(one: MaintenanceView, names: dict[int, Text], zone: str, language: str) -> Event:
    made, newest = Event(), one.notices[0]
    made.add("uid", f"{one.key}@{mail_domain(settings.TOMEI_URL)}")
    made.add("sequence", newest.number)
    made.add("dtstamp", _whole(one.updated_at))
    made.add("last-modified", _whole(one.updated_at))
    made.add("dtstart", _whole(one.starts_at))
    made.add("dtend", _whole(one.ends_at))
    made.add("summary", one.title.said_in(language))
    made.add("description", "\n\n".join([newest.text.said_in(language), words.services(one, names, language)]).strip())
    made.add("url", f"{settings.TOMEI_URL}{one.path}?lang={language}")
    made.add("status", "CANCELLED" if one.state == "cancelled" else "CONFIRMED")
    made.add("transp", "TRANSPARENT")
    return made


def _whole(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
