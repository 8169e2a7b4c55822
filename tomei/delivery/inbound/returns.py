"""Our own return address: `bounces+<token>@domain`, one per message, which nobody else can make up.

The token is the number of the message and a mark by the key file, in lower case: servers on the way may fold the case
of what stands before the @.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable

from tomei.accounts import vault

_TOKEN = re.compile(r"\+([0-9]{1,18})-([0-9a-f]{24})@")


def address(base: str, message_id: int) -> str:
    """The return address of this message, or nothing where none is set."""
    local, at, domain = base.rpartition("@")
    return f"{local}+{message_id}-{_mark(message_id)}@{domain}" if at else ""


def token_in(recipients: Iterable[str]) -> str:
    """The first thing that looks like our token, unchecked."""
    for text in recipients:
        match = _TOKEN.search(text.lower())
        if match:
            return f"{match[1]}-{match[2]}"
    return ""


def message_of(token: str) -> int | None:
    """The number of the message that this token was made for; None for one that we did not make."""
    number, _dash, mark = token.partition("-")
    if not number.isdecimal() or not hmac.compare_digest(mark.encode(), _mark(int(number)).encode()):
        return None
    return int(number)


def _mark(message_id: int) -> str:
    return vault.mark(f"return-path:{message_id}")[:24]
