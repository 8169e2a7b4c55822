"""A Tomei of its own for one story: the real server as a process, a real mail server, both on free ports."""

from __future__ import annotations

import email
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from email.message import Message
from email.policy import default
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
from aiosmtpd.controller import Controller

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(ask: Any, seconds: float = 20, what: str = "") -> Any:
    """What `ask()` returns once it is true; asked again until the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = ask()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {what or ask}")


class Postbox:
    """A real SMTP server that keeps what arrives."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.port = free_port()
        self._server = Controller(self, hostname="127.0.0.1", port=self.port)
        self._server.start()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        message = email.message_from_bytes(envelope.content, policy=default)
        message["X-Reached"] = ",".join(envelope.rcpt_tos)
        self.mails.append(message)
        return "250 taken"

    def to(self, address: str) -> list[Any]:
        return [mail for mail in list(self.mails) if address in mail["X-Reached"]]

    def wait(self, address: str, holding: str = "", seconds: float = 30) -> Any:
        """The first mail to `address` whose subject or text holds the words."""

        def look() -> Any:
            return next((one for one in self.to(address) if holding in f"{one['Subject']}\n{text_of(one)}"), None)

        return until(look, seconds, f"mail to {address} holding {holding!r}; {[m['Subject'] for m in self.mails]}")

    def close(self) -> None:
        self._server.stop()


def text_of(mail: Message) -> str:
    part = mail.get_body(("plain",))  # type: ignore[attr-defined]
    return str(part.get_content()) if part else ""


class House:
    """`tomei serve` (or `tomei demo`) with a data folder of its own; its lines are kept in `said`."""

    def __init__(self, folder: Path, database: str = "", command: str = "serve") -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        gone = ("DATABASE_URL", "TOMEI_URL", "TOMEI_DEMO", "TOMEI_MAIL_URL", "DJANGO_SETTINGS_MODULE")
        env = {name: value for name, value in os.environ.items() if name not in gone}
        env |= {"TOMEI_DATA": str(folder), "TOMEI_DEMO_DATA": str(folder), "PYTHONPATH": str(ROOT)}
        env |= {"DATABASE_URL": database} if database else {}
        self.said: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tomei", command, "--port", str(self.port)],
            cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.said.append(line)

    def __enter__(self) -> House:
        until(self._answers, 120, "the server answers")
        until(self._told, 300, "the story of a demo is told")
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)

    def _answers(self) -> bool:
        assert self._process.poll() is None, "".join(self.said)
        try:
            return httpx.get(f"{self.base}/healthz", timeout=1).status_code in (200, 503)
        except httpx.TransportError:
            return False

    def _told(self) -> bool:
        """A demo shows how far its story is, with 503, until pages answer; a house for real use answers at once."""
        page = httpx.get(f"{self.base}/account/login/", timeout=10, headers={"Accept": "text/html"})
        return page.status_code == 200

    def errors(self) -> str:
        """The end of what the server wrote: where a page broke, the reason stands there."""
        return "".join(self.said)[-6000:]

    @property
    def first_link(self) -> str:
        """The one-time link for the first administrator, as the console prints it."""
        found = re.search(rf"^\s+({re.escape(self.base)}\S+)$", "".join(self.said), re.M)
        assert found, self.said
        return found.group(1)
