"""The house's own templates, each change a version; and the words that the guard against jargon lets pass."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from tomei.accounts import audit, settings
from tomei.comms import offering, queries, rules
from tomei.comms.models import Template
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused, Stale

MOST_WORDS, LONGEST_WORD = 500, 40


@transaction.atomic
def save_template(template: rules.Template, *, seen: int, by: Actor, now: datetime) -> rules.Template:
    """A new version of a template, or a new one (`seen` 0). `seen` is the version that it grew from, else `Stale`.

    Refuses what `rules.check_template` refuses.
    """
    by.require("template.edit")
    return _write(rules.check_template(template), seen, by, now, "template.saved")


@transaction.atomic
def archive_template(key: str, *, archived: bool = True, seen: int, by: Actor, now: datetime) -> rules.Template:
    """Offered no more (or again); what was sent with it keeps its name."""
    by.require("template.edit")
    old = offering.one(key)
    kept = rules.Template(key, old.name, old.parts, old.states, old.audiences, is_archived=archived)
    return _write(kept, seen, by, now, "template.archived" if archived else "template.returned")


def _write(one: rules.Template, seen: int, by: Actor, now: datetime, code: str) -> rules.Template:
    last = Template.objects.filter(key=one.key).order_by("-version").first()
    if (last.version if last else 0) != seen:
        raise Stale("template.stale", who=last.made_by_name if last else "–", version=last.version if last else 0)
    try:
        with transaction.atomic():
            row = Template.objects.create(
                key=one.key, version=seen + 1, name=one.name.as_json(), states=list(one.states),
                audiences=list(one.audiences), parts={name: text.as_json() for name, text in one.parts.items() if text},
                is_archived=one.is_archived, made_by_id=by.user_id, made_by_name=by.name, made_at=now,
            )  # fmt: skip
    except IntegrityError:  # two saved at once: the constraint let one through
        last = Template.objects.filter(key=one.key).order_by("-version").first()
        who = last.made_by_name if last else "–"
        raise Stale("template.stale", who=who, version=last.version if last else 0) from None
    audit.record(code, by=by, now=now, key=one.key, version=row.version)
    return offering.facts_of(row)


@transaction.atomic
def save_words(text: str, *, by: Actor, now: datetime) -> list[str]:
    """What the house says to customers every day, one per line or comma. Refuses `words.too_many`."""
    by.require("house.configure")
    found = list(
        dict.fromkeys(one.strip() for one in text.replace("、", "\n").replace(",", "\n").split("\n") if one.strip())
    )
    if len(found) > MOST_WORDS or any(len(one) > LONGEST_WORD for one in found):
        raise Refused("words.too_many", count=len(found), limit=MOST_WORDS)
    settings.put(queries.WORDS, found, by=by, now=now)
    return found
