"""Promises (約束): who owes whom what, by when, and how it ended."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Promise(models.Model):
    """`state`: open, kept, late, missed, withdrawn. Overdue is open with the due second past.

    It hangs on exactly one of incident, case, customer, signal group, maintenance. `about` names what inside
    (`update:5`, `role:commander`). `text` {ja, en} says it in words. `told` is true when the time was named to
    `owed_to`.
    `rank` is the severity rank; `next_step_at` is when the clock must look at it again. Foreign keys that a
    composite index covers carry none of their own: a declaration makes ten promises at once.
    """

    kind = models.TextField()
    incident = models.ForeignKey(
        "cases.Incident", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(
        "customers.Organisation", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    signal_group = models.ForeignKey(
        "signals.Group", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    maintenance = models.ForeignKey(
        "comms.Maintenance", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    owed_by = models.ForeignKey("customers.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    owed_to = models.ForeignKey(
        "customers.Organisation", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    audience = models.TextField(default="")  # for next_update: affected, public, internal …
    about = models.TextField(default="")
    text = models.JSONField(default=dict)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    role = models.TextField(default="")  # the role that owns it when no person does
    team_id = models.BigIntegerField(null=True)  # for figures by team
    rank = models.SmallIntegerField(default=5)
    told = models.BooleanField(default=False)
    drill = models.BooleanField(default=False)
    restricted = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    since_at = models.DateTimeField()  # when the present due time was set: warnings divide the span from here
    due_at = models.DateTimeField()
    state = models.TextField(default="open")
    ended_at = models.DateTimeField(null=True)
    late_s = models.FloatField(null=True)  # seconds past due when it ended; null while open
    act = models.TextField(default="")  # what kept it (`update:5`), so that its delivery is its reaching
    automatic = models.BooleanField(default=False)  # the clock kept it, no person did
    reached_at = models.DateTimeField(null=True)  # first acceptance by a channel
    reason = models.TextField(default="")  # why withdrawn or missed
    rung = models.SmallIntegerField(default=-1)  # last step of the ladder that was climbed; -1: none
    steps_done = models.JSONField(default=list)  # keys of the steps taken for the present due time
    climbed_at = models.DateTimeField(null=True)  # planned moment of the last step after the due time
    next_step_at = models.DateTimeField(null=True)
    unanswered = models.BooleanField(default=False)  # a ladder that found nobody: shown in red

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="promise_hangs_on_one",
                condition=(
                    Q(incident__isnull=False, case=None, customer=None, signal_group=None, maintenance=None)
                    | Q(incident=None, case__isnull=False, customer=None, signal_group=None, maintenance=None)
                    | Q(incident=None, case=None, customer__isnull=False, signal_group=None, maintenance=None)
                    | Q(incident=None, case=None, customer=None, signal_group__isnull=False, maintenance=None)
                    | Q(incident=None, case=None, customer=None, signal_group=None, maintenance__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="promise_state",
                condition=Q(state__in=["open", "kept", "late", "missed", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="promise_ended",
                condition=Q(state="open", ended_at=None, late_s=None)
                | ~Q(state="open") & Q(ended_at__isnull=False, late_s__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="promise_open_due", condition=Q(state="open")),
            models.Index(fields=["incident", "state"], name="promise_incident", condition=~Q(incident=None)),
            models.Index(fields=["case", "state"], name="promise_case", condition=~Q(case=None)),
            models.Index(fields=["customer", "state"], name="promise_customer", condition=~Q(customer=None)),
            models.Index(fields=["signal_group", "state"], name="promise_group", condition=~Q(signal_group=None)),
            models.Index(fields=["maintenance", "state"], name="promise_maintenance", condition=~Q(maintenance=None)),
            models.Index(fields=["owner", "due_at"], name="promise_owner", condition=Q(state="open")),
            models.Index(fields=["-ended_at", "-id"], name="promise_ended_at", condition=~Q(state="open")),
            models.Index(fields=["due_at", "state"], name="promise_ledger", condition=Q(drill=False)),
        ]


class Step(models.Model):
    """A warning, a passing of the due time or a rung climbed, per person told: when it should have been and was."""

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="steps", db_index=False)
    code = models.TextField()  # warned, overdue, escalated, unanswered, missed
    rung = models.TextField(default="")  # of a warning which one; else owner, deputy, team_lead, commander …
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    planned_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promise", "code", "rung", "planned_at", "user"], name="step_once"),
            models.UniqueConstraint(
                fields=["promise", "code", "rung", "planned_at"], condition=Q(user=None), name="step_nobody_once"
            ),
        ]
        indexes = [models.Index(fields=["at"], name="step_at")]  # what was taken after a stand-still


class Reach(models.Model):
    """Which organisation a kept promise reached first and when; null organisation: a public channel."""

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="reaches", db_index=False)
    organisation = models.ForeignKey(
        "customers.Organisation", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promise", "organisation"], name="promise_reach_once"),
            models.UniqueConstraint(fields=["promise"], condition=Q(organisation=None), name="reach_public_once"),
        ]
