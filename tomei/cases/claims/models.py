"""Claims and their answers. Rows of the cases app."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Claim(models.Model):
    """`state`: open, answered, settled, withdrawn. Hangs on a customer and, where it came up, on a case of theirs.

    `amount` is a decimal in plain digits, empty when the customer named none. `months` of credit are asked elsewhere.
    """

    number = models.PositiveIntegerField(unique=True)
    organisation = models.ForeignKey("customers.Organisation", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(
        "customers.Contract", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    clause = models.TextField(default="")
    kind = models.TextField()  # credit, compensation, termination, other
    words = models.TextField()
    amount = models.TextField(default="")
    currency = models.TextField(default="")
    heard_at = models.DateTimeField()
    heard_from = models.TextField(default="")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    due_at = models.DateTimeField()
    promise_id = models.BigIntegerField(null=True)
    state = models.TextField(default="open")
    outcome = models.TextField(default="")  # of the answer that was told: full, part, refused
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    told_to = models.TextField(default="")
    settled_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    closing = models.TextField(default="")  # how it was settled, or why it was withdrawn

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="claim_state", condition=Q(state__in=["open", "answered", "settled", "withdrawn"])
            ),
            models.CheckConstraint(name="claim_money", condition=Q(amount="", currency="") | ~Q(amount="")),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="claim_open_due", condition=Q(state="open")),
            models.Index(fields=["state", "-id"], name="claim_of_state"),
        ]


class ClaimAnswer(models.Model):
    """One proposed answer. `state`: proposed, approved, declined, told, replaced. Never edited, only decided."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="answers", db_index=False)
    number = models.PositiveIntegerField()
    outcome = models.TextField()  # full, part, refused
    words = models.JSONField()  # {ja, en}
    amount = models.TextField(default="")
    currency = models.TextField(default="")
    state = models.TextField(default="proposed")
    author_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")  # why declined

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "number"], name="claim_answer_once"),
            models.UniqueConstraint(
                fields=["claim"], condition=Q(state__in=["proposed", "approved"]), name="claim_answer_one_open"
            ),
        ]
