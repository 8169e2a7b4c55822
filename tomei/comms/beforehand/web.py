"""`/settings/first-notices/`: texts that may go out by themselves; and holding one back at an incident."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tomei.accounts.doors import actor_of
from tomei.cases import queries as cases
from tomei.cases.facts import IncidentFacts
from tomei.comms import labels, reviews
from tomei.comms import rules as update_rules
from tomei.comms.beforehand import actions, queries, rules
from tomei.comms.beforehand.texts import REFUSALS
from tomei.customers import queries as customers
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused, Stale
from tomei.kernel.severity import Severity
from tomei.kernel.text import LANGUAGES, Text
from tomei.promises import queries as promises
from tomei.ui import forms, refusals
from tomei.ui.answer import answer, done
from tomei.ui.parts import language

LIST = "/settings/first-notices/"
NEW = rules.FirstText("", Text(), {})


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every text, with what it fits and who approved it; where a policy lets it go."""
    by = actor_of(request)
    by.require("read")
    context = {
        "texts": queries.everything(), "may_edit": by.may("template.edit"), **_names(),
        "switched_on": _switched_on(),
    }  # fmt: skip
    return answer(request, "comms/firsts.html", context)


def _names() -> dict[str, Any]:
    return {
        "products": {one.id: one.name for one in customers.all_products()},
        "components": {one.id: one.name for one in customers.components_all()},
    }


def _switched_on() -> list[str]:
    """Severities of the default policy at which a first notice may go by itself."""
    terms = customers.default_policy().terms
    return [str(severity) for severity, own in terms.items() if own.first_alone]


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str = "") -> HttpResponse:
    """One text with its approval; without a key a new one. A save is a new version that nobody approved."""
    by = actor_of(request)
    by.require("template.edit")
    old = queries.one(key) if key else NEW
    if request.method != "POST":
        return _page(request, by, old, old)
    typed = _typed(request, key)
    reasons = {name[7:]: str(value) for name, value in request.POST.items() if name.startswith("reason.")}
    try:
        actions.save_text(typed, seen=_whole(request.POST.get("seen")), overrules=reasons, by=by, now=time.now())
    except Refused as refusal:
        found = refusal.facts.get("findings", [])
        return _page(request, by, old, typed, refusal=refusal, found=found, reasons=reasons)
    return done(request, LIST, _("Saved. It goes out once somebody else has approved it."))


def _page(
    request: HttpRequest,
    by: Actor,
    old: rules.FirstText,
    typed: rules.FirstText,
    *,
    refusal: Refused | Stale | None = None,
    found: Any = (),
    reasons: Any = None,
) -> HttpResponse:
    context = {
        "old": old, "typed": typed, "is_new": not old.version, "labels": labels, **_names(),
        "parts": [(name, labels.PARTS[name]) for name in rules.PARTS], "severities": list(Severity),
        "versions": queries.versions(old.key) if old.version else [], "places": update_rules.PLACES,
        "may_approve": old.version and not old.may_go and not old.is_archived and _may_approve(old, by),
        "said": refusals.said(refusal, language()) if refusal else None, "found": found, "reasons": reasons or {},
    }  # fmt: skip
    return answer(request, "comms/first.html", context, status=422 if refusal else 200)


def _may_approve(text: rules.FirstText, by: Actor) -> bool:
    if not by.may("update.publish"):
        return False
    return by.user_id != text.made_by_id or not reviews.others_may_approve(writers={by.user_id})


def _typed(request: HttpRequest, key: str) -> rules.FirstText:
    def text(name: str) -> Text:
        return Text(*(forms.clean((request.POST.get(f"{name}.{one}") or "")[: forms.LONG]) for one in LANGUAGES))

    return rules.FirstText(
        key or forms.clean(request.POST.get("key") or "")[:60],
        text("name"),
        {name: text(name) for name in rules.PARTS},
        tuple(forms.clean(one)[:20] for one in request.POST.getlist("severities")[:10]),
        tuple(map(_whole, request.POST.getlist("products")[:500])),
        tuple(map(_whole, request.POST.getlist("components")[:2000])),
        "public" in request.POST,
    )


@require_POST
def act(request: HttpRequest, key: str, verb: str) -> HttpResponse:
    """Approve it, use it no more, bring it back."""
    by, now = actor_of(request), time.now()
    by.require("update.publish" if verb == "approve" else "template.edit")
    old, seen = queries.one(key), _whole(request.POST.get("seen"))
    try:
        if verb == "approve":
            actions.approve_text(key, seen=seen, by=by, now=now)
        elif verb in ("archive", "return"):
            actions.archive_text(key, archived=verb == "archive", seen=seen, by=by, now=now)
        else:
            raise Missing(verb[:20])
    except Refused as refusal:
        return _page(request, by, old, old, refusal=refusal)
    said = {
        "approve": _("Approved. It may go out by itself from now on."),
        "archive": _("It goes out no more."),
        "return": _("It is back, and waits for approval."),
    }
    return done(request, LIST, said[verb])


@require_POST
def hold(request: HttpRequest, key: str) -> HttpResponse:
    """Somebody stops what would go by itself, with a reason."""
    by = actor_of(request)
    by.require("update.draft")
    incident = cases.by_number(key, by)
    reason = forms.clean((request.POST.get("reason") or "")[: forms.LONG])
    actions.hold_back(incident.id, reason, by=by, now=time.now())
    return done(request, incident.url, _("Held back. The first notice is yours to write."))


def line(incident: IncidentFacts, by: Actor) -> dict[str, Any] | None:
    """What the war room says of it: it waits, was held back, or a person must write. None where there is nothing."""
    found = queries.of_incident(incident.id)
    if found is None or incident.drill or incident.restricted or not incident.is_working:
        return None
    owed = any(one.kind == "first_notice" for one in promises.open_of(incident.id))
    if not owed or found.state not in (rules.WAITING, rules.HELD, rules.ASKED):
        return None
    text = queries.fitting(incident) if found.state == rules.WAITING else None
    return {
        "notice": found, "text": text, "words": queries.begun(text, incident, time.now()) if text else {},
        "why": REFUSALS[found.why][0] if found.why in REFUSALS else None, "may_hold": by.may("update.draft"),
    }  # fmt: skip


def _whole(text: str | None) -> int:
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Missing((text or "")[:20])
    return int(text)


urlpatterns = [
    path("settings/first-notices/", index, name="comms.firsts"),
    path("settings/first-notices/new/", edit, name="comms.new_first"),
    path("settings/first-notices/<slug:key>/", edit, name="comms.first_text"),
    path("settings/first-notices/<slug:key>/<slug:verb>/", act, name="comms.first_act"),
    path("incidents/<str:key>/first/hold/", hold, name="comms.hold_first"),
]
