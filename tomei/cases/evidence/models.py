"""Evidence and who read it. Rows of the cases app."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Evidence(models.Model):
    """One file. `findings` are [kind, count, line numbers]; `members` what an archive says that it holds."""

    incident = models.ForeignKey("cases.Incident", on_delete=models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        "customers.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    upload_key = models.TextField(unique=True)  # where its bytes lie
    name = models.TextField()
    size = models.BigIntegerField()
    digest = models.TextField(default="")  # SHA-256 of the whole, once it was read from the disk
    source = models.TextField(default="")  # which host or system
    covers_from = models.DateTimeField(null=True)
    covers_until = models.DateTimeField(null=True)
    zone = models.TextField(default="")  # in which its times are written
    note = models.TextField(default="")
    given_by_kind = models.TextField()  # user, contact
    given_by_id = models.BigIntegerField(null=True)
    given_at = models.DateTimeField()
    shared = models.BooleanField(default=False)  # with the contacts of its organisation
    state = models.TextField(default="checking")
    why = models.TextField(default="")  # it could not be looked into: killed, timeout, fault
    kind = models.TextField(default="")
    encoding = models.TextField(default="")
    lines = models.BigIntegerField(default=0)
    masked_size = models.BigIntegerField(default=0)
    masked_digest = models.TextField(default="")
    findings = models.JSONField(default=list)
    members = models.JSONField(null=True)
    released_by_id = models.BigIntegerField(null=True)
    released_at = models.DateTimeField(null=True)
    release_reason = models.TextField(default="")
    hold_reason = models.TextField(default="")  # kept although its time has come
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="evidence_state",
                condition=Q(state__in=["checking", "ready", "unscanned", "released", "broken", "erased"]),
            ),
        ]
        indexes = [models.Index(fields=["incident", "-id"], name="evidence_incident")]


class Reading(models.Model):
    """Somebody got bytes of it: the masked copy, or the original and why."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+", db_index=False)
    by_kind = models.TextField()
    by_id = models.BigIntegerField(null=True)
    copy = models.TextField()
    reason = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["evidence", "-id"], name="evidence_reading")]
