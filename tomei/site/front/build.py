"""The front of this house, from the settings and `tomei.wiring`."""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection

from tomei import wiring
from tomei.comms import queries as comms
from tomei.comms import statuspage
from tomei.live.bus import Bus
from tomei.site.database.lock import write_lock
from tomei.site.front.answers import Answer, Scope, header
from tomei.site.front.app import Front
from tomei.site.front.inbound import Inbound
from tomei.site.front.pages import warm

log = logging.getLogger("tomei.front")


def build(*, ticks: bool = True) -> Front:
    """Pages, static files, live events, the status page from memory, and unless `ticks` is False the clock."""
    bus = Bus()
    wiring.hear(bus)
    return Front(
        get_wsgi_application(),
        files=Path(settings.DATA) / "files",
        static=Path(settings.STATIC_ROOT),
        threads=2 if connection.vendor == "sqlite" else 4,
        proxies=settings.TOMEI_PROXIES,
        clock=wiring.engine(first=lambda: write_lock.priority("clock")) if ticks else None,
        bus=bus,
        allowed=wiring.may_listen,
        hot_doors=[status_page],
        before=[warm, _ready_guards, _render_status],
        inbound=Inbound(),
    )


def _ready_guards() -> None:
    """What this cannot prepare while the database is away is made at the first publish."""
    try:
        comms.ready_guards()
    except DatabaseError:
        log.warning("the guards could not be prepared at the start", exc_info=True)


def _render_status() -> None:
    """A page that cannot be rendered must not keep the house shut; what lies on the disk is served meanwhile."""
    try:
        statuspage.refresh()
    except Exception:
        log.exception("the status page could not be rendered at the start")


def status_page(scope: Scope) -> Answer | None:
    """`/status/…` as bytes from memory; None where Django has to say that there is no such page."""
    if not scope["path"].startswith("/status/"):
        return None
    headers = scope["headers"]
    found = statuspage.cached(
        scope["path"],
        scope["query_string"].decode("latin-1"),
        header(headers, b"accept-language"),
        if_none_match=header(headers, b"if-none-match"),
        accept_encoding=header(headers, b"accept-encoding"),
    )
    if found is None:
        return None
    status, said, body = found
    return Answer(status, [(name.lower().encode(), value.encode("latin-1")) for name, value in said.items()], body)
