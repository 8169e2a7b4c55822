"""`/maintenance/`: what is planned and what runs; one with everything that was told of it, and the next verbs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tomei.accounts import queries as accounts
from tomei.accounts.doors import actor_of
from tomei.cases import queries as cases
from tomei.comms import labels as comms_labels
from tomei.comms.maintenance import actions, deciding, forms, labels, queries, rules, view, words
from tomei.comms.maintenance.facts import MaintenanceFacts
from tomei.comms.rules import missing_language
from tomei.comms.web import shown
from tomei.customers import queries as customers
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.severity import Severity
from tomei.promises import queries as promises
from tomei.promises import rules as promise_kinds
from tomei.ui.answer import answer, done
from tomei.ui.parts import language

NEAR = timedelta(minutes=15)  # before its start the form that begins it is there
LIST, PLAN, PAGE = "comms/maintenances.html", "comms/maintenance_plan.html", "comms/maintenance.html"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is to come or runs, soonest first; `?over=1`: what is over."""
    by, over = actor_of(request), bool(request.GET.get("over"))
    by.require("read")
    page = queries.listed(over=over, after=request.GET.get("after", ""))
    parts = customers.components({pk for one in page.items for pk in one.component_ids})
    context = {
        "items": page.items, "next": page.next, "over": over, "parts": parts, "labels": labels,
        "may_plan": by.may("maintenance.plan"), "window": _window,
    }  # fmt: skip
    return answer(request, LIST, context)


def _window(one: MaintenanceFacts) -> str:
    return words.window(one.starts_at, one.ends_at, shown.zone(), language())


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, key: str = "") -> HttpResponse:
    """A new one, or a planned one otherwise."""
    by = actor_of(request)
    by.require("maintenance.plan")
    one = queries.by_key(key) if key else None
    if request.method != "POST":
        return _plan_page(request, one, forms.filled(one, shown.zone()) if one else _blank())
    try:
        wanted = forms.plan(request.POST, shown.zone())
        if one is None:
            kept = actions.plan(wanted, by=by, now=time.now())
        else:
            kept = actions.edit(one.id, wanted, seen=forms.seen(request.POST), by=by, now=time.now())
    except Refused as error:
        if error.code == "rights.missing":
            raise
        return _plan_page(request, one, request.POST, said=shown.said(error, language(), time.now()), status=422)
    return done(request, kept.url, _("Planned. Nobody outside knows of it until you tell it."))


def _blank() -> QueryDict:
    form = QueryDict(mutable=True)
    form.setlist("to", list(rules.AUDIENCES))
    form["silence"] = "1"
    return form


def _plan_page(
    request: HttpRequest, one: MaintenanceFacts | None, form: QueryDict, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "one": one, "form": form, "to": form.getlist("to"), "chosen": form.getlist("customer"),
        "parts": customers.components_all(), "impacts": [(name, text) for name, text in labels.IMPACTS.items()],
        "customers": customers.customers_all(), "seen": form.get("seen") or (one.version if one else ""),
        "days": customers.default_policy().terms.maintenance_days, "audiences": comms_labels.AUDIENCES, **more,
    }  # fmt: skip
    return answer(request, PLAN, context, status=status)


@require_safe
def one(request: HttpRequest, key: str) -> HttpResponse:
    by = actor_of(request)
    by.require("read")
    return _page(request, queries.by_key(key), by)


def _page(
    request: HttpRequest, one: MaintenanceFacts, by: Actor, *, status: int = 200, verb: str = "", **more: Any
) -> HttpResponse:
    now = time.now()
    told = queries.notices(one.id)
    parts = customers.components(one.component_ids)
    kept, promised = view.kept_of(one, told)
    owner = accounts.people([one.owner_id]).get(one.owner_id) if one.owner_id else None
    context = {
        "one": one, "told": [(row, view.notice(row)) for row in told], "labels": labels, "verb": verb,
        "parts": [(parts[pk], labels.IMPACTS[impact]) for pk, impact in one.components if pk in parts],
        "organisations": list(customers.organisations(one.organisation_ids).values()), "window": _window(one),
        "owed": promises.of_maintenance(one.id), "kept": kept, "promised": promised,
        "may": {name: by.may(f"maintenance.{name}") for name in ("plan", "tell", "run")}, "owner": owner,
        "may_declare": by.may("incident.declare"), "may_silence": by.may("signal.triage"),
        "may_translate": by.may("update.draft"), "severities": [severity.value for severity in Severity],
        "incident": _incident(one, by), "form": request.POST, "times": _times(one, now), "lines": _lines,
        "is_near": now >= one.starts_at - NEAR,
        "is_overdue": one.is_overdue(now), "missing": missing_language, "findings": (),
        "kinds": promise_kinds.KINDS, "audiences": comms_labels.AUDIENCES, **more,
    }  # fmt: skip
    return answer(request, PAGE, context, status=status)


def _incident(one: MaintenanceFacts, by: Actor) -> Any:
    """What it became, when this reader may find that."""
    if one.incident_id is None or not cases.may_read(one.incident_id, by):
        return None
    return cases.incident(one.incident_id)


def _times(one: MaintenanceFacts, now: datetime) -> dict[str, str]:
    """What stands in the fields of times at first, in the reader's zone."""
    begins = max(now, one.starts_at) if one.state == "scheduled" else now
    latest = rules.latest_next(one.ends_at, deciding.interval_s(), begins)
    moments = {"starts_at": one.starts_at, "ends_at": one.ends_at, "next_at": latest}
    return {name: forms.local(at, shown.zone()) for name, at in moments.items()}


def _lines(notice: view.NoticeView, spoken: str) -> list[str]:
    return words.lines(notice, shown.zone(), spoken, page=True)


@require_POST
def act(request: HttpRequest, key: str, verb: str, **more: Any) -> HttpResponse:
    """One verb of the page; refused, the page comes back with what was typed and what the guards found."""
    by, now = actor_of(request), time.now()
    by.require(RIGHTS[verb])
    found = queries.by_key(key)
    try:
        url = _VERBS[verb](request.POST, found, by, now, **more)
    except Refused as error:
        if error.code == "rights.missing":
            raise
        said = shown.said(error, language(), now)
        findings = error.facts.get("findings", ())
        return _page(request, queries.by_key(key), by, status=422, verb=verb, said=said, findings=findings)
    return done(request, url, _("Done."))


Post = QueryDict
RIGHTS = {
    "tell": "maintenance.tell", "move": "maintenance.tell", "start": "maintenance.run", "update": "maintenance.run",
    "complete": "maintenance.run", "cancel": "maintenance.plan", "declare": "incident.declare",
    "silence": "signal.triage", "translate": "update.draft",
}  # fmt: skip


def _common(posted: Post, by: Actor, now: datetime) -> dict[str, Any]:
    return {"overrules": forms.reasons(posted), "seen": forms.seen(posted), "by": by, "now": now}


def _tell(posted: Post, one: MaintenanceFacts, by: Actor, now: datetime) -> str:
    actions.tell(one.id, **_common(posted, by, now))
    return one.url


def _move(posted: Post, one: MaintenanceFacts, by: Actor, now: datetime) -> str:
    start, end = (forms.moment(posted, name, shown.zone()) for name in ("starts_at", "ends_at"))
    if start is None or end is None:
        raise Refused("field.missing", field="starts_at" if start is None else "ends_at")
    actions.move(one.id, start, end, forms.both(posted, "text"), **_common(posted, by, now))
    return one.url


def _start(posted: Post, one: MaintenanceFacts, by: Actor, now: datetime) -> str:
    text = forms.both(posted, "text")
    next_at = forms.moment(posted, "next_at", shown.zone())
    actions.start(one.id, text or None, next_at=next_at, **_common(posted, by, now))
    return one.url


def _update(posted: Post, one: MaintenanceFacts, by: Actor, now: datetime) -> str:
    actions.update(
        one.id, forms.both(posted, "text"), next_at=forms.moment(posted, "next_at", shown.zone()),
        ends_at=forms.moment(posted, "ends_at", shown.zone()), verifying=posted.get("stage") == "verifying",
        **_common(posted, by, now),
    )  # fmt: skip
    return one.url


def _complete(posted: Post, one: MaintenanceFacts, by: Actor, now: datetime) -> str:
    actions.complete(one.id, forms.both(posted, "text") or None, **_common(posted, by, now))
    return one.url


def _cancel(posted: Post, one: MaintenanceFacts, by: Actor, now: datetime) -> str:
    actions.cancel(one.id, forms.both(posted, "text"), **_common(posted, by, now))
    return one.url


def _declare(posted: Post, one: MaintenanceFacts, by: Actor, now: datetime) -> str:
    severity = posted.get("severity") or "SEV2"
    return actions.declare(one.id, severity[:10], by=by, now=now).url


def _silence(posted: Post, one: MaintenanceFacts, by: Actor, now: datetime) -> str:
    actions.silence(one.id, by=by, now=now)
    return one.url


def _translate(posted: Post, one: MaintenanceFacts, by: Actor, now: datetime, *, number: int) -> str:
    missing = next((missing_language(row.languages) for row in queries.notices(one.id) if row.number == number), None)
    if missing is None:
        raise Missing(f"notice {number}")
    text = forms.both(posted, "text")
    title = forms.both(posted, "title")
    actions.translate(
        one.id, number, getattr(text, missing or "en"), title=getattr(title, missing or "en"), by=by, now=now
    )
    return one.url


_VERBS: dict[str, Callable[..., str]] = {
    "tell": _tell, "move": _move, "start": _start, "update": _update, "complete": _complete, "cancel": _cancel,
    "declare": _declare, "silence": _silence, "translate": _translate,
}  # fmt: skip

urlpatterns = [
    path("maintenance/", index, name="maintenance"),
    path("maintenance/plan/", plan, name="maintenance.plan"),
    path("maintenance/<str:key>/", one, name="maintenance.page"),
    path("maintenance/<str:key>/edit/", plan, name="maintenance.edit"),
    path(
        "maintenance/<str:key>/notices/<int:number>/translate/", act, {"verb": "translate"},
        name="maintenance.translate",
    ),
    *(
        path(f"maintenance/<str:key>/{verb}/", act, {"verb": verb}, name=f"maintenance.{verb}")
        for verb in _VERBS
        if verb != "translate"
    ),
]  # fmt: skip
