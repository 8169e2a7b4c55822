"""What other features get to see of our rows: frozen, with words as `Text`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tomei.customers import rules
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    id: int
    kind: str
    name: Text
    zone: str
    language: str
    account_owner_id: int | None
    is_archived: bool = False
    last_word_at: datetime | None = None

    @property
    def url(self) -> str:
        return f"/customers/{self.id}/"


@dataclass(frozen=True, slots=True)
class ContactFacts:
    id: int
    organisation_id: int
    name: str
    mail: str
    language: str
    is_executive: bool
    phone: str = ""
    title: str = ""
    gets_updates: bool = True
    room_role: str = "reader"


@dataclass(frozen=True, slots=True)
class ProductFacts:
    id: int
    name: Text
    owner_id: int | None
    team_id: int | None
    top_tier_id: int | None
    sponsor_id: int | None
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class ComponentFacts:
    id: int
    product_id: int
    name: Text
    group: Text
    slug: str
    declares: bool
    is_public: bool
    declares_as: str = "SEV1b"
    position: int = 0
    created_at: datetime | None = None
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """One version of a policy. `calendar` is None where only the wall clock counts."""

    version_id: int
    policy_id: int
    name: str
    number: int
    terms: rules.Terms
    calendar: rules.CalendarFacts | None

    def due(self, severity: Severity | str, seconds: int, start: datetime) -> datetime:
        """When `seconds` after `start` fall due for this severity: wall clock or business hours as the terms say."""
        return rules.due_at(start, seconds, self.terms.of(severity), self.calendar)

    def report_due(self, severity: Severity | str, start: datetime) -> datetime:
        """End of the working day on which the report is due, counted from `start`."""
        return rules.add_working_days(start, self.terms.of(severity).report_working_days, self.calendar)

    def notice_due(self, start: datetime) -> datetime:
        """By when planned maintenance that begins at `start` has to be told."""
        return rules.working_days_before(start, self.terms.maintenance_days, self.calendar)


@dataclass(frozen=True, slots=True)
class ContractFacts:
    id: int
    organisation_id: int
    product_id: int | None
    policy_id: int
    number: str
    terms: str
    starts_on: date | None
    ends_on: date | None
    renews_on: date | None
    yearly_value: str
