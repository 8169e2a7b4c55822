"""What a message may look like, when it is tried again and when it is given up. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

from tomei.kernel.errors import Refused
from tomei.kernel.ids import digest
from tomei.kernel.mail import as_sent

_STEPS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 30, 60))
MOST_ATTACHED = 8 * 1024 * 1024
GIVE_UP = timedelta(hours=72)
UNCONFIGURED = timedelta(minutes=10)  # how often a message looks for a mail server that nobody has named yet
PURPOSES = frozenset({"page", "update", "digest", "test", "invite", "reset"})
# Only words to customers obey the suppression list: a page to our own person or a reset that somebody asked for must
# never be lost to an old bounce.
OBEY_SUPPRESSION = frozenset({"update"})
SECURITY = ("none", "starttls", "tls")
_LINE_BREAK = re.compile(r"[\r\n\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0085\u2028\u2029]")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
# These say who we are and which message this is: they are ours to set, never the caller's.
_OURS = frozenset(
    {"from", "to", "cc", "bcc", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type"}
    | {"content-transfer-encoding", "sender", "return-path", "received"}
)


def next_try(attempts: int, *, tried_from: datetime, now: datetime) -> datetime | None:
    """When to try again after `attempts` failures (1, 2, 5, 10, 30, 60 minutes, then hourly), or None: given up."""
    due = now + _STEPS[min(max(attempts, 1), len(_STEPS)) - 1]
    return due if due <= tried_from + GIVE_UP else None


def attachable(files: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """Of these (id, size), in their order, the ids that fit into one mail together: 8 MiB, which every server takes."""
    room, kept = MOST_ATTACHED, []
    for pk, size in files:
        if size <= room:
            kept.append(pk)
            room -= size
    return tuple(kept)


def message_id(key: str, domain: str) -> str:
    """The `Message-ID` of the message with this key: the same on every attempt and after a restore."""
    return f"<{digest(key)[:40]}@{domain}>"


def mail_domain(url: str) -> str:
    """The domain under which our message ids stand, from the address of the house; a bare IP is no domain."""
    host = (urlsplit(url).hostname or "").lower()
    return host if re.search(r"[a-z]", host) and ":" not in host else "tomei.invalid"


def one_line(text: str) -> str:
    """`text` as a header may carry it; refuses `delivery.line_break`: a line break would begin a header of its own."""
    if _LINE_BREAK.search(text):
        raise Refused("delivery.line_break", text=_LINE_BREAK.sub(" ", text)[:60])
    return text


def mail_address(address: str) -> str:
    """The address in the form that SMTP speaks (domain in ASCII), or refuse `delivery.bad_address`."""
    found = as_sent(address)
    if not found:
        raise Refused("delivery.bad_address", address=_LINE_BREAK.sub(" ", address.strip())[:80])
    return found


def headers(given: dict[str, str]) -> dict[str, str]:
    """The caller's headers, each one checked; refuses `delivery.bad_header` for a name that is ours or malformed."""
    checked: dict[str, str] = {}
    for name, value in given.items():
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _OURS:
            raise Refused("delivery.bad_header", name=_LINE_BREAK.sub(" ", str(name))[:40])
        checked[name] = one_line(str(value))
    return checked


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. `security`: none (STARTTLS where offered), starttls (demanded), tls (at once)."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    security: str = "starttls"
    sender: str = ""
    sender_name: str = ""


def mail_server(
    *, host: str, port: int, user: str, password: str, security: str, sender: str, sender_name: str = ""
) -> MailServer:
    """A checked mail server; refuses `delivery.bad_host`, `.bad_port`, `.bad_security` and `.bad_address`."""
    name = host.strip().strip("[]")
    if not name or len(name) > 253 or not re.fullmatch(r"[A-Za-z0-9.:_-]+", name):
        raise Refused("delivery.bad_host", host=_LINE_BREAK.sub(" ", host)[:80])
    if not 1 <= port <= 65535:
        raise Refused("delivery.bad_port", port=port)
    if security not in SECURITY:
        raise Refused("delivery.bad_security", security=security[:20])
    return MailServer(
        name, port, one_line(user), password, security, mail_address(sender), one_line(sender_name.strip())[:120]
    )


_SCHEMES = {"smtp": (25, "none"), "smtp+starttls": (587, "starttls"), "smtps": (465, "tls")}


def mail_url(url: str) -> MailServer:
    """Read `smtp://user:password@host:587/?from=a@example.com&name=…&security=starttls`.

    `smtps://` speaks TLS from the start. With a user, `smtp://` demands STARTTLS unless `security=none` is written:
    a password does not travel in the clear by accident. Refuses `delivery.bad_mail_url`.
    """
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise Refused("delivery.bad_mail_url", scheme=parts.scheme[:20])
    try:
        port = parts.port
    except ValueError as error:
        raise Refused("delivery.bad_mail_url", scheme=parts.scheme[:20]) from error
    usual, security = _SCHEMES[parts.scheme]
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if parts.scheme == "smtp" and parts.username:
        security = "starttls"
    sender = asked.get("from") or (unquote(parts.username or "") if "@" in unquote(parts.username or "") else "")
    return mail_server(
        host=parts.hostname,
        port=port or usual,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        security=asked.get("security", security),
        sender=sender or f"tomei@{parts.hostname}",
        sender_name=asked.get("name", ""),
    )
