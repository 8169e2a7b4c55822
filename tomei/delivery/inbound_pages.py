"""`/settings/mail-in/` (the mailbox and what mail asks for), `/settings/incoming/` (what came), `/mail-in/<id>/`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tomei.accounts.doors import actor_of, needs
from tomei.delivery import hold, hooks, labels, rules
from tomei.delivery.inbound import actions, options, queries
from tomei.delivery.requests import now_of, number
from tomei.kernel.errors import Refused
from tomei.ui import refusals
from tomei.ui.answer import answer, done

PAGE = 50
_TYPED = ("host", "port", "user", "security", "folder", "every_s", "source_id")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("house.configure")
def settings(request: HttpRequest) -> HttpResponse:
    """Where the mailbox is; what was typed stays when it is refused."""
    if request.method != "POST":
        return answer(request, "delivery/mail_in.html", _context(_shown()))
    typed = {name: request.POST.get(name, "") for name in _TYPED}
    try:
        options.save_mailbox(_read(typed, request.POST.get("password", "")), by=actor_of(request), now=now_of(request))
    except Refused as error:
        context = _context(typed) | {"said": refusals.said(error, translation.get_language() or "en")}
        return answer(request, "delivery/mail_in.html", context, status=422)
    return done(request, "/settings/mail-in/#looked", _("Saved. It is looked into now."))


def _read(typed: dict[str, str], password: str) -> rules.MailboxSettings:
    return rules.mailbox(
        host=typed["host"],
        port=_count(typed["port"]),
        user=typed["user"],
        password=password,
        security=typed["security"],
        folder=typed["folder"],
        every_s=_count(typed["every_s"]),
        source_id=number(typed["source_id"]),
    )


def _count(text: str) -> int:
    bare = text.strip()
    return int(bare) if bare.isascii() and bare.isdecimal() and len(bare) < 6 else 0


def _shown() -> dict[str, Any]:
    box = _box()
    if box is None:
        return {
            "host": "", "port": "993", "user": "", "security": "tls", "folder": "INBOX", "every_s": "60",
            "source_id": "",
        }  # fmt: skip
    return {name: value for name, value in asdict(box).items() if name != "password"}


def _box() -> rules.MailboxSettings | None:
    try:
        return options.mailbox()
    except Refused:  # sealed by another key file: it must be typed anew
        return None


def _context(values: dict[str, Any]) -> dict[str, Any]:
    sources, box = hooks.mail_sources(), _box()
    return {
        "values": values,
        "said": None,
        "is_set": box is not None,
        "has_password": bool(box and box.password),
        "security": list(labels.SECURITY_IN.items()),
        "sources": sources,
        "choices": [("", "–"), *((one.id, one.name) for one in sources)],
        "chosen": {one.id: options.of(one.id) for one in sources},
        "phone": options.phone(),
        "state": queries.mailbox() if box else None,
        "held": hold.on(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@needs("house.configure")
def look(request: HttpRequest) -> HttpResponse:
    """POST looks into the mailbox now; GET is the part of the page that says how it went."""
    if request.method != "POST":
        return answer(request, "delivery/mail_in.html", _context(_shown()), block="looked")
    options.look_now(by=actor_of(request), now=now_of(request))
    return done(request, "/settings/mail-in/#looked", _("It is looked into now."))


@require_POST
@needs("house.configure")
def drop(request: HttpRequest) -> HttpResponse:
    options.drop_mailbox(by=actor_of(request), now=now_of(request))
    return done(request, "/settings/mail-in/", _("No mailbox is looked into any more."))


@require_POST
@needs("house.configure")
def sources(request: HttpRequest) -> HttpResponse:
    """What mail of each source asks for, and the telephone that answers name."""
    chosen = {
        one.id: options.Options(
            calls=request.POST.get(f"calls-{one.id}") == "1",
            machines=request.POST.get(f"machines-{one.id}") == "1",
            answers=request.POST.get(f"answers-{one.id}") == "1",
        )
        for one in hooks.mail_sources()
    }
    options.save_sources(chosen, request.POST.get("phone", ""), by=actor_of(request), now=now_of(request))
    return done(request, "/settings/mail-in/#sources", _("Saved."))


@require_safe
@needs("delivery.release")
def incoming(request: HttpRequest) -> HttpResponse:
    """Every mail that came in, newest first, and what followed."""
    rows, after = queries.page(before=number(request.GET.get("before")), limit=PAGE)
    context = {
        "rows": rows,
        "more": f"?before={after}" if after else "",
        "kinds": labels.KINDS_IN,
        "verdicts": labels.VERDICTS_IN,
        "state": queries.mailbox() if _box() else None,
    }
    return answer(request, "delivery/incoming.html", context, block="came")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("read")
def opened(request: HttpRequest, inbound_id: int) -> HttpResponse:
    """One mail. Whoever may read signals reads those that somebody wrote to us; all others the administrators.

    POST confirms that it is from whom it claims.
    """
    by = actor_of(request)
    facts = queries.one(inbound_id)
    if facts.kind != "declaration":
        by.require("delivery.release")
    if request.method == "POST":
        actions.confirm(inbound_id, by=by, now=now_of(request))
        return done(request, f"/mail-in/{inbound_id}/", _("Confirmed: it is from whom it claims."))
    context = {
        "mail": facts,
        "kinds": labels.KINDS_IN,
        "verdicts": labels.VERDICTS_IN,
        "may_confirm": facts.kind == "declaration" and by.may("signal.triage"),
        "may_list": by.may("delivery.release"),
    }
    return answer(request, "delivery/inbound.html", context)
