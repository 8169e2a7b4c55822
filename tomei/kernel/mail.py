"""Which mail address can be sent to: one rule for whoever takes an address and whoever sends to it."""

from __future__ import annotations

import re

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def as_sent(address: str) -> str:
    """The address in the form that SMTP speaks (domain in ASCII), or nothing when no server would take it."""
    text = address.strip()
    local, at, domain = text.rpartition("@")
    if not at or len(text) > 254 or len(local) > 64 or not _LOCAL.fullmatch(local):
        return ""
    try:
        plain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    if len(plain) > 253 or not all(_LABEL.fullmatch(label) for label in plain.split(".")):
        return ""
    return f"{local}@{plain}"
