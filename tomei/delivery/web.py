"""`/settings/outbox/` and `/settings/held/`: what waits, what failed and why, what would leave. All addresses below."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tomei.accounts.doors import actor_of, needs
from tomei.delivery import (
    actions,
    hold,
    inbound_pages,
    labels,
    mail_pages,
    mailbox_pages,
    mending,
    mending_pages,
    queries,
)
from tomei.delivery.endpoints import web as endpoints
from tomei.delivery.inbound import queries as inbound
from tomei.delivery.requests import now_of, number
from tomei.kernel.errors import Refused
from tomei.ui import refusals
from tomei.ui.answer import answer, done
from tomei.ui.parts import language

PAGE = 50


def _listed(request: HttpRequest, found: tuple[list[queries.MessageFacts], int | None], **more: Any) -> dict[str, Any]:
    rows, after = found
    query = request.GET.copy()
    query["before"] = str(after)
    return {
        "rows": rows,
        "more": f"?{query.urlencode()}" if after else "",
        "states": labels.STATES,
        "purposes": labels.PURPOSES,
        "templates": labels.SENT_AS,
        "secret": queries.SECRET_PURPOSES,
    } | more


@require_safe
@needs("delivery.release")
def outbox(request: HttpRequest) -> HttpResponse:
    """Every message, newest first, or those that the filters leave."""
    said, status = None, 200
    try:
        filters = mending_pages.read(request.GET, actor_of(request))
    except Refused as error:  # an incident that nobody knows: the list is there all the same
        said, status, filters = refusals.said(error, language()), 409, mending.Filters()
    context = mending_pages.context(request, filters) | {
        "chosen": filters.state, "counts": queries.counts(), "held": hold.state(), "said": said,
        "mail_is_set": queries.mail_is_set(), "suppressed": queries.suppressed(),
    }  # fmt: skip
    found = queries.filtered(filters, before=number(request.GET.get("before")), limit=PAGE)
    return answer(request, "delivery/outbox.html", _listed(request, found) | context, status=status)


@require_POST
@needs("delivery.release")
def retry(request: HttpRequest, message_id: int) -> HttpResponse:
    actions.retry(message_id, by=actor_of(request), now=now_of(request))
    return done(request, "/settings/outbox/", _("It is tried again now."))


@require_POST
@needs("delivery.release")
def unsuppress(request: HttpRequest) -> HttpResponse:
    actions.unsuppress(request.POST.get("address", ""), by=actor_of(request), now=now_of(request))
    return done(request, "/settings/outbox/", _("Updates go to this address again."))


@require_safe
@needs("delivery.release")
def held(request: HttpRequest) -> HttpResponse:
    """What would leave if the hold were released now."""
    state = hold.state()
    states = ("held", "waiting") if state else ("held",)
    found = queries.page(states=states, before=number(request.GET.get("before")), limit=PAGE)
    return answer(request, "delivery/held.html", _listed(request, found, held=state, reasons=labels.REASONS))


@require_POST
@needs("delivery.release")
def release(request: HttpRequest) -> HttpResponse:
    count = hold.release(by=actor_of(request), now=now_of(request))
    said = ngettext("Released: %(n)d message leaves now.", "Released: %(n)d messages leave now.", count)
    return done(request, "/settings/outbox/", said % {"n": count})


@require_POST
@needs("delivery.release")
def drop(request: HttpRequest) -> HttpResponse:
    every = request.POST.get("all") == "1"
    chosen = [found for text in request.POST.getlist("message") if (found := number(text)) is not None]
    count = hold.drop(None if every else chosen, by=actor_of(request), now=now_of(request))
    said = ngettext("Dropped: %(n)d message will never leave.", "Dropped: %(n)d messages will never leave.", count)
    return done(request, "/settings/outbox/" if every else "/settings/held/", said % {"n": count})


@require_safe
@needs("delivery.release")
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    """One message: to whom, when, what the channel said; its words unless they open an account."""
    facts = queries.message(message_id)
    context = {
        "message": facts,
        "text": "" if facts.purpose in queries.SECRET_PURPOSES else queries.text_of(message_id),
        "states": labels.STATES,
        "purposes": labels.PURPOSES,
        "templates": labels.SENT_AS,
        "came_back": inbound.about(message_id),
        "kinds": labels.KINDS_IN,
    }
    return answer(request, "delivery/message.html", context)


urlpatterns = [
    path("settings/outbox/", outbox, name="delivery.outbox"),
    path("settings/outbox/bulk/", mending_pages.bulk, name="delivery.bulk"),
    path("settings/outbox/<int:message_id>/", message, name="delivery.message"),
    path("settings/outbox/<int:message_id>/retry/", retry, name="delivery.retry"),
    path("settings/outbox/unsuppress/", unsuppress, name="delivery.unsuppress"),
    path("settings/held/", held, name="delivery.held"),
    path("settings/held/release/", release, name="delivery.release"),
    path("settings/held/drop/", drop, name="delivery.drop"),
    path("settings/mail/", mail_pages.mail, name="delivery.mail"),
    path("settings/mail/test/", mail_pages.test, name="delivery.mail_test"),
    path("settings/mail-in/", inbound_pages.settings, name="delivery.mail_in"),
    path("settings/mail-in/look/", inbound_pages.look, name="delivery.mail_in_look"),
    path("settings/mail-in/drop/", inbound_pages.drop, name="delivery.mail_in_drop"),
    path("settings/mail-in/sources/", inbound_pages.sources, name="delivery.mail_in_sources"),
    path("settings/incoming/", inbound_pages.incoming, name="delivery.incoming"),
    path("mail-in/<int:inbound_id>/", inbound_pages.opened, name="delivery.inbound"),
    path("demo/mailbox/", mailbox_pages.mailbox, name="delivery.mailbox"),
    path("demo/mailbox/<int:message_id>/", mailbox_pages.opened, name="delivery.mailbox_mail"),
    path("demo/mailbox/<int:message_id>/html/", mailbox_pages.html, name="delivery.mailbox_html"),
    path("demo/mailbox/<int:message_id>/source/", mailbox_pages.source, name="delivery.mailbox_source"),
    *endpoints.urlpatterns,
]
