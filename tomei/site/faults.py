"""What people and programs are told when the database is locked or away, or the disk is full: plainly, never as a bug.

The page asks the database for nothing. What was typed stands on it, for the person to copy or send again.
"""

from __future__ import annotations

import errno
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.utils import translation
from django.views.defaults import server_error

from tomei.kernel.errors import Refused
from tomei.ui import refusals

RETRY_S = 5
_FULL = ("disk is full", "no space left", "disk full")


def code_of(error: BaseException | None) -> str:
    """`front.no_space`, `site.database`, or nothing for a fault of another kind."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "front.no_space"
    if isinstance(error, OperationalError | InterfaceError):
        full = any(sign in str(error).lower() for sign in _FULL)
        return "front.no_space" if full else "site.database"
    return ""


def answer(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """503 or 507 with Retry-After and what was typed; None when this is no matter of database or disk."""
    code = code_of(error)
    if not code:
        return None
    status = 507 if code == "front.no_space" else 503
    is_program = request.path.startswith(("/api/", "/in/", "/v2/"))
    response = _as_json(code, status) if is_program else _as_page(request, code, status)
    response["Retry-After"] = str(RETRY_S)
    response["Cache-Control"] = "no-store"
    return response


def _as_json(code: str, status: int) -> HttpResponse:
    said = refusals.said(Refused(code), translation.get_language() or "en")
    body = {"code": code, "message": said.sentence, "way_out": said.way_out, "facts": {}}
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})


def _as_page(request: HttpRequest, code: str, status: int) -> HttpResponse:
    first = "en" if (translation.get_language() or "ja").startswith("en") else "ja"
    order = (first, "en" if first == "ja" else "ja")
    words = [(language, refusals.said(Refused(code), language)) for language in order]
    back = request.path if request.method in ("GET", "HEAD") else ""
    facts = {"words": words, "status": status, "typed": request.POST, "again": back, "code": code}
    page = engines["jinja2"].env.get_template("unavailable.html")  # type: ignore[attr-defined]
    return HttpResponse(page.render(facts), status=status)


def handler500(request: HttpRequest) -> HttpResponse:
    """Also for what fails before a view is asked, such as the session of the reader."""
    return answer(request, sys.exc_info()[1]) or server_error(request)
