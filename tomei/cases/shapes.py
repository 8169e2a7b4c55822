"""What goes in and out of the API of incidents and cases."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Query, Schema
from pydantic import AwareDatetime

from tomei.cases.duties.rules.applying import Answer

Limit = Annotated[int, Query(ge=1, le=200)]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]
Level = Literal["SEV1a", "SEV1b", "SEV2", "SEV3", "SEV4"]


class Words(Schema):
    """A text in its languages; one of them is enough."""

    ja: str = ""
    en: str = ""


class IncidentOut(Schema):
    """`*_v` go back as `seen` when you replace that part. `head` is the anchor of the timeline's chain."""

    id: int
    key: str
    url: str
    title: Words
    severity: str
    state: str
    drill: bool
    restricted: bool
    product_id: int | None
    owner_id: int | None
    policy_version_id: int
    duplicate_of_id: int | None
    detected_by: str
    declared_at: datetime
    stamps: dict[str, datetime | None]
    next_due_at: datetime | None
    overdue: int
    last_word_at: datetime | None
    updates: int
    severity_v: int
    state_v: int
    roles_v: int
    facts_v: int
    head: str


class IncidentsPage(Schema):
    items: list[IncidentOut]
    next: str | None


class CaseOut(Schema):
    id: int
    key: str
    url: str
    incident_id: int | None
    organisation_id: int
    severity: str
    state: str
    state_v: int
    words: str
    stop: str
    deadline_at: datetime | None
    opened_at: datetime
    acknowledged_at: datetime | None
    first_word_at: datetime | None
    last_word_at: datetime | None
    resumed_at: datetime | None
    closed_at: datetime | None
    remaining_owner: str
    threatened_at: datetime | None
    head: str


class EntryOut(Schema):
    """One entry of a timeline; `sentence` is in the reader's language."""

    seq: int
    at: datetime
    known_at: datetime
    actor: str
    actor_id: int | None
    code: str
    audience: str
    sentence: str
    data: dict[str, Any]
    body: str
    hash: str


class TimelinePage(Schema):
    """`next` is the seq to give as `before` for what is older; null at the end."""

    items: list[EntryOut]
    next: int | None
    head: str


class ExposureIn(Schema):
    """Could personal data have been exposed? `aware_at` starts every clock. `seen`: how many answers you knew of."""

    answer: Literal["no", "perhaps", "yes"]
    aware_at: AwareDatetime | None = None
    jurisdictions: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=20)] = []
    wrongful: bool = False
    high_risk: bool = False
    capacity: Literal["controller", "processor", "both"] = "controller"

    def as_answer(self, default: datetime | None = None) -> Answer:
        return Answer(
            self.answer, self.aware_at or default, tuple(self.jurisdictions), self.wrongful, self.high_risk,
            self.capacity,
        )  # fmt: skip


class DeclareIn(Schema):
    """Title and severity are enough. `organisation_ids` null: everyone who uses the components."""

    title: Words
    severity: Level
    product_id: Id | None = None
    component_ids: list[Id] = []
    organisation_ids: list[Id] | None = None
    began_at: AwareDatetime | None = None
    detected_at: AwareDatetime | None = None
    detected_by: Literal["us", "customer"] = "us"
    words: str = ""
    drill: bool = False
    restricted: bool = False
    exposure: ExposureIn | None = None


class MoveIn(Schema):
    move: Literal["investigate", "identify", "mitigate", "monitor", "restore", "close", "reopen", "dismiss"]
    seen: Version | None = None
    proof: str = ""
    reason: str = ""


class SeverityIn(Schema):
    severity: Level
    seen: Version | None = None
    reason: str = ""


class RoleIn(Schema):
    """`user_id` null: whoever acts. `reason`: why this person takes it after too little rest."""

    role: str
    verb: Literal["take", "leave"] = "take"
    user_id: Id | None = None
    seen: Version | None = None
    reason: str = ""


class NoteIn(Schema):
    body: str
    kind: Literal["note", "fact", "decision"] = "note"
    audience: Literal["internal", "customer", "public"] = "internal"
    at: AwareDatetime | None = None
    file_ids: list[Id] = []


class SpokeIn(Schema):
    organisation_ids: list[Id]
    channel: Literal["phone", "mail", "chat", "meeting", "visit", "other"] = "phone"
    with_whom: str = ""
    line: str = ""
    at: AwareDatetime | None = None


class PromiseIn(Schema):
    """`whose`: ours (we owe them) or theirs. `told`: both sides know the time, so it never moves in silence."""

    whose: Literal["ours", "theirs"]
    organisation_id: Id
    what: Words
    due_at: AwareDatetime
    told: bool = True


class PromisedOut(Schema):
    """The promise that was made: read it at `/promises/{id}`."""

    id: int


class StampIn(Schema):
    name: str
    at: AwareDatetime
    seen: Version | None = None
    reason: str = ""


class ChangeIn(Schema):
    """What is left out stays. `components` maps ids to degraded, partial, major or maintenance."""

    seen: Version | None = None
    title: Words | None = None
    organisation_ids: list[Id] | None = None
    components: dict[int, str] | None = None
    restricted: bool | None = None
    drill: bool | None = None


class DuplicateIn(Schema):
    of: str


class UndoIn(Schema):
    what: Literal["", "severity", "role"] = ""


class CaseIn(Schema):
    organisation_id: Id
    severity: Level | None = None
    words: str = ""
    stop: str = ""
    deadline_at: AwareDatetime | None = None
    reported: bool = False


class DeclarationOut(Schema):
    """What a contact of the customer declared. `lead_at` is empty until the named one confirmed it."""

    contact_id: int | None
    test: str
    began_at: datetime
    users: int | None
    product_id: int | None
    component_id: int | None
    lead_id: int | None
    lead_at: datetime | None
    is_contested: bool
    contested_at: datetime | None
    contested_to: str
    answered_at: datetime | None


class CaseVerbIn(Schema):
    """`line` is what was said, or the reason where the verb needs one; `incident` is for `link`, as `INC-12`.

    `tell` and `answer` are for cases that the customer declared: they read the line. `answer` takes a `severity` too.
    """

    verb: Literal["acknowledge", "resume", "close", "reopen", "withdraw", "hand_on", "link", "threat", "tell", "answer"]
    line: str = ""
    severity: Level | None = None
    at: AwareDatetime | None = None
    incident: str = ""
    seen: Version | None = None
