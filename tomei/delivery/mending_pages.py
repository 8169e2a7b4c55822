"""The filters of the outbox, and its bulk acts: counted on a page of their own before anything happens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from tomei.accounts.doors import actor_of, needs
from tomei.customers import queries as customers
from tomei.delivery import hooks, labels, mending, queries
from tomei.delivery.mending import Filters
from tomei.delivery.requests import now_of, number
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.ui import forms, refusals
from tomei.ui.answer import answer, done
from tomei.ui.parts import language

NAMES = ("state", "purpose", "channel", "reason", "organisation", "incident")


def read(given: Mapping[str, str], by: Actor) -> Filters:
    """What a query or a form chose; an unknown choice is no choice. Refuses `delivery.unknown_incident`."""
    state, purpose, channel = (given.get(name) or "" for name in ("state", "purpose", "channel"))
    wanted = forms.clean(given.get("incident") or "")[:40]
    return Filters(
        state if state in queries.STATES else "",
        purpose if purpose in labels.PURPOSES else "",
        channel if channel in mending.CHANNELS else "",
        forms.clean(given.get("reason") or "")[:200],
        number(given.get("organisation")),
        incident(wanted, by),
    )


def incident(wanted: str, by: Actor) -> int | None:
    """The id of `INC-12`; None for nothing. Refuses `delivery.unknown_incident`."""
    if not wanted:
        return None
    try:
        return hooks.incident_of(wanted, by)
    except Missing as error:
        raise Refused("delivery.unknown_incident", incident=wanted) from error


def context(request: HttpRequest, filters: Filters) -> dict[str, Any]:
    """What the form of the filters shows, and the query that carries them on."""
    reasons, owners = mending.offered()
    kept = {name: forms.clean(request.GET.get(name) or "")[:200] for name in NAMES}
    known = customers.organisations({*owners, *([filters.organisation_id] if filters.organisation_id else [])})
    listed = sorted((one.name.said_in(language()), str(one.id)) for one in known.values())
    return {
        "filters": filters, "kept": kept, "query": _link(kept, kept["state"]).removeprefix("?"),
        "link": lambda state: _link(kept, state),
        "reasons": reasons, "whose": [("", _("All")), *((pk, name) for name, pk in listed)],
        "channels": labels.CHANNELS,
        "mendable": mending.counted(filters, now_of(request)) if _narrow(filters) else None,
    }  # fmt: skip


def _link(kept: Mapping[str, str], state: str) -> str:
    """The same filters, of another state."""
    query = urlencode({name: one for name, one in {**kept, "state": state}.items() if one})
    return f"?{query}" if query else ""


def _narrow(filters: Filters) -> bool:
    """A count is worth its time where something can be mended at all."""
    return filters.state in ("", "failed", "waiting")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("delivery.release")
def bulk(request: HttpRequest) -> HttpResponse:
    """GET counts and asks; POST does it to what was counted."""
    by, now = actor_of(request), now_of(request)
    posted = request.method == "POST"
    given = request.POST if posted else request.GET
    verb = given.get("verb") or ""
    try:
        filters = read(given, by)
        if posted:
            count = mending.begin(verb, filters, upto=number(given.get("upto")) or 0, by=by, now=now)
            return done(request, "/settings/outbox/", _said(verb, count))
    except Refused as error:
        said = refusals.said(error, language())
        return answer(request, "delivery/bulk.html", {"said": said, "verb": "", "kept": {}}, status=409)
    shown = {
        "said": None, "verb": verb if verb in mending.VERBS else "", "bulk": mending.counted(filters, now),
        "kept": {name: forms.clean(given.get(name) or "")[:200] for name in NAMES}, "labels": _labels(filters),
    }  # fmt: skip
    return answer(request, "delivery/bulk.html", shown)


def _labels(filters: Filters) -> list[tuple[str, Any]]:
    """The chosen filters in words."""
    known = customers.organisations([filters.organisation_id]) if filters.organisation_id else {}
    found = [
        (_("State"), labels.STATES.get(filters.state, "")),
        (_("Purpose"), labels.PURPOSES.get(filters.purpose, "")),
        (_("Channel"), labels.CHANNELS.get(filters.channel, "")),
        (_("Reason"), filters.reason),
        (_("Organisation"), next((one.name.said_in(language()) for one in known.values()), "")),
    ]
    return [(name, value) for name, value in found if value]


def _said(verb: str, count: int) -> str:
    if verb == "retry":
        return ngettext("%(n)d message is tried again.", "%(n)d messages are tried again.", count) % {"n": count}
    return ngettext("%(n)d message is given up.", "%(n)d messages are given up.", count) % {"n": count}
