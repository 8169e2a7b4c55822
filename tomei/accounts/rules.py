"""Decisions about people, tokens and links. Pure: no Django, no rows."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from tomei.accounts import rights
from tomei.kernel.errors import Refused
from tomei.kernel.text import LANGUAGES

NAME_LIMIT = 120
MAIL_LIMIT = 254
INVITATION = timedelta(days=7)
FIRST_ADMINISTRATOR = timedelta(hours=1)
LONGEST_TOKEN = timedelta(days=3650)
TOKEN_DAYS = (30, 90, 365)  # what the page offers; the API takes any day up to LONGEST_TOKEN
SEEN_EVERY = timedelta(minutes=5)
USED_EVERY = timedelta(minutes=1)


def one_line(text: str) -> str:
    """`text` as one line in any script: no control characters, no lone surrogates, blanks joined, both ends cut.

    Marks that join or turn letters (as in Persian, Hindi, emoji families) stay.
    """
    kept = (" " if unicodedata.category(sign) == "Cc" else sign for sign in text if unicodedata.category(sign) != "Cs")
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def is_visible(text: str) -> bool:
    """Whether a reader sees anything: a name of joiners and direction marks alone is none."""
    return any(unicodedata.category(sign)[0] in "LNPS" for sign in text)


def name(text: str, *, of: str = "person") -> str:
    """A name to show; refuses `person.name_missing` / `…name_too_long` (or `team.…`, `token.…`)."""
    line = one_line(text)
    if not is_visible(line):
        raise Refused(f"{of}.name_missing")
    if len(line) > NAME_LIMIT:
        raise Refused(f"{of}.name_too_long", length=len(line), limit=NAME_LIMIT)
    return line


def mail(text: str) -> str:
    """A mail address as it is kept and compared: NFKC (full-width signs become plain), lower case, no blanks around."""
    return unicodedata.normalize("NFKC", one_line(text)).strip().lower()


def role(text: str) -> str:
    if text not in rights.ROLES:
        raise Refused("person.role_unknown", role=text[:40])
    return text


def language(text: str) -> str:
    if text not in LANGUAGES:
        raise Refused("person.language_unknown", language=text[:40])
    return text


def standing(*, is_active: bool, was_deactivated: bool) -> str:
    """`active`, `invited` or `deactivated`."""
    if is_active:
        return "active"
    return "deactivated" if was_deactivated else "invited"


def deputy_in_charge(deputies: Mapping[int, int | None], active: Iterable[int], user_id: int) -> int | None:
    """Who stands in for `user_id`: the first active person along the line of deputies, None when it ends or turns."""
    able, seen, current = set(active), {user_id}, deputies.get(user_id)
    while current is not None and current not in seen:
        if current in able:
            return current
        seen.add(current)
        current = deputies.get(current)
    return None


def scopes(wanted: Iterable[str], makers: Iterable[str]) -> list[str]:
    """The scopes of a new token in the table's order; refuses `token.no_scope` and `token.scope_not_yours`."""
    asked = set(wanted)
    if not asked:
        raise Refused("token.no_scope")
    allowed = rights.grantable(makers)
    beyond = sorted(asked - set(allowed))
    if beyond:
        raise Refused("token.scope_not_yours", scope=", ".join(scope[:40] for scope in beyond[:5]))
    return [scope for scope in allowed if scope in asked]


def expiry(expires_at: datetime | None, now: datetime) -> datetime | None:
    """When a token ends; None is never. Refuses a moment that has passed and one beyond ten years."""
    if expires_at is None:
        return None
    if expires_at <= now:
        raise Refused("token.expiry_past")
    if expires_at > now + LONGEST_TOKEN:
        raise Refused("token.expiry_far")
    return expires_at


def token_state(*, revoked: bool, expires_at: datetime | None, maker_is_active: bool, now: datetime) -> str:
    """`live`, `revoked`, `expired` or `asleep` (its maker is not active)."""
    if revoked:
        return "revoked"
    if expires_at is not None and expires_at <= now:
        return "expired"
    return "live" if maker_is_active else "asleep"
