"""What is on its way to us."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Upload(models.Model):
    """One file that comes in chunks. `organisation_id` is whose quota it counts against, also after it was kept."""

    key = models.TextField(unique=True)
    about = models.TextField()  # incident:12
    organisation_id = models.BigIntegerField()
    name = models.TextField()
    size = models.BigIntegerField()
    state = models.TextField(default="open")  # open, whole, kept, gone
    by_kind = models.TextField()
    by_id = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="upload_state", condition=Q(state__in=["open", "whole", "kept", "gone"])),
            models.CheckConstraint(name="upload_size", condition=Q(size__gt=0)),
        ]
        indexes = [
            models.Index(fields=["organisation_id"], name="upload_counted", condition=~Q(state="gone")),
            models.Index(fields=["touched_at"], name="upload_open", condition=Q(state="open")),
        ]


class Chunk(models.Model):
    """A place in an upload, pinned to a hash. It counts when `done`: its bytes are on the disk."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    digest = models.TextField()
    done = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="upload_chunk_once")]
