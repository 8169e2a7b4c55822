"""Who hears an update, and which parts each audience sees."""

from __future__ import annotations

from collections.abc import Iterable

from tomei.comms.rules.parts import PARTS
from tomei.kernel.errors import Refused

AUDIENCES = ("public", "affected", "internal", "executives")  # and customer:<id>
OUTSIDE = ("public", "affected", "executives")
_SHOWN = {
    "public": ("effect", "scope", "known", "tried", "done", "doing", "workaround"),
    "affected": ("effect", "scope", "known", "tried", "done", "doing", "ask", "workaround"),
    "executives": ("effect", "doing"),
    "internal": PARTS,
}


def organisation_of(audience: str) -> int | None:
    """7 for `customer:7`, None for every other audience."""
    kind, _, number = audience.partition(":")
    return int(number) if kind == "customer" and number.isascii() and number.isdigit() and len(number) < 18 else None


def is_known(audience: str) -> bool:
    return audience in AUDIENCES or organisation_of(audience) is not None


def shown_parts(audience: str) -> tuple[str, ...]:
    return _SHOWN.get(audience, _SHOWN["affected"])


def check_audiences(audiences: Iterable[str], *, restricted: bool, affected: Iterable[int]) -> None:
    """Refuses `update.no_audience`, `update.unknown_audience`, `update.restricted_public` and `update.not_affected`."""
    wanted, hurt = list(audiences), set(affected)
    if not wanted:
        raise Refused("update.no_audience")
    for audience in wanted:
        if not is_known(audience):
            raise Refused("update.unknown_audience", audience=audience[:40])
        organisation_id = organisation_of(audience)
        if organisation_id is not None and organisation_id not in hurt:
            raise Refused("update.not_affected", organisation=organisation_id)
    if restricted and "public" in wanted:
        raise Refused("update.restricted_public")


def audiences_for(kind: str, wanted: Iterable[str], told_before: Iterable[str]) -> tuple[str, ...]:
    """Recovery goes also wherever we told before; a dismissal only there, and inside the house."""
    before = list(dict.fromkeys(told_before))
    if kind == "recovery":
        return tuple(dict.fromkeys([*wanted, *before]))
    if kind == "dismissal":
        return tuple(dict.fromkeys([*before, "internal"]))
    return tuple(dict.fromkeys(wanted))
