"""The status page as a folder of files, for a disk, an object store or any web server: `tomei export status DIR`.

The folder is made beside the target and put in its place when it is whole, so a reader finds either the old page or the
new one. Links between files are relative. Feeds and JSON name the addresses under `TOMEI_URL`, as they do there.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape, unescape
from pathlib import Path, PurePosixPath
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders

from tomei.comms import queries
from tomei.comms.statuspage import addresses, cache, html
from tomei.comms.statuspage.page import PageView, build, build_month, build_work
from tomei.files import queries as files
from tomei.kernel import time
from tomei.kernel.text import LANGUAGES

MARK = ".tomei-status"  # stands in every folder that we wrote; only such a folder, or an empty one, is replaced
LOOK = ("ui/tokens.css", "ui/app.css", "ui/mark.svg")
_LINK = re.compile(r'\b(href|src)="(/[^"]*)"')
_FILE = re.compile(r"/status/files/([0-9]{1,19})/(.+)")
_PASSIVE = frozenset((".csv", ".gif", ".jpeg", ".jpg", ".json", ".log", ".pdf", ".png", ".txt", ".webp"))


class NotOurs(Exception):
    """The folder holds something else, and would be lost."""


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the folder now."""

    folder: Path
    files: int
    as_of: datetime


def write(target: Path, now: datetime) -> Written:
    """Put the whole page, its history, feeds and JSON at `target`; raises `NotOurs`, OSError or a database error."""
    target = target.resolve()
    _check(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        fresh.chmod(0o755)  # who serves the files is rarely who wrote them
        for name, body in _everything(build(now), now):
            place = fresh / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(body)
        count = sum(1 for one in fresh.rglob("*") if one.is_file())
        (fresh / MARK).write_text(f"{now.isoformat()}\n")
        _check(target)
        _put(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)  # the old folder by now, or what was begun
    return Written(target, count, now)


def _check(target: Path) -> None:
    if target.exists() and not (target.is_dir() and ((target / MARK).is_file() or not any(target.iterdir()))):
        raise NotOurs(str(target))


def _put(fresh: Path, target: Path) -> None:
    """Exchange the two folders in one step where the system can; else the target is away for a moment."""
    if not target.exists():
        fresh.rename(target)
    elif not _exchanged(fresh, target):
        aside = fresh.with_name(f"{fresh.name}.old")
        target.rename(aside)
        try:
            fresh.rename(target)
        except OSError:
            aside.rename(target)
            raise
        aside.rename(fresh)


def _exchanged(one: Path, other: Path) -> bool:
    """renameat2 with RENAME_EXCHANGE: Linux, and a file system that knows it."""
    call: Callable[..., int] | None = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return call is not None and call(-100, os.fsencode(one), -100, os.fsencode(other), 2) == 0


def _everything(page: PageView, now: datetime) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file."""
    for name in LOOK:
        found = finders.find(name)
        if isinstance(found, str):
            yield f"static/{name}", Path(found).read_bytes()
    for path in addresses.ENDPOINTS:
        yield place(path, "en"), _body(page, path, "en")
    months = [
        (f"/status/history/?month={name}", build_month(date.fromisoformat(f"{name}-01"), now))
        for name, _said in html.months(page, "en")
    ]
    for language in LANGUAGES:
        for path, body in _pages(page, months, language):
            name = place(path, language)
            yield name, (relative(body, name, language) if name.endswith(".html") else body)
    start = _body(page, "/status/", page.language)
    yield "index.html", relative(start, "index.html", page.language)
    yield from _files([page, *(shown for _path, shown in months)])


def _body(page: PageView, path: str, language: str) -> bytes:
    return cache.render(page, path, language) or b""


def _pages(page: PageView, months: Sequence[tuple[str, PageView]], language: str) -> Iterator[tuple[str, bytes]]:
    """Every address in one language, with its bytes: the page, feeds, each month, each incident of any age."""
    slugs = ["", *(one.slug for one in page.components)]
    feeds = [addresses.feed(slug, form) for slug in slugs for form in addresses.FEED_KINDS]
    for path in ("/status/", "/status/history/", addresses.WORK, addresses.CALENDAR, *feeds):
        body = cache.render(page, path, language)
        if body is not None:
            yield path, body
    seen = set()
    for path, shown in [("", page), *months]:
        if path:
            yield path, _body(shown, path, language)
        for work in shown.maintenances:
            if work.key not in seen:
                seen.add(work.key)
                whole = page if not path else build_work(work.key, page.now) or shown
                yield work.path, _body(whole, work.path, language)
        for one in (*shown.current, *shown.past):
            if one.key not in seen:
                seen.add(one.key)
                yield f"/status/incidents/{one.key}/", _body(shown, f"/status/incidents/{one.key}/", language)


def _files(told: Sequence[PageView]) -> Iterator[tuple[str, bytes]]:
    """What hangs on updates that the public may read, under names that no server takes for a page."""
    views = [view for shown in told for one in (*shown.current, *shown.past) for view in one.updates]
    wanted = {file.id: file for view in views if not view.corrected_by for file in view.files}
    for pk, found in files.files(wanted).items():
        body = files.content(found) if queries.is_published(found.about) else None
        if body is not None:
            yield place(wanted[pk].public_url, "en"), body


def place(url: str, language: str) -> str:
    """The file of an address; `?lang=` of the address goes before `language`. Empty for what is no part of the page."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    spoken = asked["lang"][-1] if asked.get("lang", [""])[-1] in LANGUAGES else language
    month, key, feed = asked.get("month", [""])[-1], addresses.incident_of(parts.path), addresses.feed_of(parts.path)
    file = _FILE.fullmatch(parts.path)
    if parts.path.startswith("/static/"):
        return parts.path[1:]
    if parts.path in addresses.ENDPOINTS:
        return parts.path.removeprefix("/status/")
    if file:
        suffix = PurePosixPath(file[2]).suffix.lower()
        return f"files/{file[1]}{suffix if suffix in _PASSIVE else '.bin'}"
    if feed:
        return f"{spoken}/components/{feed[0]}/feed.{feed[1]}" if feed[0] else f"{spoken}/feed.{feed[1]}"
    if key:
        return f"{spoken}/incidents/{key}.html"
    if addresses.maintenance_of(parts.path):
        return f"{spoken}/maintenances/{addresses.maintenance_of(parts.path)}.html"
    if parts.path == addresses.CALENDAR:
        return f"{spoken}/maintenance.ics"
    named = {"/status/": "index", "/status/history/": f"history-{month}" if month else "history",
             addresses.WORK: "how-we-work"}.get(parts.path, "")  # fmt: skip
    return f"{spoken}/{named}.html" if named else ""


def relative(body: bytes, name: str, language: str) -> bytes:
    """The page with every link as the way from the file `name`; what is no part of the page leads to `TOMEI_URL`."""
    here = PurePosixPath(name).parent

    def way(match: re.Match[str]) -> str:
        url = unescape(match[2])
        target = place(url, language)
        if not target:
            return f'{match[1]}="{escape(settings.TOMEI_URL + url)}"'
        mark = urlsplit(url).fragment
        return f'{match[1]}="{escape(os.path.relpath(target, here))}{f"#{escape(mark)}" if mark else ""}"'

    return _LINK.sub(way, body.decode()).encode()


def export(target: Path) -> Written:
    """As of this moment; for the command line, which has no clock of its own."""
    return write(target, time.now())
