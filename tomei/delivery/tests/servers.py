"""Real servers on loopback: an SMTP server that can say no, and an HTTP server that keeps what it got."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Mailbox:
    """What arrived, and what to answer: `says[address]` is the reply to RCPT, `data_says` the reply to DATA."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.says: dict[str, str] = {}
        self.data_says: list[str] = []
        self.sessions: set[Any] = set()
        self.tls: list[bool] = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.says:
            return self.says[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.data_says:
            return self.data_says.pop(0)
        self.sessions.add(session.peer)
        self.tls.append(session.ssl is not None)
        self.raw.append(envelope.content)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 Taken"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def smtp_server(port: int | None = None, box: Mailbox | None = None, **options: Any) -> Iterator[tuple[Mailbox, int]]:
    box = box or Mailbox()
    port = port or free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


def only(user: str, password: str) -> Any:
    """An authenticator that knows one person."""

    def check(server, session, envelope, mechanism, data):
        right = (data.login.decode(), data.password.decode()) == (user, password)
        return AuthResult(success=right, handled=False) if not right else AuthResult(success=True)

    return check


class Kept:
    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[tuple[int, dict[str, str], bytes]] = []


@contextmanager
def http_server(given: Kept | None = None) -> Iterator[tuple[Kept, int]]:
    kept = given or Kept()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            kept.requests.append((self.path, dict(self.headers.items()), body))
            status, headers, answer = kept.answers.pop(0) if kept.answers else (200, {}, b"ok")
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST  # noqa: N815

        def log_message(self, *parts: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield kept, server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
