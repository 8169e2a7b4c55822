"""An endpoint as pages and other features see one: never its address or its secrets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tomei.delivery.endpoints import rules
from tomei.delivery.models import Endpoint


@dataclass(frozen=True, slots=True)
class EndpointFacts:
    """`hint` is the host. `off_why` is gone, failing or person; empty while it is on."""

    id: int
    use: str
    owner_id: int | None
    kind: str
    name: str
    hint: str
    events: tuple[str, ...]
    drills: bool
    language: str
    mail_too: bool
    version: int
    created_at: datetime
    old_secret_until: datetime | None
    last_accepted_at: datetime | None
    failing_since: datetime | None
    failures: int
    last_error: str
    off_at: datetime | None
    off_why: str

    @property
    def is_on(self) -> bool:
        return self.off_at is None

    @property
    def works(self) -> bool:
        """On, and not failing again and again: its people need no mail beside it."""
        return self.is_on and self.failures < rules.REPEATED


def facts(row: Endpoint) -> EndpointFacts:
    return EndpointFacts(
        row.pk, row.use, row.owner_id, row.kind, row.name, row.hint, tuple(row.events), row.drills, row.language,
        row.mail_too, row.version, row.created_at, row.old_secret_until, row.last_accepted_at, row.failing_since,
        row.failures, row.last_error, row.off_at, row.off_why,
    )  # fmt: skip
