"""A real uvicorn on loopback for tests, and plain sockets to misbehave with."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager

from tomei.site.front.server import Server, configured, listen


@contextmanager
def served(front):
    """Yields the port."""
    taken = listen("127.0.0.1", 0)
    ready = threading.Event()
    server = Server(configured(front), front, ready.set)
    server.install_signal_handlers = lambda: None
    thread = threading.Thread(target=lambda: server.run(sockets=[taken]), name="served")
    thread.start()
    assert ready.wait(30)
    try:
        yield taken.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()


def send(port, data):
    """A socket that has sent `data` and waits."""
    connected = socket.create_connection(("127.0.0.1", port), timeout=30)
    connected.sendall(data)
    return connected


def ask(port, data):
    """Status, headers and body of one answer."""
    with send(port, data) as connected:
        return read(connected)


def read(connected):
    file = connected.makefile("rb")
    status = int(file.readline().split()[1])
    headers = {}
    while line := file.readline().strip():
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    length = int(headers.get("content-length", 0))
    return status, headers, b"" if status in (204, 304) else file.read(length)


def get(port, path, *headers, method="GET"):
    lines = "".join(f"{line}\r\n" for line in headers)
    with send(port, f"{method} {path} HTTP/1.1\r\nHost: x\r\n{lines}Connection: close\r\n\r\n".encode()) as connected:
        if method == "HEAD":
            file = connected.makefile("rb")
            return file.read().decode("latin-1")
        return read(connected)
