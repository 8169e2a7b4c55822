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
PURPOSES = frozenset(
    {"notice", "confirm", "page", "update", "event", "digest", "test", "invite", "reset", "signin", "answer", "chat"}
)
# Only words to customers obey the suppression list: a page to our own person or a reset that somebody asked for must
# never be lost to an old bounce.
OBEY_SUPPRESSION = frozenset({"notice", "confirm", "update", "answer"})
SECURITY = ("none", "starttls", "tls")
_MOST_LOCAL = 64 - 20 - 25  # before the @ stand 64 characters at most, with the number and the mark of a message
_LINE_BREAK = re.compile(r"[\r\n\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0085\u2028\u2029]")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
# These say who we are and which message this is: they are ours to set, never the caller's.
_OURS = frozenset(
    {"from", "to", "cc", "bcc", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type"}
    | {"content-transfer-encoding", "sender", "return-path", "received", "x-tomei-loop"}
)


def next_try(attempts: int, *, tried_from: datetime, now: datetime) -> datetime | None:
    """When to try again after `attempts` failures (1, 2, 5, 10, 30, 60 minutes, then hourly), or None: given up."""
    due = now + _STEPS[min(max(attempts, 1), len(_STEPS)) - 1]
    return due if due <= tried_from + GIVE_UP else None


def reason(error: str) -> str:
    """How an answer begins, alike for all that failed alike: its number and enhanced code, or the words to a colon."""
    found = re.match(r"\d{3}(?: \d\.\d\.\d+)?", error)
    return found[0] if found else re.split(r"[:{]", error, maxsplit=1)[0].strip()[:60]


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
    """Where mail is handed over. `security`: none (STARTTLS where offered), starttls (demanded), tls (at once).

    `bounces` is the address to which what cannot be delivered returns; each message gets its own form of it.
    """

    host: str
    port: int
    user: str = ""
    password: str = ""
    security: str = "starttls"
    sender: str = ""
    sender_name: str = ""
    bounces: str = ""


def mail_server(
    *,
    host: str,
    port: int,
    user: str,
    password: str,
    security: str,
    sender: str,
    sender_name: str = "",
    bounces: str = "",
) -> MailServer:
    """A checked mail server; refuses `delivery.bad_host`, `.bad_port`, `.bad_security` and `.bad_address`."""
    return MailServer(
        host_name(host),
        _port(port),
        one_line(user),
        password,
        _security(security),
        mail_address(sender),
        one_line(sender_name.strip())[:120],
        _return_address(bounces),
    )


def host_name(host: str) -> str:
    """A name or address of a server; refuses `delivery.bad_host`."""
    name = host.strip().strip("[]")
    if not name or len(name) > 253 or not re.fullmatch(r"[A-Za-z0-9.:_-]+", name):
        raise Refused("delivery.bad_host", host=_LINE_BREAK.sub(" ", host)[:80])
    return name


def _port(port: int) -> int:
    if not 1 <= port <= 65535:
        raise Refused("delivery.bad_port", port=port)
    return port


def _security(security: str) -> str:
    if security not in SECURITY:
        raise Refused("delivery.bad_security", security=security[:20])
    return security


def _return_address(address: str) -> str:
    """Short enough that the mark of a message still fits before the @; refuses `delivery.bad_address`."""
    found = mail_address(address) if address.strip() else ""
    if len(found.partition("@")[0]) > _MOST_LOCAL:
        raise Refused("delivery.bad_address", address=found[:80])
    return found


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """The mailbox that is looked into; `source_id` is the signal source that its mail belongs to."""

    host: str
    port: int
    user: str
    password: str = ""
    security: str = "tls"
    folder: str = "INBOX"
    every_s: int = 60
    source_id: int | None = None


def mailbox(
    *,
    host: str,
    port: int,
    user: str,
    password: str,
    security: str,
    folder: str,
    every_s: int,
    source_id: int | None,
) -> MailboxSettings:
    """Checked settings; refuses what `mail_server` refuses, `delivery.bad_folder` and `delivery.bad_interval`."""
    name = folder.strip() or "INBOX"
    if len(name) > 200 or not re.fullmatch(r"[\x20-\x7e]+", name) or set(name) & set('"\\*%{}'):
        raise Refused("delivery.bad_folder", folder=_LINE_BREAK.sub(" ", name)[:80])
    if not 10 <= every_s <= 3600:
        raise Refused("delivery.bad_interval", seconds=every_s)
    return MailboxSettings(
        host_name(host), _port(port), one_line(user.strip())[:200], one_line(password)[:500], _security(security),
        name, every_s, source_id,
    )  # fmt: skip


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
        bounces=asked.get("bounces", ""),
    )
