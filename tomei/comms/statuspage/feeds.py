"""The feeds: Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1, of the page and of each component, in each language."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings

from tomei.comms.statuspage import addresses, entries, summary
from tomei.comms.statuspage.entries import Entry, Feed
from tomei.comms.statuspage.page import PageView
from tomei.kernel.text import LANGUAGES

ATOM = "http://www.w3.org/2005/Atom"
KINDS = {form: kind.partition(";")[0] for form, kind in addresses.FEED_KINDS.items()}
TTL_MIN = "5"  # how long a reader may wait before it asks again


def render(page: PageView, language: str, component: str, form: str) -> bytes | None:
    """One feed; `component` is empty, a slug, or the id that the JSON gives. None for an unknown component."""
    slug = (
        entries.known(page, component, [summary.component_id(one.id) for one in page.components]) if component else ""
    )
    found = entries.feed(page, language, slug) if slug or not component else None
    return _FORMS[form](found) if found else None


def _self(feed: Feed, form: str, language: str = "") -> str:
    path = addresses.feed(feed.component, form, feed.place)
    return f"{settings.TOMEI_URL}{path}?lang={language or feed.language}"


def _others(feed: Feed) -> list[str]:
    return [language for language in LANGUAGES if language != feed.language]


def _add(parent: Element, tag: str, text: str = "", /, **attributes: str) -> Element:
    made = SubElement(parent, tag, attributes)
    made.text = text or None
    return made


def _xml(root: Element) -> bytes:
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode").encode()


def _moment(at: datetime) -> str:
    """RFC 3339 in UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _atom(feed: Feed) -> bytes:
    root = Element("feed", {"xmlns": ATOM, "xml:lang": feed.language})
    _add(root, "id", _self(feed, "atom"))
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.about)
    _add(root, "updated", _moment(feed.updated_at))
    _add(root, "link", rel="self", type=KINDS["atom"], href=_self(feed, "atom"))
    _add(root, "link", rel="alternate", type="text/html", href=feed.url)
    for language in _others(feed):
        _add(root, "link", rel="alternate", type=KINDS["atom"], hreflang=language, href=_self(feed, "atom", language))
    author = _add(root, "author")
    _add(author, "name", feed.house)
    _add(author, "uri", feed.url)
    for one in feed.entries:
        _atom_entry(root, one, feed.language)
    return _xml(root)


def _atom_entry(root: Element, one: Entry, language: str) -> None:
    made = _add(root, "entry")
    _add(made, "id", one.id)
    _add(made, "title", one.title)
    _add(made, "published", _moment(one.published_at))
    _add(made, "updated", _moment(one.updated_at))
    _add(made, "link", rel="alternate", type="text/html", href=one.url)
    for file in one.files:
        _add(made, "link", rel="enclosure", type=file.content_type, length=str(file.size), href=entries.address(file))
    _add(made, "content", entries.html(one, language), type="html", **{"xml:lang": one.language})


def _rss(feed: Feed) -> bytes:
    root = Element("rss", {"version": "2.0", "xmlns:atom": ATOM})
    channel = _add(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.url)
    _add(channel, "description", feed.about)
    _add(channel, "language", feed.language)
    _add(channel, "lastBuildDate", format_datetime(feed.updated_at.astimezone(UTC)))
    _add(channel, "ttl", TTL_MIN)
    _add(channel, "atom:link", rel="self", type=KINDS["rss"], href=_self(feed, "rss"))
    for one in feed.entries:
        item = _add(channel, "item")
        _add(item, "title", one.title)
        _add(item, "link", one.url)
        _add(item, "guid", one.id, isPermaLink="false")
        _add(item, "pubDate", format_datetime(one.published_at.astimezone(UTC)))
        _add(item, "description", entries.html(one, feed.language))
    return _xml(root)


def _json(feed: Feed) -> bytes:
    body = {
        "version": "https://jsonfeed.org/version/1.1", "title": feed.title, "description": feed.about,
        "home_page_url": feed.url, "feed_url": _self(feed, "json"), "language": feed.language,
        "authors": [{"name": feed.house, "url": feed.url}],
        "items": [_item(one, feed.language) for one in feed.entries],
    }  # fmt: skip
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _item(one: Entry, language: str) -> dict[str, Any]:
    """`_tomei` is ours: what a program wants to know without reading the words."""
    files = [
        {"url": entries.address(file), "mime_type": file.content_type, "title": file.name, "size_in_bytes": file.size}
        for file in one.files
    ]
    return {
        "id": one.id, "url": one.url, "title": one.title, "language": one.language,
        "content_html": entries.html(one, language), "content_text": "\n\n".join(one.lines),
        "date_published": _moment(one.published_at), "date_modified": _moment(one.updated_at),
        **({"attachments": files} if files else {}),
        "_tomei": {
            "next_update_at": _moment(one.next_at) if one.next_at else None,
            "corrects": one.corrects or None, "replaced_by": one.replaced_by or None,
        },
    }  # fmt: skip


_FORMS: dict[str, Callable[[Feed], bytes]] = {"atom": _atom, "rss": _rss, "json": _json}
