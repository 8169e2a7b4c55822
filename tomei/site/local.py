"""The console's way to a running server: `run.json` in the data folder names it and holds a key for this machine."""

from __future__ import annotations

import hmac
import json
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation

from tomei.accounts import rights
from tomei.kernel import ids
from tomei.kernel.actor import Actor


class Unreachable(Exception):
    """No server runs on this folder."""


class Answer(Exception):
    """The server said no: `status` and its problem."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("message") or str(status))
        self.status = status
        self.problem = problem


def _run() -> dict[str, Any]:
    try:
        return dict(json.loads((settings.DATA / "run.json").read_text()))
    except (OSError, ValueError) as error:
        raise Unreachable from error


@lru_cache(maxsize=1)
def _key() -> str:
    return str(_run().get("key", ""))


def console() -> Actor:
    """Who acts on the console: whoever can read the data folder may do everything in it."""
    return Actor("console", name="console", rights=rights.VERBS, is_administrator=True)


def authenticate(bearer: str) -> Actor | None:
    """The console's actor when `bearer` is this server's own key."""
    try:
        known = _key()
    except Unreachable:
        return None
    return console() if known and hmac.compare_digest(known.encode(), bearer.encode()) else None


def address() -> str:
    """What links begin with: the running server's own word, else this environment's."""
    try:
        return str(_run().get("address") or settings.TOMEI_URL)
    except Unreachable:
        return settings.TOMEI_URL


def runs() -> bool:
    """Does a server answer on this folder?"""
    import httpx  # on demand: the console asks a server, the server itself never does

    try:
        httpx.get(f"{_run()['url']}/healthz", timeout=5)
    except (Unreachable, httpx.TransportError, KeyError):
        return False
    return True


def ask(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """Call the running server's API; `Unreachable` when none runs, `Answer` when it says no."""
    import httpx  # on demand: the console asks a server, the server itself never does

    run = _run()
    headers = {"Authorization": f"Bearer {run['key']}", "Idempotency-Key": ids.secret("cli"),
               "Accept-Language": translation.get_language() or "en"}  # fmt: skip
    try:
        response = httpx.request(method, f"{run['url']}/api/v1{path}", json=body, headers=headers, timeout=30)
    except httpx.ConnectError as error:
        raise Unreachable from error
    except httpx.TransportError as error:  # it may have been done: doing it here as well could do it twice
        raise Answer(504, {"message": f"The server at {run['url']} did not answer: look there first."}) from error
    if response.is_success:
        return response.json() if response.content else None
    try:
        problem = response.json()
    except ValueError:
        problem = {"code": "api.missing", "message": response.text[:200]}
    raise Answer(response.status_code, problem)
