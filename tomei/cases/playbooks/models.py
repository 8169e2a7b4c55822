"""Versions of checklists. Rows of the cases app."""

from __future__ import annotations

from django.db import models


class PlaybookVersion(models.Model):
    """One version of the checklist of a role, for every product or for one. Never changed; `steps` as `rules.Step`."""

    role = models.TextField()
    product = models.ForeignKey("customers.Product", null=True, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    steps = models.JSONField()
    reason = models.TextField(default="")
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)

    class Meta:
        app_label = "cases"
        constraints = [
            models.UniqueConstraint(fields=["role", "product", "number"], name="playbook_number"),
            models.UniqueConstraint(
                fields=["role", "number"], condition=models.Q(product=None), name="playbook_number_of_all"
            ),
        ]
