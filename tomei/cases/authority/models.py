"""Versions of authority cards. Rows of the cases app."""

from __future__ import annotations

from django.db import models


class AuthorityVersion(models.Model):
    """One version of a card, for every product or for one. Never changed; `lines` as `rules.Line`."""

    product = models.ForeignKey("customers.Product", null=True, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    lines = models.JSONField()
    reason = models.TextField(default="")
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)

    class Meta:
        app_label = "cases"
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="authority_number"),
            models.UniqueConstraint(
                fields=["number"], condition=models.Q(product=None), name="authority_number_of_all"
            ),
        ]
