"""Templates as the composer offers them: the house's newest over the shipped ones, filled from the incident."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from tomei.accounts import settings
from tomei.cases import queries as cases
from tomei.cases.facts import IncidentFacts
from tomei.comms import rules, words
from tomei.comms.models import Template
from tomei.customers import queries as customers
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import Text

_ALL = Text("すべての機能", "all functions")
_OURS = Text("サービス", "our service")


def facts_of(row: Template) -> rules.Template:
    return rules.Template(
        row.key, Text.of(row.name), {name: Text.of(text) for name, text in row.parts.items()}, tuple(row.states),
        tuple(row.audiences), row.version, row.is_archived,
    )  # fmt: skip


def everything() -> list[rules.Template]:
    """The newest version of every template, archived ones too; shipped ones first, in their order."""
    found = {one.key: one for one in rules.SHIPPED}
    for row in Template.objects.order_by("key", "version"):
        found[row.key] = facts_of(row)
    return list(found.values())


def one(key: str) -> rules.Template:
    found = next((template for template in everything() if template.key == key), None)
    if found is None:
        raise Missing(f"template {key[:40]}")
    return found


def versions(key: str) -> list[Template]:
    return list(Template.objects.filter(key=key).order_by("-version")[:50])


def offered(state: str, audiences: Iterable[str]) -> list[rules.Template]:
    """Those that fit what the update says and whom it goes to."""
    to = tuple(audiences)
    return [template for template in everything() if rules.fits(template, state, to)]


def begun(template: rules.Template, incident: IncidentFacts, now: datetime) -> dict[str, Text]:
    """Its words with what the incident knows; the next time is filled when it is sent."""
    return filled_from(template.parts, incident, now)


def filled_from(parts: Mapping[str, Text], incident: IncidentFacts, now: datetime) -> dict[str, Text]:
    return rules.filled(parts, _facts(incident, now))


def _facts(incident: IncidentFacts, now: datetime) -> Mapping[str, Text]:
    product = customers.product(incident.product_id).name if incident.product_id is not None else _OURS
    impacts = cases.components_of(incident.id)
    known = customers.components({one.component_id for one in impacts})
    names = [known[one.component_id].name for one in impacts if one.component_id in known]
    since = incident.began_at or incident.declared_at
    return {
        "product": product,
        "components": Text("、".join(one.ja for one in names), ", ".join(one.en for one in names)) if names else _ALL,
        "since": _said(since, now),
        "key": Text(incident.key, incident.key),
        "severity": Text(str(incident.severity), str(incident.severity)),
    }


def with_next(parts: Mapping[str, Text], next_at: datetime | None, now: datetime) -> dict[str, Text]:
    """The words as they go out; refuses `template.no_next` when they wait for a time that nobody chose."""
    if not rules.waits_for_next(parts):
        return dict(parts)
    if next_at is None:
        raise Refused("template.no_next")
    return rules.filled(parts, {"next": _said(next_at, now)})


def _said(moment: datetime, now: datetime) -> Text:
    """In the zone of the house, and in UTC."""
    zone = str(settings.get("zone", "Asia/Tokyo"))
    return Text(words.when(moment, zone, "ja", now), words.when(moment, zone, "en", now))
