"""The addresses of PagerDuty's Events API v2 and Opsgenie's Alert API: a sender changes only host and key.

Each request goes through `door.receive` like every other; only the answer is put into the words of that API.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from tomei.kernel import ids, time
from tomei.kernel.errors import Refused
from tomei.signals import door, told
from tomei.signals.rules import opsgenie, pagerduty, reading
from tomei.signals.web.doors import size_of

OPERATIONS = ("close", "acknowledge", "notes")
_REQUEST = re.compile(r"00000000-0000-4000-8000-([0-9a-f]{12})")
_THROTTLED = "Requests for this service are arriving too quickly. Please retry later."


def _answer(status: int, body: dict[str, Any], reply: door.Reply | None = None) -> HttpResponse:
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    for name, value in (reply.headers if reply else {}).items():
        response[name] = value
    return response


def _post_only(body: dict[str, Any]) -> HttpResponse:
    response = _answer(405, body)
    response["Allow"] = "POST"
    return response


def _message(reply: door.Reply) -> str:
    return " ".join(str(reply.json.get(name, "")) for name in ("message", "way_out")).strip()


def _table(body: bytes) -> reading.Table:
    try:
        return reading.body(body)
    except Refused:
        return {}


# -- PagerDuty --------------------------------------------------------------------------------------------------------


def _invalid(status: int, errors: list[str], reply: door.Reply | None = None) -> HttpResponse:
    body = {"status": "invalid event", "message": "Event object is invalid", "errors": errors}
    return _answer(status, body, reply)


@csrf_exempt
def enqueue(request: HttpRequest, is_change: bool = False) -> HttpResponse:
    """`POST /v2/enqueue` and `/v2/change/enqueue`; the routing key is the key of a source of the kind PagerDuty."""
    if request.method != "POST":
        return _post_only({"status": "invalid event", "message": "Only POST is taken here.", "errors": []})
    try:
        body = request.body
    except RequestDataTooBig:
        return _invalid(413, [f"'body' is too large ({size_of(request)} bytes)"])
    except UnreadablePostError:
        return _invalid(400, ["'body' ended before it was whole"])
    whole = _table(body)
    key = reading.text(whole, "routing_key") or request.headers.get("X-Routing-Key", "")
    if not key:
        return _invalid(400, ["'routing_key' is missing or blank"])
    reply = door.receive("pagerduty", key, body, time.now())
    if reply.status == 200:
        done: dict[str, Any] = {"status": "success", "message": "Event processed"}
        if is_change or "event_action" not in whole:
            return _answer(202, {**done, "message": "Change event processed"})
        return _answer(202, {**done, "dedup_key": pagerduty.dedup_key(whole, reading.table(whole, "payload"))})
    if reply.status == 404:
        return _invalid(400, ["'routing_key' is invalid"])
    if reply.status == 429:
        return _answer(429, {"status": "throttle exceeded", "message": _THROTTLED}, reply)
    return _invalid(reply.status, [_message(reply)], reply)


# -- Opsgenie ---------------------------------------------------------------------------------------------------------


def _said(status: int, body: dict[str, Any], received: object = None, reply: door.Reply | None = None) -> HttpResponse:
    number = received if isinstance(received, int) else 0
    return _answer(status, {**body, "took": 0.001, "requestId": f"00000000-0000-4000-8000-{number:012x}"}, reply)


def _key(request: HttpRequest) -> str:
    kind, _space, key = request.headers.get("Authorization", "").strip().partition(" ")
    return key.strip() if kind.lower() == "geniekey" else ""


@csrf_exempt
def create(request: HttpRequest) -> HttpResponse:
    """`POST /v2/alerts` with `Authorization: GenieKey KEY`, the key of a source of the kind Opsgenie."""
    return _take(request, lambda body: body)


@csrf_exempt
def act(request: HttpRequest, identifier: str, operation: str) -> HttpResponse:
    """`POST /v2/alerts/{identifier}/close`, `/acknowledge` or `/notes`. An id is the alias here, whatever its type."""
    if operation not in OPERATIONS:
        return _said(404, {"message": "No such operation. Known: close, acknowledge, notes."})

    def wrapped(body: bytes) -> bytes:
        around = {"operation": operation, "identifier": identifier}
        try:
            return json.dumps({**around, "body": json.loads(body) if body.strip() else None}).encode()
        except (ValueError, RecursionError):  # kept as text, and not understood
            return json.dumps({**around, "body": body.decode("utf-8", "replace")}).encode()

    return _take(request, wrapped)


def _take(request: HttpRequest, wrap: Callable[[bytes], bytes]) -> HttpResponse:
    if request.method != "POST":
        return _post_only({"message": "Only POST is taken here.", "took": 0.0, "requestId": ""})
    key = _key(request)
    if not key:
        return _said(422, {"message": "Key format is not valid! Wanted: Authorization: GenieKey KEY"})
    try:
        body = wrap(request.body)
    except RequestDataTooBig:
        return _said(413, {"message": f"Request body is too large ({size_of(request)} bytes)."})
    except UnreadablePostError:
        return _said(400, {"message": "The request body ended before it was whole."})
    reply = door.receive("opsgenie", key, body, time.now())
    received = reply.json.get("received")
    if reply.status == 200:
        return _said(202, {"result": "Request will be processed"}, received)
    if reply.status == 404:
        return _said(401, {"message": "Could not authenticate: no source has this key."})
    if reply.status == 429:
        return _said(429, {"message": "You are making too many requests!"}, None, reply)
    facts = reply.json.get("facts")
    where = str(facts.get("where", "body")) if isinstance(facts, dict) else "body"
    status = 422 if reply.json.get("error") == "signal.wrong_shape" else reply.status
    problem = "Request body is not processable. Please check the errors."
    return _said(status, {"message": problem, "errors": {where: _message(reply)}}, received, reply)


@csrf_exempt
def outcome(request: HttpRequest, request_id: str) -> HttpResponse:
    """`GET /v2/alerts/requests/{requestId}`: what a sender asks to learn the id of its alert. The id is the alias."""
    if request.method != "GET":
        response = _said(405, {"message": "Only GET is taken here."})
        response["Allow"] = "GET"
        return response
    number = _REQUEST.fullmatch(request_id)
    found = told.kept_by_key("opsgenie", ids.digest(_key(request)), int(number[1], 16)) if number else None
    if found is None:
        return _said(404, {"message": "Request not found. It might not be processed, yet."})
    row, body = found
    whole = _table(body)
    alias = reading.text(whole, "identifier") or opsgenie.alias(whole)
    is_success = row.verdict != "not_understood"
    data = {
        "success": is_success, "isSuccess": is_success, "action": reading.text(whole, "operation") or "Create",
        "processedAt": row.at.isoformat(), "integrationId": str(row.source_id), "alertId": alias, "alias": alias,
        "status": "Request processed" if is_success else row.error,
    }  # fmt: skip
    return _said(200, {"data": data}, row.id)
