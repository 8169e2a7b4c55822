"""What a customer says of the end of their case, in the room: one posted form, one word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tomei.cases.waiting import closing, views
from tomei.cases.waiting.rules.closing import QUESTIONS
from tomei.comms.statuspage import own
from tomei.kernel import time
from tomei.kernel.errors import Missing, Refused
from tomei.room.door import away, guests
from tomei.room.facts import Guest
from tomei.room.web.pages import incident_page
from tomei.ui import forms as fields
from tomei.ui import refusals
from tomei.ui.parts import language


@require_POST
@guests
def say(request: HttpRequest, reader: Guest, key: str, word: str) -> HttpResponse:
    """One word of the customer on the end of their case; a refusal comes back with what was typed."""
    one, facts = own.incident(key, reader.organisation, executive=reader.contact.is_executive)
    case = views.own_case(facts.id, reader.organisation.id) if one.mine else None
    if case is None or word not in _WORDS:
        raise Missing(key)
    try:
        _WORDS[word](request, case.id, by=reader.actor, now=time.now())
    except Refused as error:
        if error.code == "rights.missing":
            raise
        return _again(request, reader, one.key, error)
    return away(f"/room/incidents/{one.key}/#ending")


def _again(request: HttpRequest, reader: Guest, key: str, wrong: Refused) -> HttpResponse:
    said = refusals.said(wrong, language())
    return incident_page(request, reader, key, {"said": said, "typed_line": request.POST.get("line", "")[:2000]})


def _line(request: HttpRequest) -> str:
    return fields.text(request.POST, "line", 2000, many_lines=True)


def _resumed(request: HttpRequest, case_id: int, **who: Any) -> None:
    at = fields.moment(request.POST, "at", timezone.get_current_timezone_name())
    closing.resumed(case_id, at=at, line=_line(request), **who)


def _answers(request: HttpRequest, case_id: int, **who: Any) -> None:
    answers = {name: request.POST.get(name, "")[:20] for name in QUESTIONS}
    closing.answer(case_id, answers=answers, words=_line(request), **who)


_WORDS: dict[str, Callable[..., None]] = {
    "resumed": _resumed,
    "not-yet": lambda request, case_id, **who: _none(closing.not_yet(case_id, line=_line(request), **who)),
    "keep-open": lambda request, case_id, **who: _none(closing.keep_open(case_id, line=_line(request), **who)),
    "close": lambda request, case_id, **who: _none(closing.close(case_id, line=_line(request), **who)),
    "reopen": lambda request, case_id, **who: _none(closing.reopen(case_id, line=_line(request), **who)),
    "answers": _answers,
}


def _none(_facts: object) -> None:
    """The page is shown anew: what the verb gave back is not needed."""
