"""How allauth behaves in this house: no sign-up, links from TOMEI_URL, own mails and messages, an audit trail."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tomei.accounts import audit, mails, rules
from tomei.accounts.models import User
from tomei.kernel import time
from tomei.kernel.actor import Actor


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in only by invitation; an unknown address and a wrong password get the same answer."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("The mail address or the password is not right."),
        "too_many_login_attempts": gettext_lazy("Too many failed attempts. Wait five minutes and try again."),
        "enter_current_password": gettext_lazy("This is not your present password."),
        "incorrect_password": gettext_lazy("This is not your present password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Only what the front found out: it alone knows which proxies may speak for a client."""
        return request.META.get("REMOTE_ADDR") or "unknown"

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failures per address alone: allauth's own key holds Host, which whoever guesses can vary."""
        return rules.mail(str(credentials.get("email") or ""))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/me/"

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.TOMEI_URL + path.replace("UID-KEY", key)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        mails.password_reset(user, context["password_reset_url"])

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """Only a changed password is told; allauth's other notices belong to doors that are shut here."""
        if template_prefix.rsplit("/", 1)[-1] in ("password_changed", "password_reset", "password_set"):
            mails.password_changed(user, settings.TOMEI_URL + reverse("account_reset_password"))

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Of allauth's many messages, the one that a person would miss."""
        if message_template and message_template.endswith("password_changed.txt"):
            messages.success(request, _("Your password is changed. All other sessions are signed out."))

    def set_password(self, user: User, password: str) -> None:
        """The new password ends every session that carries the old one; allauth lets the present one go on."""
        user.set_password(password)
        user.save(update_fields=["password"])
        _note("password.set", self.request, user)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        _note("session.opened", request, user)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        _note("session.refused", request, user, why="deactivated")
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Kept by person when the address is one of ours; what else was typed may be a password and is not kept."""
        user = User.objects.filter(email=rules.mail(str(credentials.get("email") or ""))).first()
        _note("session.refused", request, user, why="password" if user else "unknown address")

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            _note("session.closed", request, request.user)
        super().logout(request)


def _note(code: str, request: HttpRequest | None, user: User | None, **data: str) -> None:
    by = Actor("user", user.pk, user.name, user_id=user.pk) if user else audit.NOBODY
    now = getattr(request, "now", None) or time.now()
    where = request.META.get("REMOTE_ADDR", "") if request is not None else ""
    audit.record(code, by=by, now=now, address=where, **data)
