"""Sessions: who a session belongs to now, and when a person was last seen.

A session carries a digest over password and `session_epoch` (`User.get_session_auth_hash`); Django compares it on every
request, so a new password, "sign out everywhere" and a deactivation end all of them at the next request.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from tomei.accounts import doors, rules
from tomei.accounts.models import User
from tomei.kernel.actor import Actor


def actor_of_session(session_key: str) -> Actor | None:
    """Who is signed in by the session cookie `session_key`, for doors outside Django's middleware (live events)."""
    user = user_of_session(session_key)
    return None if user is None else doors.actor(user)


def user_of_session(session_key: str) -> User | None:
    """The active person of a session that has neither expired nor been ended; None for every other key."""
    if not session_key:
        return None
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    user = User.objects.filter(pk=session.get(SESSION_KEY), is_active=True).first()
    if user is None:
        return None
    kept = str(session.get(HASH_SESSION_KEY, ""))
    allowed = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return user if any(constant_time_compare(kept, good) for good in allowed) else None


class Seen:
    """Note when a person was last here, to five minutes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user, now = request.user, getattr(request, "now", None)
        if (
            isinstance(user, User)
            and now is not None
            and (user.last_seen_at is None or now - user.last_seen_at > rules.SEEN_EVERY)
        ):
            # a database too busy for a stamp must not stop a page
            with suppress(OperationalError):
                User.objects.filter(pk=user.pk).update(last_seen_at=now)
        return self.get_response(request)
