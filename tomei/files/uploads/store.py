"""Bytes that are not whole yet: `DATA/files/.uploads/<key>`, and `.coming-…` for a chunk that is on its way."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import time as clock_time

from django.conf import settings

from tomei.kernel.errors import Refused

PIECE = 256 * 1024
_STALE_S = 3600.0


@dataclass(frozen=True, slots=True)
class Came:
    """A chunk on the disk, beside its place, and what it hashes to."""

    place: Path
    digest: str
    size: int


def folder() -> Path:
    return Path(settings.DATA) / "files" / ".uploads"


def part(key: str) -> Path:
    return folder() / key


def masked(key: str) -> Path:
    return folder() / f"{key}.masked"


class Receiver:
    """Takes a chunk piece by piece, straight to the disk; `close` without `came` leaves nothing behind."""

    def __init__(self) -> None:
        folder().mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder(), prefix=".coming-")
        self._file, self._place = os.fdopen(handle, "wb", buffering=0), Path(name)
        self._sum, self.size = hashlib.sha256(), 0

    def write(self, piece: bytes) -> None:
        self._sum.update(piece)
        self.size += len(piece)
        view = memoryview(piece)
        while view:
            view = view[self._file.write(view) or 0 :]

    def came(self) -> Came:
        self._file.close()
        return Came(self._place, self._sum.hexdigest(), self.size)

    def drop(self) -> None:
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._place.unlink(missing_ok=True)


def receive(read: Callable[[int], bytes], most: int) -> Receiver:
    """A body that was not taken by the front; refuses `upload.wrong_length` as soon as it is longer than `most`."""
    taken = Receiver()
    try:
        while piece := read(PIECE):
            if taken.size + len(piece) > most:
                raise Refused("upload.wrong_length", number=0, wanted=most, came=taken.size + len(piece))
            taken.write(piece)
    except BaseException:
        taken.drop()
        raise
    return taken


def place(key: str, came: Came, offset: int) -> None:
    """Put the bytes of a chunk at its place and wait until they are on the disk."""
    with came.place.open("rb") as source:
        handle = os.open(part(key), os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            while piece := source.read(PIECE):
                offset += os.pwrite(handle, piece, offset)
            os.fsync(handle)
        finally:
            os.close(handle)
    _sync(folder())


def _sync(directory: Path) -> None:
    """The name too is on the disk before a row says so."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def keep(held: Path, target: Path) -> None:
    """The same bytes under a second name. A second time is no fault, so a killed run may be run again."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.link(held, target)
    _sync(target.parent)


def free() -> int:
    """Bytes that are free on the disk of the data folder."""
    root = Path(settings.DATA)
    root.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(root).free


def forget(key: str) -> None:
    for gone in (part(key), masked(key)):
        with suppress(OSError):
            gone.unlink(missing_ok=True)


def sweep() -> None:
    """Chunks that were on their way when the house was killed."""
    with suppress(FileNotFoundError):
        for one in folder().glob(".coming-*"):
            with suppress(OSError):
                if one.stat().st_mtime < clock_time() - _STALE_S:
                    one.unlink()
