"""Answers already given to a write, so that the same Idempotency-Key never acts twice."""

from __future__ import annotations

from django.db import models


class Answered(models.Model):
    """One write that carried an `Idempotency-Key`: kept 24 hours. `status` is null while it runs."""

    owner = models.TextField()
    key = models.TextField()
    digest = models.TextField()
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(default="")
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="answered_once")]
