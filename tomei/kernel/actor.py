"""Who acts. Made at the door and nowhere else (law 6)."""

from __future__ import annotations

from dataclasses import dataclass, field

from tomei.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Actor:
    """`kind` is user, contact, token, clock or source; `rights` are verbs of `accounts.rights`."""

    kind: str
    id: int | None = None
    name: str = ""
    organisation_id: int | None = None
    rights: frozenset[str] = field(default=frozenset())
    user_id: int | None = None  # the person behind a token; equals `id` for a user
    is_administrator: bool = False
    via: str = ""  # the tool outside through which a person speaks (slack); empty on our own pages

    def may(self, verb: str) -> bool:
        return verb in self.rights

    def require(self, verb: str) -> None:
        """Refuse `rights.missing` unless this actor may do `verb`."""
        if verb not in self.rights:
            raise Refused("rights.missing", verb=verb)


CLOCK = Actor("clock", name="clock")
