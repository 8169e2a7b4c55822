"""What `/api/v1/maintenances` takes and gives."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import AwareDatetime

from tomei.kernel.text import Text

Impact = Literal["maintenance", "degraded", "partial", "major"]
Reasons = dict[str, Annotated[str, Field(max_length=1000)]]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


class Said(Schema):
    """Words in Japanese and English; an empty side is not written yet."""

    ja: Annotated[str, Field(max_length=5000)] = ""
    en: Annotated[str, Field(max_length=5000)] = ""

    def text(self) -> Text:
        return Text(self.ja, self.en)


class PartIn(Schema):
    """A component, and what is expected of it."""

    id: Id
    impact: Impact


class PlanIn(Schema):
    """`organisation_ids` left out: whoever uses the components. `seen` is the `version` that it grew from."""

    title: Said
    text: Said
    components: Annotated[list[PartIn], Field(max_length=200)]
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    audiences: Annotated[list[Literal["public", "affected"]], Field(max_length=2)] = ["public", "affected"]
    organisation_ids: Annotated[list[Id], Field(max_length=1000)] | None = None
    starts_itself: bool = False
    silence: bool = False
    seen: int | None = None


class TellIn(Schema):
    """`overrules` maps the key of a finding to a reason."""

    overrules: Reasons = {}
    seen: int | None = None


class WordsIn(TellIn):
    """Why, or how it went."""

    text: Said = Said()


class MaintenanceMoveIn(WordsIn):
    """The new window, and why."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime


class StartIn(WordsIn):
    """Empty words are a ready sentence; without `next_at` it is the latest allowed."""

    next_at: AwareDatetime | None = None


class ProgressIn(WordsIn):
    """How far it is. Another `ends_at` withdraws the told one."""

    next_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    verifying: bool = False


class TranslateIn(Schema):
    """The language that the notice lacks; `title` where the title lacks it too."""

    text: Annotated[str, Field(min_length=1, max_length=5000)]
    title: Annotated[str, Field(max_length=200)] = ""


class MaintenanceDeclareIn(Schema):
    severity: Literal["SEV1a", "SEV1b", "SEV2", "SEV3", "SEV4"]


class NoticeOut(Schema):
    number: int
    kind: str
    state: str
    text: dict[str, str]
    languages: list[str]
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    next_at: AwareDatetime | None
    was: list[AwareDatetime] | None
    in_time: bool
    translation_due_at: AwareDatetime | None
    published_at: AwareDatetime
    author_name: str


class MaintenanceOut(Schema):
    """`in_time` is null until it is told; `covered_until`: as far as it is no down time. `incident`: what it became."""

    key: str
    title: dict[str, str]
    text: dict[str, str]
    state: str
    version: int
    components: list[PartIn]
    audiences: list[str]
    organisation_ids: list[int]
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    notice_due_at: AwareDatetime
    told_at: AwareDatetime | None
    in_time: bool | None
    covered_until: AwareDatetime | None
    starts_itself: bool
    silence: bool
    silence_ids: list[int]
    started_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    next_at: AwareDatetime | None
    overdue: bool
    owner_id: int | None
    incident: str | None
    notices: list[NoticeOut]


class MaintenanceList(Schema):
    items: list[MaintenanceOut]
    next: str | None = None


class BecameOut(Schema):
    """The incident that was declared."""

    incident: str
