"""Pages of incidents and cases: call one query, render."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tomei.accounts import audit
from tomei.accounts import queries as accounts
from tomei.accounts.doors import actor_of
from tomei.cases import actions, forms, history, hooks, queries, words
from tomei.cases import timeline as chains
from tomei.cases.declared import actions as declared
from tomei.cases.declared import queries as declarations
from tomei.cases.duties import actions as duties
from tomei.cases.duties import forms as exposure
from tomei.cases.duties.web import question
from tomei.cases.facts import CaseFacts, IncidentFacts
from tomei.cases.queries import lists
from tomei.cases.web import room
from tomei.cases.web.verbs import local, zone
from tomei.customers import queries as customers
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity
from tomei.ui import forms as fields
from tomei.ui import refusals
from tomei.ui.answer import answer, done
from tomei.ui.parts import language

MOST_EXPORTED = 10_000


def _filters(request: HttpRequest) -> lists.Filters:
    asked = request.GET
    return lists.Filters(
        state=asked.get("state") or "open",
        severity=asked.get("severity", ""),
        product_id=fields.number(asked, "product", 1),
    )


def _query(filters: lists.Filters, **more: str) -> str:
    asked = {"state": filters.state, "severity": filters.severity, "product": filters.product_id, **more}
    return urlencode({name: value for name, value in asked.items() if value})


@require_safe
def incidents(request: HttpRequest) -> HttpResponse:
    """`/incidents/`: worst first while they burn, newest first otherwise."""
    by, filters = actor_of(request), _filters(request)
    page = lists.page(filters, by, after=request.GET.get("after", ""))
    context = {
        "page": page,
        "rows": listed(page.items),
        "filters": filters,
        "products": customers.all_products(),
        "severities": [str(level) for level in Severity],
        "next_url": f"?{_query(filters, after=page.next)}" if page.next else "",
        "csv_url": f"/incidents/export.csv?{_query(filters)}",
        "json_url": f"/incidents/export.json?{_query(filters)}",
        "may": room.may(by),
    }
    return answer(request, "cases/incidents.html", context, block="list")


def listed(items: Iterable[IncidentFacts]) -> list[dict[str, Any]]:
    """With the names that a list shows, in two queries for all."""
    found = list(items)
    people = accounts.people(one.owner_id for one in found if one.owner_id is not None)
    products = customers.products({one.product_id for one in found if one.product_id is not None})
    return [
        {
            "facts": one,
            "owner": people[one.owner_id].name if one.owner_id in people else "",
            "product": products[one.product_id].name if one.product_id in products else None,
            "state": queries.state_word(one.state),
        }
        for one in found
    ]


def _everything(request: HttpRequest) -> list[dict[str, Any]]:
    """All that the filters name, up to a bound, as plain values; audited, since it leaves the house."""
    by, filters = actor_of(request), _filters(request)
    rows = listed(lists.page(filters, by, limit=MOST_EXPORTED).items)
    audit.record("incidents.exported", by=by, now=request.now, rows=len(rows), state=filters.state)  # type: ignore[attr-defined]
    return [_plain(row) for row in rows]


_EXPORTED = (
    "key", "title_ja", "title_en", "severity", "state", "product", "owner", "declared_at", "began_at", "detected_at",
    "first_notice_at", "acknowledged_at", "mitigated_at", "restored_at", "cause_found_at", "cause_told_at",
    "report_sent_at", "fix_validated_at", "closed_at", "drill", "restricted", "overdue", "updates", "head",
)  # fmt: skip


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    one: IncidentFacts = row["facts"]
    more = {
        "title_ja": one.title.ja, "title_en": one.title.en, "owner": row["owner"], "head": one.anchor,
        "product": row["product"].said_in(language()) if row["product"] else "",
    }  # fmt: skip
    return {name: _value(more[name] if name in more else getattr(one, name)) for name in _EXPORTED}


def _value(value: Any) -> Any:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value


@require_safe
def export_csv(request: HttpRequest) -> HttpResponse:
    """UTF-8 with a byte order mark, so that spreadsheets read it; a cell that would be a formula is quoted."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _EXPORTED)
    writer.writeheader()
    for row in _everything(request):
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    return _download("\ufeff" + text.getvalue(), "text/csv; charset=utf-8", "incidents.csv")


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value


@require_safe
def export_json(request: HttpRequest) -> HttpResponse:
    body = json.dumps(_everything(request), ensure_ascii=False, indent=1)
    return _download(body, "application/json; charset=utf-8", "incidents.json")


def _download(body: str, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    """Declare with a title and a severity; the rest in place. `?group=` starts from what signals know."""
    by = actor_of(request)
    by.require("incident.declare")
    if request.method != "POST":
        return answer(request, "cases/declare.html", _form(_start(request, by), request))
    try:
        made = _declare(request, by)
    except Refused as error:
        if error.code == "rights.missing":
            raise
        said = refusals.said(error, language())
        context = _form(forms.Typed.of(request.POST), request) | {"said": said, "error": error}
        return answer(request, "cases/declare.html", context, status=422)
    return done(request, made.url, _("%(key)s declared. The clocks run.") % {"key": made.key})


@transaction.atomic
def _declare(request: HttpRequest, by: Actor) -> IncidentFacts:
    now: datetime = request.now  # type: ignore[attr-defined]
    given = forms.declaration(request.POST, zone())
    found = declared.declare_from(given.case, given.arguments(), by=by, now=now) if given.case else None
    made = found or actions.declare(**given.arguments(), by=by, now=now)
    exposed = exposure.answer(request.POST, zone(), aware=now)
    if exposed is not None:
        duties.answer(made.id, exposed, by=by, now=now)
    if given.group_id is not None:
        hooks.declared_from(given.group_id, made.id, by, now)
    return made


def _start(request: HttpRequest, by: Actor) -> forms.Typed:
    if request.GET.get("case"):
        return _from_case(queries.case_by_number(request.GET["case"], by))
    group_id = fields.number(request.GET, "group", 1)
    known = hooks.prefill(group_id, by) if group_id is not None else None
    if known is None:
        return forms.Typed()
    affected = customers.users_of(known.component_ids)
    return forms.Typed(
        title_ja=known.title.ja, title_en=known.title.en, severity=known.severity,
        product=str(known.product_id or ""), components=[str(pk) for pk in known.component_ids],
        organisations=[str(pk) for pk in affected], affected=bool(affected), group=str(known.group_id),
        began=local(known.began_at),
    )  # fmt: skip


def _from_case(case: CaseFacts) -> forms.Typed:
    """What the customer said is where the declaration starts; their own stop is the title in their language."""
    one = declarations.of_case(case.id)
    spoken = customers.organisation(case.organisation_id).language
    stop = {f"title_{spoken}": case.stop} if spoken in ("ja", "en") else {"title_en": case.stop}
    return forms.Typed(
        **stop, severity=str(case.severity), case=case.key, by_customer=one is not None,  # type: ignore[arg-type]
        product=str(one.product_id or "") if one else "",
        components=[str(one.component_id)] if one and one.component_id else [],
        began=local(one.began_at if one else None),
    )  # fmt: skip


def _form(typed: forms.Typed, request: HttpRequest) -> dict[str, Any]:
    return {
        "typed": typed,
        "said": None,
        "error": None,
        "severities": [(str(level), words.SEVERITIES[level].said_in(language())) for level in Severity],
        "product_options": [("", "–"), *((one.id, one.name.said_in(language())) for one in customers.all_products())],
        "components": customers.components_of(),
        "organisations": customers.all_organisations("customer", "partner"),
        **question(request),
    }


@require_safe
def timeline(request: HttpRequest, key: str) -> HttpResponse:
    """The whole timeline by pages; `?at=` shows what was known then, `?audience=` what one side may see."""
    by = actor_of(request)
    incident = queries.by_number(key, by)
    at = request.GET.get("at", "").strip()
    until = time.parse_local(at, zone()) if at else None
    lines = history.page(
        incident.id, language=language(), zone=zone(), before=fields.number(request.GET, "before", 1) or 0,
        until=until, audience=fields.choice(request.GET, "audience", chains.AUDIENCES, required=False),
    )  # fmt: skip
    context = room.room_context(incident, by, request.now, language()) | {  # type: ignore[attr-defined]
        "tab": "timeline",
        "lines": lines,
        "at": at,
        "audience": request.GET.get("audience", ""),
        "until": until,
        "known": _known(incident, until) if until else None,
        "verdict": chains.verify(incident.id),
        "audience_options": [
            ("", _("All")),
            *((code, word.said_in(language())) for code, word in words.AUDIENCES.items()),
        ],
    }
    return answer(request, "cases/timeline.html", context, block="lines")


def _known(incident: IncidentFacts, at: datetime) -> dict[str, Any]:
    """State as known at that moment, with names."""
    known = history.known_at(incident.id, at)
    people = accounts.people(
        {pk for held in known.roles.values() for pk in held} | ({known.owner_id} if known.owner_id else set())
    )
    organisations = customers.organisations(case["organisation_id"] for case in known.cases.values())
    return {
        "state": queries.state_word(known.state) if known.state else "",
        "severity": known.severity,
        "owner": people[known.owner_id].name if known.owner_id in people else "",
        "roles": [
            (queries.said(words.ROLES, role), ", ".join(people[pk].name for pk in held if pk in people))
            for role, held in known.roles.items()
            if held
        ],
        "cases": [
            (organisations[case["organisation_id"]].name, queries.said(words.CASE_STATES, case["state"]))
            for case in known.cases.values()
            if case["organisation_id"] in organisations
        ],
        "stamps": [
            (queries.said(words.STAMPS, name), datetime.fromisoformat(at)) for name, at in known.stamps.items() if at
        ],
        "seq": known.seq,
    }


@require_safe
def timeline_json(request: HttpRequest, key: str) -> HttpResponse:
    incident = _exported(request, key)
    body = history.export_json(incident, language=language(), zone=zone())
    return _download(body, "application/json; charset=utf-8", f"{incident.key}.json")


@require_safe
def timeline_text(request: HttpRequest, key: str) -> HttpResponse:
    incident = _exported(request, key)
    body = history.export_text(incident, language=language(), zone=zone())
    return _download(body, "text/plain; charset=utf-8", f"{incident.key}.txt")


def _exported(request: HttpRequest, key: str) -> IncidentFacts:
    by = actor_of(request)
    incident = queries.by_number(key, by)
    audit.record("timeline.exported", by=by, now=request.now, incident=incident.key)  # type: ignore[attr-defined]
    return incident


@require_safe
def customers_tab(request: HttpRequest, key: str) -> HttpResponse:
    """Every customer's part: words, stop, deadline, silence, stamps, contract, renewal, account owner."""
    by = actor_of(request)
    incident = queries.by_number(key, by)
    context = room.room_context(incident, by, request.now, language())  # type: ignore[attr-defined]
    there = {shown.case.organisation_id for shown in context["cases"]}
    absent = [one for one in customers.all_organisations("customer", "partner") if one.id not in there]
    return answer(request, "cases/customers.html", context | {"tab": "customers", "absent": absent}, block="customers")


@require_safe
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """What is changed rarely: title, times, who and what is affected, flags, duplicate."""
    by = actor_of(request)
    incident = queries.by_number(key, by)
    context = room.room_context(incident, by, request.now, language())  # type: ignore[attr-defined]
    hurt = {one.component_id: one.impact for one in queries.components_of(incident.id) if one.until_at is None}
    more = {
        "tab": "edit",
        "hurt": hurt,
        "affected": {shown.case.organisation_id for shown in context["cases"]},
        "all_components": customers.components_of(incident.product_id),
        "organisations": customers.all_organisations("customer", "partner"),
        "impacts": [(code, word.said_in(language())) for code, word in words.IMPACTS.items()],
        "local": local,
    }
    return answer(request, "cases/edit.html", context | more)
