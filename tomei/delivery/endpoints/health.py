"""How an endpoint does, written when the clock settles a message to it; what must be known is said once."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.db.models.functions import Coalesce

from tomei.delivery.endpoints import rules
from tomei.delivery.models import Endpoint
from tomei.kernel import events


def accepted(endpoint_id: int, now: datetime) -> None:
    """It took a message: whatever failed before is over."""
    was = Endpoint.objects.filter(pk=endpoint_id).values_list("failures", flat=True).first()
    Endpoint.objects.filter(pk=endpoint_id).update(last_accepted_at=now, failing_since=None, failures=0, last_error="")
    if was is not None and was >= rules.REPEATED:
        _say("endpoint.works", endpoint_id, now)


def failed(endpoint_id: int, said: str, *, gone: bool, now: datetime) -> None:
    """It did not take one. The third time in a row is said; 410 and five days without a break turn it off."""
    here = Endpoint.objects.filter(pk=endpoint_id, off_at=None)
    if not here.update(failures=F("failures") + 1, failing_since=Coalesce("failing_since", now), last_error=said[:500]):
        return
    row = here.values_list("failures", "failing_since").get()
    failures, since = row
    why = "gone" if gone else "failing" if since is not None and rules.is_given_up(since, now) else ""
    if why:
        here.update(off_at=now, off_why=why, version=F("version") + 1)
        _say("endpoint.stopped", endpoint_id, now)
    elif failures == rules.REPEATED:
        _say("endpoint.failing", endpoint_id, now)


def _say(name: str, endpoint_id: int, now: datetime) -> None:
    row = Endpoint.objects.get(pk=endpoint_id)
    events.emit(
        name, now=now, endpoint_id=row.pk, use=row.use, owner_id=row.owner_id, kind=row.kind, label=row.name,
        host=row.hint, why=row.off_why, last_error=row.last_error,
    )  # fmt: skip
