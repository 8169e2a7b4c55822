"""`/settings/templates/`: what updates begin with, in versions; and the words that are no jargon here."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tomei.accounts.doors import actor_of
from tomei.comms import actions, labels, offering, queries, rules
from tomei.kernel import time
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import LANGUAGES, Text
from tomei.ui import forms, refusals
from tomei.ui.answer import answer, done
from tomei.ui.parts import language

LIST = "/settings/templates/"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    by = actor_of(request)
    by.require("read")
    return _listed(request, by.may("template.edit"), by.may("house.configure"))


def _listed(request: HttpRequest, may_edit: bool, may_configure: bool, **extra: Any) -> HttpResponse:
    context = {
        "templates": offering.everything(), "labels": labels, "may_edit": may_edit, "may_configure": may_configure,
        "words": "\n".join(sorted(queries.house_words())), "said": None,
    }  # fmt: skip
    return answer(request, "comms/templates.html", {**context, **extra}, status=422 if extra else 200)


@require_POST
def words(request: HttpRequest) -> HttpResponse:
    """The house's word list: its own letters that customers read every day."""
    by = actor_of(request)
    by.require("house.configure")
    typed = forms.clean((request.POST.get("words") or "")[: forms.LONG])
    try:
        actions.save_words(typed, by=by, now=time.now())
    except Refused as error:
        return _listed(request, by.may("template.edit"), True, words=typed, said=refusals.said(error, language()))
    return done(request, LIST, _("The words are saved."))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str = "") -> HttpResponse:
    """One template, its versions beside it; without a key a new one."""
    by = actor_of(request)
    by.require("template.edit")
    old = offering.one(key) if key else rules.Template("", Text(), {})
    context = {
        "old": old, "is_new": not key, "versions": offering.versions(key), "places": rules.PLACES, "said": None,
        "states": [(name, labels.STATES[name]) for name in rules.STATES], "labels": labels,
        "audiences": [(name, labels.AUDIENCES[name]) for name in rules.AUDIENCES],
        "parts": [(name, labels.PARTS[name]) for name in rules.PARTS], "typed": old, "key": key,
    }  # fmt: skip
    if request.method != "POST":
        return answer(request, "comms/template.html", context)
    typed = _typed(request, key)
    try:
        actions.save_template(typed, seen=_whole(request.POST.get("seen")), by=by, now=time.now())
    except Refused as error:
        said = refusals.said(error, language())
        return answer(request, "comms/template.html", {**context, "typed": typed, "said": said}, status=422)
    return done(request, LIST, _("The template is saved."))


def _typed(request: HttpRequest, key: str) -> rules.Template:
    def text(name: str) -> Text:
        return Text(*(forms.clean((request.POST.get(f"{name}.{one}") or "")[: forms.LONG]) for one in LANGUAGES))

    return rules.Template(
        key or forms.clean(request.POST.get("key") or "")[:60],
        text("name"),
        {name: text(name) for name in rules.PARTS},
        tuple(request.POST.getlist("states")[:20]),
        tuple(request.POST.getlist("audiences")[:20]),
    )


@require_POST
def archive(request: HttpRequest, key: str) -> HttpResponse:
    """Offered no more, or again."""
    by = actor_of(request)
    by.require("template.edit")
    archived = request.POST.get("do") != "return"
    try:
        actions.archive_template(key, archived=archived, seen=_whole(request.POST.get("seen")), by=by, now=time.now())
    except Refused as error:
        return _listed(request, True, by.may("house.configure"), said=refusals.said(error, language()))
    return done(request, LIST, _("It is offered no more.") if archived else _("It is offered again."))


def _whole(text: str | None) -> int:
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Missing((text or "")[:20])
    return int(text)
