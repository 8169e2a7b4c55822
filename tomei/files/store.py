"""Where the bytes lie: `DATA/files/<first two of the hash>/<sha256>`, written whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tomei.files import rules
from tomei.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Kept:
    digest: str
    size: int
    head: bytes


def path(digest: str) -> Path:
    """Where the bytes of this hash lie, absolute."""
    return Path(settings.DATA) / "files" / digest[:2] / digest


def keep(chunks: Iterable[bytes], *, judge: Callable[[bytes], object]) -> Kept:
    """Write the bytes and return their hash. Refuses `files.too_large`, `files.empty` and `files.disk_full`, and what
    `judge`, given the first bytes, refuses.

    Nothing is left behind by a refusal: the bytes go to a temporary file beside their place, are synced, and then
    take their name in one step. The same bytes again change nothing.
    """
    folder = Path(settings.DATA) / "files"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=".coming-")
    except OSError as error:
        raise _full(error) from error
    try:
        with os.fdopen(handle, "wb") as file:
            kept = _write(chunks, file.write)
            file.flush()
            os.fsync(file.fileno())
        judge(kept.head)
        _name(Path(name), path(kept.digest))
    except OSError as error:
        raise _full(error) from error
    finally:
        with suppress(OSError):
            Path(name).unlink(missing_ok=True)
    return kept


def _write(chunks: Iterable[bytes], write: Callable[[bytes], object]) -> Kept:
    sum_, size, head = hashlib.sha256(), 0, b""
    for chunk in chunks:
        size += len(chunk)
        if size > rules.LIMIT:
            raise Refused("files.too_large", limit=rules.LIMIT // (1024 * 1024))
        if len(head) < rules.HEAD:
            head = (head + chunk)[: rules.HEAD]
        sum_.update(chunk)
        write(chunk)
    if not size:
        raise Refused("files.empty")
    return Kept(sum_.hexdigest(), size, head)


def _name(coming: Path, place: Path) -> None:
    place.parent.mkdir(exist_ok=True)
    if not place.exists():
        coming.replace(place)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # the name is on the disk too before a row points at it
        finally:
            os.close(folder)


def _full(error: OSError) -> Exception:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Refused("files.disk_full")
    return error
