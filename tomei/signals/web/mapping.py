"""`/signals/sources/<pk>/mapping/`: paste an example, say where its parts stand, see what comes of it, save."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from tomei.accounts.doors import actor_of
from tomei.customers.web.posted import Refusal, attempt, now_of, seen_of
from tomei.signals import actions, queries, told
from tomei.signals.rules import GENERIC, mapping, suggesting
from tomei.ui.answer import answer, done

SHOWN = 20  # events of one try
MOST_EXAMPLE = 100_000
LABELS = {
    "events": gettext_lazy("List of events"),
    "title": gettext_lazy("Title"),
    "status": gettext_lazy("Status"),
    "key": gettext_lazy("Key"),
    "severity": gettext_lazy("Severity"),
    "component": gettext_lazy("Component"),
    "at": gettext_lazy("Time"),
    "url": gettext_lazy("Web address"),
    "text": gettext_lazy("Text"),
    "labels": gettext_lazy("Labels"),
}
HINTS = {
    "events": "alerts", "title": "summary", "status": "state", "key": "id", "severity": "level",
    "component": "service", "at": "time", "url": "links.self", "text": "join(' ', [host, message])", "labels": "tags",
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The mapping in force; what was typed is tried on the example, and saved when that is asked for."""
    by = actor_of(request)
    by.require("read")
    source = queries.source(pk)
    if source.kind != GENERIC:
        raise Http404
    if request.method != "POST":
        return _shown(request, pk, _kept(pk), _example(request, pk), None)
    by.require("house.configure")
    typed = _typed(request)
    if "save" in request.POST:
        outcome = attempt(lambda: _save(request, pk, typed))
        if not isinstance(outcome, Refusal):
            return outcome
        return _shown(request, pk, typed, request.POST.get("example", ""), outcome)
    return _shown(request, pk, typed, request.POST.get("example", ""), None)


def _save(request: HttpRequest, pk: int, typed: dict[str, str]) -> HttpResponse:
    paths, tables = _parts(typed)
    actions.save_mapping(pk, paths, tables, seen=seen_of(request), by=actor_of(request), now=now_of(request))
    return done(request, reverse("signals.mapping", args=[pk]), _("Saved. It counts for what comes from now on."))


def _typed(request: HttpRequest) -> dict[str, str]:
    names = [*LABELS, *(f"{name}_values" for name in mapping.TABLES)]
    return {name: request.POST.get(name, "").replace("\x00", "") for name in names}


def _kept(pk: int) -> dict[str, str]:
    last = told.mapping_of(pk)
    if last is None:
        return {}
    tables = last.data.get("tables", {})
    return {**last.data.get("paths", {}), **{f"{name}_values": mapping.lines(one) for name, one in tables.items()}}


def _parts(typed: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    paths = {name: typed.get(name, "") for name in LABELS}
    return paths, {name: typed.get(f"{name}_values", "") for name in mapping.TABLES}


def _example(request: HttpRequest, pk: int) -> str:
    """The body that was chosen, else the newest that was not understood, else the newest."""
    asked = request.GET.get("received", "")
    if asked.isascii() and asked.isdecimal() and len(asked) < 19:
        return queries.received(int(asked), pk, MOST_EXAMPLE)[1]
    _count, unread = told.unread_of(pk, 1)
    newest = unread or [row.id for row in queries.received_of(pk, limit=1)]
    return queries.received(newest[0], pk, MOST_EXAMPLE)[1] if newest else ""


def _shown(request: HttpRequest, pk: int, form: dict[str, str], example: str, refusal: Refusal | None) -> HttpResponse:
    tried: list[mapping.Tried] = []
    shown = example.encode("utf-8", "replace")
    suggested = {} if any(value.strip() for value in form.values()) else suggesting.suggest(shown)
    form = suggested or form

    def attempt_it() -> HttpResponse:
        paths, tables = _parts(form)
        read = mapping.checked(paths, tables)
        if read and example.strip():
            tried.extend(mapping.try_out(read, shown))
        return HttpResponse()

    outcome = attempt(attempt_it)
    fault = refusal or (outcome if isinstance(outcome, Refusal) else None)
    versions = told.mappings_of(pk)
    count, _newest = told.unread_of(pk, 1)
    context: dict[str, Any] = {
        "source": queries.source(pk), "form": form, "example": example, "labels": LABELS, "hints": HINTS,
        "tables": mapping.TABLES, "tried": tried[:SHOWN], "more_tried": max(len(tried) - SHOWN, 0), "count": len(tried),
        "broken": sum(one.event is None for one in tried), "said": fault.said if fault else None,
        "errors": fault.errors if fault else {}, "unread": count, "versions": versions,
        "suggested": bool(suggested), "places": suggesting.places(shown),
        "seen": seen_of(request) if request.method == "POST" else versions[0].version if versions else 0,
        "bodies": queries.received_of(pk, limit=15), "may_configure": actor_of(request).may("house.configure"),
    }  # fmt: skip
    return answer(request, "signals/mapping.html", context, status=422 if fault and request.method == "POST" else 200)


@require_POST
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """What was not understood is read again by the clock."""
    by, now = actor_of(request), now_of(request)
    by.require("house.configure")
    count = actions.replay(pk, by=by, now=now)
    said = ngettext("%(num)d is being read again.", "%(num)d are being read again.", count) % {"num": count}
    return done(request, reverse("signals.source", args=[pk]), said)
