"""How long what was received is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tomei.signals.models import Received, Signal

KEPT_DAYS = 30
BATCH, MOST = 300, 20


def prune(now: datetime, days: int = KEPT_DAYS) -> int:
    """Forget requests older than `days`, in short transactions, for the clock; groups and signals stay."""
    gone = 0
    for _turn in range(MOST):
        with transaction.atomic():
            old = list(Received.objects.filter(at__lt=now - timedelta(days=days)).values_list("pk", flat=True)[:BATCH])
            Signal.objects.filter(received__in=old).update(received=None)
            gone += Received.objects.filter(pk__in=old).delete()[0]
        if len(old) < BATCH:
            break
    return gone
