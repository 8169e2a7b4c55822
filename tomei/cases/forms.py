"""What the pages' forms post, read into the arguments of actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import QueryDict

from tomei.cases.rules.promised import OURS, THEIRS
from tomei.kernel.text import Text
from tomei.ui import forms


@dataclass(frozen=True, slots=True)
class Declaration:
    """The declare form. `organisation_ids` None: the users of the components."""

    title: Text
    severity: str
    product_id: int | None
    component_ids: list[int]
    organisation_ids: list[int] | None
    began_at: datetime | None
    detected_by: str
    words: str
    group_id: int | None
    case: str
    drill: bool
    restricted: bool

    def arguments(self) -> dict[str, Any]:
        """As `actions.declare` takes them."""
        return {
            "title": self.title, "severity": self.severity, "product_id": self.product_id,
            "component_ids": self.component_ids, "organisation_ids": self.organisation_ids,
            "began_at": self.began_at, "detected_by": self.detected_by, "words": self.words,
            "signal_group_id": self.group_id, "drill": self.drill, "restricted": self.restricted,
        }  # fmt: skip


def declaration(posted: QueryDict, zone: str) -> Declaration:
    """Only title and severity must be there. Customers count as chosen once the form showed them (`affected`)."""
    return Declaration(
        title=forms.both(posted, "title", 300, required=True, many_lines=False),
        severity=forms.text(posted, "severity", 10, required=True),
        product_id=forms.number(posted, "product", 1),
        component_ids=numbers(posted, "components"),
        organisation_ids=numbers(posted, "organisations") if forms.ticked(posted, "affected") else None,
        began_at=forms.moment(posted, "began", zone),
        detected_by="customer" if forms.ticked(posted, "by_customer") else "us",
        words=forms.text(posted, "words", 4000, many_lines=True),
        group_id=forms.number(posted, "group", 1),
        case=forms.text(posted, "case", 30),
        drill=forms.ticked(posted, "drill"),
        restricted=forms.ticked(posted, "restricted"),
    )


def promised(posted: QueryDict, zone: str) -> dict[str, Any]:
    """The form of a promise by word of mouth, as `actions.promise` takes it. The time is in the reader's zone."""
    return {
        "whose": forms.choice(posted, "whose", (OURS, THEIRS)),
        "organisation_id": forms.number(posted, "organisation", 1, required=True),
        "what": forms.both(posted, "what", 300, many_lines=False),
        "due_at": forms.moment(posted, "due", zone, required=True),
        "told": forms.choice(posted, "told", ("yes", "no"), required=False) != "no",
    }


def numbers(posted: QueryDict, name: str) -> list[int]:
    """Several ids under one name; what is no number is refused as a field."""
    return [one for value in posted.getlist(name) if (one := forms.number({name: value}, name, 1)) is not None]


def seen(posted: QueryDict) -> int | None:
    """The version that the page showed; a form without one replaces what stands."""
    return forms.number(posted, "seen")


@dataclass(frozen=True, slots=True)
class Typed:
    """A declaration as it was typed, to show it again; and as it starts, from a group of signals."""

    title_ja: str = ""
    title_en: str = ""
    severity: str = ""
    product: str = ""
    components: list[str] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)
    affected: bool = False
    began: str = ""
    by_customer: bool = False
    words: str = ""
    group: str = ""
    case: str = ""
    drill: bool = False
    restricted: bool = False

    @classmethod
    def of(cls, posted: QueryDict) -> Typed:
        return cls(
            title_ja=posted.get("title.ja", ""), title_en=posted.get("title.en", ""),
            severity=posted.get("severity", ""), product=posted.get("product", ""),
            components=posted.getlist("components"), organisations=posted.getlist("organisations"),
            affected=forms.ticked(posted, "affected"), began=posted.get("began", ""),
            by_customer=forms.ticked(posted, "by_customer"), words=posted.get("words", ""),
            group=posted.get("group", ""), case=posted.get("case", ""), drill=forms.ticked(posted, "drill"),
            restricted=forms.ticked(posted, "restricted"),
        )  # fmt: skip
