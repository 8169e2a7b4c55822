"""Fifty clients that stall, at the house as it is really served: pages answer all the same, within a second."""

from __future__ import annotations

import io
import os
import statistics
import time
from contextlib import ExitStack
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from tests.crash.house import end_backends
from tomei.cases import actions as cases
from tomei.clock.tests.conftest import shared_db  # noqa: F401 - a fixture
from tomei.files import actions as files
from tomei.kernel import time as moments
from tomei.kernel.text import Text
from tomei.signals import actions as signals
from tomei.site.front.build import build
from tomei.site.tests.serving import get, send, served

STALLED = 50
WITHIN_S = 1.0
LOOKS = 9  # the median of them counts: one look may fall into a busy moment of the machine
BIG = b"%PDF-1.4\n" + os.urandom(1024) * (20 * 1024)


class Served:
    """The wired front on a port, a signed-in cookie, an incident, the key of a source and a file of 20 MiB."""

    def __init__(self, port: int, cookie: str, incident: str, key: str, file_id: int) -> None:
        self.port, self.cookie, self.incident, self.key, self.file_id = port, cookie, incident, key, file_id

    def seconds(self, path: str) -> float:
        began = time.monotonic()
        status, _, body = get(self.port, path, f"Cookie: {self.cookie}")
        assert (status, len(body) > 500) == (200, True), (path, status)
        return time.monotonic() - began

    def pages_answer(self) -> dict[str, float]:
        """Median seconds of each page that people look at while things are bad; empty when all are in time."""
        paths = ("/", f"/incidents/{self.incident}/", "/promises/", "/status/")
        found = {path: statistics.median(self.seconds(path) for _ in range(LOOKS)) for path in paths}
        return {path: seconds for path, seconds in found.items() if seconds > WITHIN_S}


def session_of(user) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


@pytest.fixture
def site(shared_db, house, lead, by_lead, by_admin):  # noqa: F811 - the database comes first
    now = moments.now()
    incident = cases.declare(title=Text("出荷停止", "Shipping stands still"), severity="SEV1a", by=by_lead, now=now)
    kept = files.add(
        "log.pdf", "application/pdf", io.BytesIO(BIG), about=f"incident:{incident.id}", by=by_lead, now=now
    )
    _, key = signals.add_source(kind="generic", name="Probe", by=by_admin, now=now)
    with served(build()) as port:
        yield Served(port, session_of(lead), incident.key, key, kept.id)
    end_backends()  # of the page threads: the test database is dropped at once


def test_stalled_posts_of_every_kind_hold_no_page_up(site):
    paths = [
        (f"/in/generic/{site.key}", "application/json"),
        ("/api/v1/incidents", "application/json"),
        (f"/incidents/{site.incident}/note/", "application/x-www-form-urlencoded"),
        (f"/api/v1/incidents/{site.incident}/files", "multipart/form-data; boundary=x"),
    ]
    with ExitStack() as stack:
        for n in range(STALLED):
            path, kind = paths[n % len(paths)]
            head = f"POST {path} HTTP/1.1\r\nHost: x\r\nCookie: {site.cookie}\r\nContent-Type: {kind}\r\n"
            stack.enter_context(send(site.port, f"{head}Content-Length: 100000\r\n\r\nabc".encode()))
        assert site.pages_answer() == {}


@pytest.mark.parametrize("path", ["/files/{id}/", "/live?topics=now"])
def test_stalled_downloads_hold_no_page_up(site, path):
    head = f"GET {path.format(id=site.file_id)} HTTP/1.1\r\nHost: x\r\nCookie: {site.cookie}\r\n\r\n".encode()
    with ExitStack() as stack:
        for _ in range(STALLED):
            one = stack.enter_context(send(site.port, head))
            assert one.recv(12) == b"HTTP/1.1 200"  # it has begun, and nobody reads on
        assert site.pages_answer() == {}
