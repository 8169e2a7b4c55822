"""What people may type: any script, bounded length, nothing that a database or a mail header chokes on."""

from __future__ import annotations

import re
import unicodedata

from tomei.kernel.errors import Refused
from tomei.kernel.mail import as_sent
from tomei.kernel.text import Text

NAME, LINE, NOTES = 120, 200, 5000
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")
LANGUAGES = ("ja", "en")
ROOM_ROLES = ("reader", "answerer", "commander")  # of a contact, in the customer room


def line(text: str, field: str, *, limit: int = LINE, required: bool = False) -> str:
    """One line, trimmed; refuses `field.missing`, `field.too_long` and `field.control_characters`."""
    return _words(" ".join(_readable(text, field).split()), field, limit, required)


def paragraph(text: str, field: str, *, limit: int = NOTES) -> str:
    """Several lines, trimmed at both ends."""
    return _words(_readable(text, field).replace("\r\n", "\n").replace("\r", "\n").strip(), field, limit, False)


def said(text: Text, field: str, *, limit: int = NAME, required: bool = True) -> Text:
    """Words in either or both languages; one of them is enough."""
    clean = Text(line(text.ja, field, limit=limit), line(text.en, field, limit=limit))
    if required and not clean:
        raise Refused("field.missing", field=field)
    return clean


def mail(text: str, field: str = "mail", *, required: bool = False) -> str:
    """One address that can be sent to, in small letters so that the same one is not taken twice."""
    clean = unicodedata.normalize("NFKC", line(text, field, limit=254, required=required)).lower()
    if clean and not as_sent(clean):
        raise Refused("field.mail_unreadable", field=field, text=clean[:60])
    return clean


def slug(text: str, field: str = "slug") -> str:
    """What an alert's label may name: small Latin letters, digits and dashes."""
    clean = line(text, field, limit=80, required=True).lower()
    if not _SLUG.fullmatch(clean):
        raise Refused("field.slug_unreadable", field=field, text=clean[:60])
    return clean


def slug_of(text: Text) -> str:
    """A proposal from the English name; empty where that has no Latin letter."""
    plain = unicodedata.normalize("NFKD", text.en).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")


def language(text: str, field: str = "language") -> str:
    if text not in LANGUAGES:
        raise Refused("field.not_a_choice", field=field, value=text[:20])
    return text


def room_role(text: str, field: str = "room_role") -> str:
    if text not in ROOM_ROLES:
        raise Refused("field.not_a_choice", field=field, value=text[:20])
    return text


def _readable(text: str, field: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Refused("field.control_characters", field=field) from error
    return _CONTROLS.sub("", text)


def _words(clean: str, field: str, limit: int, required: bool) -> str:
    if required and not clean:
        raise Refused("field.missing", field=field)
    if len(clean) > limit:
        raise Refused("field.too_long", field=field, most=limit, length=len(clean))
    return clean
