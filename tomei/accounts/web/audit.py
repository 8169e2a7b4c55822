"""The audit log for administrators: newest first, by kind and person, as CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tomei.accounts import audit, audit_words, queries
from tomei.accounts.doors import actor_of, needs
from tomei.accounts.models import AuditEntry
from tomei.accounts.web import typed
from tomei.kernel import time
from tomei.ui.answer import answer

PAGE = 50
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_GET
@needs("audit.read")
def page(request: HttpRequest) -> HttpResponse:
    """Filters stand in the address: `code` (a code or its noun), `person`, `after`."""
    asked = request.GET
    sought = audit.Filter(
        asked.get("code", "").strip()[:80], typed.number(asked.get("person", "")), typed.number(asked.get("after", ""))
    )
    if asked.get("format") == "csv":
        return _download(request, sought)
    shown = audit.entries(sought, PAGE + 1)
    kept = {"code": sought.code, "person": sought.person_id or ""}
    more = "?" + urlencode({**kept, "after": shown[PAGE - 1].pk}) if len(shown) > PAGE else ""
    context = {
        "entries": [(entry, audit_words.label(entry.code), audit_words.detail(entry.data)) for entry in shown[:PAGE]],
        "sought": sought, "more": more, "csv": "?" + urlencode({**kept, "format": "csv"}),
        "nouns": [("", _("Everything")), *audit_words.nouns()],
        "people": [("", _("Everybody"))] + [(str(found.id), found.name) for found in queries.active_people()],
    }  # fmt: skip
    return answer(request, "accounts/audit.html", context)


def _download(request: HttpRequest, sought: audit.Filter) -> HttpResponse:
    by, now = actor_of(request), time.now()
    audit.record("audit.exported", by=by, now=now, sought=sought.code, person=sought.person_id)
    response = StreamingHttpResponse(_lines(audit.every(sought)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{now:%Y%m%d-%H%M}.csv"'
    return response  # type: ignore[return-value]  # Django's two responses share no base that views are typed with


class _Line:
    """A file of which csv writes one line at a time."""

    def write(self, line: str) -> str:
        return line


def _lines(entries: Iterator[AuditEntry]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff"  # spreadsheets read UTF-8 by this mark only
    yield writer.writerow(["id", "at", "actor_kind", "actor_id", "actor_name", "code", "data"])
    for entry in entries:
        data = json.dumps(entry.data, ensure_ascii=False, sort_keys=True)
        row = [
            entry.pk,
            entry.at.isoformat(),
            entry.actor_kind,
            entry.actor_id or "",
            entry.actor_name,
            entry.code,
            data,
        ]
        yield writer.writerow([_harmless(str(cell)) for cell in row])


def _harmless(cell: str) -> str:
    """A name that begins like a formula must not run in a spreadsheet."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
