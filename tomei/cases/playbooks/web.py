"""`/incidents/INC-12/checklist/` to tick, `/settings/playbooks/` to read and edit, with history and difference."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tomei.accounts.doors import actor_of
from tomei.cases import pack, queries, room_words, words
from tomei.cases.facts import IncidentFacts
from tomei.cases.playbooks import actions, rules
from tomei.cases.playbooks import queries as books
from tomei.cases.playbooks.rules import Step
from tomei.cases.web import room
from tomei.customers import queries as customers
from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text
from tomei.ui import forms as fields
from tomei.ui.answer import answer, done
from tomei.ui.parts import language

EMPTY = 3  # rows for new steps in the form


@require_safe
def checklist(request: HttpRequest, key: str) -> HttpResponse:
    """One's own role's checklist first; `?role=` shows another."""
    by = actor_of(request)
    incident = queries.by_number(key, by)
    now: datetime = request.now  # type: ignore[attr-defined]
    found = {one.role: one for one in books.checklists(incident)}
    holders = queries.holders(incident.id)
    mine = next((role for role in found if by.user_id in holders.get(role, ())), rules.ROLES[0])
    asked = request.GET.get("role", "")
    role = asked if asked in found else mine
    actors = [one.entry.actor_id for one in found[role].ticks if one.entry is not None and one.entry.actor_id]
    context = room.room_context(incident, by, now, language()) | {
        "tab": "checklist", "lists": list(found.values()), "list": found[role], "mine": mine, "now": now,
        "role_word": lambda one: words.ROLES[one].said_in(language()), "names": pack.names_of(actors),
        "held": pack.names_of(holders.get(role, ())),
        "mark_word": lambda mark: room_words.MARKS[mark].said_in(language()),
    }  # fmt: skip
    return answer(request, "cases/checklist.html", context, block="steps")


@require_POST
def mark(request: HttpRequest, key: str) -> HttpResponse:
    by = actor_of(request)
    incident = queries.by_number(key, by)
    by.require("incident.work")
    role = request.POST.get("role", "")
    step = fields.number(request.POST, "step", 1, required=True) or 0
    actions.mark_step(
        incident.id, role, step, request.POST.get("mark") or rules.DONE,
        reason=fields.text(request.POST, "reason", 500), by=by, now=request.now,  # type: ignore[attr-defined]
    )  # fmt: skip
    return done(request, f"{incident.url}checklist/?role={rules.known(role)}")


@require_POST
def adopt(request: HttpRequest, key: str) -> HttpResponse:
    by = actor_of(request)
    incident: IncidentFacts = queries.by_number(key, by)
    by.require("incident.work")
    role = request.POST.get("role", "")
    actions.adopt_playbook(incident.id, role, by=by, now=request.now)  # type: ignore[attr-defined]
    return done(request, f"{incident.url}checklist/?role={role}", _("The newest version is in use here."))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    actor_of(request).require("read")
    found = [(role, words.ROLES[role].said_in(language()), books.newest(role)) for role in rules.ROLES]
    return answer(request, "cases/playbooks.html", {"books": found})


@require_http_methods(["GET", "HEAD", "POST"])
def playbook(request: HttpRequest, role: str) -> HttpResponse:
    """Read one, see what changed between two versions, write the next."""
    by = actor_of(request)
    by.require("read")
    if role not in rules.ROLES:
        raise Http404(role)
    product_id = fields.number(request.GET, "product", 1)
    if product_id is not None and product_id not in customers.products([product_id]):
        raise Http404(str(product_id))
    url = f"/settings/playbooks/{role}/" + (f"?product={product_id}" if product_id else "")
    if request.method == "POST":
        by.require("playbook.edit")
        actions.save_playbook(
            role, _posted(request.POST), product_id=product_id, seen=fields.number(request.POST, "seen"),
            reason=fields.text(request.POST, "reason"), by=by, now=request.now,  # type: ignore[attr-defined]
        )  # fmt: skip
        return done(request, url, _("Saved. Running incidents keep their version until it is adopted there."))
    return answer(request, "cases/playbook.html", _book(request, role, product_id, url, by.may("playbook.edit")))


def _book(request: HttpRequest, role: str, product_id: int | None, url: str, may_edit: bool) -> dict[str, Any]:
    history = books.versions(role, product_id)
    current = books.newest(role, product_id)
    wanted = fields.number(request.GET, "version")
    shown = next((one for one in history if one.number == wanted), current)
    before = next((one for one in history if one.number < shown.number), None)
    rows = [*current.steps, *([Step(0, Text())] * EMPTY)]
    return {
        "role": role, "role_word": words.ROLES[role].said_in(language()), "history": history, "current": current,
        "shown": shown, "before": before, "changes": rules.diff(before.steps, shown.steps) if before else [],
        "rows": list(enumerate(rows)), "seen": history[0].number if history else 0, "url": url,
        "may_edit": may_edit, "product_id": product_id, "products": customers.all_products(),
        "authors": pack.names_of([one.made_by_id for one in history if one.made_by_id]),
        "levels": [(level.rank, str(level)) for level in Severity],
    }  # fmt: skip


def _posted(posted: QueryDict) -> list[Step]:
    """Rows `step.0.ja`, `step.0.en`, `step.0.minute`, `step.0.rank`, `step.0.key`, in the order of `step.0.place`."""
    numbers = [n for n in range(rules.MOST + EMPTY) if f"step.{n}.ja" in posted or f"step.{n}.en" in posted]
    rows = []
    for n in numbers:
        words_ = fields.both(posted, f"step.{n}", 300, many_lines=False)
        minute = fields.number(posted, f"step.{n}.minute", most=1440)
        rank = fields.number(posted, f"step.{n}.rank", most=4)
        key = fields.number(posted, f"step.{n}.key", most=10_000) or 0
        place = fields.number(posted, f"step.{n}.place", most=999)
        rows.append((n + 1 if place is None else place, n, Step(key, words_, minute, 4 if rank is None else rank)))
    if len(rows) > rules.MOST + EMPTY:
        raise Refused("playbook.too_many", most=rules.MOST)
    return [step for _place, _n, step in sorted(rows, key=lambda row: row[:2])]


urlpatterns = [
    path("incidents/<str:key>/checklist/", checklist, name="cases.checklist"),
    path("incidents/<str:key>/checklist/mark/", mark, name="cases.checklist_mark"),
    path("incidents/<str:key>/checklist/adopt/", adopt, name="cases.checklist_adopt"),
    path("settings/playbooks/", index, name="cases.playbooks"),
    path("settings/playbooks/<slug:role>/", playbook, name="cases.playbook"),
]
