"""The list of customers as a file: CSV that a spreadsheet opens without running anything, and JSON."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse

from tomei.customers.listing import Line
from tomei.kernel.text import Text

COLUMNS = (
    "id",
    "kind",
    "name_ja",
    "name_en",
    "zone",
    "language",
    "account_owner",
    "open_cases",
    "last_word_at",
    "renews_on",
)


def as_json(line: Line) -> dict[str, Any]:
    row, name = line.row, Text.of(line.row.name)
    return {
        "id": row.pk,
        "kind": row.kind,
        "name_ja": name.ja,
        "name_en": name.en,
        "zone": row.zone,
        "language": row.language,
        "account_owner": row.account_owner.name if row.account_owner else "",
        "open_cases": line.open.open_cases,
        "last_word_at": row.last_word_at.isoformat() if row.last_word_at else "",
        "renews_on": line.renews_on.isoformat() if line.renews_on else "",
    }


def as_csv(lines: Iterable[Line]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="customers.csv"'
    response.write("\ufeff")  # without it a spreadsheet reads Japanese as Latin
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for line in lines:
        writer.writerow([harmless(value) for value in as_json(line).values()])
    return response


def harmless(value: object) -> str:
    """A cell that begins like a formula is a text: nobody's name runs anything in a spreadsheet."""
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
