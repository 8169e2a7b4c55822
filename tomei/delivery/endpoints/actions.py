"""Set up, change, rotate, test, switch and remove endpoints: the only writers besides `health`."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from tomei.accounts import audit, vault
from tomei.delivery import net
from tomei.delivery.endpoints import queueing, rules
from tomei.delivery.endpoints.facts import EndpointFacts, facts
from tomei.delivery.models import Endpoint
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused, Stale
from tomei.kernel.text import LANGUAGES, Text

_TEST = Text("Tomei からのテストです", "This is a test from Tomei")
_TEST_TEXT = Text("このメッセージが見えれば、届いています。", "If you can read this, it arrives.")


@dataclass(frozen=True, slots=True)
class EndpointIn:
    """What a person sets. `url` empty keeps the address that is there; `language` empty follows the reader's own."""

    name: str = ""
    url: str = ""
    events: Sequence[str] = ()
    drills: bool = False
    language: str = ""
    mail_too: bool = True


@transaction.atomic
def add(
    use: str, kind: str, given: EndpointIn, *, owner_id: int | None = None, by: Actor, now: datetime
) -> tuple[EndpointFacts, str]:
    """A new endpoint and its secret, which is shown nowhere afterwards (empty for a chat).

    Refuses `endpoint.unknown_kind`, `.no_event`, `.unknown_event`, `.too_many`, `.unknown_language`,
    `delivery.bad_url`. Where the address leads is judged at every sending.
    """
    by.require(rules.RIGHTS[use])
    columns = _columns(use, given)
    limit = rules.MOST if use == "house" else rules.MOST_OF_ONE
    if Endpoint.objects.filter(use=use, owner_id=owner_id).count() >= limit:
        raise Refused("endpoint.too_many", most=limit)
    row, secret = make(use, rules.kind(kind), given.url.strip(), now=now, owner_id=owner_id, **columns)
    audit.record("endpoint.added", by=by, now=now, endpoint=row.pk, use=use, owner=owner_id, host=row.hint)
    return facts(row), secret


def make(
    use: str, kind: str, url: str, *, now: datetime, owner_id: int | None = None, **columns: object
) -> tuple[Endpoint, str]:
    """Keep an address; the caller has asked for the right, or holds the word of its owner."""
    host = net.check_url(url)
    secret = new_secret() if kind == rules.WEBHOOK else ""
    row = Endpoint.objects.create(
        use=use, kind=kind, owner_id=owner_id, address=vault.seal(url), hint=host, created_at=now,
        secret=vault.seal(secret) if secret else "", **columns,
    )  # fmt: skip
    return row, secret


def unseal(sealed: str) -> str:
    """The URL inside what `delivery.actions.seal_address` sealed."""
    return str(json.loads(vault.open(sealed))["url"])


def new_secret() -> str:
    """256 bits in the form of Standard Webhooks."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def _columns(use: str, given: EndpointIn) -> dict[str, object]:
    if given.language and given.language not in LANGUAGES:
        raise Refused("endpoint.unknown_language", language=given.language[:20])
    return {
        "name": given.name.strip()[: rules.NAME], "events": rules.events(given.events, use=use),
        "drills": given.drills and use == "house", "language": given.language, "mail_too": given.mail_too,
    }  # fmt: skip


def _row(endpoint_id: int, uses: Sequence[str], by: Actor) -> Endpoint:
    row = Endpoint.objects.filter(pk=endpoint_id, use__in=uses).first()
    if row is None:
        by.require(rules.RIGHTS[uses[0]])
        raise Missing("endpoint")
    by.require(rules.RIGHTS[row.use])
    return row


def _write(row: Endpoint, seen: int | None, **columns: object) -> None:
    """Unless somebody changed it since `seen`."""
    rows = Endpoint.objects.filter(pk=row.pk, version=row.version if seen is None else seen)
    if not rows.update(version=row.version + 1, **columns):
        raise Stale("endpoint.changed_meanwhile")


@transaction.atomic
def change(
    endpoint_id: int, given: EndpointIn, *, uses: Sequence[str], seen: int | None = None, by: Actor, now: datetime
) -> EndpointFacts:
    """Other settings, and another address when one is given; refuses what `add` refuses, and `Stale`."""
    row = _row(endpoint_id, uses, by)
    columns = _columns(row.use, given)
    if given.url.strip():
        columns |= {"hint": net.check_url(given.url.strip()), "address": vault.seal(given.url.strip())}
    _write(row, seen, **columns)
    audit.record("endpoint.changed", by=by, now=now, endpoint=row.pk, new_address=bool(given.url.strip()))
    return facts(Endpoint.objects.get(pk=row.pk))


@transaction.atomic
def rotate(endpoint_id: int, *, uses: Sequence[str], by: Actor, now: datetime) -> str:
    """A new secret, shown once; the one before signs beside it for a day. Refuses `endpoint.no_secret` for a chat."""
    row = _row(endpoint_id, uses, by)
    if not row.secret:
        raise Refused("endpoint.no_secret")
    secret = new_secret()
    _write(row, None, secret=vault.seal(secret), old_secret=row.secret, old_secret_until=now + rules.OVERLAP)
    audit.record("endpoint.rotated", by=by, now=now, endpoint=row.pk)
    return secret


@transaction.atomic
def test(endpoint_id: int, *, uses: Sequence[str], language: str, by: Actor, now: datetime) -> None:
    """Post a test, signed as everything else. Refuses `endpoint.off`."""
    row = _row(endpoint_id, uses, by)
    if row.off_at is not None:
        raise Refused("endpoint.off", why=row.off_why)
    said, text = _TEST.said_in(row.language or language), _TEST_TEXT.said_in(row.language or language)
    data = queueing.event("endpoint.test", {"endpoint": row.pk, "name": row.name}, now)
    if row.kind != rules.WEBHOOK:
        data = queueing.note(said, text)
    hook = queueing.HookIn(row.pk, row.kind, row.hint, queueing.key("test", row.pk, now.isoformat()), said, data)
    queueing.queue([hook], purpose="test", rank=3, now=now)
    audit.record("endpoint.tested", by=by, now=now, endpoint=row.pk)


@transaction.atomic
def switch(endpoint_id: int, on: bool, *, uses: Sequence[str], by: Actor, now: datetime) -> None:
    """On again, with its failures forgotten, or off until somebody turns it on; twice the same changes nothing."""
    row = _row(endpoint_id, uses, by)
    if (row.off_at is None) == on:
        return
    columns: dict[str, object] = {"off_at": now, "off_why": "person"}
    if on:
        columns = {"off_at": None, "off_why": "", "failing_since": None, "failures": 0}
    _write(row, None, **columns)
    audit.record("endpoint.turned_on" if on else "endpoint.turned_off", by=by, now=now, endpoint=row.pk)


@transaction.atomic
def remove(endpoint_id: int, *, uses: Sequence[str], by: Actor, now: datetime) -> None:
    """Address and secrets are gone; what waits for it fails and says so."""
    row = _row(endpoint_id, uses, by)
    row.delete()
    audit.record("endpoint.removed", by=by, now=now, endpoint=endpoint_id, host=row.hint)


def erase(endpoint_ids: Sequence[int]) -> None:
    """Endpoints of subscribers who left."""
    Endpoint.objects.filter(pk__in=endpoint_ids, use="subscriber").delete()


def again(endpoint_id: int) -> None:
    """A subscriber's endpoint is on again and its failures are forgotten; the caller holds its owner's word."""
    Endpoint.objects.filter(pk=endpoint_id, use="subscriber").update(
        off_at=None, off_why="", failing_since=None, failures=0, version=F("version") + 1
    )
