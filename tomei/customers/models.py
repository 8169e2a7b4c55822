"""Organisations, contacts, contracts, policies, calendars and the catalogue of what we run."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Edited(models.Model):
    """A row that people edit in place: `version` rises with each change, so that a stale write is seen and told."""

    version = models.PositiveIntegerField(default=1)
    changed_by = models.TextField(default="", blank=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Organisation(Edited):
    """`kind` is ours (exactly one), customer, vendor or partner. `name` is {ja, en}."""

    kind = models.TextField()
    name = models.JSONField()
    zone = models.TextField(default="Asia/Tokyo")
    language = models.TextField(default="ja")
    account_owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    notes = models.TextField(default="")
    last_word_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["ours", "customer", "vendor", "partner"]), name="organisation_kind"
            ),
            models.UniqueConstraint(fields=["kind"], condition=models.Q(kind="ours"), name="organisation_one_ours"),
        ]
        indexes = [models.Index(fields=["kind", "id"], name="organisation_kind_id")]


class Contact(Edited):
    """A person at a customer, vendor or partner: no account of ours."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contacts")
    name = models.TextField()
    mail = models.EmailField(blank=True)
    phone = models.TextField(default="", blank=True)
    title = models.TextField(default="", blank=True)
    language = models.TextField(default="ja")
    gets_updates = models.BooleanField(default=True)
    is_executive = models.BooleanField(default=False)
    room_role = models.TextField(default="reader")  # what they may do in the customer room
    archived_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "id"], name="contact_organisation")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "mail"],
                condition=models.Q(archived_at=None) & ~models.Q(mail=""),
                name="contact_once",
            ),
            models.CheckConstraint(
                condition=models.Q(room_role__in=["reader", "answerer", "commander"]), name="contact_room_role"
            ),
        ]


class Calendar(Edited):
    """Business hours: `hours` maps weekday 0..6 to [["09:00","18:00"], …] in `zone`; `country` gives holidays."""

    is_default = models.BooleanField(default=False)
    name = models.TextField(unique=True)
    zone = models.TextField()
    country = models.TextField(default="JP")
    hours = models.JSONField()
    closed_on = models.JSONField(default=list)  # further days off: ISO dates, or MM-DD for every year
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="calendar_one_default"
            ),
        ]


class Policy(models.Model):
    """A named set of times. Versions are immutable; an incident pins one."""

    name = models.TextField(unique=True)
    is_default = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="policy_one_default"
            ),
        ]


class PolicyVersion(models.Model):
    """`terms` is the JSON form of `customers.rules.Terms`: per severity the seconds of each promise."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    terms = models.JSONField()
    calendar = models.ForeignKey(Calendar, null=True, on_delete=models.PROTECT, related_name="+")
    made_by_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    reason = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="policy_version_once")]


class Product(Edited):
    """What we sell and run. `owner` is accountable for its incidents until someone takes them."""

    name = models.JSONField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    team = models.ForeignKey("accounts.Team", null=True, on_delete=models.SET_NULL, related_name="+")
    top_tier = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sponsor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    position = models.IntegerField(default=0)
    archived_at = models.DateTimeField(null=True)


class Component(Edited):
    """A part that can fail by itself; what the status page lists. `declares` lets a critical alert declare."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="components")
    name = models.JSONField()
    group = models.JSONField(default=dict)
    slug = models.SlugField(max_length=80, unique=True)
    is_public = models.BooleanField(default=True)
    declares = models.BooleanField(default=False)
    declares_as = models.TextField(default="SEV1b")  # the severity it declares with
    position = models.IntegerField(default=0)
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()


class Use(models.Model):
    """An organisation uses a component: it is affected when the component fails."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="uses")
    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="uses")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "component"], name="use_once")]


class Contract(Edited):
    """Who bought what, under which policy, until when."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contracts")
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="+")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    number = models.TextField(default="", blank=True)
    terms = models.TextField(default="", blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    renews_on = models.DateField(null=True)
    yearly_value = models.TextField(default="", blank=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "product"], name="contract_of")]


# Rows of a sub-package belong to this app: Django finds them by this name.
from tomei.customers.credit.models import CreditExclusion, CreditVersion  # noqa: E402

SUB_PACKAGES = (CreditExclusion, CreditVersion)
