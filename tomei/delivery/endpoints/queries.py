"""Which endpoints there are, which of them listen, and what became of the last messages to one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tomei.delivery.endpoints.facts import EndpointFacts, facts
from tomei.delivery.models import Endpoint, Message
from tomei.kernel.errors import Missing


@dataclass(frozen=True, slots=True)
class DeliveryFacts:
    """One message to an endpoint. `answer` is the status and the beginning of the body of the last attempt."""

    id: int
    key: str
    type: str
    purpose: str
    state: str
    attempts: int
    created_at: datetime
    accepted_at: datetime | None
    next_try_at: datetime | None
    answer: str
    last_error: str


def of(use: str, owner_ids: Iterable[int] | None = None) -> list[EndpointFacts]:
    """Those of a use, or of these owners, oldest first."""
    rows = Endpoint.objects.filter(use=use)
    if owner_ids is not None:
        rows = rows.filter(owner_id__in=list(owner_ids))
    return [facts(row) for row in rows.order_by("pk")[:1000]]


def of_owners(*, organisation: Iterable[int], contact: Iterable[int]) -> list[EndpointFacts]:
    """The channels of these organisations and contacts, oldest first, in one query."""
    wanted = Q(use="organisation", owner_id__in=list(organisation)) | Q(use="contact", owner_id__in=list(contact))
    return [facts(row) for row in Endpoint.objects.filter(wanted).order_by("pk")]


def one(endpoint_id: int, uses: Iterable[str]) -> EndpointFacts:
    """One endpoint of these uses, or `Missing`."""
    row = Endpoint.objects.filter(pk=endpoint_id, use__in=list(uses)).first()
    if row is None:
        raise Missing("endpoint")
    return facts(row)


def known(endpoint_ids: Iterable[int]) -> dict[int, EndpointFacts]:
    """Those of these ids that are there, whatever their use."""
    return {row.pk: facts(row) for row in Endpoint.objects.filter(pk__in=list(endpoint_ids))}


def stopped(use: str) -> int:
    """How many of a use get nothing, since they failed or are gone."""
    return Endpoint.objects.filter(use=use).exclude(off_at=None).count()


def on() -> list[EndpointFacts]:
    """Endpoints of the house that are on."""
    return [facts(row) for row in Endpoint.objects.filter(use="house", off_at=None).order_by("pk")]


def listening(event: str, *, drill: bool = False) -> list[EndpointFacts]:
    """Endpoints of the house that are on and asked for this event; of a drill only those that want drills."""
    return [one for one in on() if event in one.events and (one.drills or not drill)]


def deliveries(
    endpoint_id: int, *, before: int | None = None, limit: int = 20
) -> tuple[list[DeliveryFacts], int | None]:
    """Newest first, and the id after which the next page begins (None at the end)."""
    rows = Message.objects.filter(endpoint_id=endpoint_id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    got = list(rows.order_by("-pk")[: limit + 1])
    found = [
        DeliveryFacts(
            row.pk, row.key, str(row.data.get("type") or row.subject), row.purpose, row.state, row.attempts,
            row.created_at, row.accepted_at, row.next_try_at, row.answer, row.last_error,
        )
        for row in got[:limit]
    ]  # fmt: skip
    return found, got[limit - 1].pk if len(got) > limit else None


def undelivered(endpoint_id: int, *, since: datetime) -> list[str]:
    """What the messages of an endpoint that nobody took yet are about (`update:5`), each once."""
    rows = Message.objects.filter(endpoint_id=endpoint_id, state__in=["waiting", "failed"], created_at__gte=since)
    return sorted(set(rows.filter(purpose__in=["update", "notice"]).values_list("about", flat=True)[:200]))


def exist(use: str) -> bool:
    return Endpoint.objects.filter(use=use).exists()
