"""`/demo/mailbox/`: every mail of the demo, as it went out or would go out. Not there outside the demo."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tomei.accounts.doors import needs
from tomei.delivery import labels, mail, queries, server
from tomei.delivery.models import Message
from tomei.delivery.requests import number
from tomei.delivery.rules import MailServer
from tomei.files import queries as files
from tomei.kernel.errors import Missing, Refused
from tomei.ui.answer import answer

PAGE = 50
# The mail is shown in a frame of its own, so this one page may hold a frame; the frame itself may run nothing.
_HOLDS_FRAME = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; frame-src 'self'"
)
_IN_FRAME = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'"
)


def _row(message_id: int) -> Message:
    if not settings.DEMO:
        raise Missing("demo")
    row = Message.objects.filter(pk=message_id, channel="mail", state="sent").first()
    if row is None:
        raise Missing(str(message_id))
    return row


def _sender() -> MailServer:
    try:
        found = server.or_demo()
    except Refused:
        found = None
    return found or MailServer("", 0, sender="support@tomei.example", sender_name="Tomei")


@require_safe
@needs("read")
def mailbox(request: HttpRequest) -> HttpResponse:
    """Every mail that was sent, newest first."""
    if not settings.DEMO:
        raise Missing("demo")
    rows, after = queries.mailbox(before=number(request.GET.get("before")), limit=PAGE)
    context = {"rows": rows, "more": f"?before={after}" if after else "", "purposes": labels.PURPOSES}
    return answer(request, "delivery/mailbox.html", context)


@require_safe
@needs("read")
def opened(request: HttpRequest, message_id: int) -> HttpResponse:
    row = _row(message_id)
    known = files.files(row.files)
    attached = [known[pk] for pk in row.files if pk in known]
    context = {"mail": row, "attached": attached, "sender": _sender(), "purposes": labels.PURPOSES}
    response = answer(request, "delivery/mailbox_mail.html", context)
    response.headers["Content-Security-Policy"] = _HOLDS_FRAME
    return response


@require_safe
@needs("read")
def html(request: HttpRequest, message_id: int) -> HttpResponse:
    """The HTML part alone, in a sandbox: no script, no form, no request to anywhere."""
    row = _row(message_id)
    if not row.html:
        raise Missing(str(message_id))
    response = HttpResponse(row.html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = _IN_FRAME
    return response


@require_safe
@needs("read")
def source(request: HttpRequest, message_id: int) -> HttpResponse:
    """The mail byte for byte, headers and all, as the server would get it."""
    body = mail.render(_row(message_id), _sender())
    response = HttpResponse(body, content_type="text/plain; charset=utf-8")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
