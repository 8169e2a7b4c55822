"""What was answered about personal data, the duties that follow, operators' own rules. Rows of the cases app."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Exposure(models.Model):
    """One answer to "could personal data have been exposed?"; the newest of an incident counts, all are kept."""

    incident = models.ForeignKey("cases.Incident", on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    answer = models.TextField()  # no, perhaps, yes
    aware_at = models.DateTimeField(null=True)
    jurisdictions = models.JSONField(default=list)  # jp, eu, own:<code>
    wrongful = models.BooleanField(default=False)  # done for a wrongful purpose, or suspected
    high_risk = models.BooleanField(default=False)  # to the persons
    capacity = models.TextField(default="controller")  # controller, processor, both
    reason = models.TextField(default="")
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="exposure_once"),
            models.CheckConstraint(name="exposure_answer", condition=Q(answer__in=["no", "perhaps", "yes"])),
        ]


class DutyRule(models.Model):
    """A version of a rule that operators added; the newest counts, until it is ended. `unit`: hours, days, calendar."""

    code = models.TextField()
    number = models.PositiveIntegerField()
    kind = models.TextField()  # authority_notice, person_concerned, controller_notice
    name = models.JSONField()  # {ja, en}
    source = models.TextField()
    amount = models.PositiveIntegerField()
    unit = models.TextField()
    zone = models.TextField()
    organisation = models.ForeignKey(
        "customers.Organisation", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # of a contract: applies when this customer is affected
    is_ended = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="duty_rule_once")]


class Duty(models.Model):
    """A rule that applies to an incident. `state`: open, fulfilled, withdrawn. `rule` and `version` name its source.

    What the rule said is copied, so that a later version changes no duty that runs.
    """

    incident = models.ForeignKey("cases.Incident", on_delete=models.PROTECT, related_name="+", db_index=False)
    rule = models.TextField()
    version = models.PositiveIntegerField(default=1)
    kind = models.TextField()
    stage = models.TextField(default="")  # preliminary, final, or empty
    jurisdiction = models.TextField()
    name = models.JSONField()
    source = models.TextField()
    organisation = models.ForeignKey(
        "customers.Organisation", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    aware_at = models.DateTimeField()
    due_at = models.DateTimeField()
    promise_id = models.BigIntegerField(null=True)
    state = models.TextField(default="open")
    made_at = models.DateTimeField()
    fulfilled_at = models.DateTimeField(null=True)  # when it was done, as said
    ended_at = models.DateTimeField(null=True)  # when that was written down, or it was withdrawn
    ended_by_id = models.BigIntegerField(null=True)
    reference = models.TextField(default="")
    link = models.TextField(default="")
    late_reason = models.TextField(default="")
    # withdrawing takes two people
    asked_by_id = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField(null=True)
    asked_reason = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="duty_state", condition=Q(state__in=["open", "fulfilled", "withdrawn"])),
            models.UniqueConstraint(
                fields=["incident", "rule", "organisation"],
                condition=Q(state="open", organisation__isnull=False),
                name="duty_open_once_each",
            ),
            models.UniqueConstraint(
                fields=["incident", "rule"], condition=Q(state="open", organisation=None), name="duty_open_once"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="duty_open_due", condition=Q(state="open")),
            models.Index(fields=["incident", "id"], name="duty_incident"),
        ]
