"""What goes in and what comes out: frozen, with words as `Text`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from tomei.cases.rules.impacts import Change as ImpactChange
from tomei.comms.rules import Cadence, Change, Estimate
from tomei.files.rules import said_size
from tomei.kernel.text import Text


@dataclass(frozen=True, slots=True)
class UpdateInput:
    """What somebody wants to send. `kind` empty: decided from the state. `overrules`: finding key -> reason.

    `proof` says what shows that service is back, `reason` why the state goes back or the incident was an error.
    `seen_state_v` is the version of the state as the writer saw it; None replaces what stands.
    """

    parts: Mapping[str, Text]
    state: str
    audiences: tuple[str, ...]
    next_at: datetime | None = None
    kind: str = ""
    estimate: Estimate | None = None
    cadence: Cadence | None = None
    overrules: Mapping[str, str] = field(default_factory=dict)
    proof: str = ""
    reason: str = ""
    seen_state_v: int | None = None
    file_ids: tuple[int, ...] = ()  # they hang on the incident until the update takes them along
    draft_id: int | None = None  # the draft that this was, also another person's: it is done with
    template: str = ""  # key and version of the template that it began with
    impacts: tuple[ImpactChange, ...] = ()  # what it says of components; those that it does not name stay as they are


@dataclass(frozen=True, slots=True)
class Attached:
    """A file as it went out with an update. The digest proves which bytes."""

    id: int
    name: str
    size: int
    digest: str
    content_type: str

    @property
    def url(self) -> str:
        """For our own people."""
        return f"/files/{self.id}/"

    @property
    def public_url(self) -> str:
        """For everybody, while the update is public and stands."""
        return f"/status/files/{self.id}/{quote(self.name, safe='')}"

    @property
    def said_size(self) -> str:
        return said_size(self.size)


@dataclass(frozen=True, slots=True)
class UpdateFacts:
    """A published update. `languages` are those that stand in it; `audiences` whom it went to."""

    id: int
    incident_id: int
    number: int
    kind: str
    state: str
    severity: str
    parts: Mapping[str, Text]
    languages: tuple[str, ...]
    audiences: tuple[str, ...]
    next_at: datetime | None
    report_due_at: datetime | None
    estimate: Estimate | None
    corrects_id: int | None
    corrected_by_id: int | None
    overruled: tuple[Mapping[str, Any], ...]
    unapproved: bool
    author_id: int | None
    author_name: str
    published_at: datetime
    head: str
    translation_due_at: datetime | None = None
    files: tuple[Attached, ...] = ()
    drafted_by_id: int | None = None  # who wrote it, when that was not the author who published it
    approved_by_id: int | None = None  # who approved this very version before it went out
    approved_by_name: str = ""
    template: str = ""
    automatic: bool = False  # approved beforehand, sent by the clock
    looked_by_id: int | None = None  # who looked afterwards at what went out unapproved
    looked_at: datetime | None = None

    @property
    def is_public(self) -> bool:
        return "public" in self.audiences


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """What is being written. `version` goes back with the next save; another one means somebody else saved."""

    id: int
    incident_id: int
    author_id: int
    data: Mapping[str, Any]
    version: int
    saved_at: datetime
    asked_review_at: datetime | None
    asked_of_id: int | None = None
    saved_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """One thing said about a draft: asked, comment, change, approved."""

    id: int
    incident_id: int
    draft_id: int
    kind: str
    part: str
    language: str
    body: str
    digest: str
    text: Mapping[str, Any] | None
    author_id: int
    author_name: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How a draft stands with its reviewers: the approval that covers it now, or the one that an edit voided and which
    words changed since."""

    approved: ReviewFacts | None = None
    voided: ReviewFacts | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class ReachFacts:
    """Whether an update reached an organisation: how many messages, and the first acceptance by a channel."""

    update_id: int
    organisation_id: int
    messages: int
    reached_at: datetime | None


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address that an update goes to. `view` names the audience as whose member this person reads it.

    With an `endpoint_id` it is a channel of a contract: posted there, and `mail` is empty.
    """

    key: str  # `contact:5`, `user:3` or `endpoint:2`: part of the idempotency key
    mail: str
    language: str
    zone: str
    view: str
    organisation_id: int | None = None
    user_id: int | None = None
    endpoint_id: int | None = None
    kind: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Reached:
    """Whom an update would go to, before it goes."""

    recipients: tuple[Recipient, ...]
    organisation_ids: tuple[int, ...]
    without_channel: tuple[int, ...]  # organisations that nobody can write to

    @property
    def people(self) -> int:
        return len(self.recipients)
