"""Beside the draft: what reviewers say, and the answer; afterwards, what went out without one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tomei.accounts import queries as accounts
from tomei.accounts.doors import actor_of
from tomei.cases import queries as cases
from tomei.cases.facts import IncidentFacts
from tomei.comms import actions, labels, queries, reviews, rules, words
from tomei.comms.facts import DraftFacts
from tomei.comms.views import view
from tomei.comms.web import shown
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.ui import forms, refusals
from tomei.ui.answer import answer, done
from tomei.ui.parts import language


def panel(incident: IncidentFacts, draft: DraftFacts | None, by: Actor) -> dict[str, Any]:
    """What the composer shows of the review of one draft; whom its author may ask."""
    parts = [(name, text.said_in(language())) for name, text in labels.PARTS.items()]
    people = [(str(one.id), one.name) for one in accounts.active_people("commander") if one.id != by.user_id]
    if draft is None:
        return {"review": None, "reviewers": people}
    said = reviews.of_draft(incident.id, draft.id)
    standing = reviews.standing(draft, said, state=incident.state, zone=shown.zone())
    wrote = by.user_id in (draft.author_id, draft.saved_by_id)
    may = by.may("update.publish")
    alone = not reviews.others_may_approve(writers={by.user_id, draft.author_id, draft.saved_by_id})
    return {
        "review": {
            "draft": draft, "said": said, "standing": standing, "may_answer": may,
            "may_approve": may and (not wrote or alone), "is_mine": draft.author_id == by.user_id,
            "parts": [("", _("the whole text")), *parts],
            "labels": labels.PARTS, "changed": [(one, _where(one)) for one in standing.changes],
            "asked_of": _name(draft.asked_of_id),
        },
        "reviewers": people,
    }  # fmt: skip


def _where(change: rules.Change) -> str:
    others = {"state": _("State"), "audiences": _("Goes to"), "files": _("Files"), "estimate": _("Estimate")}
    return others.get(change.part) or labels.PARTS[change.part].said_in(language())


def _name(user_id: int | None) -> str:
    found = accounts.people([user_id]) if user_id is not None else {}
    return found[user_id].name if user_id in found else ""


@require_POST
def review(request: HttpRequest, key: str) -> HttpResponse:
    """Comment, ask for a change, or approve the very words that were read."""
    by, now = actor_of(request), time.now()
    by.require("update.draft")
    incident = cases.by_number(key, by)
    draft_id, seen = _whole(request.POST.get("draft_id")), _whole(request.POST.get("seen"))
    verb, text = request.POST.get("do", ""), forms.clean((request.POST.get("review_text") or "")[: forms.LONG])
    part, _dot, spoken = (request.POST.get("review_part") or "").partition(".")
    back = f"{incident.url}update/?draft={draft_id}"
    try:
        if verb == "approve":
            actions.approve(incident.id, draft_id, seen=seen, zone=shown.zone(), by=by, now=now)
            return done(request, back, _("Approved, both languages. Its author may send it as it is."))
        if verb == "change":
            actions.ask_change(incident.id, draft_id, text, seen=seen, zone=shown.zone(), by=by, now=now)
            return done(request, back, _("The author was asked for other words."))
        actions.comment(incident.id, draft_id, text, part=part, language=spoken, by=by, now=now)
    except Refused as error:
        if error.code == "rights.missing":
            raise
        draft = queries.draft_by_id(draft_id, incident.id)
        context = {"incident": incident, "said": shown.said(error, language(), now), "text": text, "verb": verb}
        return answer(request, "comms/reviewed.html", {**context, **panel(incident, draft, by)}, status=422)
    return done(request, back, _("Your comment stands beside the text."))


def _whole(text: str | None) -> int:
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Missing((text or "")[:20])
    return int(text)


@require_safe
def unapproved(request: HttpRequest) -> HttpResponse:
    """`/updates/unapproved/`: what went out because its time had come, for somebody to look at afterwards."""
    by = actor_of(request)
    by.require("read")
    looked = request.GET.get("show") == "looked"
    found, following = reviews.unapproved(by, after=request.GET.get("after", ""), looked=looked)
    known = cases.incidents({one.incident_id for one in found})
    people = accounts.people({one.looked_by_id for one in found if one.looked_by_id is not None})
    rows = [(one, known[one.incident_id], _blocks(one, known[one.incident_id])) for one in found]
    context = {
        "rows": rows, "next": following, "looked": looked, "people": people, "me": by.user_id,
        "may_look": by.may("update.publish"), "labels": labels, "said": None,
    }  # fmt: skip
    return answer(request, "comms/unapproved.html", context)


def _blocks(one: Any, incident: IncidentFacts) -> list[tuple[str, str, list[tuple[str, str]]]]:
    seen = view(one, incident, audience="internal", zone=shown.zone())
    return [(spoken, words.title(seen, spoken), words.body(seen, spoken)) for spoken in one.languages]


@require_POST
def look_after(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One tap: I read it."""
    by = actor_of(request)
    by.require("update.publish")
    incident = cases.by_number(key, by)
    try:
        actions.look_after(incident.id, number, by=by, now=time.now())
    except Refused as error:
        context = {"incident": incident, "said": refusals.said(error, language()), "review": None}
        return answer(request, "comms/reviewed.html", context, status=422)
    return done(request, "/updates/unapproved/", _("Looked at, and kept in the record."))
