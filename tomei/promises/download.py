"""The promises that a reader asked for, as CSV that a spreadsheet opens without running anything, and as JSON lines.

Both are streamed in the order of due times, so that a long history never stands in memory whole.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

from tomei.kernel.actor import Actor
from tomei.promises import queries
from tomei.promises.facts import PromiseFacts
from tomei.promises.lists import Row, dressed

CHUNK = 500
COLUMNS = (
    "id", "kind", "words_ja", "words_en", "on", "owed_by", "owed_to", "audience", "about", "owner", "role", "rank",
    "told", "created_at", "due_at", "state", "ended_at", "late_s", "reached_at", "reason", "automatic",
)  # fmt: skip


class _Line:
    """A file that hands each written line back."""

    def write(self, line: str) -> str:
        return line


def chunks(filters: queries.Filters, *, by: Actor) -> Iterator[list[Row]]:
    """All promises asked for, dressed a chunk at a time."""
    found = queries.narrowed(filters, by=by).order_by("due_at", "pk")
    if filters.states:
        found = found.filter(state__in=filters.states)
    chunk: list[PromiseFacts] = []
    for row in found.iterator(chunk_size=CHUNK):
        chunk.append(queries.facts_of(row))
        if len(chunk) == CHUNK:
            yield dressed(chunk)
            chunk = []
    yield dressed(chunk)


def as_json(row: Row) -> dict[str, Any]:
    facts = row.facts
    moments = {
        name: value.isoformat() if (value := getattr(facts, name)) else None
        for name in ("created_at", "due_at", "ended_at", "reached_at")
    }
    return {
        "id": facts.id, "kind": facts.kind, "words_ja": facts.words.ja, "words_en": facts.words.en,
        "on": row.on.key if row.on else "", "owed_by": row.owed_by.said_in("en"), "owed_to": row.owed_to.said_in("en"),
        "audience": facts.audience, "about": facts.about, "owner": row.owner, "role": facts.role, "rank": facts.rank,
        "told": facts.told, "created_at": moments["created_at"], "due_at": moments["due_at"], "state": facts.state,
        "ended_at": moments["ended_at"], "late_s": facts.late_s, "reached_at": moments["reached_at"],
        "reason": facts.reason, "automatic": facts.automatic,
    }  # fmt: skip


def csv_lines(filters: queries.Filters, *, by: Actor) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff" + str(writer.writerow(COLUMNS))  # without the mark a spreadsheet reads Japanese as Latin
    for chunk in chunks(filters, by=by):
        for row in chunk:
            yield str(writer.writerow([harmless(value) for value in as_json(row).values()]))


def json_parts(filters: queries.Filters, *, by: Actor) -> Iterator[str]:
    first = True
    yield '{"items": ['
    for chunk in chunks(filters, by=by):
        for row in chunk:
            yield ("\n" if first else ",\n") + json.dumps(as_json(row), ensure_ascii=False)
            first = False
    yield "\n]}\n"


def harmless(value: object) -> str:
    """A cell that begins like a formula is a text: nobody's words run anything in a spreadsheet."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
