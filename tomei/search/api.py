"""Search over the API: the same hits as the page."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema

from tomei.accounts.doors import actor_of
from tomei.search import queries

router = Router(tags=["search"])


class Words(Schema):
    """A text in its languages; an empty side is not written yet."""

    ja: str
    en: str


class HitOut(Schema):
    ref: str
    kind: str
    title: Words
    url: str
    at: datetime


class FoundOut(Schema):
    items: list[HitOut]
    next: str


@router.get("/search", response=FoundOut, summary="Find incidents, customers, updates and more")
def search(request: HttpRequest, q: str, after: str = "", limit: int = 20) -> FoundOut:
    """Everything that holds all the words and that you may read, newest first; `limit` is at most 100."""
    found = queries.find(q, by=actor_of(request), limit=limit, after=after)
    items = [
        HitOut(ref=hit.ref, kind=hit.kind, title=Words(ja=hit.title.ja, en=hit.title.en), url=hit.url, at=hit.at)
        for hit in found.hits
    ]
    return FoundOut(items=items, next=found.next)
