"""`/signals/sources/`: who may send, the lines to copy, and everything that came."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tomei.accounts.doors import actor_of
from tomei.customers import queries as customers
from tomei.customers.web.posted import form_page, now_of, one_of
from tomei.kernel.errors import Refused
from tomei.signals import actions, queries, snippets, told
from tomei.signals.facts import ReceivedFacts
from tomei.ui import refusals
from tomei.ui.answer import answer, done


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The senders, the watches, and the form for one more."""
    by = actor_of(request)
    by.require("read")

    def act() -> HttpResponse:
        made, _key = actions.add_source(
            request.POST.get("kind", ""), request.POST.get("name", ""), one_of(request, "component_id"), by=by,
            now=now_of(request),
        )  # fmt: skip
        return done(
            request, reverse("signals.source", args=[made.id]), _("Added. Copy the lines below into the sender.")
        )

    values = {"kind": "alertmanager", "name": "", "component_id": ""}
    return form_page(
        request,
        "signals/sources.html",
        values=values,
        act=act,
        sources=[one for one in queries.sources(archived=True) if one.kind not in queries.OWN],
        watches=queries.watches(),
        components=_components(),
        kinds=[*snippets.NAMES.items(), ("generic", _("generic JSON")), ("mail", _("Mail"))],
        names={**snippets.NAMES, "generic": "", "mail": _("Mail")},
        may_configure=by.may("house.configure"),
    )


def _components() -> list[tuple[Any, str]]:
    language = get_language() or "en"
    return [("", _("as the labels say")), *((p.id, p.name.said_in(language)) for p in customers.components_of())]


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One sender: green once something arrived, the lines to copy, what was received, newest first."""
    by = actor_of(request)
    by.require("read")
    source = queries.shown(pk, by=by)
    if source.kind in queries.OWN and not source.is_archived:
        return redirect(f"signals.{source.kind}", pk)
    before = request.GET.get("before", "")
    cursor = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    kept = queries.received_of(pk, before=cursor)
    context = {
        "source": source,
        "rows": [(row, _why(row)) for row in kept],
        "more": f"?before={kept[-1].id}" if len(kept) == queries.LIMIT else "",
        "components": _components(),
        "changes": told.changes_of(pk),
        "unread": told.unread_of(pk, 0)[0],
        "may_configure": by.may("house.configure"),
    }
    return answer(request, "signals/source.html", context, block="arrived")


def _why(row: ReceivedFacts) -> str:
    """Why it was not understood, in the reader's language."""
    code, _space, detail = row.error.partition(" ")
    facts = dict(part.split(": ", 1) for part in detail.split(", ") if ": " in part)
    if not code:
        return ""
    try:
        return refusals.said(Refused(code, **facts), get_language() or "en").sentence
    except KeyError:  # written by an older version whose facts had other names
        return row.error


@require_safe
def received(request: HttpRequest, pk: int, received_id: int) -> HttpResponse:
    """The body as it came, as text that does nothing."""
    actor_of(request).require("read")
    row, text, is_cut = queries.received(received_id, pk)
    context = {"source": queries.source(pk), "row": row, "text": text, "is_cut": is_cut, "why": _why(row)}
    return answer(request, "signals/received.html", context)


@require_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    actions.edit_source(
        pk, name=request.POST.get("name", ""), component_id=one_of(request, "component_id"), by=actor_of(request),
        now=now_of(request),
    )  # fmt: skip
    return done(request, reverse("signals.source", args=[pk]), _("Saved."))


@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    actions.renew_key(pk, by=actor_of(request), now=now_of(request))
    return done(request, reverse("signals.source", args=[pk]), _("A new key. The old one opens nothing any more."))


@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    actions.archive_source(pk, by=actor_of(request), now=now_of(request))
    return done(request, reverse("signals.sources"), _("Archived. Its door is shut, what it sent stays readable."))
