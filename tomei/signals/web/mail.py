"""`POST /in/mail/<key>`: one raw message (RFC 5322), as a mail server pipes it. Durable before it is answered."""

from __future__ import annotations

import logging

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from tomei.delivery.inbound import actions as inbound
from tomei.delivery.inbound.reading import MOST_BYTES
from tomei.kernel import time
from tomei.kernel.errors import Refused
from tomei.signals import door
from tomei.signals.actions import mailing

log = logging.getLogger("tomei.signals")


@csrf_exempt
def receive(request: HttpRequest, key: str) -> HttpResponse:
    """200 with the number of the mail when it is stored, and whether it was known; what it means the clock reads."""
    if request.method != "POST":
        response = _said(door.refusal(405, Refused("signal.mail_post_only")))
        response["Allow"] = "POST"
        return response
    source_id = mailing.source_of(key)
    if source_id is None:
        return _said(door.refusal(404, Refused("signal.unknown_key")))
    try:
        raw = request.body
    except RequestDataTooBig:
        return _too_large(0)
    except UnreadablePostError:
        return _said(door.refusal(400, Refused("signal.cut_off")))
    if len(raw) > MOST_BYTES:
        return _too_large(len(raw))
    if not raw.strip():
        return _said(door.refusal(400, Refused("signal.no_mail")))
    return _stored(raw, source_id)


def _stored(raw: bytes, source_id: int) -> HttpResponse:
    if not door.enter(len(raw)):
        return _said(door.busy())
    try:
        pk, known = inbound.store(raw, source_id=source_id, via="door", now=time.now())
    except (OperationalError, InterfaceError) as error:
        log.warning("a mail at the door could not be stored: %s", error)
        if "full" in str(error) or "No space left" in str(error):
            return _said(door.refusal(507, Refused("signal.no_space"), {"Retry-After": "60"}))
        return _said(door.refusal(503, Refused("signal.database"), {"Retry-After": "2"}))
    finally:
        door.leave(len(raw))
    return JsonResponse({"received": pk, "repeated": known})


def _too_large(size: int) -> HttpResponse:
    return _said(door.refusal(413, Refused("signal.too_large", most=MOST_BYTES, size=size or f"> {MOST_BYTES}")))


def _said(reply: door.Reply) -> HttpResponse:
    response = JsonResponse(dict(reply.json), status=reply.status, json_dumps_params={"ensure_ascii": False})
    for name, value in reply.headers.items():
        response[name] = value
    return response
