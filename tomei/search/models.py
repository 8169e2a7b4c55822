"""Index rows: what can be found, by whom."""

from __future__ import annotations

from django.db import models


class Document(models.Model):
    """`ref` is `incident:12`, `customer:4` …; `tokens` are pairs, kanji and stems, space separated, each once.

    The engine's own index over `tokens` is made by migration 0002 and follows this table by itself.
    """

    ref = models.TextField(unique=True)
    kind = models.TextField()
    title = models.JSONField()  # {ja, en}
    url = models.TextField()
    audience = models.TextField(default="internal")  # internal or restricted:<incident id>
    # What it belongs to (`incident:12`); its audience follows that. Null where nothing: a default would make SQLite
    # copy the table and lose the triggers.
    subject = models.TextField(null=True)
    tokens = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="search_newest"),
            models.Index(fields=["subject"], name="search_subject"),
        ]
