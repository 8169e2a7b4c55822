"""The same API endpoints without a server: the console opens the file itself and acts as who can read the folder."""

from __future__ import annotations

import json
from typing import Any

from django.test import RequestFactory
from django.urls import Resolver404, resolve
from django.utils import timezone, translation

from tomei.accounts import settings as house
from tomei.kernel import ids, time
from tomei.site import local, startup


class NotFounded(Exception):
    """The folder has no Tomei yet, or one of another version; the message says what to do."""


def ask(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """Run one endpoint in this process; raises `local.Answer` as a server would, and `NotFounded`."""
    if startup.pending():
        raise NotFounded("This data folder is empty or of an older Tomei. Start it once with ./up, then try again.")
    with timezone.override(time.zone(str(house.get("zone", "Asia/Tokyo")))):
        return _answer(method, path, body)


def _answer(method: str, path: str, body: dict[str, Any] | None) -> Any:
    where, _, query = path.partition("?")
    request = RequestFactory().generic(
        method,
        f"/api/v1{where}",
        data=json.dumps(body) if body is not None else "",
        content_type="application/json",
        query_params=dict(part.split("=", 1) for part in query.split("&") if part),
        headers={"Idempotency-Key": ids.secret("cli"), "Accept-Language": translation.get_language() or "en"},
    )
    request.tomei_console = local.console()  # type: ignore[attr-defined]  # read by the API's own door
    try:
        view, args, kwargs = resolve(f"/api/v1{where}")
    except Resolver404:
        raise local.Answer(404, {"code": "api.missing", "message": "not found"}) from None
    response = view(request, *args, **kwargs)
    value = json.loads(response.content) if response.content else None
    if response.status_code >= 400:
        raise local.Answer(response.status_code, value or {})
    return value
