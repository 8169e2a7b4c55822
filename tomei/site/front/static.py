"""Static files from memory, through whitenoise's file table, with compressed variants made once."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise import WhiteNoise  # type: ignore[import-untyped]

from tomei.site.front.answers import Answer, Headers, Scope, header

COMPRESSED = ("text/", "application/json", "application/javascript", "image/svg", "application/manifest")
FOREVER = b"public, max-age=31536000, immutable"
AGAIN = b"public, no-cache"  # kept, but asked for anew: answered 304 while nothing changed
KEPT = 16 * 1024 * 1024  # in memory at most; what is beyond is read from disk each time


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it is sent."""

    headers: Headers
    plain: bytes
    packed: bytes | None
    tag: str


class Table:
    """`answer(scope)` for a path under `prefix`; None when no such file was there at the start."""

    def __init__(self, root: Path, prefix: str = "/static/") -> None:
        self._table = WhiteNoise(None, max_age=None)
        if root.is_dir():
            self._table.add_files(str(root), prefix)
        self._kept: dict[str, Kept] = {}
        self._size = 0

    def answer(self, scope: Scope) -> Answer | None:
        found = self._table.files.get(scope["path"])
        if found is None or scope["method"] not in ("GET", "HEAD"):
            return None
        kept = self._kept.get(scope["path"]) or self._load(scope["path"], found)
        if kept.tag in header(scope["headers"], b"if-none-match"):
            return Answer(304, self._headers(kept, scope))
        if kept.packed is not None and "gzip" in header(scope["headers"], b"accept-encoding"):
            return Answer(200, [*self._headers(kept, scope), (b"content-encoding", b"gzip")], kept.packed)
        return Answer(200, self._headers(kept, scope), kept.plain)

    def _headers(self, kept: Kept, scope: Scope) -> Headers:
        version = parse_qs(scope["query_string"].decode("latin-1")).get("v", [""])[0]
        return [*kept.headers, (b"cache-control", FOREVER if version == kept.tag else AGAIN)]

    def _load(self, path: str, found: Any) -> Kept:
        place, headers = found.get_path_and_headers({})
        plain = Path(place).read_bytes()
        kind = dict(headers).get("Content-Type", "application/octet-stream")
        packed = gzip.compress(plain, 9) if kind.startswith(COMPRESSED) and len(plain) > 500 else None
        tag = digest(plain)
        sent: Headers = [(b"content-type", kind.encode("latin-1")), (b"etag", f'"{tag}"'.encode())]
        if packed is not None:
            sent.append((b"vary", b"accept-encoding"))
        kept = Kept(sent, plain, packed, tag)
        if self._size + len(plain) <= KEPT:
            self._size += len(plain)
            self._kept[path] = kept
        return kept


class VersionedStorage(StaticFilesStorage):
    """Adds `?v=<hash>` to the address of a static file, so that it may be kept for ever and still changes at once."""

    def url(self, name: str | None) -> str:
        address: str = super().url(name)
        version = _version(str(name)) if name else ""
        return f"{address}?v={version}" if version else address


@cache
def _version(name: str) -> str:
    place = Path(settings.STATIC_ROOT) / name
    if not place.is_file():
        found = finders.find(name)
        if not isinstance(found, str):
            return ""
        place = Path(found)
    return digest(place.read_bytes())
