"""The mails of sign-in, in the reader's language, as text and HTML. They leave by the house's one outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from tomei.accounts.models import User
from tomei.kernel import time
from tomei.ui import moments


def invitation(user: User, url: str, *, host: str, until: datetime) -> None:
    """`host` asks `user` in; the link ends at `until`."""
    with translation.override(user.language):
        last = moments.full(until, time.zone(user.zone), user.language)
        _send(
            user,
            _("%(host)s invites you to Tomei") % {"host": host},
            [
                _("Hello %(name)s,") % {"name": user.name},
                _("%(host)s has made an account for you on Tomei, where incidents are led and promises kept.")
                % {"host": host},
                _("Set your password with this link. It works once, until %(until)s.") % {"until": last},
            ],
            (_("Join Tomei"), url),
            _("If you do not know what this is about, ignore this mail: without the link nothing happens."),
        )


def password_reset(user: User, url: str) -> None:
    with translation.override(user.language):
        _send(
            user,
            _("Set a new password for Tomei"),
            [
                _("Hello %(name)s,") % {"name": user.name},
                _("Somebody, we hope you, asked for a new password. Set it with this link; it works once."),
            ],
            (_("Set a new password"), url),
            _("If it was not you, ignore this mail: your password stays as it is."),
        )


def password_changed(user: User, url: str) -> None:
    """Tell the person, so that a change by somebody else is noticed; `url` is where a new one is set."""
    with translation.override(user.language):
        _send(
            user,
            _("Your password for Tomei was changed"),
            [
                _("Hello %(name)s,") % {"name": user.name},
                _("Your password was changed just now. All other sessions are signed out."),
            ],
            (_("It was not me: set a new password"), url),
            _("If it was you, there is nothing to do."),
        )


def _send(user: User, subject: str, lines: Sequence[str], button: tuple[str, str], foot: str) -> None:
    label, url = button
    text = "\n\n".join([*lines, f"{label}:\n{url}", foot]) + "\n"
    page = {"language": user.language, "subject": subject, "lines": lines, "label": label, "url": url, "foot": foot}
    send_mail(
        " ".join(subject.splitlines()),
        text,
        None,
        [user.email],
        html_message=render_to_string("accounts/mail.html", page),
    )
