"""Before Django is loaded: is the address free, and does nobody else serve this data folder?"""

from __future__ import annotations

import errno
import fcntl
import socket
from pathlib import Path
from typing import IO

LOCK = "serve.lock"


class AlreadyRunning(Exception):
    """Another process serves this data folder."""


def lock(data: Path) -> IO[str]:
    """Hold `serve.lock` as long as the file stays open; one process serves and ticks a folder."""
    data.mkdir(parents=True, exist_ok=True)
    handle = (data / LOCK).open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise AlreadyRunning(str(data)) from error
    return handle


def port_trouble(host: str, port: int) -> str:
    """Empty when one may listen there; else why not."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
    return ""
