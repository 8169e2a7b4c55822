"""Who may send: a source has a key of its own, kept as a digest to be found by and sealed to be shown again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tomei.accounts import audit, vault
from tomei.customers import queries as customers
from tomei.customers.rules import words
from tomei.kernel import ids
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.signals.facts import SourceFacts
from tomei.signals.models import Source
from tomei.signals.queries import source_facts
from tomei.signals.rules import HEARTBEAT, PARSERS
from tomei.signals.rules.mail import MAIL

KINDS = (*PARSERS, MAIL)


@transaction.atomic
def add_source(
    kind: str, name: str, component_id: int | None = None, *, by: Actor, now: datetime
) -> tuple[SourceFacts, str]:
    """A new sender and the key of its door. Signals that name no component belong to `component_id`."""
    by.require("house.configure")
    if kind not in KINDS:
        raise Refused("source.wrong_kind", field="kind", value=kind[:20])
    row, key = add_own(kind, words.line(name, "name", limit=words.NAME, required=True), component_id, now=now)
    audit.record("source.added", by=by, now=now, source_id=row.pk, kind=kind, name=row.name)
    return source_facts(row), key


def add_own(kind: str, name: str, component_id: int | None, *, now: datetime) -> tuple[Source, str]:
    """The row of a sender and its key, for who has judged the name and the right."""
    key = ids.secret("in", 24)
    row = Source.objects.create(
        kind=kind,
        name=name,
        component_id=_component(component_id),
        key_digest=ids.digest(key),
        key_secret=vault.seal(key),
        created_at=now,
    )
    return row, key


def edit_own(source: Source, name: str, component_id: int | None) -> None:
    """What has a page of its own (heartbeats, probes) keeps its source in step with it."""
    Source.objects.filter(pk=source.pk).update(name=name, component_id=_component(component_id))


def _component(component_id: int | None) -> int | None:
    if component_id is None:
        return None
    try:
        return customers.component(component_id).id
    except Missing as error:
        raise Refused("field.not_a_choice", field="component_id", value=component_id) from error


@transaction.atomic
def edit_source(source_id: int, *, name: str, component_id: int | None, by: Actor, now: datetime) -> None:
    """Its name and the component of what it sends from now on."""
    by.require("house.configure")
    clean = words.line(name, "name", limit=words.NAME, required=True)
    if not Source.objects.filter(pk=source_id, kind__in=KINDS).update(
        name=clean, component_id=_component(component_id)
    ):
        raise Missing(f"source {source_id}")
    audit.record("source.edited", by=by, now=now, source_id=source_id, name=clean, component_id=component_id)


@transaction.atomic
def archive_source(source_id: int, *, by: Actor, now: datetime) -> None:
    """Its door is shut from now on; what it sent stays readable."""
    by.require("house.configure")
    if not Source.objects.filter(pk=source_id, kind__in=KINDS).update(archived_at=now):
        raise Missing(f"source {source_id}")
    audit.record("source.archived", by=by, now=now, source_id=source_id)


@transaction.atomic
def renew_key(source_id: int, *, by: Actor, now: datetime) -> str:
    """A new key, and an open door; the old key opens nothing any more."""
    by.require("house.configure")
    key = ids.secret("in", 24)
    sealed = vault.seal(key)
    rows = Source.objects.filter(pk=source_id, kind__in=KINDS) | Source.objects.filter(
        pk=source_id, kind=HEARTBEAT, archived_at=None
    )
    if not rows.update(key_digest=ids.digest(key), key_secret=sealed, archived_at=None):
        raise Missing(f"source {source_id}")
    audit.record("source.key_renewed", by=by, now=now, source_id=source_id)
    return key
