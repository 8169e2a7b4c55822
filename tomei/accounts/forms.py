"""allauth's forms where they must know how mail addresses are kept here."""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from django.http import QueryDict

from tomei.accounts import rules


def _kept_way(data: QueryDict | None, name: str) -> QueryDict | None:
    """What was typed, with the address as it is kept: an input method may leave full-width signs."""
    if data is None or name not in data:
        return data
    data = data.copy()
    data[name] = rules.mail(str(data[name]))
    return data


class Login(forms.LoginForm):  # type: ignore[misc]
    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(_kept_way(data, "login"), *args, **kwargs)


class ResetPassword(forms.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(_kept_way(data, "email"), *args, **kwargs)


class UserToken(forms.UserTokenForm):  # type: ignore[misc]
    """A reset link opens nothing for somebody who was let go after it was mailed."""

    def _get_user(self, uidb36: str) -> Any:
        user = super()._get_user(uidb36)
        return user if user is not None and user.is_active else None
