"""What was told: each version, whom it reached, and the forms that correct, translate, and say "still on it"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tomei.accounts import queries as accounts
from tomei.accounts.doors import actor_of
from tomei.cases import queries as cases
from tomei.cases.facts import IncidentFacts
from tomei.cases.web import room_context
from tomei.comms import actions, attaching, forms, labels, queries, rules, views, words
from tomei.comms.facts import UpdateFacts
from tomei.comms.guards import Finding
from tomei.comms.web import attached, shown
from tomei.customers import queries as customers
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.text import LANGUAGES, Text
from tomei.ui import forms as fields
from tomei.ui.answer import answer, done
from tomei.ui.parts import language

Act = Callable[[forms.Typed], UpdateFacts]


@require_safe
def listed(request: HttpRequest, key: str) -> HttpResponse:
    """`/incidents/INC-12/updates/`: newest first, with languages, reach, overruled guards and corrections."""
    by = actor_of(request)
    incident = cases.by_number(key, by)
    page = queries.page(incident.id, after=request.GET.get("after", ""))
    known = queries.numbers_of(pk for one in page.items for pk in (one.id, one.corrects_id, one.corrected_by_id) if pk)
    context = room_context(incident, by, time.now(), language())
    rows = [_row(one, incident, known) for one in page.items]
    writers = accounts.people({one.drafted_by_id for one in page.items if one.drafted_by_id is not None})
    context |= {"tab": "updates", "rows": rows, "next": page.next, "reach": _reach(page.items), "labels": labels}
    context["writers"] = writers
    context |= {"may": {"publish": by.may("update.publish"), "draft": by.may("update.draft")}}
    context |= {"drafts": shown.drafts(incident.id, by), "is_open": incident.state in rules.WORKING}
    return answer(request, "comms/updates.html", context)


def _row(update: UpdateFacts, incident: IncidentFacts, known: dict[int, int]) -> dict[str, Any]:
    view = views.view(update, incident, audience="internal", zone=shown.zone(), numbers=known)
    mine = language()
    order = (mine, "en" if mine == "ja" else "ja")
    said = [one for one in order if one in update.languages]
    outside = views.view(update, incident, audience="affected", zone=shown.zone(), numbers=known, language=mine)
    return {
        "update": update, "view": view, "corrects": view.corrects, "corrected_by": view.corrected_by,
        "blocks": [
            (one, words.title(view, one), words.body(view, one), [*shown.tail(view, one)]) for one in said
        ],
        "text": "\n\n".join(words.plain(outside, one) for one in said),
        "audiences": [_audience(one) for one in update.audiences],
        "missing": rules.missing_language(update.languages) if update.translation_due_at else "",
    }  # fmt: skip


def _audience(name: str) -> Text:
    organisation_id = rules.organisation_of(name)
    if organisation_id is None:
        return labels.AUDIENCES[name]
    found = customers.organisations([organisation_id]).get(organisation_id)
    return found.name if found else Text(name, name)


def _reach(updates: list[UpdateFacts]) -> dict[int, list[tuple[Text, Any]]]:
    """Per update: organisation, and when it was first reached."""
    found = queries.reach_of([one.id for one in updates])
    names = customers.organisations({one.organisation_id for rows in found.values() for one in rows})
    return {
        pk: [(names[one.organisation_id].name, one) for one in rows if one.organisation_id in names]
        for pk, rows in found.items()
    }


@require_http_methods(["GET", "HEAD", "POST"])
def heartbeat(request: HttpRequest, key: str) -> HttpResponse:
    """One tap on a phone: still on it, what was tried, the next time."""
    by, now = actor_of(request), time.now()
    by.require("update.heartbeat")
    incident = cases.by_number(key, by)

    def act(one: forms.Typed) -> UpdateFacts:
        tried = Text(*(fields.clean(one.get(f"tried.{name}")) for name in LANGUAGES))
        at = forms.next_at(one, shown.zone())
        return actions.heartbeat(incident.id, tried, next_at=at, overrules=_reasons(one), by=by, now=now)

    policy = customers.policy_version(incident.policy_version_id)
    latest = shown.latest(incident, policy, now)
    context = {"incident": incident, "offers": rules.offers(now, latest), "latest": latest,
               "translation_s": policy.terms.translation_s}  # fmt: skip
    return _form(request, incident, "comms/heartbeat.html", context, act)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A newer version of a published update, with the reason; the old one stays a click away."""
    by = actor_of(request)
    by.require("update.publish")
    incident = cases.by_number(key, by)
    old = queries.by_number(incident.id, number)

    def act(one: forms.Typed) -> UpdateFacts:
        reason = fields.clean(one.get("why"))
        return actions.correct(
            old.id, forms.parts(one), reason=reason, overrules=_reasons(one), file_ids=one.files, by=by, now=time.now()
        )

    context = {"incident": incident, "old": old, "parts": [(name, labels.PARTS[name]) for name in rules.PARTS]}
    return _form(request, incident, "comms/correct.html", context, act, forms.from_old(old), old)


@require_http_methods(["GET", "HEAD", "POST"])
def translate(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The missing language of an update beside the one that went out."""
    by = actor_of(request)
    by.require("update.draft")
    incident = cases.by_number(key, by)
    old = queries.by_number(incident.id, number)
    wanted = rules.missing_language(old.languages) or "en"

    def act(one: forms.Typed) -> UpdateFacts:
        said = {name: fields.clean(one.get(f"{name}.{wanted}")) for name in old.parts}
        return actions.translate(old.id, wanted, said, overrules=_reasons(one), by=by, now=time.now())

    context = {"incident": incident, "old": old, "wanted": wanted,
               "parts": [(name, labels.PARTS[name]) for name in old.parts]}  # fmt: skip
    return _form(
        request, incident, "comms/translate.html", context, act, forms.Typed(forms.part_fields(old.parts)), old
    )


def _reasons(one: forms.Typed) -> dict[str, str]:
    return {name[7:]: value for name, value in one.fields.items() if name.startswith("reason.")}


def _form(
    request: HttpRequest, incident: IncidentFacts, template: str, context: dict[str, Any], act: Act,
    start: forms.Typed | None = None, old: UpdateFacts | None = None,
) -> HttpResponse:  # fmt: skip
    """Show a form of one act; what is refused comes back with everything typed and the findings beside it."""
    if request.method != "POST":
        empty = start or forms.Typed()
        files = attaching.waiting(incident.id, empty.files, old=old)
        return answer(request, template, {**context, "typed": empty, "said": None, "guards": [], "files": files})
    one, wrong = attached.taken(request, incident, forms.typed(request.POST), actor_of(request))
    files = attaching.waiting(incident.id, one.files, old=old)
    if wrong is None and attached.verb_of(request, "send") in ("attach", "drop"):
        return answer(request, template, {**context, "typed": one, "said": None, "guards": [], "files": files})
    try:
        if wrong is not None:
            raise wrong
        told = act(one)
    except Refused as error:
        said = shown.said(error, language(), time.now())
        found = _found(incident, one, actor_of(request), old, start)
        filled = {"typed": one, "said": said, "guards": shown.guards(found, one, language()), "files": files}
        return answer(request, template, {**context, **filled}, status=422)
    return done(request, f"{incident.url}updates/?sent=1", _("Update %(number)s was sent.") % {"number": told.number})


def _found(
    incident: IncidentFacts, one: forms.Typed, by: Actor, old: UpdateFacts | None, start: forms.Typed | None
) -> list[Finding]:
    """A translation is judged with the words it translates."""
    whole = replace(one, fields={**(start.fields if start else {}), **one.fields})
    told = queries.told(incident.id).audiences if old is None else old.audiences
    return actions.findings(incident.id, forms.parts(whole), by=by, audiences=told, without=old.id if old else None)
