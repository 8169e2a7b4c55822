"""What every page knows. Names here win over a view's own, so a view must not use them for something else:

`now`, `reader`, `person`, `LANGUAGE`, `ZONE`, `nav`, `demo`, `house`, `words`, `other_language`, `messages`,
`may_declare`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from tomei.kernel import time
from tomei.ui import parts, spoken


@dataclass(frozen=True, slots=True)
class HouseFacts:
    """What hangs over every page. `held` is how many messages wait, None when sending is not held."""

    held: int | None = None
    still_s: int | None = None  # seconds since the clock's last beat, None while it beats
    head: str = ""  # where the live stream stands, so that a page misses nothing between its making and its stream


@dataclass(frozen=True, slots=True)
class NavItem:
    label: str
    url: str
    key: str
    here: bool


def _nothing() -> HouseFacts:
    return HouseFacts()


_house: Callable[[], HouseFacts] = _nothing


def wire(house: Callable[[], HouseFacts]) -> None:
    """Set once at start, by `tomei.wiring`: features later than `ui` know what hangs over every page."""
    global _house
    _house = house


def page(request: HttpRequest) -> dict[str, Any]:
    """The context of every page, in both template languages."""
    person = getattr(request, "user", None)
    signed_in = bool(person is not None and person.is_authenticated)
    language = parts.language()
    return {
        "now": getattr(request, "now", None) or time.now(),
        "reader": spoken.active(),
        "person": person,
        "signed_in": signed_in,
        "LANGUAGE": language,
        "ZONE": timezone.get_current_timezone_name(),
        "nav": nav(request.path) if signed_in else [],
        "may_declare": signed_in and getattr(person, "role", "") in ("responder", "commander"),
        "demo": settings.DEMO,
        "house": SimpleLazyObject(lambda: _house()) if signed_in else HouseFacts(),
        "words": parts.words(),
        "other_language": other_language(request, language),
        "messages": get_messages(request),
    }


def nav(path: str) -> list[NavItem]:
    items = (
        (_("Now"), "/", "g n"),
        (_("Incidents"), "/incidents/", "g i"),
        (_("Promises"), "/promises/", "g p"),
        (_("Signals"), "/signals/", "g s"),
        (_("Customers"), "/customers/", "g c"),
    )
    return [NavItem(label, url, key, path == url if url == "/" else path.startswith(url)) for label, url, key in items]


def other_language(request: HttpRequest, language: str) -> dict[str, str]:
    """The same page in the other language: its code, its own name and the address."""
    other = "en" if language == "ja" else "ja"
    query = request.GET.copy()
    query["lang"] = other
    name = {"ja": "日本語", "en": "English"}[other]
    return {"code": other, "name": name, "url": f"{request.path}?{query.urlencode()}"}


def activate(language: str, zone: str) -> None:
    """For what is rendered outside a request (a mail, a picture): speak `language` in `zone` from here on."""
    translation.activate(language)
    timezone.activate(time.zone(zone))
