"""What we ask of a guest, what they gave us, and what became of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from tomei.diagnosis import actions, views
from tomei.diagnosis.words import PARTS, STATES
from tomei.kernel import time
from tomei.kernel.errors import Refused
from tomei.room.door import away, guests
from tomei.room.facts import Guest
from tomei.room.web.pages import shown
from tomei.ui import forms as fields
from tomei.ui import refusals
from tomei.ui.parts import language

LONGEST = 10_000


@require_safe
@guests
def index(request: HttpRequest, reader: Guest) -> HttpResponse:
    """Every question to the reader's organisation, those that wait for them first."""
    found = views.of_organisation(reader.organisation.id)
    return shown(request, reader, "questions", {"questions": found, "question_states": STATES})


@require_safe
@guests
def question(request: HttpRequest, reader: Guest, key: str) -> HttpResponse:
    """One question with its four parts, their answers, and what became of them."""
    one, _pk = views.one(key, reader.organisation.id)
    return _shown(request, reader, one)


def _shown(request: HttpRequest, reader: Guest, one: views.QuestionView, wrong: Refused | None = None) -> HttpResponse:
    context = {
        "one": one, "question_states": STATES, "question_parts": PARTS, "longest": LONGEST,
        "may_answer": reader.actor.may("room.answer") and one.is_open, "typed": request.POST.get("words", ""),
        "said": refusals.said(wrong, language()) if wrong else None,
    }  # fmt: skip
    return shown(request, reader, "question", context, 422 if wrong else 200)


@require_POST
@guests
def answer(request: HttpRequest, reader: Guest, key: str) -> HttpResponse:
    """An answer in their words; a further one is a further version."""
    one, pk = views.one(key, reader.organisation.id)
    try:
        actions.answer(
            pk, fields.text(request.POST, "words", LONGEST, required=True, many_lines=True),
            is_whole=not fields.ticked(request.POST, "in_part"), by=reader.actor, now=time.now(),
        )  # fmt: skip
    except Refused as error:
        if error.code == "rights.missing":
            raise
        return _shown(request, reader, one, error)
    return away(f"/room/questions/{one.key}/#answers")
