"""The access log: neither query strings nor keys."""

from __future__ import annotations

import logging
import re

from tomei.site.front.answers import Scope

log = logging.getLogger("tomei.access")
_SIGNAL = re.compile(r"^(/in/[^/]+/)[^/]+")
_KEYLIKE = re.compile(r"/[A-Za-z0-9_:=.%-]{20,}(?=/|$)")  # one-time links, reset keys, hashes


def masked(raw_path: str) -> str:
    """The path with everything that may open something replaced by `…`."""
    return _KEYLIKE.sub("/…", _SIGNAL.sub(r"\1…", raw_path))


def note(scope: Scope, status: int, seconds: float) -> None:
    if log.isEnabledFor(logging.INFO):
        client = (scope.get("client") or ("-", 0))[0]
        path = masked(scope["raw_path"].decode("latin-1"))
        log.info("%s %s %s %d %d ms", client, scope["method"], path, status, seconds * 1000)
