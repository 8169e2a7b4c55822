"""Which signals a silence holds back: every matcher has to hold. `*` stands for any text; there are no expressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tomei.kernel.errors import Refused

MOST, LONGEST = 10, 200
LONGEST_SILENCE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Matcher:
    """`name` is a label, `source` or `component` (its label in the catalogue); a label that is not there is empty."""

    name: str
    is_equal: bool
    value: str

    def holds(self, subject: Mapping[str, str]) -> bool:
        return fits(self.value, subject.get(self.name, "")) is self.is_equal

    def __str__(self) -> str:
        return f"{self.name} {'=' if self.is_equal else '!='} {self.value}"


def fits(pattern: str, text: str) -> bool:
    """Whether `text` is like `pattern`, capitals or not, in time linear in each part."""
    first, *rest = pattern.casefold().split("*")
    found = text.casefold()
    if not rest:
        return found == first
    if not found.startswith(first) or len(found) < len(first) + len(rest[-1]) or not found.endswith(rest[-1]):
        return False
    place, end = len(first), len(found) - len(rest[-1])
    for part in rest[:-1]:
        at = found.find(part, place, end)
        if at < 0:
            return False
        place = at + len(part)
    return True


def parse(text: str) -> tuple[Matcher, ...]:
    """One per line: `component = orders`, `env != test`, `host = web-*`. At least one says what is silenced."""
    found = tuple(_line(line.strip()) for line in text.splitlines() if line.strip())
    if len(found) > MOST:
        raise Refused("silence.too_many", field="matchers", most=MOST)
    if not any(one.is_equal and one.value.strip("*") for one in found):
        raise Refused("silence.everything", field="matchers")
    return found


def _line(line: str) -> Matcher:
    name, equals, value = line.partition("=")
    is_equal = not name.endswith("!")
    name, value = name.removesuffix("!").strip(), value.strip()
    if not equals or not name or not value or len(line) > LONGEST or not line.isprintable():
        raise Refused("silence.bad_line", field="matchers", line=line[:60])
    return Matcher(name, is_equal, value)


def matches(matchers: Iterable[Matcher], subject: Mapping[str, str]) -> bool:
    return all(one.holds(subject) for one in matchers)


def subject(source: str, component: str, labels: Mapping[str, str]) -> dict[str, str]:
    """What matchers look at: labels, and what we know of source and component in place of labels of these names."""
    return {**labels, "source": source, **({"component": component} if component else {})}


def checked_until(until: datetime, now: datetime) -> datetime:
    if not now < until <= now + LONGEST_SILENCE:
        raise Refused("silence.until", field="until", days=LONGEST_SILENCE.days)
    return until
