"""What a card may say, and what changed between two versions. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tomei.cases.rules import roles, words
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text

MAY, ASK, NEVER = "may", "ask", "never"
LEVELS = (MAY, ASK, NEVER)
MOST = 40


@dataclass(frozen=True, slots=True)
class Line:
    """`role` and `person_id` say whom to ask, where `level` is ask: one of them at least."""

    key: int
    text: Text
    level: str = MAY
    role: str = ""
    person_id: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {"key": self.key, "text": self.text.as_json(), "level": self.level, "role": self.role,
                "person_id": self.person_id}  # fmt: skip


def read(data: Mapping[str, Any]) -> Line:
    return Line(int(data["key"]), Text.of(data["text"]), data["level"], data.get("role", ""), data.get("person_id"))


def check(lines: Sequence[Line]) -> list[Line]:
    """The lines with keys of their own, by level; empty ones are left out.

    Refuses a card without a line or with more than 40, an unknown level or role, and "ask" without saying whom.
    """
    kept = [one for one in lines if one.text.ja.strip() or one.text.en.strip()]
    if not kept:
        raise Refused("authority.no_lines")
    if len(kept) > MOST:
        raise Refused("authority.too_many", most=MOST)
    fresh, seen, checked = max((one.key for one in kept), default=0), set(), []
    fresh = max(fresh, 0)
    for one in kept:
        key = one.key
        if key <= 0 or key in seen:
            fresh += 1
            key = fresh
        seen.add(key)
        checked.append(_checked(replace(one, key=key)))
    return sorted(checked, key=lambda one: LEVELS.index(one.level))


def _checked(one: Line) -> Line:
    if one.level not in LEVELS:
        raise Refused("authority.unknown_level", level=one.level[:20])
    if one.role and one.role not in roles.ROLES:
        raise Refused("role.unknown", role=one.role[:40])
    said = Text(ja=words.line(one.text.ja, field="line"), en=words.line(one.text.en, field="line"))
    if one.level != ASK:
        return replace(one, text=said, role="", person_id=None)
    if not one.role and one.person_id is None:
        raise Refused("authority.ask_whom", line=said.ja or said.en)
    return replace(one, text=said)


def diff(old: Sequence[Line], new: Sequence[Line]) -> list[tuple[str, Line | None, Line | None]]:
    """What came, went and changed, in the order of the new version."""
    before, after = {one.key: one for one in old}, {one.key for one in new}
    found: list[tuple[str, Line | None, Line | None]] = []
    for one in new:
        if one.key not in before:
            found.append(("added", None, one))
        elif before[one.key] != one:
            found.append(("changed", before[one.key], one))
    return found + [("removed", one, None) for one in old if one.key not in after]
