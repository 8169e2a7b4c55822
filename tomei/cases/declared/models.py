"""The customer's own declaration of a case. A row of the cases app."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Declaration(models.Model):
    """One declaration, of one case. `test` is the level of the sentence that the contact chose.

    `lead_contact` leads on their side; named by somebody else, it is not confirmed until they say so themselves.
    """

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="declaration")
    contact = models.ForeignKey("customers.Contact", null=True, on_delete=models.SET_NULL, related_name="+")
    test = models.TextField()
    began_at = models.DateTimeField()
    users = models.PositiveIntegerField(null=True)  # how many of theirs cannot work
    product = models.ForeignKey("customers.Product", null=True, on_delete=models.PROTECT, related_name="+")
    component = models.ForeignKey("customers.Component", null=True, on_delete=models.PROTECT, related_name="+")
    lead_contact = models.ForeignKey("customers.Contact", null=True, on_delete=models.SET_NULL, related_name="+")
    lead_at = models.DateTimeField(null=True)  # confirmed
    contested_at = models.DateTimeField(null=True)
    contested_to = models.TextField(default="")
    answered_at = models.DateTimeField(null=True)  # the newest contest

    class Meta:
        constraints = [
            models.CheckConstraint(name="contest_has_level", condition=Q(contested_at=None) | ~Q(contested_to="")),
        ]
