"""What every verb of maintenance asks before it writes: rights, state, words, guards, notice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tomei.comms import guards
from tomei.comms import queries as comms
from tomei.comms.guards import Facts, Finding
from tomei.comms.maintenance import queries, rules
from tomei.comms.maintenance.facts import PlanInput
from tomei.comms.models import Maintenance
from tomei.comms.rules import missing_language
from tomei.customers import queries as customers
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused, Stale
from tomei.kernel.text import LANGUAGES, Text

INTERVAL_OF = "SEV3"  # while it runs it is told of as often as of an incident that stops nobody


def subject(maintenance_id: int, verb: str, *, seen: int | None = None) -> Maintenance:
    """The row, locked, in a state in which this verb may be done; `Stale` when it is not as the writer saw it."""
    row = Maintenance.objects.select_for_update().filter(pk=maintenance_id).first()
    if row is None:
        raise Missing(f"maintenance {maintenance_id}")
    if seen is not None and seen != row.version:
        raise Stale("maintenance.stale", state=row.state)
    rules.check_state(row.state, verb)
    return row


def clean(text: Text) -> Text:
    """Trimmed; nothing that no database keeps."""
    return Text(*(getattr(text, one).replace("\x00", "").strip() for one in LANGUAGES))


def plan(wanted: PlanInput, now: datetime) -> PlanInput:
    """The same with clean words and whole minutes; refuses what the rules refuse."""
    title, text = clean(wanted.title), clean(wanted.text)
    rules.check_words(title, text)
    start, end = rules.check_window(wanted.starts_at, wanted.ends_at, now)
    known = customers.components(pk for pk, _impact in wanted.components)
    rules.check_components(wanted.components, list(known))
    rules.check_audiences(wanted.audiences)
    organisations = _organisations(wanted)
    return replace(
        wanted, title=title, text=text, starts_at=start, ends_at=end, organisation_ids=organisations,
        audiences=tuple(one for one in rules.AUDIENCES if one in wanted.audiences),
    )  # fmt: skip


def _organisations(wanted: PlanInput) -> tuple[int, ...]:
    """Whom it is told to; refuses `maintenance.unknown_organisation`."""
    if "affected" not in wanted.audiences:
        return ()
    if wanted.organisation_ids is None:
        return tuple(customers.users_of(pk for pk, _impact in wanted.components))
    found = customers.organisations(wanted.organisation_ids)
    if any(pk not in found or found[pk].kind == "ours" for pk in wanted.organisation_ids):
        raise Refused("maintenance.unknown_organisation")
    return tuple(dict.fromkeys(wanted.organisation_ids))


def notice_due(components: tuple[tuple[int, str], ...], organisation_ids: tuple[int, ...], start: datetime) -> datetime:
    """By when a start must be told: the most notice that the policies of those affected ask for, else the default's."""
    products = {one.product_id for one in customers.components(pk for pk, _impact in components).values()}
    policies = [customers.default_policy()]
    for product_id in sorted(products):
        policies += customers.policies_for(organisation_ids, product_id).values() if organisation_ids else []
    return min(one.notice_due(start) for one in {one.version_id: one for one in policies}.values())


def interval_s() -> int:
    return customers.default_policy().terms.of(INTERVAL_OF).update_s


def latest_next(row: Maintenance, ends_at: datetime, now: datetime) -> datetime:
    return rules.latest_next(ends_at, interval_s(), now)


def findings(maintenance_id: int | None, text: Text) -> list[Finding]:
    """What the guards say of a text, knowing what was told before."""
    told = queries.notices(maintenance_id)[:2] if maintenance_id is not None else []
    own, providers = comms.guard_names()
    known = {
        language: Facts(
            previous=tuple(filter(None, (getattr(one.text, language) for one in told))), names=own,
            providers=providers, first=not told,
        )
        for language in LANGUAGES
    }  # fmt: skip
    return guards.check_parts({"effect": text}, known)


def judge(
    maintenance_id: int | None, text: Text, reasons: Mapping[str, str], *, by: Actor, now: datetime
) -> list[dict[str, Any]]:
    """The findings that a reason overrules; refuses `update.guard` for those without, and overruling without right."""
    found = findings(maintenance_id, text)
    bare = [one for one in found if not reasons.get(one.key, "").strip()]
    if bare:
        said = ", ".join(f"{one.guard}: {one.match[:40]}" for one in bare[:5])
        raise Refused("update.guard", count=len(bare), found=said, findings=[_as_fact(one) for one in bare])
    if found and not by.may("incident.overrule"):
        raise Refused("update.no_overrule")
    who = {"by": by.user_id or by.id, "name": by.name, "at": now.isoformat()}
    return [{**_as_fact(one), "reason": reasons[one.key].strip()[:1000], **who} for one in found]


def _as_fact(one: Finding) -> dict[str, Any]:
    return {
        "key": one.key, "guard": one.guard, "language": one.language, "part": one.part, "match": one.match[:200],
    }  # fmt: skip


def translation_due(languages: tuple[str, ...], now: datetime) -> datetime | None:
    if not missing_language(languages):
        return None
    return now + timedelta(seconds=customers.default_policy().terms.translation_s)
