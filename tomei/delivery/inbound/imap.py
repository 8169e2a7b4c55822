"""One look into an IMAP mailbox: judged address, checked TLS, bounded answers, one deadline over all of it."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tomei.delivery import net
from tomei.delivery.rules import MailboxSettings
from tomei.kernel import time

TIMEOUT_S = 10.0
DEADLINE_S = 45.0
MOST_LITERAL = 6 * 1024 * 1024
_NUMBERS = re.compile(rb"[0-9]{1,10}")


class Trouble(Exception):
    """The mailbox could not be looked into, and why, in the server's words."""


class _Client(imaplib.IMAP4):
    """The library's client over a connection of ours. A literal or a drip that never ends does not hold us."""

    def __init__(self, box: MailboxSettings, deadline: float) -> None:
        self._box, self._deadline = box, deadline
        super().__init__(box.host, box.port, TIMEOUT_S)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = net.connect(self._box.host, self._box.port, timeout or TIMEOUT_S)
        if self._box.security != "tls":
            return plain
        try:
            return net.tls().wrap_socket(plain, server_hostname=self._box.host)
        except BaseException:
            plain.close()
            raise

    def read(self, size: int) -> bytes:
        if size > MOST_LITERAL:
            raise self.abort(f"the server announces {size} bytes")
        found = b""
        while len(found) < size:
            self._in_time()
            piece: bytes = self.file.read1(min(size - len(found), 65536))  # type: ignore[union-attr]
            if not piece:
                break
            found += piece
        return found

    def readline(self) -> bytes:
        self._in_time()
        return super().readline()

    def _in_time(self) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("time over")
        self.sock.settimeout(min(left, TIMEOUT_S))


@contextmanager
def opened(box: MailboxSettings) -> Iterator[Folder]:
    """The folder, signed in and selected; raises `Trouble` for everything that goes wrong inside."""
    client: _Client | None = None
    try:
        client = _Client(box, time.monotonic() + DEADLINE_S)
        if box.security != "tls":
            _encrypt(client, box)
        _right(client.login(box.user, box.password))
        _right(client.select(f'"{box.folder}"'))
        yield Folder(client)
    except net.Unreachable as error:
        raise Trouble(str(error)[:300]) from error
    except (imaplib.IMAP4.error, OSError, ValueError) as error:
        raise Trouble(_said(error)) from error
    finally:
        if client is not None:
            with suppress(imaplib.IMAP4.error, OSError, ValueError):
                client.logout()
            with suppress(OSError):
                client.shutdown()


def _encrypt(client: _Client, box: MailboxSettings) -> None:
    if "STARTTLS" in client.capabilities:
        client.starttls(net.tls() if box.security == "starttls" else _unchecked())
    elif box.security == "starttls":
        raise Trouble("the server does not offer STARTTLS, which the settings demand")


def _unchecked() -> ssl.SSLContext:
    """For `none`: the alternative is plain text, so that a certificate nobody can check is still the better line."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Folder:
    """The selected folder; messages are named by their UID."""

    def __init__(self, client: _Client) -> None:
        self._client = client

    def unseen(self) -> list[int]:
        """Oldest first."""
        found = _right(self._client.uid("SEARCH", "UNSEEN"))
        return sorted(int(number) for part in found if part for number in _NUMBERS.findall(part))

    def size(self, uid: int) -> int:
        for part in _right(self._client.uid("FETCH", str(uid), "(RFC822.SIZE)")):
            match = re.search(rb"RFC822\.SIZE (\d{1,12})", part if isinstance(part, bytes) else part[0])
            if match:
                return int(match[1])
        raise Trouble(f"message {uid} has no size")

    def raw(self, uid: int, most: int) -> bytes:
        """The message, at most its first `most` bytes; it stays unseen."""
        for part in _right(self._client.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{most}>)")):
            if isinstance(part, tuple) and b"BODY[" in part[0]:
                return bytes(part[1])
        raise Trouble(f"message {uid} has no body")

    def mark_seen(self, uid: int) -> None:
        _right(self._client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)"))


def _right(answer: tuple[str, list]) -> list:  # type: ignore[type-arg]
    status, data = answer
    if status != "OK":
        raise Trouble(_words(data[0] if data else status))
    return data


def _said(error: BaseException) -> str:
    given = error.args[0] if error.args and not isinstance(error, OSError) else str(error)
    return (_words(given) or type(error).__name__)[:300]


def _words(given: object) -> str:
    text = given.decode("utf-8", "replace") if isinstance(given, bytes) else str(given)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:300]
