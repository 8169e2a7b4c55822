"""Questions to customers and their answers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Question(models.Model):
    """One request to an organisation at its case. `waits_until` is when whoever has the turn should have acted."""

    organisation = models.ForeignKey("customers.Organisation", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.TextField(default="draft")
    what = models.JSONField()  # {ja, en}, as the other three
    why = models.JSONField()
    use = models.JSONField()
    following = models.JSONField()
    due_at = models.DateTimeField(null=True)  # their answer
    next_at = models.DateTimeField(null=True)  # when they hear what became of it, as told
    waits_until = models.DateTimeField(null=True)
    again = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    again_reason = models.TextField(default="")
    reply_promise_id = models.BigIntegerField(null=True)
    feedback_promise_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField(null=True)
    asked_by_id = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)  # the first answer
    idle_at = models.DateTimeField(null=True)  # from then on an unused answer is an alarm
    alarmed_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict)  # what became of it, why it was not used, or the notice of withdrawal
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="question_state",
                condition=Q(state__in=["draft", "asked", "partly", "answered", "used", "unused", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="question_asked_with_times",
                condition=Q(state__in=["draft", "withdrawn"])
                | Q(asked_at__isnull=False, due_at__isnull=False, next_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["waits_until", "id"], name="question_open",
                condition=Q(state__in=["asked", "partly", "answered"]),
            ),
            models.Index(
                fields=["idle_at"], name="question_idle",
                condition=Q(state__in=["partly", "answered"], alarmed_at=None),
            ),
        ]  # fmt: skip


class Answer(models.Model):
    """One version of what they said; never changed. `contact_id` where they wrote it themselves in the room."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers", db_index=False)
    number = models.PositiveIntegerField()
    words = models.TextField()
    is_whole = models.BooleanField(default=True)
    said_at = models.DateTimeField()
    said_by = models.TextField()
    channel = models.TextField()
    contact_id = models.BigIntegerField(null=True)
    made_by_id = models.BigIntegerField(null=True)  # who of us typed it
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "number"], name="answer_once")]
