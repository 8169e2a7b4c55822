"""Which sentence means which severity, and what a declaration must say. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text

TWIN = timedelta(minutes=30)  # so long a second declaration is probably the same failure
OLDEST = timedelta(days=366)
MOST_USERS = 100_000_000

# The matrix in the words of whoever stands still: they choose the sentence that is true.
TESTS: dict[Severity, Text] = {
    Severity.SEV1A: Text(
        "業務が止まっています。売上が立たない、生産や出荷ができない、または法令上の義務を果たせません。",
        "Our business stands still: we cannot sell, produce or ship, or cannot meet a duty by law.",
    ),
    Severity.SEV1B: Text(
        "重要な機能が多くの利用者で使えません。または、データが失われた、外に出たおそれがあります。",
        "A critical function is down for many of us, or data is lost or may have got out.",
    ),
    Severity.SEV2: Text(
        "主要な機能に支障があり、代わりの方法では足りません。",
        "A major function works badly, and what we can do instead is not enough.",
    ),
    Severity.SEV3: Text(
        "一部に支障がありますが、代わりの方法で業務を続けられます。",
        "A part works badly, but we can go on in another way.",
    ),
    Severity.SEV4: Text("小さな支障や気づきです。業務は続いています。", "Something small. Our business goes on."),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What the contact filled in. `lead_id` None: nobody was named."""

    words: str
    stop: str
    test: Severity
    began_at: datetime
    deadline_at: datetime | None = None
    users: int | None = None
    product_id: int | None = None
    component_id: int | None = None
    lead_id: int | None = None


def check(said: Said, now: datetime) -> None:
    """Refuses `time.in_future`, `declared.too_old`, `declared.deadline_before` and `declared.users`."""
    if said.began_at > now:
        raise Refused("time.in_future", at=said.began_at.isoformat(timespec="minutes"))
    if said.began_at < now - OLDEST:
        raise Refused("declared.too_old")
    if said.deadline_at is not None and said.deadline_at < said.began_at:
        raise Refused("declared.deadline_before")
    if said.users is not None and not 0 < said.users <= MOST_USERS:
        raise Refused("declared.users", most=MOST_USERS)


def contest(current: Severity, wanted: Severity, *, state: str, waiting: bool) -> None:
    """Whether the contact may contest now; refuses `declared.over`, `declared.contested_already`, `declared.same`."""
    if state not in ("open", "resumed"):
        raise Refused("declared.over")
    if waiting:
        raise Refused("declared.contested_already")
    if wanted is current:
        raise Refused("declared.same", severity=str(current))
