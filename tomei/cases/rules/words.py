"""Text as people and machines send it: measured, readable, never cut in silence."""

from __future__ import annotations

from typing import Any

from tomei.kernel.errors import Refused
from tomei.kernel.text import Text

LINE, BODY = 300, 20_000


def line(text: Any, *, field: str, limit: int = LINE, needed: bool = False) -> str:
    """One line: line breaks become spaces. Refuses `field.missing`, `field.too_long`, `field.control_characters`."""
    return " ".join(body(text, field=field, limit=limit, needed=needed).split())


def body(text: Any, *, field: str, limit: int = BODY, needed: bool = False) -> str:
    """Text of several lines, without what no database keeps (NUL, lone halves of a character)."""
    if not isinstance(text, str):
        raise Refused("field.control_characters", field=field)
    kept = text.replace("\r\n", "\n").strip()
    if "\x00" in kept or any("\ud800" <= char <= "\udfff" for char in kept):
        raise Refused("field.control_characters", field=field)
    if needed and not kept:
        raise Refused("field.missing", field=field)
    if len(kept) > limit:
        raise Refused("field.too_long", field=field, length=len(kept), most=limit)
    return kept


def title(text: Text) -> Text:
    """A title in at least one language."""
    kept = Text(ja=line(text.ja, field="title"), en=line(text.en, field="title"))
    if not kept:
        raise Refused("field.missing", field="title")
    return kept
