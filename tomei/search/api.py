"""Search over the API: the same hits as the page."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema

from tomei.accounts.doors import actor_of
from tomei.search import queries

router = Router(tags=["search"])


class FoundWords(Schema):
    """A text in its languages; an empty side is not written yet."""

    ja: str
    en: str


class HitOut(Schema):
    ref: str
    kind: str
    title: FoundWords
    url: str
    at: datetime
    line: str


class FoundOut(Schema):
    items: list[HitOut]
    next: str


@router.get("/search", response=FoundOut, summary="Find incidents, customers, updates and more")
def search(request: HttpRequest, q: str, after: str = "", limit: int = 20) -> FoundOut:
    """Everything that holds all the words and that you may read, newest first; `limit` is at most 100.

    `line` is the line of an update, a note or a case that holds the words.
    """
    found = queries.find(q, by=actor_of(request), limit=limit, after=after)
    return FoundOut(items=[_out(hit) for hit in found.hits], next=found.next)


def _out(hit: queries.Hit) -> HitOut:
    title = FoundWords(ja=hit.title.ja, en=hit.title.en)
    return HitOut(ref=hit.ref, kind=hit.kind, title=title, url=hit.url, at=hit.at, line=hit.excerpt.text)
