"""The house that benches work in: the people, products and customers of the demo, a key for each door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module


@dataclass(frozen=True, slots=True)
class Keys:
    """`token` opens the API, `session` the pages (both of a commander), `source` the Alertmanager's door."""

    token: str
    session: str
    source: str
    product_id: int
    component_id: int
    organisation_ids: tuple[int, ...]


def gather() -> Keys:
    """Make everything in the empty database of `ground`."""
    from django.conf import settings

    from tomei.accounts import doors, queries, tokens
    from tomei.customers import actions as customers
    from tomei.kernel import time
    from tomei.kernel.text import Text
    from tomei.signals import actions as signals
    from tomei.site import local
    from tomei.site.story import cast as story
    from tomei.web import setup

    now = time.now()
    customers.found(Text("自社", "Our company"), zone="Asia/Tokyo", language="ja", now=now)
    cast = story.gather(now)
    setup.begin(local.console(), now)
    person = queries.row(cast.ids["hasegawa"])
    _facts, token = tokens.make(
        "bench",
        scopes=("read", "incident.declare"),
        expires_at=now + timedelta(days=1),
        by=doors.actor(person),
        now=now,
    )
    _source, key = signals.add_source("alertmanager", "bench", cast.components["stock"], by=local.console(), now=now)
    return Keys(
        token, _session(person, import_module(settings.SESSION_ENGINE).SessionStore()), key, cast.products["erp"],
        cast.components["orders"], tuple(cast.customers[name] for name in ("towa", "kitahama", "misaki")),
    )  # fmt: skip


def _session(person, session) -> str:
    """The cookie of a browser in which `person` is signed in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)
