"""A small server for the page tests: one page with every part on it, our static files, and a stream that we feed."""

from __future__ import annotations

import mimetypes
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.staticfiles import finders
from django.template import engines
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from tomei.kernel import time
from tomei.ui import charts
from tomei.ui.answer import answer
from tomei.ui.tests.pages import request

POLICY = import_string("tomei.site.middleware.POLICY")  # by name: ui knows nothing that comes later
SOURCE = Path(__file__).with_name("desk.html")


def page(language: str) -> bytes:
    now = time.now()

    def at(minutes: float) -> Any:
        return now + timedelta(minutes=minutes)

    strip = charts.strip(
        [charts.Stamp("began", at(-46)), charts.Stamp("detected", at(-44)), charts.Stamp("restored", None)],
        [charts.Word("Update 1", at(-30)), charts.Word("Update 2", at(-10), 120)],
        [charts.Owed("Update 3", at(4), "soon"), charts.Owed("Role", at(-5), "overdue")],
        now=now, zone="Asia/Tokyo", language=language,
    )  # fmt: skip
    days = [charts.UptimeDay(date(2026, 8, 1) + timedelta(days=n), "down" if n == 70 else "up") for n in range(90)]
    made: Any = request("/desk/")
    made.now = now
    env = engines["jinja2"].env  # type: ignore[attr-defined]
    names = {"soon": at(4.2), "past": at(-12), "strip": strip, "bars": charts.uptime_bars(days, "Stock", language)}
    return answer(made, env.from_string(SOURCE.read_text("utf-8")), names).content


class Desk:
    """What the tests steer: say an event, take the stream away, count what was asked."""

    def __init__(self) -> None:
        self.address = ""
        self.asked: list[str] = []
        self.streams: list[queue.Queue[bytes]] = []
        self.saved = (200, "application/json", b'{"seen": 2}')  # what saving a draft answers
        self.up = Event()
        self.up.set()

    def say(self, kind: str, data: str) -> None:
        for stream in list(self.streams):
            stream.put(f"id: 0-{len(self.asked)}\nevent: {kind}\ndata: {data}\n\n".encode())

    def cut(self) -> None:
        self.up.clear()


@contextmanager
def opened() -> Iterator[Desk]:
    desk = Desk()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *parts: Any) -> None:
            pass

        def do_GET(self) -> None:
            desk.asked.append(self.path)
            where, _, query = self.path.partition("?")
            if where == "/live":
                self._stream()
            elif where.startswith("/static/"):
                self._file(finders.find(where.removeprefix("/static/")))
            elif where == "/favicon.ico":
                self._send(204, "image/x-icon", b"")
            else:
                language = "ja" if "lang=ja" in query else "en"
                with translation.override(language), timezone.override(ZoneInfo("Asia/Tokyo")):
                    self._send(200, "text/html; charset=utf-8", page(language))

        def do_POST(self) -> None:
            desk.asked.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, kind, body = desk.saved
            self._send(status, kind, body)

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(body)

        def _file(self, path: Any) -> None:
            kind = mimetypes.guess_type(path)[0] or "text/plain"
            self._send(200, kind, Path(path).read_bytes())

        def _stream(self) -> None:
            if not desk.up.is_set():
                self._send(503, "text/plain", b"")
                return
            mine: queue.Queue[bytes] = queue.Queue()
            desk.streams.append(mine)
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            try:
                while desk.up.is_set():
                    try:
                        self.wfile.write(mine.get(timeout=0.2))
                    except queue.Empty:
                        self.wfile.write(b": \n\n")
                    self.wfile.flush()
            except OSError:
                pass
            desk.streams.remove(mine)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    desk.address = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield desk
    finally:
        desk.cut()
        server.shutdown()
        server.server_close()
