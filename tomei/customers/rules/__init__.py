"""Pure decisions: the times of a policy, business calendars, and words that people type. No Django here."""

from tomei.customers.rules.calendars import (
    CalendarFacts,
    add_working_days,
    add_working_time,
    default_calendar,
    is_working,
    next_open,
    working_days_before,
    working_seconds,
)
from tomei.customers.rules.spans import format_span, parse_span
from tomei.customers.rules.terms import (
    ROLES,
    Change,
    SeverityTerms,
    Terms,
    default_terms,
    diff,
    due_at,
    stricter,
    warnings,
)

__all__ = [
    "ROLES",
    "CalendarFacts",
    "Change",
    "SeverityTerms",
    "Terms",
    "add_working_days",
    "add_working_time",
    "default_calendar",
    "default_terms",
    "diff",
    "due_at",
    "format_span",
    "is_working",
    "next_open",
    "parse_span",
    "stricter",
    "warnings",
    "working_days_before",
    "working_seconds",
]
