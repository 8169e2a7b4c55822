"""Small parts that show time and state. Each takes the calling template's context, which holds `now`.

Templates reach them as `ui.sev(…)`, or by `{% from "ui/parts.html" import sev, promise_chip %}`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from tomei.kernel.text import Text
from tomei.ui import moments

SOON_S = 300  # the same as in time.js


def words() -> dict[str, str]:
    """The words that scripts need, so that gettext stays their only home."""
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


def language() -> str:
    return "ja" if (translation.get_language() or "en").startswith("ja") else "en"


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def icon(name: str, label: str = "") -> Markup:
    """One picture of the sprite; silent for a screen reader unless it has a `label`."""
    if label:
        return Markup('<svg class="i" role="img" aria-label="{}"><use href="#{}"/></svg>').format(label, name)
    return Markup('<svg class="i" aria-hidden="true"><use href="#{}"/></svg>').format(name)


def sev(level: Any) -> Markup:
    """`SEV1a` in its own shape; `level` is a Severity or its value."""
    value = str(getattr(level, "value", level))
    return Markup('<span class="sev" data-level="{}">{}</span>').format(value.lower().removeprefix("sev"), value)


def said(text: Text | Mapping[str, str] | str | None, tag: str = "span") -> Markup:
    """Words in the reader's language, or in the other one with its `lang` when they are not written yet."""
    whole = text if isinstance(text, Text) else Text.of(text)
    mine = language()
    spoken, body = whole.language_of(mine), escape(whole.said_in(mine))
    if spoken == mine or isinstance(text, str):
        return body if tag == "span" else Markup("<{0}>{1}</{0}>").format(tag, body)
    return Markup('<{0} lang="{1}">{2}</{0}>').format(tag, spoken, body)


@pass_context
def time(context: Context, moment: datetime | None, style: str = "time") -> Markup:
    """A moment for people and machines. `style`: time (day only when not today), clock, day or full."""
    if moment is None:
        return Markup('<span class="two">–</span>')
    zone, mine = timezone.get_current_timezone(), language()
    shown = {
        "clock": lambda: moments.clock(moment, zone),
        "day": lambda: moments.day(moment, zone, mine),
        "full": lambda: moments.full(moment, zone, mine),
        "time": lambda: moments.near(moment, zone, mine, context["now"]),
    }[style]()
    title = "" if style == "full" else Markup(' title="{}"').format(moments.full(moment, zone, mine))
    return Markup('<time datetime="{}"{}>{}</time>').format(iso(moment), title, shown)


@pass_context
def countdown(context: Context, moment: datetime) -> Markup:
    """What is left until `moment` (or how long it is past), kept running by time.js."""
    left = (moment - context["now"]).total_seconds()
    return Markup('<time datetime="{}" data-countdown>{}</time>').format(iso(moment), moments.span(left, language()))


@pass_context
def since(context: Context, moment: datetime | None) -> Markup:
    """How long ago `moment` was, kept running by time.js."""
    if moment is None:
        return Markup('<span class="two">–</span>')
    gone = (context["now"] - moment).total_seconds()
    return Markup('<time datetime="{}" data-since>{}</time>').format(iso(moment), moments.span(gone, language()))


def chip_state(due_at: datetime, state: str, now: datetime) -> str:
    """open, soon or overdue for what is owed; kept, late, missed or withdrawn for what has ended."""
    if state != "open":
        return state
    left = (due_at - now).total_seconds()
    if left < 0:
        return "overdue"
    return "soon" if left <= SOON_S else "open"


@pass_context
def promise_chip(
    context: Context, promise: Any, state: str = "", what: str = "", late_s: float | None = None
) -> Markup:
    """Shape, word and time of a promise. `promise` is its facts or its due time; `what` names it when it turns."""
    due_at: datetime = promise if isinstance(promise, datetime) else promise.due_at
    now_state = chip_state(due_at, state or getattr(promise, "state", "open"), context["now"])
    late = late_s if late_s is not None else getattr(promise, "late_s", None)
    if now_state in ("open", "soon", "overdue"):
        inside = Markup("<b>{}</b> {}").format(words()[now_state], countdown(context, due_at))
    elif now_state == "late" and late:
        inside = Markup("<b>{} {}</b>").format(words()["late"], moments.span(late, language()))
    else:
        inside = Markup("<b>{}</b>").format(words().get(now_state, now_state))
    named = Markup(' data-what="{}"').format(what) if what else ""
    return Markup('<span class="promise" data-state="{}"{}>{}{}</span>').format(
        now_state, named, icon(f"p-{now_state}"), inside
    )


@pass_context
def at(context: Context, moment: datetime) -> Markup:
    """A due time as loud as anything may be: `14:13 JST`, with its day when that is not today."""
    zone, mine, now = timezone.get_current_timezone(), language(), context["now"]
    near = moments.near(moment, zone, mine, now)
    clock, name = moments.clock(moment, zone), moments.zone_name(moment, zone)
    before = near.removesuffix(f"{clock} {name}").strip()
    note = Markup("<small>{}</small> ").format(before) if before else ""
    return Markup('<span class="at">{}<time datetime="{}">{}</time><small>{}</small></span>').format(
        note, iso(moment), clock, name
    )


@pass_context
def due(context: Context, promise: Any, title: str = "", what: str = "", action: Markup | str = "") -> Markup:
    """The box of the next time: title, time with zone, chip, and the one action under it."""
    moment: datetime = promise if isinstance(promise, datetime) else promise.due_at
    head = Markup("<p>{}</p>").format(title) if title else ""
    chip = promise_chip(context, promise, what=what)
    return Markup('<div class="due">{}<div class="row">{}{}</div>{}</div>').format(
        head, at(context, moment), chip, action
    )


@pass_context
def silence(context: Context, last_word_at: datetime | None, limit_s: float, label: bool = True) -> Markup:
    """How long a customer has heard nothing, and how worried we must be."""
    text = Markup("{} ").format(_("silent")) if label else Markup("")
    if last_word_at is None:
        return Markup('<span class="silence" data-state="broken">{}{}</span>').format(
            icon("s-broken"), _("nothing told yet")
        )
    part = (context["now"] - last_word_at).total_seconds() / max(1.0, limit_s)
    state = "broken" if part >= 1 else "warn" if part >= 2 / 3 else "ok"
    return Markup('<span class="silence" data-limit="{}" data-state="{}">{}{}{}</span>').format(
        int(limit_s), state, icon(f"s-{state}"), text, since(context, last_word_at)
    )


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
