"""Pages, digests, and the contact methods that carry them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max

from tomei.accounts import audit
from tomei.accounts import queries as accounts
from tomei.accounts.queries import Person
from tomei.delivery import actions as delivery
from tomei.delivery import paging
from tomei.delivery import rules as mail_rules
from tomei.delivery.paging import Call
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text
from tomei.oncall import queries, words
from tomei.oncall.models import ContactMethod
from tomei.oncall.words import Said, Step

METHODS_LIMIT = 10
LABEL_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Page:
    """One person to wake: why, in which words, and where it leads. `url` may be a path of this house."""

    user_id: int
    key: str
    subject: Text
    text: Text
    rank: int
    url: str
    promise_id: int | None = None
    incident_id: int | None = None
    due_at: datetime | None = None
    late_s: float = 0

    @property
    def dedup(self) -> str:
        """What a chat tool joins together: the promise, else the incident."""
        if self.promise_id:
            return f"promise:{self.promise_id}"
        return f"incident:{self.incident_id}" if self.incident_id else self.key


def page(
    user_id: int,
    *,
    promise_id: int | None,
    incident_id: int | None,
    key: str,
    subject: Text,
    text: Text,
    rank: int,
    url: str,
    now: datetime,
    due_at: datetime | None = None,
    late_s: float = 0,
) -> list[int]:
    """Queue a page on every contact method of the person; the same key again queues nothing new.

    Nobody who has left is paged (an empty list). Runs in the caller's transaction.
    """
    one = Page(user_id, key, subject, text, rank, url, promise_id, incident_id, due_at, late_s)
    return page_bulk([one], now=now)


def page_bulk(pages: Sequence[Page], *, now: datetime) -> list[int]:
    """`page` for many in a handful of statements; returns the ids of the messages."""
    reach = _reach({one.user_id for one in pages})
    calls: list[Call] = []
    for one in pages:
        if one.user_id not in reach:
            continue
        person, methods = reach[one.user_id]
        step = Step(one.subject, one.text, one.due_at, one.late_s, link(one.url))
        said = words.page(step, language=person.language, zone=person.zone)
        base = Call("", one.key, said.subject, said.text, one.rank, person.id, "", "", {}, one.incident_id,
                    one.promise_id)  # fmt: skip
        calls += _calls(base, person, methods, said, step.url, one.dedup)
    return list(paging.queue(calls, purpose="page", now=now).values())


def digest(user_id: int, items: Sequence[Step], key: str, now: datetime, *, rank: int = 0) -> list[int]:
    """Queue one message with all steps of a stand-still on every contact method of the person. None for no step."""
    reach = _reach({user_id})
    if user_id not in reach or not items:
        return []
    person, methods = reach[user_id]
    told = [Step(item.subject, item.text, item.due_at, item.late_s, link(item.url)) for item in items]
    said = words.digest(told, language=person.language, zone=person.zone)
    base = Call("", key, said.subject, said.text, rank, person.id)
    calls = list(_calls(base, person, methods, said, link("/"), key))
    return list(paging.queue(calls, purpose="digest", now=now).values())


def link(url: str) -> str:
    """An absolute address under TOMEI_URL; what is absolute already stays as it is."""
    return f"{settings.TOMEI_URL}{url}" if url.startswith("/") else url


def _reach(user_ids: set[int]) -> dict[int, tuple[Person, list[ContactMethod]]]:
    """Those of them who are still with us, each with the ways to reach them."""
    methods = queries.rows_of_many(user_ids)
    people = accounts.people(user_ids)
    return {pk: (person, methods.get(pk, [])) for pk, person in people.items() if person.is_active}


def _calls(
    base: Call, person: Person, methods: Sequence[ContactMethod], said: Said, url: str, dedup: str
) -> Iterator[Call]:
    """One for each contact method; without any, a mail to the address of the account."""
    if not methods:
        yield replace(base, address=person.email, key=f"{base.key}:{person.id}:mail")
    for row in methods:
        one = replace(base, address=row.address, key=f"{base.key}:{person.id}:{row.pk}")
        yield (
            one
            if row.kind == "mail"
            else replace(one, template=row.template, hint=row.hint, data=_data(said, url, dedup))
        )


def _data(said: Said, url: str, dedup: str) -> dict[str, Any]:
    """What the template of a webhook is filled with."""
    return {"title": said.subject, "text": said.body, "url": url, "facts": list(said.facts), "dedup": dedup}


def _to_one(
    row: ContactMethod, said: Said, url: str, key: str, dedup: str, columns: dict[str, Any], about: str = ""
) -> int:
    if row.kind == "mail":
        return delivery.queue_mail(
            to=row.address, subject=said.subject, text=said.text, key=key, about=about, **columns
        )
    return delivery.queue_webhook(
        template=row.template, url_sealed=row.address, hint=row.hint, key=key, data=_data(said, url, dedup),
        about=about, **columns,
    )  # fmt: skip


def _own_id(by: Actor) -> int:
    by.require("me.edit")
    if by.user_id is None:
        raise Refused("rights.missing", verb="me.edit")
    return by.user_id


@transaction.atomic
def add_mail(address: str, *, label: str = "", by: Actor, now: datetime) -> int:
    """One more mail address of one's own. Refuses `delivery.bad_address`, `contact.known` and `contact.too_many`."""
    checked = mail_rules.mail_address(address)
    return _add(by, now, kind="mail", address=checked, hint=checked, label=label)


@transaction.atomic
def add_webhook(template: str, url: str, *, secret: str = "", label: str = "", by: Actor, now: datetime) -> int:
    """One more webhook of the acting person; address and secret are kept encrypted.

    Refuses what `delivery.actions.seal_address` refuses, and `contact.too_many`.
    """
    sealed, host = delivery.seal_address(template, url, secret)
    return _add(by, now, kind="webhook", template=template, address=sealed, hint=host, label=label)


def _add(by: Actor, now: datetime, **columns: Any) -> int:
    user_id = _own_id(by)
    mine = ContactMethod.objects.filter(user_id=user_id)
    if mine.count() >= METHODS_LIMIT:
        raise Refused("contact.too_many", limit=METHODS_LIMIT)
    if columns["kind"] == "mail" and mine.filter(kind="mail", address=columns["address"]).exists():
        raise Refused("contact.known", address=columns["address"])
    columns["label"] = " ".join(columns["label"].split())[:LABEL_LIMIT]
    last = mine.aggregate(last=Max("position"))["last"]
    row = ContactMethod.objects.create(user_id=user_id, position=0 if last is None else last + 1, **columns)
    audit.record("contact.added", by=by, now=now, method=row.pk, kind=row.kind, hint=row.hint)
    return row.pk


@transaction.atomic
def remove(method_id: int, *, by: Actor, now: datetime) -> None:
    """The method is gone; with the last one, pages go to the address of the account. `Missing` for another's."""
    row = queries.own(method_id, _own_id(by))
    row.delete()
    audit.record("contact.removed", by=by, now=now, method=method_id, kind=row.kind, hint=row.hint)


@transaction.atomic
def move(method_id: int, *, up: bool, by: Actor, now: datetime) -> None:
    """The method changes places with its neighbour; at the end of the list nothing changes."""
    user_id = _own_id(by)
    queries.own(method_id, user_id)
    rows = queries.rows_of(user_id)
    at = next(place for place, row in enumerate(rows) if row.pk == method_id)
    other = at - 1 if up else at + 1
    if 0 <= other < len(rows):
        rows[at], rows[other] = rows[other], rows[at]
    for position, row in enumerate(rows):
        ContactMethod.objects.filter(pk=row.pk).update(position=position)


_TEST = Text(
    "Tomei からのテストです。このメッセージが届いていれば、呼び出しもここに届きます。対応は不要です。",
    "This is a test from Tomei. If it reaches you, a page will reach you here too. Nothing needs to be done.",
)
_TEST_SUBJECT = Text("Tomei：連絡先のテスト", "Tomei: a test of your contact method")


@transaction.atomic
def test(method_id: int, *, by: Actor, now: datetime) -> int:
    """Queue a real message on this one method and return its id; the page shows what became of it."""
    user_id = _own_id(by)
    row = queries.own(method_id, user_id)
    person = accounts.person(user_id)
    ContactMethod.objects.filter(pk=row.pk).update(tested_at=now, tests=F("tests") + 1)
    step = Step(_TEST_SUBJECT, _TEST, url=link("/me/contact/"))
    said = words.page(step, language=person.language, zone=person.zone)
    columns = {"rank": 1, "now": now, "purpose": "test", "user_id": user_id}
    key = f"contact-test:{row.pk}:{row.tests + 1}"
    return _to_one(row, said, step.url, key, key, columns, about=f"contact:{row.pk}")
