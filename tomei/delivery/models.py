"""The outbox: everything that leaves this house, kept until it is accepted or given up in the open."""

from __future__ import annotations

from django.db import models


class Message(models.Model):
    """One message to one address. `state`: waiting, held, sent, failed (given up, shown), dropped (by a person).

    `purpose` is page, update, digest, invite, reset, test … `key` is the idempotency key: same key, same message,
    on every attempt (`Message-ID` of a mail, `Idempotency-Key` of a POST).
    """

    channel = models.TextField()  # mail or webhook
    template = models.TextField(default="")  # of a webhook: slack, teams, mattermost, ntfy, pagerduty, generic, event
    address = models.TextField()  # mail address, or encrypted URL of a webhook
    address_hint = models.TextField(default="")  # what may be shown of it
    key = models.TextField(unique=True)
    message_id = models.TextField(default="")  # of the mail, with its angle brackets; fixed when queued
    purpose = models.TextField()
    rank = models.SmallIntegerField(default=5)
    subject = models.TextField(default="")
    text = models.TextField(default="")
    html = models.TextField(default="")
    headers = models.JSONField(default=dict)
    files = models.JSONField(default=list)  # ids of the files that a mail carries, in their order
    data = models.JSONField(default=dict)  # what a webhook template is filled with
    incident_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    promise_id = models.BigIntegerField(null=True)
    user_id = models.BigIntegerField(null=True)
    about = models.TextField(default="")  # e.g. update:5
    endpoint_id = models.BigIntegerField(null=True)  # the endpoint whose address and secrets it is posted with
    state = models.TextField(default="waiting")
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    tried_from = models.DateTimeField(null=True)  # the first attempt since it was queued, released or retried
    next_try_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # given up or dropped
    via = models.TextField(default="")  # who accepted it: host of the server, or "demo mailbox"
    last_error = models.TextField(default="")
    answer = models.TextField(default="")  # of an endpoint: status and the beginning of what it said

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "held", "sent", "failed", "dropped"]),
                name="message_state_known",
            ),
            models.CheckConstraint(condition=models.Q(channel__in=["mail", "webhook"]), name="message_channel_known"),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="message_state"),
            models.Index(fields=["incident_id", "-id"], name="message_incident"),
            models.Index(fields=["about", "-id"], name="message_about"),
            models.Index(fields=["message_id"], name="message_by_mail_id"),
            models.Index(
                fields=["endpoint_id", "-id"], name="message_endpoint", condition=models.Q(endpoint_id__isnull=False)
            ),
            models.Index(fields=["organisation_id", "-id"], name="message_organisation"),
        ]


class Endpoint(models.Model):
    """An address outside that takes our POSTs (`tomei.delivery.endpoints`). Address and secrets are sealed."""

    use = models.TextField()  # house, subscriber, organisation, contact
    owner_id = models.BigIntegerField(null=True)  # of the organisation or contact
    kind = models.TextField()  # webhook, slack, teams, mattermost
    name = models.TextField(default="")
    address = models.TextField()
    hint = models.TextField()  # its host
    secret = models.TextField(default="")
    old_secret = models.TextField(default="")
    old_secret_until = models.DateTimeField(null=True)
    events = models.JSONField(default=list)
    drills = models.BooleanField(default=False)
    language = models.TextField(default="")  # empty: the one of whose it is
    mail_too = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    last_accepted_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)  # null while it works
    failures = models.PositiveIntegerField(default=0)  # without a break
    last_error = models.TextField(default="")
    off_at = models.DateTimeField(null=True)
    off_why = models.TextField(default="")  # gone, failing, person

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(use__in=["house", "subscriber", "organisation", "contact"]),
                name="endpoint_use_known",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["webhook", "slack", "teams", "mattermost"]), name="endpoint_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["use", "owner_id", "id"], name="endpoint_owner")]


class Suppression(models.Model):
    """An address that asked not to be written to, or whose server says that it does not exist."""

    address = models.TextField(unique=True)  # in lower case
    reason = models.TextField()
    at = models.DateTimeField()


class Hold(models.Model):
    """Nothing leaves while the newest row is not released: after a restore, or when this folder came from elsewhere."""

    reason = models.TextField()  # restored, instance_changed, host_changed, address_changed
    data = models.JSONField(default=dict)  # what was expected and what was found
    began_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_by_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-id"], name="hold_open", condition=models.Q(released_at=None))]


class Instance(models.Model):
    """What this data folder believes it is: compared at start with where it finds itself."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    uuid = models.TextField()
    host = models.TextField()
    address = models.TextField()  # TOMEI_URL


class Inbound(models.Model):
    """One mail that came in, kept raw for a month. Nothing that it says of itself is believed.

    `state`: taken (the clock will read it), read. `verdict` is what followed (`inbound.labels.VERDICTS`).
    """

    source_id = models.BigIntegerField(null=True)  # the signal source whose door or mailbox it came through
    via = models.TextField()  # door or imap
    at = models.DateTimeField()
    fingerprint = models.TextField(unique=True)  # of its Message-ID and words: a second copy is known
    raw = models.BinaryField(null=True)  # zlib; gone after the time for raw mail
    size = models.PositiveIntegerField()
    is_cut = models.BooleanField(default=False)  # only its beginning was fetched: it was too large
    state = models.TextField(default="taken")
    kind = models.TextField(default="")  # bounce, auto, loop, reply, declaration
    verdict = models.TextField(default="")
    detail = models.TextField(default="")
    sender = models.TextField(default="")  # as claimed, in lower case
    sender_name = models.TextField(default="")
    subject = models.TextField(default="")
    text = models.TextField(default="")
    attachments = models.PositiveIntegerField(default=0)
    answers = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    incident_id = models.BigIntegerField(null=True)
    group_id = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_id = models.BigIntegerField(null=True)
    confirmed_by = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=["taken", "read"]), name="inbound_state_known")
        ]
        indexes = [
            models.Index(fields=["sender", "-answered_at"], name="inbound_sender"),
            models.Index(fields=["at"], name="inbound_at"),
            models.Index(fields=["source_id", "-at"], name="inbound_source"),
            models.Index(fields=["answers", "-id"], name="inbound_answers"),
        ]


class Mailbox(models.Model):
    """How the polling of the one IMAP mailbox stands."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    looked_at = models.DateTimeField(null=True)  # the last look that went well
    next_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)  # since when it fails; null while it goes well
    last_error = models.TextField(default="")
    last_taken_at = models.DateTimeField(null=True)
    taken = models.PositiveBigIntegerField(default=0)
