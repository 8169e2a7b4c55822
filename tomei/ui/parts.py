"""Small parts that show time and state. Each takes the calling template's context, which holds `now` and the reader.

Templates reach them as `ui.sev(…)`, or by `{% from "ui/parts.html" import sev, promise_chip %}`. A page has hundreds of
them, so each is one f-string in which everything that is not a constant of this file is escaped or made of digits.
"""
# ruff: noqa: S704  every Markup below is made of constants, of moments, and of what `escape` returned

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from jinja2.runtime import Context
from markupsafe import Markup, escape

from tomei.kernel.text import Text
from tomei.ui import moments
from tomei.ui.spoken import language, now, of_page, plain, reader

SOON_S = 300  # the same as in time.js
NOTHING = Markup('<span class="two">–</span>')


def words() -> dict[str, str]:
    """The words that scripts need, so that gettext stays their only home."""
    return dict(_words(language()))


@lru_cache
def _words(spoken: str) -> Mapping[str, str]:
    with translation.override(spoken):
        return {
            "open": _("due in"),
            "soon": _("due soon"),
            "overdue": _("overdue"),
            "kept": _("kept"),
            "late": _("late"),
            "missed": _("missed"),
            "withdrawn": _("withdrawn"),
            "saved": _("Draft saved"),
            "restored": _("Your draft was restored"),
            "unsaved": _("This device cannot keep drafts. Do not close before sending"),
            "changed": _("Somebody else changed this draft"),
            "copied": _("Copied"),
            "stale": _("not live since {time}"),
            "live": _("live again"),
            "refused": _("Not done"),
            "unreachable": _("The server did not answer. What you typed is kept here; send it again."),
        }


@lru_cache
def _silent(spoken: str) -> tuple[str, str]:
    """The two words of `silence`: how long, and that nothing was told."""
    with translation.override(spoken):
        return str(escape(_("silent"))), str(escape(_("nothing told yet")))


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@plain
def icon(name: str, label: str = "") -> Markup:
    """One picture of the sprite; silent for a screen reader unless it has a `label`."""
    if label:
        return Markup(f'<svg class="i" role="img" aria-label="{escape(label)}"><use href="#{escape(name)}"/></svg>')
    return Markup(f'<svg class="i" aria-hidden="true"><use href="#{escape(name)}"/></svg>')


@plain
def sev(level: Any) -> Markup:
    """`SEV1a` in its own shape; `level` is a Severity or its value."""
    value = str(getattr(level, "value", level))
    return Markup(f'<span class="sev" data-level="{escape(value.lower().removeprefix("sev"))}">{escape(value)}</span>')


@of_page
def said(context: Context, text: Text | Mapping[str, str] | str | None, tag: str = "span") -> Markup:
    """Words in the reader's language, or in the other one with its `lang` when they are not written yet."""
    whole = text if isinstance(text, Text) else Text.of(text)
    mine = reader(context).language
    spoken, body = whole.language_of(mine), escape(whole.said_in(mine))
    if spoken == mine or isinstance(text, str):
        return body if tag == "span" else Markup(f"<{escape(tag)}>{body}</{escape(tag)}>")
    return Markup(f'<{escape(tag)} lang="{spoken}">{body}</{escape(tag)}>')


def _time(context: Context, moment: datetime, style: str) -> str:
    """What a reader is shown of a moment."""
    whose = reader(context)
    if style in ("time", "near"):
        return moments.near(moment, whose.zone, whose.language, now(context))
    if style == "clock":
        return moments.clock(moment, whose.zone)
    return {"day": moments.day, "full": moments.full}[style](moment, whose.zone, whose.language)


@of_page
def time(context: Context, moment: datetime | None, style: str = "time") -> Markup:
    """A moment for people and machines. `style`: time (day only when not today), clock, day or full.

    `near` is time without the tip that says it in full: for long lists, where the tip would be a tenth of the page.
    """
    if moment is None:
        return NOTHING
    whose = reader(context)
    title = "" if style in ("full", "near") else f' title="{moments.full(moment, whose.zone, whose.language)}"'
    return Markup(f'<time datetime="{iso(moment)}"{title}>{_time(context, moment, style)}</time>')


@of_page
def countdown(context: Context, moment: datetime) -> Markup:
    """What is left until `moment` (or how long it is past), kept running by time.js."""
    return Markup(_countdown(context, moment))


def _countdown(context: Context, moment: datetime) -> str:
    left = (moment - now(context)).total_seconds()
    return f'<time datetime="{iso(moment)}" data-countdown>{moments.span(left, reader(context).language)}</time>'


@of_page
def since(context: Context, moment: datetime | None) -> Markup:
    """How long ago `moment` was, kept running by time.js."""
    return NOTHING if moment is None else Markup(_since(context, moment))


def _since(context: Context, moment: datetime) -> str:
    gone = (now(context) - moment).total_seconds()
    return f'<time datetime="{iso(moment)}" data-since>{moments.span(gone, reader(context).language)}</time>'


def chip_state(due_at: datetime, state: str, now: datetime) -> str:
    """open, soon or overdue for what is owed; kept, late, missed or withdrawn for what has ended."""
    if state != "open":
        return state
    left = (due_at - now).total_seconds()
    if left < 0:
        return "overdue"
    return "soon" if left <= SOON_S else "open"


@of_page
def promise_chip(
    context: Context, promise: Any, state: str = "", what: str = "", late_s: float | None = None
) -> Markup:
    """Shape, word and time of a promise. `promise` is its facts or its due time; `what` names it when it turns."""
    due_at: datetime = promise if isinstance(promise, datetime) else promise.due_at
    now_state = chip_state(due_at, state or getattr(promise, "state", "open"), now(context))
    late = late_s if late_s is not None else getattr(promise, "late_s", None)
    spoken = reader(context).language
    word = escape(_words(spoken).get(now_state, now_state))
    if now_state in ("open", "soon", "overdue"):
        inside = f"<b>{word}</b> {_countdown(context, due_at)}"
    elif now_state == "late" and late:
        inside = f"<b>{word} {moments.span(late, spoken)}</b>"
    else:
        inside = f"<b>{word}</b>"
    named, shown = f' data-what="{escape(what)}"' if what else "", escape(now_state)
    return Markup(f'<span class="promise" data-state="{shown}"{named}>{icon("p-" + now_state)}{inside}</span>')


@of_page
def at(context: Context, moment: datetime) -> Markup:
    """A due time as loud as anything may be: `14:13 JST`, with its day when that is not today."""
    whose = reader(context)
    near = moments.near(moment, whose.zone, whose.language, now(context))
    clock, name = moments.clock(moment, whose.zone), moments.zone_name(moment, whose.zone)
    before = near.removesuffix(f"{clock} {name}").strip()
    note = f"<small>{before}</small> " if before else ""
    return Markup(
        f'<span class="at">{note}<time datetime="{iso(moment)}">{clock}</time><small>{escape(name)}</small></span>'
    )


@of_page
def due(context: Context, promise: Any, title: str = "", what: str = "", action: Markup | str = "") -> Markup:
    """The box of the next time: title, time with zone, chip, and the one action under it."""
    moment: datetime = promise if isinstance(promise, datetime) else promise.due_at
    head = f"<p>{escape(title)}</p>" if title else ""
    chip = promise_chip(context, promise, what=what)
    return Markup(f'<div class="due">{head}<div class="row">{at(context, moment)}{chip}</div>{escape(action)}</div>')


@of_page
def silence(context: Context, last_word_at: datetime | None, limit_s: float, label: bool = True) -> Markup:
    """How long a customer has heard nothing, and how worried we must be."""
    silent, nothing = _silent(reader(context).language)
    text = f"{silent} " if label else ""
    if last_word_at is None:
        return Markup(f'<span class="silence" data-state="broken">{icon("s-broken")}{nothing}</span>')
    part = (now(context) - last_word_at).total_seconds() / max(1.0, limit_s)
    state = "broken" if part >= 1 else "warn" if part >= 2 / 3 else "ok"
    return Markup(
        f'<span class="silence" data-limit="{int(limit_s)}" data-state="{state}">'
        f"{icon('s-' + state)}{text}{_since(context, last_word_at)}</span>"
    )


__all__ = ["PARTS", "chip_state", "iso", "language", "words"]

PARTS: dict[str, Callable[..., Markup]] = {
    "icon": icon,
    "sev": sev,
    "said": said,
    "time": time,
    "countdown": countdown,
    "since": since,
    "promise_chip": promise_chip,
    "at": at,
    "due": due,
    "silence": silence,
}
