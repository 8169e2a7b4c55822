"""Updates: what we told, to whom, and when we said we would speak again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Update(models.Model):
    """Published, hence immutable; a correction is a new row that `corrects` the old one.

    `parts` is {part: {ja, en}} with the parts of 3.1. `audiences` lists public, affected, customer:<id>,
    internal, executives. `kind`: update, heartbeat, recovery, correction, dismissal, translation.
    """

    incident = models.ForeignKey("cases.Incident", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    kind = models.TextField(default="update")
    state = models.TextField()
    severity = models.TextField()
    parts = models.JSONField()
    languages = models.JSONField(default=list)
    audiences = models.JSONField(default=list)
    next_at = models.DateTimeField(null=True)
    report_due_at = models.DateTimeField(null=True)
    estimate = models.JSONField(null=True)  # {from, to, basis, confidence, revision, reason}
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    corrected_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    overruled = models.JSONField(default=list)  # [{guard, language, reason}]
    unapproved = models.BooleanField(default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    author_name = models.TextField(default="")
    drafted_by_id = models.BigIntegerField(null=True)  # whose draft it was, when somebody else published it
    published_at = models.DateTimeField()
    head = models.TextField(default="")  # chain head at publication, for the footer
    files = models.JSONField(default=list)  # [{id, name, size, digest, content_type}], each hangs on `update:<id>`
    translation_due_at = models.DateTimeField(null=True)  # when readers were told the missing language follows
    approved_by_id = models.BigIntegerField(null=True)  # who approved this very version before it went out
    approved_by_name = models.TextField(default="")
    template = models.TextField(default="")  # key and version of the template that it began with
    automatic = models.BooleanField(default=False)  # approved beforehand, sent by the clock
    looked_by_id = models.BigIntegerField(null=True)  # who looked afterwards at what went out unapproved
    looked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="update_number_once"),
        ]
        indexes = [
            models.Index(fields=["incident", "-id"], name="update_incident"),
            models.Index(fields=["-id"], name="update_unlooked", condition=Q(unapproved=True, looked_at=None)),
        ]


class Draft(models.Model):
    """What is being written: one per incident and author, saved while typing."""

    incident = models.ForeignKey("cases.Incident", on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    data = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    saved_by_id = models.BigIntegerField(null=True)  # the author, or who mended it in review
    asked_review_at = models.DateTimeField(null=True)  # while the answer is awaited
    asked_of_id = models.BigIntegerField(null=True)  # the person who was asked; None: any commander

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "author"], name="draft_once")]


class Template(models.Model):
    """One version of a template of the house; the newest of a key counts, also over the shipped one of that key."""

    key = models.TextField()
    version = models.PositiveIntegerField()
    name = models.JSONField()  # {ja, en}
    states = models.JSONField(default=list)
    audiences = models.JSONField(default=list)
    parts = models.JSONField()
    is_archived = models.BooleanField(default=False)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.TextField(default="")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="template_version_once")]


class FirstText(models.Model):
    """One version of a first notice that may go out by itself; the newest of a key counts, once it is approved."""

    key = models.TextField()
    version = models.PositiveIntegerField()
    name = models.JSONField()  # {ja, en}
    severities = models.JSONField(default=list)
    products = models.JSONField(default=list)  # ids
    components = models.JSONField(default=list)  # ids
    public = models.BooleanField(default=False)
    parts = models.JSONField()
    overruled = models.JSONField(default=list)
    is_archived = models.BooleanField(default=False)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.TextField(default="")
    made_at = models.DateTimeField()
    approved_by_id = models.BigIntegerField(null=True)
    approved_by_name = models.TextField(default="")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="first_text_version_once")]


class FirstNotice(models.Model):
    """What goes out by itself at `due_at` unless somebody speaks: at most one per incident. States: `beforehand`."""

    incident = models.OneToOneField("cases.Incident", on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    state = models.TextField(default="waiting")
    why = models.TextField(default="")  # the reason of who held it back, or the code of why a person is asked
    by_id = models.BigIntegerField(null=True)
    who = models.TextField(default="")
    at = models.DateTimeField(null=True)  # when it ended
    update = models.ForeignKey(Update, null=True, on_delete=models.PROTECT, related_name="+")


class Review(models.Model):
    """What was said about a draft. Only added to; it stays when the draft has gone out.

    `kind`: asked, comment, change, approved. `text` is the version that an approval covers (`rules.version`) and
    `digest` its digest: the same words in another draft of the incident are the same words.
    """

    incident = models.ForeignKey("cases.Incident", on_delete=models.PROTECT, related_name="+", db_index=False)
    draft_id = models.BigIntegerField()
    kind = models.TextField()
    part = models.TextField(default="")
    language = models.TextField(default="")
    body = models.TextField(default="")
    digest = models.TextField(default="")
    text = models.JSONField(null=True)
    author_id = models.BigIntegerField()
    author_name = models.TextField()
    said_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["incident", "draft_id", "id"], name="review_draft"),
            models.Index(fields=["incident", "digest"], name="review_digest", condition=~Q(digest="")),
        ]


class Reach(models.Model):
    """Whether an update reached an organisation: first acceptance by a channel."""

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="reach")
    organisation = models.ForeignKey("customers.Organisation", on_delete=models.PROTECT, related_name="+")
    messages = models.PositiveIntegerField(default=0)
    reached_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["update", "organisation"], name="reach_once")]
        indexes = [models.Index(fields=["update"], name="reach_waiting", condition=Q(reached_at=None))]


class Subscriber(models.Model):
    """Who asked for public updates and confirmed it. Erased with everything about it when they leave.

    `channel` is mail, webhook, slack, teams or mattermost. The address of all but mail is sealed in its endpoint.
    """

    channel = models.TextField(default="mail")
    address = models.TextField()  # as SMTP speaks it, or the host of a webhook
    lower = models.TextField(unique=True)  # the same in lower case, or channel and mark of the webhook's address
    endpoint_id = models.BigIntegerField(null=True)
    notice_mail = models.TextField(default="")  # whom we tell when nothing can be posted there any more
    language = models.TextField()
    components = models.JSONField(default=list)  # ids; empty: all of the page
    confirmed_at = models.DateTimeField()


class SubscriptionWish(models.Model):
    """What somebody typed into the public form, for the address to confirm within a day; then it is erased."""

    channel = models.TextField(default="mail")
    sealed = models.TextField(default="")  # the address of a webhook
    notice_mail = models.TextField(default="")
    token = models.TextField(unique=True)  # digest of what the link carries
    address = models.TextField()
    lower = models.TextField()
    language = models.TextField()
    components = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    subscriber = models.ForeignKey(Subscriber, null=True, on_delete=models.CASCADE, related_name="+")  # once confirmed

    class Meta:
        indexes = [
            models.Index(fields=["asked_at"], name="wish_asked"),
            models.Index(fields=["lower"], name="wish_lower"),
        ]


class Gate(models.Model):
    """When a door was last passed: how often an address or a network may ask, in every process. Keys are marks."""

    key = models.TextField(primary_key=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="gate_at")]


class Maintenance(models.Model):
    """Planned work with its told window. Its key is `MNT-<id>`.

    `state`: planned (nobody outside knows), scheduled, in_progress, verifying, completed, cancelled. `components` are
    [id, impact] pairs, `organisations` the customers it was told to. `notice_due_at` is by when the present window had
    to be told and `window_told_at` when it was; `covered_until` is the end that was told then.
    """

    title = models.JSONField()  # {ja, en}
    text = models.JSONField()
    components = models.JSONField(default=list)
    audiences = models.JSONField(default=list)  # public, affected
    organisations = models.JSONField(default=list)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    notice_due_at = models.DateTimeField()
    window_told_at = models.DateTimeField(null=True)
    covered_until = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # first told
    starts_itself = models.BooleanField(default=False)
    silence = models.BooleanField(default=False)  # alerts of its components are silenced when it starts
    silences = models.JSONField(default=list)  # ids of those in force for it
    state = models.TextField(default="planned")
    version = models.PositiveIntegerField(default=0)  # every verb raises it
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    incident = models.ForeignKey("cases.Incident", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="maintenance_window", condition=Q(ends_at__gt=models.F("starts_at"))),
            models.CheckConstraint(
                name="maintenance_state",
                condition=Q(state__in=["planned", "scheduled", "in_progress", "verifying", "completed", "cancelled"]),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "starts_at"], name="maintenance_state_start"),
            models.Index(fields=["-starts_at", "-id"], name="maintenance_starts"),
        ]


class Notice(models.Model):
    """What was told about a maintenance, with the window as it stood then. Its words are never changed; the language
    that was missing may be added once.

    `kind`: scheduled, moved, started, update, extended, verifying, completed, cancelled.
    """

    maintenance = models.ForeignKey(Maintenance, on_delete=models.PROTECT, related_name="notices", db_index=False)
    number = models.PositiveIntegerField()
    kind = models.TextField()
    state = models.TextField()
    text = models.JSONField()
    languages = models.JSONField(default=list)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    was = models.JSONField(null=True)  # [starts_at, ends_at] that this one replaces
    in_time = models.BooleanField(default=True)  # false: told later than promised
    translation_due_at = models.DateTimeField(null=True)
    translated_at = models.DateTimeField(null=True)
    overruled = models.JSONField(default=list)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    author_name = models.TextField(default="")
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["maintenance", "number"], name="notice_number_once")]
