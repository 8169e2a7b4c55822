"""What may come in chunks, and which bytes a chunk is. Pure."""

from __future__ import annotations

import re
from datetime import timedelta

from tomei.kernel.errors import Refused

MIB = 1024 * 1024
GIB = 1024 * MIB
CHUNK = 8 * MIB
LIMIT = GIB
ABANDONED = timedelta(hours=24)
_DIGEST = re.compile(r"[0-9a-f]{64}")


def check_size(size: int) -> None:
    """Refuses `files.empty` and `upload.too_large`."""
    if size < 1:
        raise Refused("files.empty")
    if size > LIMIT:
        raise Refused("upload.too_large", limit=LIMIT // MIB)


def check_room(size: int, *, used: int, quota: int, free: int, coming: int, floor: int) -> None:
    """Refuses `upload.over_quota` and `upload.disk_low`. `coming` is what others declared and have not sent yet.

    Of the upload itself twice its size is wanted: once as it came, once as the masked copy.
    """
    if used + size > quota:
        raise Refused("upload.over_quota", used_mib=used // MIB, quota_mib=quota // MIB, size_mib=-(-size // MIB))
    if free - coming - 2 * size < floor:
        raise Refused("upload.disk_low")


def count(size: int) -> int:
    """How many chunks an upload of this size has."""
    return -(-size // CHUNK)


def length(size: int, number: int) -> int:
    """How many bytes chunk `number` (from 0) of an upload of `size` has; refuses `upload.no_such_chunk`."""
    if not 0 <= number < count(size):
        raise Refused("upload.no_such_chunk", number=number, most=count(size) - 1)
    return min(CHUNK, size - number * CHUNK)


def check_length(size: int, number: int, came: int) -> None:
    """Refuses `upload.wrong_length`: a chunk beyond the declared size, or one that is cut."""
    wanted = length(size, number)
    if came != wanted:
        raise Refused("upload.wrong_length", number=number, wanted=wanted, came=came)


def digest(text: str) -> str:
    """A SHA-256 in hex, in small letters; refuses `upload.no_hash`."""
    told = text.strip().lower()
    if not _DIGEST.fullmatch(told):
        raise Refused("upload.no_hash")
    return told
