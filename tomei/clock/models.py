"""Rows that fall due, and the pulse of the clock that runs them."""

from __future__ import annotations

from django.db import models

WAITING = "waiting"
LEASED = "leased"
DEAD = "dead"


class Job(models.Model):
    """One piece of due work. `state`: waiting, leased, dead. Done work is deleted: its effect is the record.

    `rank` is the severity rank (0 first, 9 last). `key` is the dedup key: at most one row per key.
    `fence` rises with each claim and each move; only the holder of the newest fence may finish.
    """

    kind = models.TextField()
    key = models.TextField(null=True, unique=True)
    rank = models.SmallIntegerField(default=5)
    due_at = models.DateTimeField()
    payload = models.JSONField(default=dict)
    state = models.TextField(default=WAITING)
    lease_by = models.TextField(default="")
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(default="")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            # Not partial: with a bound `state = ?` SQLite cannot prove that a partial index applies.
            models.Index(fields=["state", "rank", "due_at", "kind"], name="job_due"),
            models.Index(fields=["state", "lease_until"], name="job_lease"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(rank__gte=0, rank__lte=9), name="job_rank"),
            models.CheckConstraint(condition=models.Q(state__in=[WAITING, LEASED, DEAD]), name="job_state"),
        ]


class Pulse(models.Model):
    """The heartbeat row: one per process that ticks. A page and `doctor` show one that stands still."""

    instance = models.TextField(primary_key=True)
    host = models.TextField()
    pid = models.IntegerField()
    schema = models.TextField()
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    ticks = models.BigIntegerField(default=0)


class Standstill(models.Model):
    """A time in which nobody ticked (over 60 s), or the wall clock jumped. `kind`: stopped or jumped.

    `caught_up_at` is set once nothing is left that fell due before `ended_at`.
    """

    kind = models.TextField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    seconds = models.FloatField()
    caught_up_at = models.DateTimeField(null=True)


class Periodic(models.Model):
    """Next run of each piece of periodic work (`cronsim` expression in `tomei.wiring`)."""

    name = models.TextField(primary_key=True)
    cron = models.TextField(default="")
    zone = models.TextField(default="")
    next_at = models.DateTimeField()
    ran_at = models.DateTimeField(null=True)
