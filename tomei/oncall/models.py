"""How our people are reached."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ContactMethod(models.Model):
    """`kind` is mail or webhook; `template` slack, teams, mattermost, ntfy, pagerduty, generic; URL encrypted."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.TextField()
    template = models.TextField(default="")
    address = models.TextField()
    hint = models.TextField(default="")
    label = models.TextField(default="")
    position = models.IntegerField(default=0)
    tested_at = models.DateTimeField(null=True)
    tests = models.PositiveIntegerField(default=0)  # numbers the test messages, so that each is one of its own

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=["mail", "webhook"]), name="contact_kind_known"),
        ]
        indexes = [models.Index(fields=["user", "position", "id"], name="contact_order")]
