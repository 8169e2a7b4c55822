"""What pages may hear, and what this process does when something it keeps in memory has changed."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie

from django.conf import settings

from tomei.accounts.sessions import actor_of_session
from tomei.cases import queries as cases
from tomei.comms import statuspage
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.live.bus import Bus
from tomei.live.rules import Entry

OPEN_TO_STAFF = frozenset({"now", "promises", "signals", "customers", "status", "outbox", "health", "maintenance"})


def may_listen(headers: list[tuple[bytes, bytes]], topics: list[str]) -> set[str] | None:
    """Those of `topics` that the session behind these headers may hear; None when nobody is signed in."""
    actor = actor_of_session(_session_key(headers))
    if actor is None or not actor.may("read"):
        return None
    return {topic for topic in topics if _may_hear(topic, actor)}


def _session_key(headers: list[tuple[bytes, bytes]]) -> str:
    for name, value in headers:
        if name == b"cookie":
            try:
                found = SimpleCookie(value.decode("latin-1")).get(settings.SESSION_COOKIE_NAME)
            except CookieError:
                return ""
            return found.value if found else ""
    return ""


def _may_hear(topic: str, actor: Actor) -> bool:
    if topic in OPEN_TO_STAFF:
        return True
    kind, _, number = topic.partition(":")
    if not number.isdigit() or len(number) > 18:
        return False
    if kind == "incident":
        return cases.may_read(int(number), actor)
    return kind == "person" and int(number) == actor.user_id


def _render_again(_entry: Entry) -> None:
    statuspage.refresh(time.now())


def hear(bus: Bus) -> None:
    """The status page in memory follows every publish, of whatever process."""
    bus.on("status", _render_again)
