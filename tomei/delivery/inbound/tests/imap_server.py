"""A small IMAP server on loopback: one user, one folder, what `imap` asks for, and faults on demand."""

from __future__ import annotations

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Folder:
    """What is in it, by UID; `faults` maps the beginning of a command to what happens instead of an answer."""

    mails: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    password: str = "secret"
    tls: ssl.SSLContext | None = None
    starttls: bool = False

    def put(self, *raws: bytes) -> None:
        for raw in raws:
            self.mails[max(self.mails, default=100) + 1] = raw


class _Gone(Exception):
    pass


class _Talk(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True  # an answer in several pieces does not wait for the other side's acknowledgement
    folder: Folder

    def handle(self) -> None:
        if self.folder.tls is not None and not self.folder.starttls:
            self._encrypt()
        self._say("* OK ready")
        try:
            while line := self.rfile.readline():
                tag, _space, command = line.decode("latin-1").strip().partition(" ")
                self.folder.asked.append(command)
                self._answer(tag, command)
        except (_Gone, OSError, ValueError):
            return

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())
        self.wfile.flush()

    def _encrypt(self) -> None:
        assert self.folder.tls is not None
        self.request = self.connection = self.folder.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")

    def _answer(self, tag: str, command: str) -> None:
        for start, fault in self.folder.faults.items():
            if command.startswith(start):
                if fault == "drop":
                    raise _Gone
                self.wfile.write(fault.replace("TAG", tag).encode())
                self.wfile.flush()
                return
        name = command.upper().split(" ")
        if name[0] == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1" + (" STARTTLS" if self.folder.starttls else ""))
        elif name[0] == "STARTTLS":
            self._say(f"{tag} OK begin")
            self._encrypt()
            return
        elif name[0] == "LOGIN" and not command.endswith(f'"{self.folder.password}"'):
            self._say(f"{tag} NO [AUTHENTICATIONFAILED] wrong password")
            return
        elif name[0] == "SELECT" and "INBOX" not in command:
            self._say(f"{tag} NO no such folder")
            return
        elif name[0] == "UID":
            self._uid(name[1], command)
        elif name[0] == "LOGOUT":
            self._say("* BYE")
        self._say(f"{tag} OK done")

    def _uid(self, verb: str, command: str) -> None:
        if verb == "SEARCH":
            unseen = [str(uid) for uid in sorted(self.folder.mails) if uid not in self.folder.seen]
            self._say(f"* SEARCH {' '.join(unseen)}".rstrip())
            return
        uid = int(re.findall(r"\d+", command)[0])
        raw = self.folder.mails[uid]
        if verb == "STORE":
            self.folder.seen.add(uid)
        elif "RFC822.SIZE" in command:
            self._say(f"* 1 FETCH (UID {uid} RFC822.SIZE {len(raw)})")
        else:
            most = re.search(r"<0\.(\d+)>", command)
            part = raw[: int(most[1])] if most else raw
            self.wfile.write(b"* 1 FETCH (UID %d BODY[]<0> {%d}\r\n%s)\r\n" % (uid, len(part), part))
            self.wfile.flush()


@contextmanager
def imap_server(folder: Folder) -> Iterator[int]:
    """The port that `folder` is served on."""
    handler = type("Talk", (_Talk,), {"folder": folder})
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
