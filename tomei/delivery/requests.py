"""What the pages of this feature read from a request."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest


def now_of(request: HttpRequest) -> datetime:
    """The moment of the request, set at the door (`site.middleware.Reader`)."""
    moment: datetime = request.now  # type: ignore[attr-defined]
    return moment


def number(text: str | None) -> int | None:
    """A row's id out of a URL or form; None for what is none, so that a broken link shows the first page."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 and int(text) else None
