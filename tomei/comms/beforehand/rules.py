"""Which text may go out by itself, and when it is too late for that. No Django here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tomei.comms.rules import Template, check_parts, check_template
from tomei.comms.rules.templates import LATER
from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text

PARTS = ("effect", "known", "doing", "ask", "workaround")  # what can be true before anybody has looked
WAITING, SENT, SPOKEN, HELD, DROPPED, ASKED = "waiting", "sent", "spoken", "held", "dropped", "asked"
LATE, NO_TEXT, NOBODY = "first.late", "first.no_text", "first.nobody"  # why a person is asked instead
LONGEST_REASON = 1_000
AGAIN = timedelta(seconds=60)  # at least so long after a change of severity or policy moved its time into the past


@dataclass(frozen=True, slots=True)
class FirstText:
    """Empty `severities`, `products` or `components`: for all of them. `public`: also to the status page."""

    key: str
    name: Text
    parts: Mapping[str, Text]
    severities: tuple[str, ...] = ()
    products: tuple[int, ...] = ()
    components: tuple[int, ...] = ()
    public: bool = False
    version: int = 0
    is_archived: bool = False
    overruled: tuple[Mapping[str, Any], ...] = field(default_factory=tuple)
    made_by_id: int | None = None
    made_by_name: str = ""
    made_at: datetime | None = None
    approved_by_id: int | None = None
    approved_by_name: str = ""
    approved_at: datetime | None = None

    @property
    def ref(self) -> str:
        """What the update records: `orders v2`."""
        return f"{self.key} v{self.version}"

    @property
    def audiences(self) -> tuple[str, ...]:
        return ("affected", "public") if self.public else ("affected",)

    @property
    def may_go(self) -> bool:
        return self.approved_at is not None and not self.is_archived


def check_text(text: FirstText) -> FirstText:
    """Whole and fillable. Refuses `first.part`, `first.unknown_severity`, `first.no_next` and what templates refuse."""
    for name in text.parts:
        if text.parts[name] and name not in PARTS:
            raise Refused("first.part", part=name[:40])
    for severity in text.severities:
        if severity not in {one.value for one in Severity}:
            raise Refused("first.unknown_severity", severity=severity[:40])
    check_template(Template(text.key, text.name, text.parts))
    check_parts(text.parts, kind="update", first=True)
    if not _names_next(text.parts):
        raise Refused("first.no_next", place=f"{{{LATER}}}")
    return text


def _names_next(parts: Mapping[str, Text]) -> bool:
    """In both languages: the reader hears when we speak next."""
    place = f"{{{LATER}}}"
    return all(any(place in getattr(text, one) for text in parts.values()) for one in ("ja", "en"))


def choose(
    texts: Iterable[FirstText], *, severity: str, product_id: int | None, components: Iterable[int]
) -> FirstText | None:
    """The closest one that may go: its component before its product before its severity, then by key."""
    hurt = set(components)
    fitting = [
        one for one in texts
        if one.may_go
        and (not one.severities or severity in one.severities)
        and (not one.products or product_id in one.products)
        and (not one.components or hurt & set(one.components))
    ]  # fmt: skip
    order = sorted(fitting, key=lambda one: (not one.components, not one.products, not one.severities, one.key))
    return next(iter(order), None)


def is_too_late(due_at: datetime, now: datetime, *, interval_s: int) -> bool:
    """After a stand-still of more than an interval of updates its words may be wrong: a person is asked."""
    return now > due_at + timedelta(seconds=interval_s)


def check_reason(reason: str) -> str:
    """Why it is held back; refuses `first.no_reason` and `first.reason_too_long`."""
    said = reason.replace("\x00", "").strip()
    if not said:
        raise Refused("first.no_reason")
    if len(said) > LONGEST_REASON:
        raise Refused("first.reason_too_long", length=len(said), limit=LONGEST_REASON)
    return said
