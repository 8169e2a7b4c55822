"""A form that was posted: done and on to the next page, or the same page again with what was typed and why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import Http404
from django.utils import translation

from tomei.kernel import time
from tomei.kernel.errors import Refused, Stale
from tomei.ui import refusals
from tomei.ui.answer import answer


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a form came back: `said` above it, and the same sentence beside the field that it names."""

    said: refusals.Said
    errors: Mapping[str, str] = field(default_factory=dict)
    is_stale: bool = False


def attempt(act: Callable[[], HttpResponse]) -> HttpResponse | Refusal:
    """Run `act`; a refusal comes back as words. A missing right is a page of its own, as everywhere."""
    try:
        return act()
    except Refused as error:
        if error.code == "rights.missing":
            raise
        said = refusals.said(error, translation.get_language() or "en")
        name = str(error.facts.get("field", ""))
        return Refusal(said, {name: said.sentence} if name else {}, isinstance(error, Stale))


def form_page(
    request: HttpRequest,
    template: str,
    *,
    values: Mapping[str, Any],
    seen: int = 0,
    act: Callable[[], HttpResponse],
    **context: Any,
) -> HttpResponse:
    """GET shows `values`; POST runs `act` or shows what was typed (422), beside what stands now if it was stale."""
    outcome: HttpResponse | Refusal | None = attempt(act) if request.method == "POST" else None
    if isinstance(outcome, HttpResponse):
        return outcome
    typed = {name: _typed(request, name, value) for name, value in values.items()} if outcome else dict(values)
    differs = [(name, values[name]) for name in values if outcome and outcome.is_stale and typed[name] != values[name]]
    shown = {
        "form": typed,
        "seen": seen,
        "said": outcome.said if outcome else None,
        "errors": outcome.errors if outcome else {},
        "differs": differs,
        **context,
    }
    return answer(request, template, shown, status=422 if outcome else 200)


def _typed(request: HttpRequest, name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return name in request.POST
    if isinstance(value, list):
        return request.POST.getlist(name)
    return request.POST.get(name, "")


def now_of(request: HttpRequest) -> datetime:
    """The moment of this request, set once by the middleware."""
    moment: datetime = getattr(request, "now", None) or time.now()
    return moment


def one_of(request: HttpRequest, name: str) -> int | None:
    """The id that a choice posted; nothing chosen is None, and no number at all is refused."""
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    return _whole(text, name)


def must_choose(request: HttpRequest, name: str) -> int:
    chosen = one_of(request, name)
    if chosen is None:
        raise Refused("field.missing", field=name)
    return chosen


def many_of(request: HttpRequest, name: str) -> list[int]:
    return [_whole(text, name) for text in request.POST.getlist(name)]


def _whole(text: str, name: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Refused("field.not_a_choice", field=name, value=text[:40])
    return int(text)


def seen_of(request: HttpRequest) -> int:
    """The version that the form showed; a form without one can only be stale."""
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def day_of(request: HttpRequest, name: str) -> date | None:
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused("field.date_unreadable", field=name, text=text[:20]) from error


def found_or_404(row: Any) -> Any:
    if row is None:
        raise Http404
    return row


__all__ = [
    "Refusal",
    "attempt",
    "day_of",
    "form_page",
    "found_or_404",
    "many_of",
    "must_choose",
    "now_of",
    "one_of",
    "seen_of",
]
