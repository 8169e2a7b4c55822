"""What a reader may find, newest first, a page at a time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text
from tomei.search import hooks
from tomei.search.excerpts import NOTHING, Excerpt, best
from tomei.search.models import Document
from tomei.search.tokens import Term, fts5, terms, tsquery

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST = 100
PLACES = {"INC": "/incidents/{}/", "CASE": "/cases/{}/"}
_KEY = re.compile(r"\s*(INC|CASE)\s*-\s*([1-9][0-9]{0,8})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hit:
    ref: str
    kind: str
    title: Text
    url: str
    at: datetime
    excerpt: Excerpt = NOTHING


@dataclass(frozen=True, slots=True)
class Found:
    """`next` is the cursor of the following page, empty on the last one."""

    hits: list[Hit]
    next: str = ""


def place(question: str) -> str:
    """Where a typed id leads (`INC-12`, `case-3`, full-width too); empty when the question is no id."""
    match = _KEY.fullmatch(unicodedata.normalize("NFKC", question[:60]))
    if match is None:
        return ""
    prefix = match[1].upper()
    return PLACES[prefix].format(f"{prefix}-{int(match[2])}")


def find(
    words: str, *, by: Actor, limit: int = 20, after: str = "", holds: Collection[int] | None = None,
    language: str = "",
) -> Found:  # fmt: skip
    """Everything that holds all the words and that `by` may read. No words find nothing.

    `holds` are the restricted incidents that this reader may see (asked of the wiring when it is not given);
    `language` is preferred for the line that is shown.
    Refuses `rights.missing` and `search.bad_cursor`.
    """
    by.require("read")
    asked = terms(words)
    if not asked:
        return Found([])
    if holds is None:
        holds = hooks.holds(by.user_id) if by.user_id is not None else set()
    limit = max(1, min(limit, MOST))
    rows = _after(_matching(asked).filter(_readable(by, holds)), after)
    page = list(rows.order_by("-at", "-id")[: limit + 1])
    return Found(_hits(page[:limit], words, asked, language), _cursor(page[limit - 1]) if len(page) > limit else "")


def _hits(rows: Sequence[Document], words: str, asked: list[Term], language: str) -> list[Hit]:
    """With titles and lines as their source reads now."""
    sources = hooks.sources([row.ref for row in rows])
    hits = []
    for row in rows:
        source = sources.get(row.ref)
        title, lines = (source.title, source.lines) if source else (Text.of(row.title), ())
        hits.append(Hit(row.ref, row.kind, title, row.url, row.at, best(lines, words, asked, language)))
    return hits


def _matching(asked: list[Term]) -> QuerySet[Document]:
    if connection.vendor == "postgresql":
        match = RawSQL(
            "array_to_tsvector(string_to_array(search_document.tokens, ' ')) @@ %s::tsquery",
            [tsquery(asked)],
            output_field=BooleanField(),
        )
        return Document.objects.filter(match)
    ids = RawSQL("SELECT rowid FROM search_words WHERE search_words MATCH %s", [fts5(asked)])
    return Document.objects.filter(id__in=ids)


def _readable(by: Actor, holds: Collection[int]) -> Q:
    if by.may("restricted.read"):
        return Q()
    return Q(audience="internal") | Q(audience__in=[f"restricted:{held}" for held in holds])


def _cursor(row: Document) -> str:
    return f"{(row.at - EPOCH) // timedelta(microseconds=1)}-{row.pk}"


def _after(rows: QuerySet[Document], cursor: str) -> QuerySet[Document]:
    if not cursor:
        return rows
    match = re.fullmatch(r"([0-9]{1,17})-([0-9]{1,18})", cursor)
    if match is None:
        raise Refused("search.bad_cursor")
    at = EPOCH + timedelta(microseconds=int(match[1]))  # seventeen digits end in the year 5138
    return rows.filter(Q(at__lt=at) | Q(at=at, id__lt=int(match[2])))
