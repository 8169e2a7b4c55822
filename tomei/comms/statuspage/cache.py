"""Bytes per path and language: in memory of every process, and on disk for when the database is away."""

from __future__ import annotations

import gzip
import logging
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html import escape
from threading import Event, Lock, Thread
from urllib.parse import parse_qs

from django.db import Error as DatabaseError
from django.db import connection

from tomei.comms.statuspage import addresses, calendar, disk, endpoints, feeds, html, summary, work
from tomei.comms.statuspage.addresses import SUMMARY as SUMMARY
from tomei.comms.statuspage.page import PageView, build, build_month, build_one, build_work
from tomei.customers import queries as customers
from tomei.kernel import time
from tomei.kernel.ids import digest
from tomei.kernel.text import LANGUAGES
from tomei.ui import moments

STALE = timedelta(seconds=60)  # older than this it is rendered anew behind the reader's back: uptime moves on
OLD = timedelta(minutes=5)  # older than this, and rendering does not come to an end: the page says as of when it speaks
PATIENCE_S = 5.0
RARE = 200  # pages of old incidents and months that are kept, each language by itself
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
Answer = tuple[int, dict[str, str], bytes]
log = logging.getLogger("tomei.status")


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer ready to go, plain and compressed."""

    body: bytes
    packed: bytes
    etag: str
    kind: str

    @property
    def is_page(self) -> bool:
        return self.kind.startswith("text/html")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything rendered at one moment. `page` is None for what was read back from disk."""

    made_at: datetime
    zone: str
    language: str
    page: PageView | None
    kept: dict[tuple[str, str], Kept] = field(default_factory=dict)
    rare: dict[tuple[str, str], Kept] = field(default_factory=dict)  # the oldest goes when there are too many
    away: bool = False


_lock = Lock()
_shelf: Shelf | None = None
_asking_since: float | None = None  # since when a thread renders anew


def render(page: PageView, path: str, language: str) -> bytes | None:
    """The bytes of one address; None when there is no such page for the public."""
    month, key, feed = addresses.month_of(path), addresses.incident_of(path), addresses.feed_of(path)
    if month is not None:
        return html.render(page, language, history=True, month=month)
    if path in endpoints.BY_ADDRESS:
        return endpoints.BY_ADDRESS[path](page)
    if feed is not None:
        return feeds.render(page, language, *feed)
    if path == addresses.WORK:
        return work.render(page, language)
    if path == addresses.CALENDAR:
        return calendar.render(page, language)
    if addresses.maintenance_of(path):
        return html.render(page, language, work=addresses.maintenance_of(path))
    if path in ("/status/", "/status/history/"):
        return html.render(page, language, history=path.endswith("history/"))
    return html.render(page, language, key=key) if key else None


def refresh(now: datetime | None = None) -> bool:
    """Render what people look at anew and keep it; False when the database is away, and the old bytes stay."""
    global _shelf
    now = now or time.now()
    try:
        page = build(now)
    except DatabaseError:
        with _lock:
            _shelf = replace(_shelf, away=True) if _shelf else _shelf
        return False
    fresh = Shelf(now, page.zone, page.language, page)
    paths = ["/status/", "/status/history/", *(f"/status/incidents/{one.key}/" for one in page.current)]
    paths += [one.path for one in page.planned]
    for path in (*paths, addresses.WORK, addresses.CALENDAR, *addresses.FEEDS, *addresses.ENDPOINTS):
        for language in LANGUAGES:
            _keep(fresh, path, language)
    bodies = {key: kept.body for key, kept in fresh.kept.items()}
    with _lock:
        _shelf = fresh
    disk.store(fresh.made_at, fresh.zone, fresh.language, bodies)
    return True


def has(component: str) -> bool:
    """Does the public know this component, by its slug or by the id in the JSON? True while nobody can tell."""
    try:
        return any(component in (one.slug, summary.component_id(one.id)) for one in customers.public_components())
    except DatabaseError:
        return True


def _keep(shelf: Shelf, path: str, language: str) -> Kept | None:
    """Render one page of this shelf, once."""
    key = (path, addresses.language_of(path, language))
    if key not in shelf.kept and shelf.page is not None and "?" not in path:
        body = render(shelf.page, path, key[1])
        if body is not None:
            shelf.kept[key] = _ready(body, path)
    return shelf.kept.get(key)


def _ready(body: bytes, path: str) -> Kept:
    # mtime 0: the same page is the same bytes in every process
    return Kept(body, gzip.compress(body, 6, mtime=0), f'"{digest(body.decode())[:20]}"', addresses.kind_of(path))


def cached(
    path: str, query: str, accept_language: str, *, if_none_match: str = "", accept_encoding: str = ""
) -> Answer | None:
    """The answer from memory, else from disk; None when nothing is known of this address (Django answers then).

    Never asks the database: a past incident's page is rendered from the views in memory.
    """
    shelf = _shelf or _from_disk()
    if shelf is None:
        return None
    now = time.now()
    if now - shelf.made_at > STALE:
        _renew()
    language = chosen(query, accept_language, shelf.language)
    address = addresses.whole(path, query)
    kept = _keep(shelf, address, language) or shelf.rare.get((address, language))
    if kept is None:
        return None
    if kept.is_page and (shelf.away or shelf.page is None or (now - shelf.made_at > OLD and _stuck())):
        kept = _as_of(kept, shelf, language, address, now)
    return _answer(kept, language, if_none_match, accept_encoding)


def rare(path: str, query: str, accept_language: str, now: datetime, *, if_none_match: str = "") -> Answer | None:
    """What is not in memory: one incident of any age, or a month, read from the database and kept for a while.

    None when the public knows no such page: nothing is kept of those. Without the database it is what memory has.
    """
    address = addresses.whole(path, query)
    try:
        page = _small(path, address, now)
    except DatabaseError:
        return cached(path, query, accept_language, if_none_match=if_none_match)
    if page is None:
        return None
    language = chosen(query, accept_language, page.language)
    body = render(page, address, language)
    if body is None:
        return None
    kept = _ready(body, path)
    if _shelf is not None:
        _put(_shelf, (address, language), kept)
    return _answer(kept, language, if_none_match, "")


def _small(path: str, address: str, now: datetime) -> PageView | None:
    """A page of what this address is about alone."""
    key, planned, month = addresses.incident_of(path), addresses.maintenance_of(path), addresses.month_of(address)
    if key or planned:
        return build_one(key, now) if key else build_work(planned, now)
    return build_month(month, now) if month else None


def _put(shelf: Shelf, key: tuple[str, str], kept: Kept) -> None:
    with _lock:
        while len(shelf.rare) >= RARE:
            del shelf.rare[next(iter(shelf.rare))]
        shelf.rare[key] = kept


def _renew() -> None:
    """Render anew in a thread, one at a time, and not at once again after it failed."""
    global _asking_since
    with _lock:
        if _asking_since is not None:
            return
        _asking_since = time.monotonic()
    Thread(target=_renewed, name="tomei-status", daemon=True).start()


def _renewed() -> None:
    global _asking_since
    try:
        if not refresh():
            Event().wait(PATIENCE_S)
    except Exception:
        log.exception("the status page could not be rendered")
        Event().wait(PATIENCE_S)
    finally:
        connection.close()
        _asking_since = None


def _stuck() -> bool:
    return _asking_since is not None and time.monotonic() - _asking_since > PATIENCE_S


def _answer(kept: Kept, language: str, if_none_match: str, accept_encoding: str) -> Answer:
    headers = {
        "Content-Type": kept.kind, "ETag": kept.etag, "Cache-Control": "public, max-age=5",
        "Vary": "Accept-Language, Accept-Encoding", "Content-Language": language, "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
    }  # fmt: skip
    if not kept.is_page:
        headers["Access-Control-Allow-Origin"] = "*"
    if kept.etag in [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]:
        return 304, headers, b""
    if "gzip" in accept_encoding.lower():
        headers["Content-Encoding"] = "gzip"
        return 200, headers, kept.packed
    return 200, headers, kept.body


def chosen(query: str, accept_language: str, default: str) -> str:
    """`?lang=`, else the first of the reader's languages that we speak, else the house's."""
    asked = parse_qs(query).get("lang", [""])[-1] if "lang=" in query else ""
    if asked in LANGUAGES:
        return asked
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept_language[:500].split(",")):
        name, _, weight = part.strip().lower().partition(";q=")
        try:
            quality = float(weight or 1)
        except ValueError:
            quality = 0.0
        if name[:2] in LANGUAGES and (len(name) == 2 or name[2] == "-") and quality > 0:
            ranked.append((-quality, place, name[:2]))
    return min(ranked)[2] if ranked else default


def _as_of(kept: Kept, shelf: Shelf, language: str, path: str, now: datetime) -> Kept:
    """The same page with a line that says when this was true; made once, since now everybody asks."""
    key = (f"as of {path}", language)
    if key in shelf.rare:
        return shelf.rare[key]
    at = escape(moments.near(shelf.made_at, shelf.zone, language, now))
    said = (
        f"{at} 現在の内容です。最新の状態を読めていません。"
        if language == "ja"
        else f"As of {at}. The newest state cannot be read."
    )
    line = f'<p class="note" role="status"><b>{said}</b></p>'
    marked = _ready(kept.body.replace(html.AS_OF.encode(), line.encode()), path)
    _put(shelf, key, marked)
    return marked


def _from_disk() -> Shelf | None:
    """What an earlier process left, when this one has never reached the database."""
    global _shelf
    left = disk.load()
    if left is None:
        return None
    found = Shelf(left.made_at, left.zone, left.language, None, away=True)
    for key, body in left.bodies.items():
        found.kept[key] = _ready(body, key[0])
    with _lock:
        _shelf = _shelf or found
    return _shelf


def forget() -> None:
    """Empty the memory of this process (tests, and a process that is about to serve another folder)."""
    global _shelf
    with _lock:
        _shelf = None
