"""Hand a mail to the operator's server. The one opener of connections beside `net`: this host is set by the operator
and therefore exempt from the rule about private addresses; TLS is judged as everywhere."""

from __future__ import annotations

import smtplib
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass

from tomei.delivery import net
from tomei.delivery.rules import MailServer
from tomei.kernel import time

TIMEOUT_S = 15.0
IDLE_S = 5.0  # how long a connection waits for the next mail of the same batch
PER_CONNECTION = 100
_kept = threading.local()


class Permanent(Exception):
    """The server will never take this mail (5xx about this recipient or these words)."""

    def __init__(self, said: str, *, unknown_recipient: bool = False) -> None:
        super().__init__(said)
        self.unknown_recipient = unknown_recipient


class Temporary(Exception):
    """Not now: no connection, 4xx, or a fault of our settings that the operator can mend."""


@dataclass(slots=True)
class _Open:
    server: MailServer
    connection: smtplib.SMTP
    used_at: float
    sent: int = 0


def send(server: MailServer, *, to: str, mail: bytes, sender: str = "") -> None:
    """The server has said 250 for `mail`, or `Permanent` / `Temporary` says why not.

    `sender` is the return address on the envelope, by default that of the settings.
    """
    try:
        line = _line(server)
        _hand_over(line, sender or server.sender, to, mail)
    except Permanent:
        raise
    except (smtplib.SMTPException, OSError, Temporary) as error:
        close()
        raise Temporary(_said(error)) from error


def _hand_over(line: _Open, sender: str, to: str, mail: bytes) -> None:
    try:
        line.connection.sendmail(sender, [to], mail)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        _refused(code, said)
    except smtplib.SMTPDataError as error:
        _refused(error.smtp_code, error.smtp_error)
    except smtplib.SMTPSenderRefused as error:
        # 552 is the size of this mail; every other word against the sender is about our settings, not this mail.
        if error.smtp_code == 552:
            _refused(error.smtp_code, error.smtp_error)
        raise
    line.used_at, line.sent = time.monotonic(), line.sent + 1


def _refused(code: int, said: bytes | str) -> None:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    words = f"{code} {' '.join(text.split())}"[:300]
    if code >= 500:
        raise Permanent(words, unknown_recipient=text.startswith("5.1."))
    raise Temporary(words)


def _said(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return f"{error.smtp_code} {' '.join(text.split())}"[:300]
    return (str(error) or type(error).__name__)[:300]


def _line(server: MailServer) -> _Open:
    """The connection of this thread, if it is fresh and to the same server with the same settings; else a new one."""
    line: _Open | None = getattr(_kept, "line", None)
    if line is not None:
        fresh = time.monotonic() - line.used_at < IDLE_S and line.sent < PER_CONNECTION
        if line.server == server and fresh and _alive(line.connection):
            return line
        close()
    line = _Open(server, connect(server), time.monotonic())
    _kept.line = line
    return line


def _alive(connection: smtplib.SMTP) -> bool:
    with suppress(smtplib.SMTPException, OSError):
        return connection.noop()[0] == 250
    return False


def close() -> None:
    """Say goodbye to the kept connection of this thread, if there is one."""
    line: _Open | None = getattr(_kept, "line", None)
    _kept.line = None
    if line is not None:
        with suppress(smtplib.SMTPException, OSError):
            line.connection.quit()
        line.connection.close()


def trouble(server: MailServer, *, timeout: float) -> str:
    """Connect, encrypt, sign in and ask NOOP, sending nothing: what went wrong, or empty when the server is well."""
    try:
        connection = connect(server, timeout=timeout)
        try:
            code, said = connection.noop()
            return "" if code == 250 else f"{code} {said.decode('utf-8', 'replace')}"[:300]
        finally:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
    except (smtplib.SMTPException, OSError, Temporary) as error:
        return _said(error)


def connect(server: MailServer, *, timeout: float | None = None) -> smtplib.SMTP:
    """A connection that is encrypted as the settings demand and signed in. Raises `Temporary` or an SMTP error."""
    wait = TIMEOUT_S if timeout is None else timeout
    if server.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, local_hostname="localhost", timeout=wait, context=net.tls()
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, local_hostname="localhost", timeout=wait)
    try:
        connection.ehlo()
        if server.security != "tls":
            _encrypt(connection, server)
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _encrypt(connection: smtplib.SMTP, server: MailServer) -> None:
    """STARTTLS where it is offered; refused when the settings demand it and the server does not offer it."""
    if connection.has_extn("starttls"):
        connection.starttls(context=net.tls() if server.security == "starttls" else _unchecked())
        connection.ehlo()
    elif server.security == "starttls":
        raise Temporary("the server does not offer STARTTLS, which the settings demand")


def _unchecked() -> ssl.SSLContext:
    """For `none`: the alternative is plain text, so that a certificate nobody can check is still the better line."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
