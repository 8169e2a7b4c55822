"""The names of a policy's times, in the reader's language."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tomei.customers import rules
from tomei.customers.rules.terms import Change
from tomei.ui import moments

# Another way of doing it, not more time to do it in.
NEITHER = ("heartbeats_count", "review_public", "review_outside", "first_alone", "first_alone_s")


def rows() -> list[tuple[str, str, str]]:
    """(field, name, what it counts from) in the order of the form."""
    return [
        ("first_notice_s", _("First notice"), _("after declaration, to the affected customers")),
        ("scope_notice_s", _("Scope notice"), _("after the first notice: who is affected, and who is not")),
        ("update_s", _("Next update"), _("at most, after the last one")),
        ("acknowledge_s", _("Acknowledgement"), _("of a customer's report, by a person")),
        ("silence_s", _("Silence"), _("at most, without a word to a customer")),
        ("executive_s", _("Executive called"), _("empty: not called by time")),
        ("top_tier_s", _("Top tier called"), _("while not restored; empty: not called by time")),
        (
            "first_alone_s",
            _("First notice by itself"),
            _("after declaration, where switched on below; empty: at 80 percent of the first notice"),
        ),
    ]


def roles() -> list[tuple[str, str]]:
    return [("commander", _("Commander")), ("communications", _("Communications lead")), ("scribe", _("Scribe"))]


def names() -> dict[str, str]:
    """Every field that `rules.diff` may name."""
    filled = _("%(role)s named")
    return {
        **{field: name for field, name, _about in rows()},
        **{f"roles_s.{role}": filled % {"role": name} for role, name in roles()},
        "report_working_days": _("Report, working days"),
        "on_business_hours": _("Counted on business hours"),
        "review_public": _("Public updates need a second person"),
        "review_outside": _("All updates to customers need a second person"),
        "first_alone": _("First notice may go out by itself"),
        "triage_s": _("Triage of a signal"),
        "translation_s": _("Second language"),
        "heartbeats_count": _("Heartbeats count as updates"),
        "maintenance_days": _("Maintenance told ahead, working days"),
    }


def changes(found: list[Change]) -> list[tuple[str, str, str, bool]]:
    """(what, before, after, whether it is looser)."""
    known = names()
    return [
        (
            f"{change.severity} {known[change.name]}".strip(),
            _value(change.name, change.old),
            _value(change.name, change.new),
            change.is_looser and change.name not in NEITHER,
        )
        for change in found
    ]


def _value(name: str, value: int | bool | None) -> str:
    if value is None:
        return _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in ("report_working_days", "maintenance_days"):
        return str(value)
    return moments.limit(value, "ja" if (get_language() or "en").startswith("ja") else "en")


def warnings(terms: rules.Terms) -> list[str]:
    """What the house may set but should not set lightly."""
    said = {
        "policy.slow_updates": _("SEV1a updates come more than 15 minutes apart: customers were told 15."),
        "policy.no_top_tier": _("%(severity)s does not reach the top tier within 2 hours."),
        "policy.silence_over_update": _("%(severity)s allows a longer silence than its updates do."),
        "policy.worse_is_slower": _("%(severity)s is updated more slowly than the severity below it."),
    }
    return [said[code] % {"severity": severity} for code, severity in rules.warnings(terms)]
