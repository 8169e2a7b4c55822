"""What lies in an archive, by name and size. Nothing is ever unpacked; everything is bounded."""

from __future__ import annotations

import struct
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

MOST = 1000  # members listed
MOST_READ = 100_000  # members counted
MOST_BYTES = 4 * 1024**3  # bytes run through to find the members of a compressed tar
_NAME = 300


def listing(path: str, kind: str) -> dict[str, Any] | None:
    """`members` [name, size, warning], `count`, `more` (not all were counted); None for what is no archive.

    A gzip that is no tar is listed as one member of unknown size.
    """
    try:
        if kind == "application/zip":
            return _zip(path)
        if kind in ("application/x-tar", "application/gzip"):
            return _tar(path, kind)
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, ValueError, struct.error, zlib.error,
            OverflowError, RuntimeError):  # fmt: skip
        return {"members": [], "count": 0, "more": True}
    return None


def _warning(name: str) -> str:
    """What would go wrong for who unpacks it without care."""
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or (len(name) > 1 and name[1] == ":"):
        return "absolute"
    return "outside" if ".." in parts else ""


def _row(name: str, size: int, packed: int | None = None) -> list[Any]:
    warning = _warning(name)
    if not warning and packed is not None and size > 100 * 1024**2 and size > 1000 * max(packed, 1):
        warning = "bomb"
    return [name.replace("\x00", "").encode("utf-8", "replace").decode()[:_NAME], size, warning]


def _zip(path: str) -> dict[str, Any]:
    """The size of the directory is looked at before it is read: it alone may be made to fill the memory."""
    with Path(path).open("rb") as file:
        end = zipfile._EndRecData(file)  # type: ignore[attr-defined] # nothing public tells it without reading all
    if end is None:
        raise zipfile.BadZipFile
    count = int(end[3])
    if count > MOST_READ or int(end[5]) > 64 * 1024**2:
        return {"members": [], "count": count, "more": True}
    with zipfile.ZipFile(path) as archive:
        found = archive.infolist()
        rows = [_row(one.filename, one.file_size, one.compress_size) for one in found[:MOST]]
    return {"members": rows, "count": len(found), "more": False}


def _tar(path: str, kind: str) -> dict[str, Any]:
    rows: list[list[Any]] = []
    count, more = 0, False
    try:
        with tarfile.open(path, "r|gz" if kind == "application/gzip" else "r|") as archive:
            for one in archive:
                count += 1
                if count > MOST_READ or archive.offset > MOST_BYTES or one.offset_data + one.size > MOST_BYTES:
                    more = True
                    break
                if len(rows) < MOST:
                    link = " -> " + one.linkname if one.issym() or one.islnk() else ""
                    rows.append(_row(one.name + link, one.size))
                archive.members = []  # type: ignore[attr-defined] # it keeps all it has seen
    except tarfile.ReadError:
        if not count and kind == "application/gzip":
            return {"members": [], "count": 1, "more": True}
        more = True
    return {"members": rows, "count": count, "more": more}
