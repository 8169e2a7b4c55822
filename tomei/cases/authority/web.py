"""`/incidents/INC-12/authority/` to read on a telephone, `/settings/authority/` to adopt and edit, with history."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tomei.accounts import queries as accounts
from tomei.accounts.doors import actor_of
from tomei.cases import pack, queries, words
from tomei.cases.authority import actions, rules, texts
from tomei.cases.authority import queries as cards
from tomei.cases.authority.rules import Line
from tomei.cases.rules import roles
from tomei.cases.web import room
from tomei.customers import queries as customers
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text
from tomei.ui import forms as fields
from tomei.ui.answer import answer, done
from tomei.ui.parts import language

EMPTY = 3  # rows for new lines in the form


def said_levels() -> list[tuple[str, str]]:
    return [(level, texts.LEVELS[level].said_in(language())) for level in rules.LEVELS]


@require_safe
def authority(request: HttpRequest, key: str) -> HttpResponse:
    """What may I do? The product's card, one phone screen."""
    by = actor_of(request)
    incident = queries.by_number(key, by)
    card = cards.card(incident.product_id)
    holders = queries.holders(incident.id)
    asked = {one.role for one in card.of(rules.ASK) if one.role}
    names = pack.names_of([pk for role in asked for pk in holders.get(role, ())])
    context = {
        "incident": incident, "card": card, "levels": said_levels(), "whom": cards.named(card.lines, language()),
        "product": customers.product(incident.product_id) if incident.product_id is not None else None,
        "held": {role: [names[pk] for pk in holders.get(role, ()) if pk in names] for role in asked},
        "may": room.may(by) | {"edit": by.may("playbook.edit")},
    }  # fmt: skip
    return answer(request, "cases/authority.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Read a card, see what changed between two versions, adopt the proposal, write the next."""
    by = actor_of(request)
    by.require("read")
    product_id = fields.number(request.GET, "product", 1)
    if product_id is not None and product_id not in customers.products([product_id]):
        raise Http404(str(product_id))
    url = "/settings/authority/" + (f"?product={product_id}" if product_id else "")
    if request.method == "POST":
        by.require("playbook.edit")
        adopt = fields.ticked(request.POST, "adopt")
        actions.save_card(
            cards.card(product_id).lines if adopt else _posted(request.POST), product_id=product_id,
            seen=fields.number(request.POST, "seen"), reason=fields.text(request.POST, "reason"), by=by,
            now=request.now,  # type: ignore[attr-defined]
        )  # fmt: skip
        return done(request, url, _("Saved. It holds from now on, in running incidents too."))
    return answer(request, "cases/authority_card.html", _card(request, product_id, url, by.may("playbook.edit")))


def _card(request: HttpRequest, product_id: int | None, url: str, may_edit: bool) -> dict[str, Any]:
    history, current, said = cards.versions(product_id), cards.card(product_id), language()
    wanted = fields.number(request.GET, "version")
    shown = next((one for one in history if one.number == wanted), current)
    before = next((one for one in history if one.number < shown.number), None)
    rows = [*current.lines, *([Line(0, Text())] * EMPTY)]
    return {
        "history": history, "current": current, "shown": shown, "before": before, "url": url, "may_edit": may_edit,
        "changes": rules.diff(before.lines, shown.lines) if before else [], "rows": list(enumerate(rows)),
        "seen": history[0].number if history else 0, "product_id": product_id, "products": customers.all_products(),
        "levels": said_levels(), "whom": cards.named(shown.lines, said),
        "role_words": [(role, words.ROLES[role].said_in(said)) for role in roles.ROLES],
        "crew": [(person.id, person.name) for person in accounts.active_people()],
        "authors": pack.names_of([one.made_by_id for one in history if one.made_by_id]),
    }  # fmt: skip


def _posted(posted: QueryDict) -> list[Line]:
    """Rows `line.0.ja`, `line.0.en`, `line.0.level`, `line.0.role`, `line.0.person`, `line.0.key`."""
    numbers = [n for n in range(rules.MOST + EMPTY + 1) if f"line.{n}.ja" in posted or f"line.{n}.en" in posted]
    if len(numbers) > rules.MOST + EMPTY:
        raise Refused("authority.too_many", most=rules.MOST)
    return [
        Line(
            fields.number(posted, f"line.{n}.key", most=10_000) or 0,
            fields.both(posted, f"line.{n}", 300, many_lines=False), fields.text(posted, f"line.{n}.level", 20),
            fields.text(posted, f"line.{n}.role", 40), fields.number(posted, f"line.{n}.person", 1),
        )
        for n in numbers
    ]  # fmt: skip


urlpatterns = [
    path("incidents/<str:key>/authority/", authority, name="cases.authority"),
    path("settings/authority/", settings, name="cases.authority_card"),
]
