"""`/api/v1/`: the API object, who may enter, how errors look, and writes that never act twice."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.security import HttpBearer, SessionAuth

from tomei import __version__
from tomei.accounts import tokens
from tomei.api.models import Answered
from tomei.api.shapes import Problem
from tomei.kernel import ids, time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.ui import refusals

FEATURES = ("accounts", "clock", "customers", "delivery", "promises", "oncall", "cases", "signals", "comms",
            "diagnosis", "search")  # fmt: skip


class Bearer(HttpBearer):
    """`Authorization: Bearer tomei_…`: a token of a person, cut to its scopes."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        for known in consoles:
            actor = known(token)
            if actor is not None:
                return actor
        return tokens.authenticate(token, time.now())


class Console:
    """A request that the console makes inside its own process, when no server runs."""

    openapi_security_schema = None

    def __call__(self, request: HttpRequest) -> Actor | None:
        return getattr(request, "tomei_console", None)


# Who else may stand behind a bearer: the console of this machine (set by `site.apps`).
consoles: list[Callable[[str], Actor | None]] = []


class Body(Parser):
    """JSON that every database can keep: PostgreSQL has no NUL."""

    def parse_body(self, request: HttpRequest) -> Any:
        data = super().parse_body(request)
        if b"\\u0000" in request.body:
            _refuse_nul(data, "body")
        return data


def _refuse_nul(value: Any, field: str) -> None:
    if isinstance(value, str) and "\x00" in value:
        raise Refused("field.control_characters", field=field)
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in pairs:
        _refuse_nul(str(name), field)
        _refuse_nul(one, name if isinstance(name, str) else field)


class Session(SessionAuth):
    """The signed-in pages themselves: with the CSRF token of the page."""


api = NinjaAPI(
    title="Tomei",
    version=__version__,
    description="Everything the pages can do. Times are ISO 8601 with zone. Lists: `after` and `limit`. "
    "Writes take an `Idempotency-Key`: the same key with the same body acts once and answers the same for 24 hours.",
    auth=[Console(), Bearer(), Session(csrf=True)],
    urls_namespace="api",
    docs_url=None,
    parser=Body(),
    openapi_url=None,
)


def problem(request: HttpRequest, status: int, code: str, **facts: Any) -> JsonResponse:
    """An answer in the one error shape, in the reader's language."""
    language = translation.get_language() or "en"
    said = refusals.said(Refused(code, **facts), language)
    body = {
        "code": code,
        "message": said.sentence,
        "way_out": said.way_out,
        "facts": json.loads(json.dumps(facts, default=str)),
    }
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})


def status_of(error: Refused) -> int:
    """403: a right is missing; 422: a field cannot be read; 507: the disk is full; 409: a rule says no."""
    if error.code == "rights.missing":
        return 403
    if error.code == "files.disk_full":
        return 507
    return 422 if error.code.startswith(("field.", "time.")) else 409


@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, status_of(error), error.code, **error.facts)


@api.exception_handler(Missing)
@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, 404, "api.missing")


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    fields = [{"at": ".".join(str(part) for part in item["loc"]), "says": item["msg"]} for item in error.errors]
    return problem(request, 422, "api.unreadable", fields=fields)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error.__cause__, Refused):  # what the parser refused
        return _refused(request, error.__cause__)
    code = {400: "api.broken_json", 401: "api.who", 403: "rights.missing", 413: "api.too_large"}.get(error.status_code)
    return problem(request, error.status_code, code or "api.broken_json", verb="")


@api.exception_handler(OperationalError)
def _database(request: HttpRequest, error: Any) -> HttpResponse:
    full = any(sign in str(error).lower() for sign in ("disk is full", "no space left", "disk full"))
    response = problem(request, 507, "api.no_space") if full else problem(request, 503, "api.database")
    response["Retry-After"] = "2"
    return response


@api.exception_handler(OSError)
def _disk(request: HttpRequest, error: Any) -> HttpResponse:
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        raise error
    response = problem(request, 507, "api.no_space")
    response["Retry-After"] = "60"
    return response


def once(request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """Run a write once per `Idempotency-Key`; a repeat gets the first answer, another body is refused.

    The row is written before the action and completed after it: a second request in between is told to wait.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key or request.method in ("GET", "HEAD", "OPTIONS"):
        return answer()
    if len(key) > 200:
        return problem(request, 422, "api.key_too_long")
    owner = ids.digest(
        request.headers.get("Authorization", "") or request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    )
    try:
        digest = ids.digest(f"{request.method} {request.path}\n") + body_digest(request)
    except RequestDataTooBig:
        return problem(request, 413, "api.too_large")
    now = time.now()
    try:
        with transaction.atomic():
            row = Answered.objects.create(owner=owner, key=key, digest=digest, at=now)
    except IntegrityError:
        row = Answered.objects.get(owner=owner, key=key)
        if row.digest != digest:
            return problem(request, 409, "api.key_reused")
        if row.status is not None:
            return HttpResponse(row.body, status=row.status, content_type="application/json; charset=utf-8")
        if now - row.at < timedelta(seconds=60):
            return problem(request, 409, "api.key_running")
        Answered.objects.filter(pk=row.pk).update(at=now)
    response = answer()
    with suppress(OperationalError):  # what was done is answered as done; the row is looked at again after a minute
        if response.status_code < 500:
            Answered.objects.filter(pk=row.pk).update(status=response.status_code, body=response.content.decode())
        else:
            row.delete()
    return response


def body_digest(request: HttpRequest) -> str:
    """What was sent, as a hash. An upload is read in pieces where the front has put it, and is the same upload under
    another boundary: a client that repeats makes a new one. Elsewhere a body over 6 MiB raises `RequestDataTooBig`.
    """
    stream = request.META.get("wsgi.input")
    boundary = (request.content_params or {}).get("boundary", "")
    if request.content_type != "multipart/form-data" or not boundary or not (stream and stream.seekable()):
        return ids.digest(request.body.decode("latin-1"))
    start, line, found = stream.tell(), f"--{boundary}".encode("latin-1", "replace"), sha256()
    while piece := stream.readline(64 * 1024):
        found.update(b"--" + piece.removeprefix(line) if piece.startswith(line) else piece)
    stream.seek(start)
    return found.hexdigest()


def prune(now: Any) -> int:
    """Forget answers older than 24 hours; called by the clock."""
    return Answered.objects.filter(at__lt=now - timedelta(hours=24)).delete()[0]


def join() -> NinjaAPI:
    """Add each feature's router once."""
    for feature in FEATURES:
        if find_spec(f"tomei.{feature}.api"):
            api.add_router("", import_module(f"tomei.{feature}.api").router)
    return api


def described() -> dict[str, Any]:
    """The OpenAPI document: what the features declare, and the one error shape for every operation."""
    import_module("tomei.api.web")  # it joins the features; whoever asks before the URL table is read gets them all too
    document: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))
    document.setdefault("components", {}).setdefault("schemas", {})["Problem"] = Problem.json_schema()
    failure = {
        "description": "Refused, not found, unreadable or out of reach; `code` is stable.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    schemes = document["components"].get("securitySchemes", {})
    schemes.pop("Console", None)  # the console of this machine is no door that others may use
    for operations in document["paths"].values():
        for operation in operations.values():
            operation.setdefault("responses", {})["default"] = failure
            operation["security"] = [one for one in operation.get("security", []) if set(one) <= set(schemes)]
    return document
