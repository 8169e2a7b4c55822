"""What a reader asked for in the address: `?kind=next_update&customer=3&team=1&period=30d&state=late&mine=1`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from urllib.parse import urlencode

from tomei.kernel.actor import Actor
from tomei.promises import rules
from tomei.promises.queries import Filters
from tomei.promises.rules.period import Period, period

ENDED = ("kept", "late", "missed", "withdrawn")
BROKEN = ("late", "missed")


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters as given, and the same as an address."""

    filters: Filters
    period: Period
    given: Mapping[str, str]

    def address(self, path: str, **more: str) -> str:
        query = {name: value for name, value in {**self.given, **more}.items() if value}
        return f"{path}?{urlencode(query)}" if query else path

    @property
    def always(self) -> Filters:
        """The same question without the period: what is owed now is owed whenever it falls due."""
        return replace(self.filters, start=None, end=None)


def with_states(filters: Filters, states: tuple[str, ...]) -> Filters:
    return replace(filters, states=states)


def asked(given: Mapping[str, str], *, by: Actor, now: datetime, zone: tzinfo) -> Asked:
    """Read the address; what cannot be read asks for nothing in particular, so that a link never breaks."""
    chosen = period(given.get("period", ""), now, zone)
    kind, state = given.get("kind", ""), given.get("state", "")
    filters = Filters(
        kind=kind if kind in rules.KINDS else None,
        customer_id=_number(given.get("customer", "")),
        team_id=_number(given.get("team", "")),
        owner_id=by.user_id if given.get("mine") == "1" else None,
        incident_id=_number(given.get("incident", "")),
        states=(state,) if state in ENDED else (),
        start=chosen.start,
        end=chosen.end,
    )
    echoed = {
        "kind": filters.kind or "", "customer": str(filters.customer_id or ""), "team": str(filters.team_id or ""),
        "incident": str(filters.incident_id or ""), "mine": "1" if filters.owner_id else "",
        "state": state if filters.states else "", "period": chosen.name if given.get("period") else "",
    }  # fmt: skip
    return Asked(filters, chosen, echoed)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 19 else None
