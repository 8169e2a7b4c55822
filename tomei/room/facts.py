"""What the pages of the room get to know of who reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tomei.accounts import rights
from tomei.customers.facts import ContactFacts, OrganisationFacts
from tomei.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Guest:
    """A contact who is signed in. `others` says whether the same person is a contact of another organisation too."""

    contact: ContactFacts
    organisation: OrganisationFacts
    device_id: int | None = None  # none behind a feed key
    others: bool = False

    @property
    def actor(self) -> Actor:
        return Actor(
            "contact", self.contact.id, self.contact.name, self.organisation.id,
            rights=rights.of_contact(self.contact.room_role),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entered:
    """What a sign-in came to: the secret for the cookie, until when, and where to go."""

    secret: str
    ends_at: datetime
    kept: bool
    next: str


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    id: int
    name: str
    made_at: datetime
    last_seen_at: datetime
    ends_at: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """A feed key of the reader, with the beginning of every address that it opens."""

    id: int
    made_at: datetime
    place: str  # `/room/feed/<key>/`
