"""Every address of the house with values filled in, who may stand before it, and what a request wrote."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.doors.world import Hanging, World
from tests.people import NOW
from tomei.customers import queries as customers
from tomei.room import actions as guests
from tomei.room import door as room

SIGNED_IN = ("watcher", "colleague", "second", "lead", "admin")
GUESTS = {"guest": "organisation.contact", "stranger": "other_organisation.contact"}  # contacts of two customers
STANDINGS = ("nobody", "outsider", *GUESTS, *SIGNED_IN)
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)|\{(\w+)\}")
_WRITES = re.compile(
    r"^\s*(?:WITH\b.*?\b)?(INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+\"?([a-z_0-9]+)",
    re.IGNORECASE | re.DOTALL,
)


def page_routes() -> list[str]:
    """Every pattern of the URL table but the API's, as it is written in the table."""
    found = [route for route in _walked(get_resolver(), "") if not route.startswith(("api/", "^api/"))]
    return list(dict.fromkeys(found))


def _walked(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for one in resolver.url_patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walked(one, route)
        elif isinstance(one, URLPattern):
            yield route


def filled(route: str, world: World, hanging: Hanging) -> str:
    """The route with ids of what stands behind it."""
    ids, text = world.ids, route.removesuffix("$").replace("^", "", 1) if "^" in route else route

    def value(match: re.Match[str]) -> str:
        name = next(group for group in match.groups() if group)
        before = text[: match.start()].removeprefix("/").removeprefix("api/v1/")
        if name == "work" or (name == "key" and "maintenance" in before):
            return f"MNT-{ids['maintenance']}"
        if name == "key":
            if before.startswith("cases/"):
                return str(hanging.case.key)
            if before.startswith(("questions/", "room/questions/")):
                return hanging.question_key
            if before.startswith("claims/"):
                return hanging.claim_key
            if before.startswith("in/heartbeat/"):
                return world.keys["heartbeat"]
            return world.keys["generic"] if before.startswith("in/") else str(hanging.incident.key)
        if name == "pk":
            return str(_PK(before, ids, hanging))
        fixed = {
            "template": "first",
            "text": "first",
            "secret": "not-a-secret",
            "upload_key": "0" * 32,
            "user_id": world.people["watcher"].pk,
            "team_id": ids["team"],
            "verb": "test" if "endpoints" in before or "channels" in before else "retry",
            "word": "start",
            "token_id": ids["token.reads"],
            "contact_id": ids["organisation.contact"],
            "kind": "product",
            "role": "scribe",
            "of": 1,
            "component": "orders",
            "contract_id": ids["organisation.contract"],
            "move": "archive",
            "incident_id": hanging.incident.id,
            "message_id": hanging.message_ids[0],
            "method_id": ids.get("method", 1),
            "number": 1,
            "interval": hanging.interval_id,
            "subscriber_id": 1,
            "device_id": 1,
            "key_id": 1,
            "endpoint_id": ids["channel"] if "channels" in before else ids["endpoint"],
            "name": "ask"
            if "hand-over" in before
            else "fulfil"
            if "duties" in before
            else "describe"
            if "evidence" in before
            else "house",
            "file_id": hanging.file_id,
            "draft_id": hanging.draft_id,
            "received_id": ids["received.generic"],
            "inbound_id": ids["inbound"],
            "workspace_id": 1,
            "link_id": 1,
            "job_id": 1,
            "exclusion_id": ids["exclusion"],
            "code": "sector",
            "identifier": "orders-5xx",
            "operation": "close",
            "request_id": "00000000-0000-4000-8000-000000000001",
            "uidb36": "1",
        }
        return str(fixed[name])

    return "/" + _PARAMETER.sub(value, text).lstrip("/")


def _PK(before: str, ids: dict[str, int], hanging: Hanging) -> int:  # noqa: N802 - beside `value` above
    if "hand-over" in before:
        return hanging.hand_over_id
    if "/deadline" in before:
        return hanging.deadline_id
    if "/duties/" in before:
        return hanging.duty_id
    if "/evidence/" in before:
        return hanging.evidence_id
    for start, found in (
        ("customers", ids["organisation"]),
        ("organisations", ids["organisation"]),
        ("settings/catalogue/prod", ids["product"]),
        ("settings/catalogue/comp", ids["component"]),
        ("settings/catalogue", ids["product"]),
        ("products", ids["product"]),
        ("components", ids["component"]),
        ("settings/policies", ids["policy"]),
        ("policies", ids["policy"]),
        ("settings/calendars", ids["calendar"]),
        ("calendars", ids["calendar"]),
        ("promises", hanging.promise_id),
        ("signals/watches", ids["watch"]),
        ("watches", ids["watch"]),
        ("signals/heartbeats", ids["heartbeat"]),
        ("heartbeats", ids["heartbeat"]),
        ("signals/probes", ids["probe"]),
        ("probes", ids["probe"]),
        ("signals/silences", ids["silence"]),
        ("silences", ids["silence"]),
        ("signals/sources", ids["source.generic"]),
        ("sources", ids["source.generic"]),
        ("signals", ids["group"]),
    ):
        if before.startswith(start):
            return found
    raise KeyError(before)


@dataclass
class Answer:
    """What came back, and which tables the request wrote to before the test undid it."""

    response: HttpResponse
    wrote: list[str]
    changed: bool

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        if getattr(self.response, "streaming", False):
            return b"".join(self.response.streaming_content).decode("utf-8", "replace")  # type: ignore[attr-defined]
        return self.response.content.decode("utf-8", "replace")


@dataclass
class Visitor:
    """One standing before the doors. Every request is undone afterwards, so that each meets the same house."""

    name: str
    world: World
    session: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    room: str = ""  # the cookie of a contact's device

    def keep(self, method: str, url: str, data: Any = None, **options: Any) -> HttpResponse:
        """A request that is not undone."""
        return getattr(self._client(), method.lower())(url, data, **options)  # type: ignore[no-any-return]

    def _client(self) -> Client:
        client = Client(raise_request_exception=False, headers={"Accept-Language": "en", **self.headers})
        if self.session:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.session
        if self.room:
            client.cookies[room.COOKIE] = self.room
        return client

    def ask(self, method: str, url: str, data: Any = None, **options: Any) -> Answer:
        client = self._client()
        given = {} if data is None else {"data": data}
        with transaction.atomic():
            with writes() as wrote:
                response = getattr(client, method.lower())(url, **given, **options)
            answer = Answer(response, wrote, _differs(self.world, wrote))
            transaction.set_rollback(True)
        return answer


def visitor(name: str, world: World) -> Visitor:
    if name in world.tokens:
        return Visitor(name, world, headers={"Authorization": f"Bearer {world.tokens[name]}"})
    if name == "nobody":
        return Visitor(name, world)
    if name in GUESTS:
        found = customers.guest(world.ids[GUESTS[name]])
        assert found is not None
        entered = guests.open_for([found[0]], keep=True, name="walk", via="test", now=NOW)
        return Visitor(name, world, room=entered.secret)
    client = Client()
    client.force_login(world.people[name])
    return Visitor(name, world, client.cookies[settings.SESSION_COOKIE_NAME].value)


@contextmanager
def writes() -> Iterator[list[str]]:
    """The tables that were written, without the stamps that every visit leaves."""
    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        match = _WRITES.match(sql)
        if match and not _is_stamp(match[2], sql):
            found.append(match[2])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def _is_stamp(table: str, sql: str) -> bool:
    """When somebody was last here, and the session itself."""
    return (
        table == "django_session"
        or (table == "accounts_user" and 'SET "last_seen_at"' in sql)
        or (table == "accounts_apitoken" and 'SET "last_used_at"' in sql)
    )


def snapshot(tables: Collection[str] | None = None) -> dict[str, Any]:
    """Every row of every table (or of these) but the stamps: what must be the same when nothing was changed."""
    skip = {"django_session", "api_answered"}
    stamps = {"last_seen_at", "last_used_at", "last_login"}
    found = {}
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table in skip or not model._meta.managed or (tables is not None and table not in tables):
            continue
        names = [one.attname for one in model._meta.concrete_fields if one.attname not in stamps]
        found[table] = sorted(map(repr, model._default_manager.values_list(*names)))
    return found


def _differs(world: World, wrote: list[str]) -> bool:
    """Whether a table that was written holds other rows than before anybody came; the others were not touched."""
    return any(rows != world.rows[table] for table, rows in snapshot(set(wrote)).items())
