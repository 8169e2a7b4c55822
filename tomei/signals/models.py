"""What the doors received, and what it means."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Source(models.Model):
    """One sender. The key opens `/in/<kind>/<key>`; kept as a digest, and encrypted to be shown again."""

    kind = models.TextField()  # one of rules.PARSERS
    name = models.TextField()
    key_digest = models.TextField(unique=True)
    key_secret = models.TextField()  # encrypted with the key file
    component = models.ForeignKey("customers.Component", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    first_received_at = models.DateTimeField(null=True)
    last_received_at = models.DateTimeField(null=True)
    mapping = models.JSONField(default=dict)  # what is in force; every version stands in Mapping
    mapping_version = models.PositiveIntegerField(default=0)


class Mapping(models.Model):
    """One version of how a generic source's bodies are read; empty where the fixed shape counts again."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    data = models.JSONField(default=dict)  # rules.mapping.Mapping.as_json
    saved_at = models.DateTimeField()
    saved_by_id = models.BigIntegerField(null=True)
    saved_by = models.TextField(default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "version"], name="mapping_once")]


class Received(models.Model):
    """A request as it came: kept also when it could not be understood."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    body = models.BinaryField()  # zlib
    size = models.PositiveIntegerField()
    verdict = models.TextField()  # understood, repeated (nothing new in it), not_understood, unverified (clock looks)
    error = models.TextField(default="")
    events = models.PositiveIntegerField(default=0)
    replayed_at = models.DateTimeField(null=True)  # when a person had it read again
    word = models.TextField(default="", blank=True)  # of a heartbeat: start, fail, an exit status; empty is success

    class Meta:
        indexes = [
            models.Index(fields=["source", "-id"], name="received_source"),
            models.Index(fields=["source", "id"], name="received_unread", condition=Q(verdict="not_understood")),
            models.Index(fields=["at"], name="received_at"),
        ]


class Group(models.Model):
    """Signals that belong together: the sender's own key, else source + component + name.

    `state`: firing, resolved. `triage`: none (nobody needs to look), proposed, taken, declared, dismissed, and passed:
    it resolved before anybody acted. `fired_at` is when it began to fire this time, `first_at` the first time ever.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    key = models.TextField()
    title = models.TextField()
    title_ja = models.TextField(default="", blank=True)
    severity = models.TextField(default="")  # as the sender said: critical, warning, info …
    component = models.ForeignKey("customers.Component", null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.TextField(default="firing")
    triage = models.TextField(default="none")
    incident_id = models.BigIntegerField(null=True)
    triage_due_at = models.DateTimeField(null=True)
    triaged_by_id = models.BigIntegerField(null=True)
    triaged_by = models.TextField(default="", blank=True)
    triaged_at = models.DateTimeField(null=True)
    reason = models.TextField(default="", blank=True)
    first_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    events = models.PositiveIntegerField(default=0)
    labels = models.JSONField(default=dict)
    url = models.TextField(default="")
    flapping_at = models.DateTimeField(null=True)  # since when it changes too often to call people each time
    flaps = models.PositiveIntegerField(default=0)  # changes since then
    changed = models.TextField(default="", blank=True)  # the newest changes of state, as rules.flapping writes them

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="group_once")]
        indexes = [
            models.Index(fields=["flapping_at"], name="group_flapping", condition=Q(flapping_at__isnull=False)),
            models.Index(fields=["-last_at", "-id"], name="group_newest"),
            models.Index(fields=["state", "triage"], name="group_open", condition=Q(state="firing")),
        ]


class Member(models.Model):
    """One alert of a group as it stands: a group is resolved when all its members are.

    `at` is what orders its events; null where the sender names no time that can be believed.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    fingerprint = models.TextField()
    status = models.TextField()
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "fingerprint"], name="member_once")]
        indexes = [models.Index(fields=["group"], name="member_firing", condition=Q(status="firing"))]


class Signal(models.Model):
    """One event of a group, as understood. Kept also when it came too late to change anything (`is_late`)."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="signals")
    received = models.ForeignKey(Received, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    known_at = models.DateTimeField()
    status = models.TextField()  # firing or resolved
    title = models.TextField()
    fingerprint = models.TextField(default="")
    labels = models.JSONField(default=dict)
    text = models.TextField(default="", blank=True)
    is_late = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["group", "-id"], name="signal_group"),
            models.Index(fields=["group", "fingerprint", "at"], name="signal_again"),
        ]


class Watch(models.Model):
    """A dead-man: an alert (Watchdog) that must keep coming. Late means a signal of our own."""

    name = models.TextField()
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    group_key = models.TextField()
    every_s = models.PositiveIntegerField(default=300)
    last_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(null=True)
    is_late = models.BooleanField(default=False)
    component = models.ForeignKey("customers.Component", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "group_key"], name="watch_once")]


class Heartbeat(models.Model):
    """What must ping its address in time. Its source holds the key; `state` and moments are `rules.beating.Beat`."""

    source = models.OneToOneField(Source, on_delete=models.CASCADE, primary_key=True, related_name="+")
    name = models.JSONField(default=dict)  # in its languages
    period_s = models.PositiveIntegerField(null=True)  # null: as `cron` says
    cron = models.TextField(default="", blank=True)
    zone = models.TextField(default="UTC")
    grace_s = models.PositiveIntegerField()
    state = models.TextField(default="new")
    reason = models.TextField(default="", blank=True)
    last_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    expected_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_by = models.TextField(default="", blank=True)
    version = models.PositiveIntegerField(default=1)  # of what people set

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="heartbeat_due", condition=Q(due_at__isnull=False))]


class Probe(models.Model):
    """What the clock asks again and again: does it answer, and as it should? `state`, `bad`, `good`: rules.probing."""

    source = models.OneToOneField(Source, on_delete=models.CASCADE, primary_key=True, related_name="+")
    name = models.JSONField(default=dict)  # in its languages
    kind = models.TextField()  # http, tcp or tls
    target = models.TextField()  # a URL, or host:port
    options = models.JSONField(default=dict)  # rules.probing.Options.as_json
    every_s = models.PositiveIntegerField(default=60)
    timeout_s = models.PositiveIntegerField(default=5)
    failures = models.PositiveIntegerField(default=2)  # in a row before it fires
    successes = models.PositiveIntegerField(default=1)  # in a row before it resolves
    state = models.TextField(default="new")
    severity = models.TextField(default="", blank=True)  # of what it fires
    bad = models.PositiveIntegerField(default=0)  # in a row
    good = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="", blank=True)  # of the newest result
    paused_at = models.DateTimeField(null=True)
    paused_by = models.TextField(default="", blank=True)
    version = models.PositiveIntegerField(default=1)  # of what people set

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="probe_next", condition=Q(next_at__isnull=False))]


class ProbeResult(models.Model):
    """One look of a probe; the newest of each probe are kept."""

    probe = models.ForeignKey(Probe, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    is_good = models.BooleanField()
    outcome = models.TextField()  # one of rules.probing.OUTCOMES
    detail = models.TextField(default="", blank=True)
    ms = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["probe", "-id"], name="probe_result_newest")]


class ProbeHour(models.Model):
    """How many looks of an hour were good: shares over a day or a week cost the same however often is looked."""

    probe = models.ForeignKey(Probe, on_delete=models.CASCADE, related_name="+")
    hour = models.DateTimeField()
    good = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["probe", "hour"], name="probe_hour_once")]


class Silence(models.Model):
    """What every matcher holds for calls nobody until `until`, or until somebody ended it."""

    matchers = models.JSONField(default=list)  # [name, is_equal, value] of each
    until = models.DateTimeField()
    reason = models.TextField()
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    created_by = models.TextField(default="", blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.BigIntegerField(null=True)
    ended_by = models.TextField(default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["until"], name="silence_open", condition=Q(ended_at=None))]


class Remark(models.Model):
    """What somebody did with an alert at the sender: acknowledged, or a note. It changes no state and no promise.

    Hangs on the key and not on the group: it may come before its trigger.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    received = models.ForeignKey(Received, null=True, on_delete=models.SET_NULL, related_name="+")
    group_key = models.TextField()
    kind = models.TextField()  # acknowledged or note
    who = models.TextField(default="", blank=True)
    text = models.TextField(default="", blank=True)
    at = models.DateTimeField(null=True)  # as the sender says
    known_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["source", "group_key", "-id"], name="remark_group")]


class Change(models.Model):
    """Something was changed out there, as a sender told it: kept for diagnosis."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    received = models.ForeignKey(Received, null=True, on_delete=models.SET_NULL, related_name="+")
    component = models.ForeignKey("customers.Component", null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.TextField()
    origin = models.TextField(default="", blank=True)
    text = models.TextField(default="", blank=True)
    url = models.TextField(default="", blank=True)
    labels = models.JSONField(default=dict)
    at = models.DateTimeField()  # as the sender says, else when it came
    known_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["source", "-id"], name="change_source"),
            models.Index(fields=["at"], name="change_at"),
        ]


class Certificate(models.Model):
    """What SNS signs with, by its address: fetched once by the clock."""

    url = models.TextField(unique=True)
    pem = models.TextField()
    fetched_at = models.DateTimeField()
