"""Names that people say aloud (`INC-12`) and secrets that nobody guesses."""

from __future__ import annotations

import hashlib
import re
import secrets

from tomei.kernel.errors import Missing

_KEY = re.compile(r"([A-Z]{2,8})-([1-9][0-9]{0,11})")


def key(prefix: str, number: int) -> str:
    """`key("INC", 12)` is `INC-12`."""
    return f"{prefix}-{number}"


def number(prefix: str, text: str) -> int:
    """`number("INC", "inc-12")` is 12; anything else is `Missing`, as if it were not there."""
    match = _KEY.fullmatch(text.strip().upper())
    if match is None or match[1] != prefix:
        raise Missing(text[:40])
    return int(match[2])


def secret(prefix: str, length: int = 32) -> str:
    """A new secret of `length` random bytes, with a prefix that tells what it opens (`tomei_…`)."""
    return f"{prefix}_{secrets.token_urlsafe(length)}"


def digest(text: str) -> str:
    """SHA-256 in hex: how secrets of full entropy are kept, so that a stolen table opens nothing."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
