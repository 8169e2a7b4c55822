"""Credit terms by version, and minutes excluded by hand. Rows of the customers app; nothing here is ever edited."""

from __future__ import annotations

from django.db import models


class CreditVersion(models.Model):
    """`terms` is the JSON form of `customers.rules.credit.CreditTerms`; counts for months from `starts_on`."""

    contract = models.ForeignKey("customers.Contract", on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    starts_on = models.DateField()
    terms = models.JSONField()
    made_by_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    reason = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "number"], name="credit_version_once")]


class CreditExclusion(models.Model):
    """Minutes of one month that do not count, agreed by hand; taken back, it stays and says why."""

    contract = models.ForeignKey("customers.Contract", on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()  # its first day
    minutes = models.PositiveIntegerField()
    reason = models.TextField()
    made_by_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    ended_by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["contract", "month"], name="credit_exclusion_month")]
