"""`POST /in/<kind>/<key>`: public by its key, without a form's token; the answer is `door.receive`'s."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from tomei.kernel import time
from tomei.kernel.errors import Refused
from tomei.signals import door, rules


@csrf_exempt
def receive(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Read the body whole and let the door answer. A body that never came whole is not taken."""
    if request.method != "POST":
        response = JsonResponse(door.refusal(405, Refused("signal.post_only")).json, status=405)
        response["Allow"] = "POST"
        return response
    try:
        body = request.body
    except RequestDataTooBig:
        size = request.META.get("CONTENT_LENGTH", "")
        given = int(size) if size.isascii() and size.isdecimal() else rules.MOST_BYTES + 1
        return _said(door.refuse_size(kind, key, given, time.now()))
    except UnreadablePostError:
        return _said(door.refusal(400, Refused("signal.cut_off")))
    return _said(door.receive(kind, key, body, time.now()))


def _said(reply: door.Reply) -> HttpResponse:
    response = JsonResponse(dict(reply.json), status=reply.status, json_dumps_params={"ensure_ascii": False})
    for name, value in reply.headers.items():
        response[name] = value
    return response
