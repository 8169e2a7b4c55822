"""What a form said, and how a refusal goes back to it: beside its field, with all that was typed kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from zoneinfo import available_timezones

from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from tomei.accounts import rights
from tomei.kernel.errors import Refused
from tomei.kernel.text import NAMES
from tomei.ui import refusals

_FIELDS = {
    "person.name_missing": "name",
    "person.name_too_long": "name",
    "person.mail_unreadable": "email",
    "person.mail_taken": "email",
    "person.role_unknown": "role",
    "person.language_unknown": "language",
    "person.deputy_self": "deputy",
    "person.deputy_unknown": "deputy",
    "time.unknown_zone": "zone",
    "password.weak": "password",
    "password.too_long": "password",
    "password.not_the_same": "again",
    "team.name_missing": "name",
    "team.name_too_long": "name",
    "team.name_taken": "name",
    "token.name_missing": "name",
    "token.name_too_long": "name",
    "token.no_scope": "scopes",
    "token.scope_not_yours": "scopes",
    "token.expiry_past": "expiry",
    "token.expiry_far": "expiry",
}
# Offered while typing; every IANA zone is accepted.
_OFFERED = (
    "Asia/Tokyo", "UTC", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
    "America/Sao_Paulo", "America/Toronto", "Asia/Bangkok", "Asia/Dubai", "Asia/Ho_Chi_Minh", "Asia/Hong_Kong",
    "Asia/Jakarta", "Asia/Kolkata", "Asia/Manila", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Taipei",
    "Australia/Sydney", "Europe/Amsterdam", "Europe/Berlin", "Europe/Dublin", "Europe/London", "Europe/Madrid",
    "Europe/Paris", "Europe/Warsaw", "Pacific/Auckland",
)  # fmt: skip


def typed(request: HttpRequest, names: Iterable[str]) -> dict[str, str]:
    """The posted fields by name, empty where nothing was typed."""
    return {name: request.POST.get(name, "") for name in names}


def numbers(request: HttpRequest, name: str) -> list[int]:
    """The ids of a field that may be chosen several times; what is no number is left out and refused by nobody."""
    return [int(value) for value in request.POST.getlist(name) if _is_id(value)]


def number(text: str) -> int | None:
    return int(text) if _is_id(text) else None


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def refused(error: Refused) -> dict[str, Any]:
    """Context for a page that is shown again: `errors` by field (empty for the others), or `said` for its head."""
    said = refusals.said(error, translation.get_language() or "en")
    field = _FIELDS.get(error.code)
    if field is None:
        return {"said": said, "errors": defaultdict(str)}
    return {"said": None, "errors": defaultdict(str, {field: f"{said.sentence} {said.way_out}".strip()})}


def untouched() -> dict[str, Any]:
    """The same context for a page where nothing was refused."""
    return {"said": None, "errors": defaultdict(str)}


def role_options() -> list[tuple[str, str]]:
    words = {"observer": _("Observer"), "responder": _("Responder"), "commander": _("Commander")}
    return [(role, words[role]) for role in rights.ROLES]


def language_options() -> list[tuple[str, str]]:
    return list(NAMES.items())


def zone_offers() -> list[str]:
    known = available_timezones()
    return [zone for zone in _OFFERED if zone in known]
