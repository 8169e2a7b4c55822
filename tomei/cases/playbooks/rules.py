"""What a checklist may say, which steps an incident asks for, what changed between two versions. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tomei.cases.rules import roles, words
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text

ROLES = tuple(role for role in roles.ROLES if role not in ("sponsor", "vendor_lead"))
MOST = 40
DONE, SKIPPED, OPEN = "done", "skipped", "open"


@dataclass(frozen=True, slots=True)
class Step:
    """`minute` after the declaration, None for no mark; `rank` the least severe level at which it is asked."""

    key: int
    text: Text
    minute: int | None = None
    rank: int = 4

    def as_json(self) -> dict[str, Any]:
        return {"key": self.key, "text": self.text.as_json(), "minute": self.minute, "rank": self.rank}


def read(data: Mapping[str, Any]) -> Step:
    return Step(int(data["key"]), Text.of(data["text"]), data.get("minute"), int(data.get("rank", 4)))


def known(role: str) -> str:
    if role not in ROLES:
        raise Refused("role.unknown", role=role[:40])
    return role


def check(steps: Sequence[Step]) -> list[Step]:
    """The steps with keys of their own; empty ones are left out.

    Refuses a checklist without a step, one of more than 40, and a minute or level that cannot be.
    """
    kept = [one for one in steps if one.text.ja.strip() or one.text.en.strip()]
    if not kept:
        raise Refused("playbook.no_steps")
    if len(kept) > MOST:
        raise Refused("playbook.too_many", most=MOST)
    used = {one.key for one in kept if one.key > 0}
    fresh, seen, checked = max(used, default=0), set(), []
    for one in kept:
        if not (one.minute is None or 0 <= one.minute <= 1440) or not 0 <= one.rank <= 4:
            raise Refused("playbook.bad_step")
        key = one.key
        if key <= 0 or key in seen:
            fresh += 1
            key = fresh
        seen.add(key)
        text = Text(ja=words.line(one.text.ja, field="step"), en=words.line(one.text.en, field="step"))
        checked.append(replace(one, key=key, text=text))
    return checked


def asked(steps: Iterable[Step], rank: int) -> list[Step]:
    """The steps that an incident of this severity asks for."""
    return [one for one in steps if rank <= one.rank]


def diff(old: Sequence[Step], new: Sequence[Step]) -> list[tuple[str, Step | None, Step | None]]:
    """What came, went and changed, in the order of the new version; `moved` only where nothing else changed."""
    before, after = {one.key: (n, one) for n, one in enumerate(old)}, {one.key: one for one in new}
    found: list[tuple[str, Step | None, Step | None]] = []
    order = [one.key for one in old if one.key in after]
    for one in new:
        if one.key not in before:
            found.append(("added", None, one))
        elif before[one.key][1] != one:
            found.append(("changed", before[one.key][1], one))
        elif order.index(one.key) != [step.key for step in new if step.key in before].index(one.key):
            found.append(("moved", one, one))
    return found + [("removed", one, None) for one in old if one.key not in after]


def state(state: str, reason: str) -> str:
    """How a step is marked; "not needed" says why."""
    if state not in (DONE, SKIPPED, OPEN):
        raise Refused("playbook.no_such_mark", state=state[:20])
    if state == SKIPPED and not reason:
        raise Refused("playbook.no_reason")
    return state
