"""Bytes by hash."""

from __future__ import annotations

from django.db import models


class StoredFile(models.Model):
    """One upload. `about` says where it hangs (`incident:12`); `audience` who may read it (internal or public)."""

    digest = models.TextField(db_index=True)
    size = models.BigIntegerField()
    name = models.TextField()
    content_type = models.TextField()
    about = models.TextField(db_index=True)
    audience = models.TextField(default="internal")
    added_by_kind = models.TextField()
    added_by_id = models.BigIntegerField(null=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(audience__in=["internal", "public"]), name="file_audience_known"),
            models.CheckConstraint(condition=models.Q(size__gte=0), name="file_size"),
        ]


from tomei.files.uploads.models import Chunk, Upload  # noqa: E402 - rows of this app

__all__ = ["Chunk", "StoredFile", "Upload"]
