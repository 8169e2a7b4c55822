"""What the pages of maintenance post, read; and what stands in them at first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.http import QueryDict

from tomei.comms.maintenance import rules
from tomei.comms.maintenance.facts import MaintenanceFacts, PlanInput
from tomei.kernel import time
from tomei.kernel.errors import Refused
from tomei.kernel.text import LANGUAGES, Text
from tomei.ui import forms

MOST = 200  # customers and components in one form


def plan(posted: QueryDict, zone: str) -> PlanInput:
    """Refuses a field that cannot be read; what is wrong with it, the rules say."""
    starts_at, ends_at = moment(posted, "starts_at", zone), moment(posted, "ends_at", zone)
    if starts_at is None or ends_at is None:
        raise Refused("field.missing", field="starts_at" if starts_at is None else "ends_at")
    chosen = _numbers(posted.getlist("customer")) if posted.get("which") == "chosen" else None
    return PlanInput(
        title=both(posted, "title"), text=both(posted, "text"), components=_components(posted),
        starts_at=starts_at, ends_at=ends_at,
        audiences=tuple(one for one in rules.AUDIENCES if one in posted.getlist("to")), organisation_ids=chosen,
        starts_itself=forms.ticked(posted, "starts_itself"), silence=forms.ticked(posted, "silence"),
    )  # fmt: skip


def both(posted: Mapping[str, str], name: str) -> Text:
    return Text(*(forms.clean((posted.get(f"{name}.{one}") or "")[: forms.LONG]) for one in LANGUAGES))


def moment(posted: Mapping[str, str], name: str, zone: str) -> datetime | None:
    value = (posted.get(name) or "").strip()[:60]
    return time.parse_local(value, zone) if value else None


def reasons(posted: Mapping[str, str]) -> dict[str, str]:
    found = {name[7:]: (posted.get(name) or "") for name in posted if name.startswith("reason.")}
    return {key[:80]: forms.clean(value[:1000]) for key, value in list(found.items())[:50]}


def seen(posted: Mapping[str, str]) -> int | None:
    text = posted.get("seen") or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _components(posted: QueryDict) -> tuple[tuple[int, str], ...]:
    """`component.5=major`; an empty impact is not concerned."""
    found = []
    for name in list(posted)[:MOST]:
        kind, _dot, number = name.partition(".")
        impact = posted.get(name) or ""
        if kind == "component" and impact and number.isascii() and number.isdigit() and len(number) < 18:
            found.append((int(number), impact[:40]))
    return tuple(found)


def _numbers(texts: list[str]) -> tuple[int, ...]:
    return tuple(int(one) for one in texts[:MOST] if one.isascii() and one.isdigit() and len(one) < 18)


def filled(one: MaintenanceFacts, zone: str) -> QueryDict:
    """The form of a plan as it stands, as if it had been posted."""
    form = QueryDict(mutable=True)
    for name, text in (("title", one.title), ("text", one.text)):
        for language in LANGUAGES:
            form[f"{name}.{language}"] = getattr(text, language)
    form["starts_at"], form["ends_at"] = local(one.starts_at, zone), local(one.ends_at, zone)
    for pk, impact in one.components:
        form[f"component.{pk}"] = impact
    form.setlist("to", list(one.audiences))
    form["which"] = "chosen"
    form.setlist("customer", [str(pk) for pk in one.organisation_ids])
    form["starts_itself"], form["silence"] = ("1" if one.starts_itself else ""), ("1" if one.silence else "")
    return form


def local(at: datetime, zone: str) -> str:
    """As a `datetime-local` field takes it."""
    return at.astimezone(time.zone(zone)).strftime("%Y-%m-%dT%H:%M")
