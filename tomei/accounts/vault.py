"""Secrets that must be read back, sealed with a key file outside the database (law 14). Exports leave them out."""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from tomei.kernel.errors import Refused

KEY_FILE = "secret-box.key"


def seal(text: str) -> str:
    """`text` as something that only the holder of the key file can open."""
    return _box(settings.DATA / KEY_FILE).encrypt(text.encode()).decode("ascii")


def open(sealed: str) -> str:  # the contract's name; nothing here opens files by it
    """What was sealed; refuses `vault.other_key` when the key file is not the one that sealed it."""
    try:
        return _box(settings.DATA / KEY_FILE).decrypt(sealed.encode()).decode()
    except (InvalidToken, ValueError) as error:
        raise Refused("vault.other_key", path=KEY_FILE) from error


def mark(text: str) -> str:
    """What only the holder of the key file can write under `text`: 64 hex digits, the same each time."""
    key = hashlib.sha256(b"mark:" + _key(settings.DATA / KEY_FILE)).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=4)
def _box(path: Path) -> Fernet:
    return Fernet(_key(path))


def _key(path: Path) -> bytes:
    """The key in `path`, made once with 0600. Written aside and linked: two processes at first start share one key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        half = path.with_name(f"{path.name}.{os.getpid()}")
        half.unlink(missing_ok=True)
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(Fernet.generate_key())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(half, path)  # refuses to replace a key that another process made meanwhile
        except FileExistsError:
            pass
        finally:
            half.unlink(missing_ok=True)
    return path.read_bytes().strip()
