"""Tables that leave the house: CSV that spreadsheets read and never run, and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse


def as_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], name: str) -> HttpResponse:
    """UTF-8 with a byte order mark; a cell that would be a formula is quoted."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    for row in rows:
        writer.writerow({column: _harmless(row.get(column, "")) for column in columns})
    return download("\ufeff" + text.getvalue(), "text/csv; charset=utf-8", name)


def as_json(body: Any, name: str) -> HttpResponse:
    return download(json.dumps(body, ensure_ascii=False, indent=1), "application/json; charset=utf-8", name)


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value


def download(body: str, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
