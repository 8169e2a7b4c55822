"""The envelope of Amazon SNS: what it says, which text its signature covers, and whether the signature holds.

Nothing of an envelope is believed before `verify`. Both signature versions: 1 (SHA-1) and 2 (SHA-256), RSA PKCS#1 v1.5.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tomei.kernel.errors import Refused
from tomei.signals.rules import reading, shapes
from tomei.signals.rules.reading import Table

NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
KINDS = {
    "Notification": NOTIFICATION,
    "SubscriptionConfirmation": CONFIRMATION,
    "UnsubscribeConfirmation": CONFIRMATION,
}
_HOST = re.compile(r"sns\.[a-z0-9][a-z0-9-]{1,40}\.amazonaws\.com(\.cn)?")
_CERTIFICATE = re.compile(r"/SimpleNotificationService-[0-9A-Za-z]{1,80}\.pem")


@dataclass(frozen=True, slots=True)
class Notice:
    """One envelope. `signed` is the text that its signature covers."""

    kind: str
    message: str
    topic: str
    signed: str
    signature: bytes
    version: str
    certificate_url: str
    subscribe_url: str


def notice(body: bytes) -> Notice:
    """Read an envelope; refuses what is none, and addresses that are not of SNS itself."""
    whole = reading.body(body)
    kind = whole.get("Type")
    if not isinstance(kind, str) or kind not in KINDS:
        raise Refused("signal.wrong_shape", where="Type")
    version = reading.text(whole, "SignatureVersion")
    if version not in ("1", "2"):
        raise Refused("signal.wrong_shape", where="SignatureVersion")
    return Notice(
        kind,
        _text(whole, "Message"),
        _text(whole, "TopicArn"),
        _signed(whole, kind),
        _signature(_text(whole, "Signature")),
        version,
        certificate_address(_text(whole, "SigningCertURL")),
        "" if kind == "Notification" else address(_text(whole, "SubscribeURL"), "SubscribeURL"),
    )


def _text(whole: Table, name: str) -> str:
    found: str = shapes.shape(whole.get(name), str, name)
    return found


def _signed(whole: Table, kind: str) -> str:
    """Names and values, a line each, in the order that SNS signs them; a missing Subject is left out."""
    names = [name for name in KINDS[kind] if name != "Subject" or whole.get("Subject") is not None]
    return "".join(f"{name}\n{_text(whole, name)}\n" for name in names)


def _signature(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused("signal.wrong_shape", where="Signature") from error


def address(url: str, where: str) -> str:
    """`url` when it is an https address of SNS in some region; else refuse."""
    try:
        parts = urlsplit(url)
        is_theirs = parts.scheme == "https" and _HOST.fullmatch(parts.netloc) and parts.fragment == ""
    except ValueError:
        is_theirs = None
    if not is_theirs or len(url) > 2000 or not url.isascii() or not url.isprintable() or " " in url:
        raise Refused("sns.foreign_address", where=where)
    return url


def certificate_address(url: str) -> str:
    """The certificate stands in a file of its own on the same hosts."""
    address(url, "SigningCertURL")
    parts = urlsplit(url)
    if not _CERTIFICATE.fullmatch(parts.path) or parts.query:
        raise Refused("sns.foreign_address", where="SigningCertURL")
    return url


def verify(given: Notice, certificate: bytes, at: datetime) -> None:
    """Refuses `sns.bad_certificate` and `sns.bad_signature`. `certificate` is PEM, from `certificate_url`."""
    try:
        found = x509.load_pem_x509_certificate(certificate)
        key = found.public_key()
        is_fit = isinstance(key, rsa.RSAPublicKey) and found.not_valid_before_utc <= at <= found.not_valid_after_utc
    except ValueError as error:
        raise Refused("sns.bad_certificate") from error
    if not is_fit or not isinstance(key, rsa.RSAPublicKey):
        raise Refused("sns.bad_certificate")
    digest = hashes.SHA1() if given.version == "1" else hashes.SHA256()  # noqa: S303 - version 1 is signed so
    try:
        key.verify(given.signature, given.signed.encode("utf-8", "surrogatepass"), padding.PKCS1v15(), digest)
    except (InvalidSignature, ValueError) as error:
        raise Refused("sns.bad_signature") from error
