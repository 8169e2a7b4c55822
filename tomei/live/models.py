"""What open pages are told: a topic changed. Replayed by id after a lost connection."""

from __future__ import annotations

from django.db import models


class LiveEvent(models.Model):
    """`topic` is `now`, `incident:12`, `promises`, `signals`, `customers`, `status` …"""

    topic = models.TextField()
    kind = models.TextField()
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    xid = models.BigIntegerField(default=0)  # PostgreSQL: pg_current_xact_id(), so that no id is skipped; else 0

    class Meta:
        indexes = [
            models.Index(fields=["xid", "id"], name="live_order"),
            models.Index(fields=["at"], name="live_at"),
        ]
