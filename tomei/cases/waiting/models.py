"""Who had to act from when on. Rows of the cases app; only added, never changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class BallMove(models.Model):
    """From `since_at` on `party` has to act: us, customer, vendor, nobody. `case` null: for the whole incident."""

    incident = models.ForeignKey("cases.Incident", null=True, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="+")
    party = models.TextField()
    organisation = models.ForeignKey(
        "customers.Organisation", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reason = models.TextField(default="")
    since_at = models.DateTimeField()
    promise_id = models.BigIntegerField(null=True)  # their own promise that shows it
    flagged = models.BooleanField(default=False)  # set by the party that profits
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ball_party_known", condition=Q(party__in=["us", "customer", "vendor", "nobody"])
            ),
            models.CheckConstraint(
                name="ball_hangs_on_one",
                condition=Q(incident__isnull=False, case=None) | Q(incident=None, case__isnull=False),
            ),
            models.CheckConstraint(
                name="ball_party_named",
                condition=Q(party__in=["us", "nobody"], organisation=None)
                | Q(party__in=["customer", "vendor"], organisation__isnull=False),
            ),
        ]


class CustomerWord(models.Model):
    """What a customer said of the end of their case: resumed, not_yet, closed, keep_open, reopened.

    By a contact in the room, or as told to one of our people (`told_by` names who said it). The words stand in the
    timeline, where they can be erased.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    code = models.TextField()
    contact = models.ForeignKey("customers.Contact", null=True, on_delete=models.SET_NULL, related_name="+")
    told_by = models.TextField(default="")
    recorded_by_id = models.BigIntegerField(null=True)  # ours, where nobody of theirs clicked
    at = models.DateTimeField()
    made_at = models.DateTimeField()


class ClosingAnswer(models.Model):
    """The three questions after a case is closed, once per contact: yes, no or unknown each."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+", db_index=False)
    contact = models.ForeignKey("customers.Contact", null=True, on_delete=models.SET_NULL, related_name="+")
    heard_first = models.TextField()
    always_informed = models.TextField()
    will_not_return = models.TextField()
    words = models.TextField(default="")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "contact"], name="closing_answer_once")]
