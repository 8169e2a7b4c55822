"""How long, how often, and where to after the sign-in. Pure."""

from __future__ import annotations

import re
from datetime import timedelta

LIFETIME = timedelta(minutes=10)  # of a link and its code
TRIES = 5  # of one code, then it is dead
HOUR = timedelta(hours=1)
PER_ADDRESS = 5  # sign-ins that may be asked for within an hour
PER_NETWORK = 20
PER_ORGANISATION = 50  # mails within an hour
DECLARATIONS = 10  # of one organisation within an hour
SHORT = timedelta(hours=12)  # a device that is not to be remembered
DAYS = 30  # a remembered one, unless the house says otherwise
MOST_DAYS = 365
MOST_KEYS = 5  # feed keys of one contact
SEEN = timedelta(hours=1)  # how exactly it is written down when a device was used last
HOME = "/room/"
_OWN = re.compile(r"/room/[A-Za-z0-9/_.~=&%-]*(?:\?[A-Za-z0-9/_.~=&%-]*)?")
_BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("CriOS", "Chrome"), ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def safe_next(text: str) -> str:
    """The page of the room to come back to; anything that is no own path of the room leads to its beginning."""
    plain = len(text) <= 300 and _OWN.fullmatch(text) is not None and "//" not in text and ".." not in text
    return text if plain and not text.startswith("/room/sign-") else HOME


def code_of(mark: str) -> str:
    """Six digits from a keyed mark; the bias of the remainder is below one in 10^8."""
    return f"{int(mark[:14], 16) % 1_000_000:06d}"


def typed_code(text: str) -> str:
    """What somebody typed, full-width digits and spaces forgiven; empty when it is no code."""
    plain = "".join(str(int(one)) for one in text[:40] if one.isdecimal())
    return plain if len(plain) == 6 else ""


def device_name(user_agent: str) -> str:
    """`Firefox, Windows`: enough to know one's own devices again."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return ", ".join(filter(None, (browser, system)))
