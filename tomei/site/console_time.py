"""Times as people type them on a console."""

from __future__ import annotations

import re
from datetime import timedelta

from tomei.accounts import settings as house
from tomei.kernel import time


def moment(text: str) -> str:
    """`14:30` is the next 14:30 in the house's zone; anything else must be ISO 8601 with zone. Returns ISO in UTC."""
    if not re.fullmatch(r"\d{1,2}:\d{2}", text):
        return time.parse_moment(text).isoformat()
    place = str(house.get("zone", "Asia/Tokyo"))
    today = time.now().astimezone(time.zone(place))
    wall = f"{today:%Y-%m-%d}T{text:0>5}"
    found = time.parse_local(wall, place)
    if found <= time.now():
        wall = f"{today + timedelta(days=1):%Y-%m-%d}T{text:0>5}"
        found = time.parse_local(wall, place)
    return found.isoformat()
