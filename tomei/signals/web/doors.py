"""`POST /in/<kind>/<key>`: public by its key, without a form's token; the answer is `door.receive`'s."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from tomei.kernel import time
from tomei.kernel.errors import Refused
from tomei.signals import door, rules
from tomei.signals.rules.beating import HEARTBEAT, word_of

PINGS = ("GET", "HEAD", "POST")  # how a heartbeat may be pinged
BY_QUERY = ("uptimerobot",)  # kinds that may put all they have to say into the address


@csrf_exempt
def receive(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Read the body whole and let the door answer. A body that never came whole is not taken."""
    return _received(request, kind, key) if request.method == "POST" else _post_only()


@csrf_exempt
def receive_query(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Like `receive`; where there is no body the query is taken for it, also with GET."""
    query = request.META.get("QUERY_STRING", "")
    if request.method == "POST" or (request.method == "GET" and query):
        return _received(request, kind, key, query.encode("utf-8", "replace"))
    return _post_only()


@csrf_exempt
def ping(request: HttpRequest, key: str, word: str = "") -> HttpResponse:
    """A heartbeat: whatever method a job has at hand; an unknown word is answered as an unknown key is."""
    if request.method not in PINGS:
        response = JsonResponse(door.refusal(405, Refused("signal.ping_only")).json, status=405)
        response["Allow"] = ", ".join(PINGS)
        return response
    meant = word_of(word)
    if meant is None:
        return said(door.refusal(404, Refused("signal.unknown_key")))
    return _received(request, HEARTBEAT, key, word=meant)


def _post_only() -> HttpResponse:
    response = JsonResponse(door.refusal(405, Refused("signal.post_only")).json, status=405)
    response["Allow"] = "POST"
    return response


def _received(request: HttpRequest, kind: str, key: str, instead: bytes = b"", word: str = "") -> HttpResponse:
    try:
        body = request.body or instead
    except RequestDataTooBig:
        return said(door.refuse_size(kind, key, size_of(request), time.now()))
    except UnreadablePostError:
        return said(door.refusal(400, Refused("signal.cut_off")))
    return said(door.receive(kind, key, body, time.now(), word))


def size_of(request: HttpRequest) -> int:
    """How much a body that was too large said to be."""
    size = request.META.get("CONTENT_LENGTH", "")
    return int(size) if size.isascii() and size.isdecimal() else rules.MOST_BYTES + 1


def said(reply: door.Reply) -> HttpResponse:
    response = JsonResponse(dict(reply.json), status=reply.status, json_dumps_params={"ensure_ascii": False})
    for name, value in reply.headers.items():
        response[name] = value
    return response
