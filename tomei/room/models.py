"""Who asked to come in, on which browser, and the keys of feed readers. Contacts themselves are rows of customers."""

from __future__ import annotations

from django.db import models


class SignIn(models.Model):
    """A link and a code that were asked for. A row stands here for unknown addresses too: both look the same.

    Link and code are derived from `salt` and the key file outside the database; `token` and `browser` are digests.
    """

    token = models.TextField(unique=True)
    salt = models.TextField()
    browser = models.TextField(unique=True)  # digest of the cookie of the browser that asked
    address = models.TextField()  # in small letters
    language = models.TextField()
    next = models.TextField()
    keep = models.BooleanField(default=False)  # remember the device
    asked_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="room_signin_asked")]


class Device(models.Model):
    """A browser in which a contact is signed in. `contact` is empty until one of several organisations is chosen."""

    secret = models.TextField(unique=True)  # digest of the cookie
    address = models.TextField()
    contact = models.ForeignKey("customers.Contact", null=True, on_delete=models.CASCADE, related_name="+")
    name = models.TextField(default="")
    kept = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["address", "-id"], name="room_device_address"),
            models.Index(fields=["ends_at"], name="room_device_ends"),
        ]


class FeedKey(models.Model):
    """Opens the feeds and the JSON of a contact's organisation. The key is derived from `salt` and the key file."""

    contact = models.ForeignKey("customers.Contact", on_delete=models.CASCADE, related_name="+")
    salt = models.TextField()
    made_at = models.DateTimeField()


class Gate(models.Model):
    """When a door was last passed: how often an address, a network or an organisation may ask. Keys are marks."""

    key = models.TextField(primary_key=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="room_gate_at")]
