"""Workarounds and hard deadlines of cases. Rows of the cases app."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Workaround(models.Model):
    """What a customer does instead, from when to when. `per_hour` is a decimal in plain digits, empty when unknown."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="workarounds")
    words = models.TextField()
    per_hour = models.TextField(default="")
    currency = models.TextField(default="")
    basis = models.TextField(default="")  # who reckoned it, from what
    people = models.PositiveIntegerField(null=True)  # needed per shift
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)

    class Meta:
        app_label = "cases"
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(until_at=None), name="workaround_one_runs"),
            models.CheckConstraint(name="workaround_money", condition=Q(per_hour="", currency="") | ~Q(per_hour="")),
        ]


class Deadline(models.Model):
    """`ended` is empty while it runs, then met, passed or withdrawn. `zone` is the one in which it was named."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="deadlines")
    at = models.DateTimeField()
    zone = models.TextField()
    kind = models.TextField(default="other")
    words = models.TextField(default="")
    loss = models.TextField(default="")  # what is lost after it
    given = models.BooleanField(default=True)  # the customer named it
    v = models.PositiveIntegerField(default=0)
    promise_id = models.BigIntegerField(null=True)
    ended = models.TextField(default="")
    ended_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)

    class Meta:
        app_label = "cases"
        constraints = [
            models.CheckConstraint(name="deadline_ended", condition=Q(ended__in=["", "met", "passed", "withdrawn"])),
        ]
        indexes = [models.Index(fields=["at"], name="deadline_running", condition=Q(ended=""))]
