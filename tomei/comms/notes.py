"""An update as a chat takes it (a note in one language) and as a program does (a payload in both)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tomei.comms import labels, words
from tomei.comms.views import CustomerView
from tomei.delivery.endpoints import queueing
from tomei.kernel.text import Text

_STATE = Text("状態", "State")


def note(view: CustomerView, *, links: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """State, what is felt, and when we speak again, as an absolute time with its zone; in the reader's language."""
    said = words.said_languages(view)
    language = said[0] if said else view.language
    lines = [words.lead_line(view, language), words.pending_line(view, view.language)]
    lines += [f"{label}: {text}" for label, text in words.body(view, language)]
    lines += [words.estimate_line(view, language), words.next_line(view, language), words.report_line(view, language)]
    facts = [(_STATE.said_in(language), labels.STATES[view.state].said_in(language))]
    return queueing.note(title(view, language), "\n".join(filter(None, lines)), url=view.url, facts=facts, links=links)


def title(view: CustomerView, language: str) -> str:
    drill = ("【演習】" if language == "ja" else "[DRILL] ") if view.drill else ""
    return f"{drill}[{view.key}] {view.title.said_in(language)}: {words.title(view, language)}"


def payload(view: CustomerView) -> dict[str, Any]:
    """What a program is told of an update: only what this reader may see. Times are ISO 8601 with their offset."""
    return {
        "incident": {"key": view.key, "title": view.title.as_json(), "severity": view.severity, "url": view.url},
        "update": {
            "number": view.number, "kind": view.kind, "state": view.state, "corrects": view.corrects,
            "automatic": view.automatic,
            "parts": {name: text.as_json() for name, text in view.parts}, "languages": list(view.languages),
            "published_at": view.published_at.isoformat(),
            "next_at": view.next_at.isoformat() if view.next_at else None,
            "report_due_at": view.report_due_at.isoformat() if view.report_due_at else None,
        },
        "drill": view.drill,
    }  # fmt: skip
