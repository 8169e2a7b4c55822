"""Our people, teams, tokens, house settings and the audit log. Rows and constraints only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """One of our people. `role` is observer, responder or commander; administration is a separate flag.

    Invited: not active, `joined_at` null. Active: may act. Deactivated: not active, `deactivated_at` set.
    """

    email = models.EmailField(unique=True)
    name = models.TextField()
    role = models.TextField(default="responder")
    is_administrator = models.BooleanField(default=False)
    zone = models.TextField(default="Asia/Tokyo")
    language = models.TextField(default="ja")
    deputy = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_active = models.BooleanField(default=True)
    shortcuts = models.BooleanField(default=True)
    invited_at = models.DateTimeField(null=True)
    joined_at = models.DateTimeField(null=True)
    deactivated_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)  # to five minutes
    session_epoch = models.PositiveIntegerField(default=0)  # raised by "sign out everywhere"
    version = models.PositiveIntegerField(default=1)  # raised by every change that another administrator could lose

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(role__in=["observer", "responder", "commander"]), name="user_role"
            ),
            models.CheckConstraint(
                condition=models.Q(is_active=False) | models.Q(deactivated_at=None), name="user_active_or_gone"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["is_active", "role"], name="user_active_role")]

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """What every session carries and every request compares: a new password or epoch ends all of them."""
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret: str | bytes | None) -> str:
        return salted_hmac(
            "tomei.accounts.session", f"{self.password}:{self.session_epoch}", secret=secret, algorithm="sha256"
        ).hexdigest()


class Team(models.Model):
    """`lead` is a rung of the ladder of the team's products; a lead need not be a member."""

    name = models.TextField(unique=True)
    lead = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    members = models.ManyToManyField(User, related_name="teams")
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class ApiToken(models.Model):
    """Shown once, kept as a digest. Its reach is `scopes` cut by its maker's present rights."""

    name = models.TextField()
    hint = models.TextField()  # the last four characters, to tell tokens apart
    digest = models.TextField(unique=True)
    scopes = models.JSONField(default=list)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class OneTimeLink(models.Model):
    """Opened once, before `expires_at`. `purpose` is:

    `first_admin` (printed at start, good while nobody administers), `admin` (asked for on the console) or `invite`.
    """

    purpose = models.TextField()
    digest = models.TextField(unique=True)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Setting(models.Model):
    """One setting of the house. Secrets are encrypted with the key file (`accounts.vault`)."""

    name = models.TextField(primary_key=True)
    value = models.JSONField()
    is_secret = models.BooleanField(default=False)
    changed_at = models.DateTimeField()


class AuditEntry(models.Model):
    """Sign-ins, rights, settings, policies, tokens, exports: apart from the timelines."""

    at = models.DateTimeField(db_index=True)
    actor_kind = models.TextField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.TextField(default="")
    code = models.TextField()
    data = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["code", "id"], name="audit_code_id"),
            models.Index(fields=["actor_id", "id"], name="audit_actor_id"),
        ]
