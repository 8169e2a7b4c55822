"""The bytes on disk: what a process serves that has never reached the database."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from tomei.comms.statuspage import addresses
from tomei.kernel.text import LANGUAGES

Bodies = Mapping[tuple[str, str], bytes]  # by address and language


@dataclass(frozen=True, slots=True)
class Found:
    """What an earlier process left."""

    made_at: datetime
    zone: str
    language: str
    bodies: Bodies


def folder() -> Path:
    return Path(settings.DATA) / "status"


def store(made_at: datetime, zone: str, language: str, bodies: Bodies) -> None:
    """Each file is replaced whole; the moment stands beside them. A full disk does not stop the page in memory."""
    try:
        place = folder()
        place.mkdir(parents=True, exist_ok=True)
        for (path, spoken), body in bodies.items():
            replace(place / _name(path, spoken), body)
        replace(place / "as-of.txt", f"{made_at.isoformat()}\n{zone}\n{language}\n".encode())
    except OSError:
        return


def replace(target: Path, body: bytes) -> None:
    """The file has either its old bytes or all of the new ones."""
    draft = target.with_name(f".{target.name}.{os.getpid()}.{threading.get_ident()}")
    draft.write_bytes(body)
    draft.replace(target)


def load() -> Found | None:
    """None when nothing is there, or nothing that can be read."""
    try:
        made, zone, language = (folder() / "as-of.txt").read_text().split("\n")[:3]
        bodies = {key: file.read_bytes() for file in folder().glob("status*") for key in _keys(file.name)}
        return Found(datetime.fromisoformat(made), zone, language, bodies)
    except (OSError, ValueError):
        return None


def _slug(path: str) -> str:
    return path.strip("/").replace("/", "_") or "status"


def _name(path: str, language: str) -> str:
    if path in addresses.ENDPOINTS:
        return _slug(path)
    return f"{_slug(path)}.{language}" + ("" if addresses.feed_of(path) else ".html")


_FIXED = {_name(path, "en"): path for path in addresses.ENDPOINTS}
_FEEDS = {_slug(path): path for path in addresses.FEEDS}


def _keys(name: str) -> list[tuple[str, str]]:
    """The address that a file answers; `status_incidents_INC-12.ja.html` is `/status/incidents/INC-12/`."""
    if name in _FIXED:
        return [(_FIXED[name], "en")]
    slug, _, language = name.removesuffix(".html").rpartition(".")
    if language not in LANGUAGES or (not name.endswith(".html") and slug not in _FEEDS):
        return []
    return [(_FEEDS.get(slug) or "/" + slug.replace("_", "/") + "/", language)]
