"""The parts of an update (3.1), in the order in which a reader needs them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tomei.kernel.errors import Refused
from tomei.kernel.text import LANGUAGES, Text

TOLD = ("effect", "scope", "known", "tried", "done", "doing", "ask", "workaround")
PARTS = (*TOLD, "internal")  # `internal` never leaves the house
LONGEST = 5_000


def check_parts(parts: Mapping[str, Text], *, kind: str, first: bool) -> None:
    """Refuses `update.unknown_part`, `update.too_long`, `update.empty`, `update.no_effect` and `update.no_tried`.

    An update says at least what it means for the customer or what changed; the very first one may say that alone.
    """
    for name, text in parts.items():
        if name not in PARTS:
            raise Refused("update.unknown_part", part=name[:40])
        for language in LANGUAGES:
            length = len(getattr(text, language))
            if length > LONGEST:
                raise Refused("update.too_long", part=name, language=language, length=length, limit=LONGEST)
    told = {name for name, text in parts.items() if text and name in TOLD}
    if kind == "heartbeat":
        if "tried" not in told:
            raise Refused("update.no_tried")
    elif not told:
        raise Refused("update.empty")
    elif first and not told & {"effect", "scope", "known", "doing"}:
        raise Refused("update.no_effect")


def languages_of(parts: Mapping[str, Text]) -> tuple[str, ...]:
    """The languages in which every told part stands; refuses `update.half_translated` when there is none."""
    told = [parts[name] for name in parts if name in TOLD and parts[name]]
    whole = tuple(language for language in LANGUAGES if all(getattr(text, language).strip() for text in told))
    if not whole:
        raise Refused("update.half_translated")
    return whole


def missing_language(languages: Iterable[str]) -> str:
    """The language that becomes a promise, or empty when both are there."""
    return next((language for language in LANGUAGES if language not in set(languages)), "")


def body_of(parts: Mapping[str, Text], language: str, names: Iterable[str] = TOLD) -> str:
    """The update as one text in one language, as the guards and the timeline read it."""
    return "\n".join(
        getattr(parts[name], language).strip()
        for name in names
        if name in parts and getattr(parts[name], language).strip()
    )
