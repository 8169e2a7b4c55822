"""A workspace that is set up, requests as Slack signs them, and a server in Slack's place."""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from django.test import Client

from tests.people import NOW
from tomei.clock.engine import Engine
from tomei.delivery import slack_app
from tomei.delivery.handlers import HANDLERS
from tomei.delivery.tests.servers import http_server
from tomei.integrations.models import SlackLink, SlackWorkspace
from tomei.integrations.slack import actions, door, rules
from tomei.kernel import time
from tomei.kernel.actor import Actor

FIXTURES = Path(__file__).parent / "fixtures"
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # the one of Slack's own example
TOKEN = "xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcBrzbqgy"
MASTER = Actor("user", 1, "Master", rights=frozenset({"house.configure"}))
USER = "U2147483697"


def signature(body: bytes, at: int, secret: str = SECRET) -> str:
    return "v0=" + hmac.new(secret.encode(), b"v0:%d:" % at + body, hashlib.sha256).hexdigest()


class Slack:
    """Sends what Slack would send. Every request has a trigger of its own unless told otherwise."""

    def __init__(self) -> None:
        self.client = Client()
        self.count = 0

    def fields(self, text: str = "status", **changed: str | None) -> dict[str, str]:
        self.count += 1
        whole = dict(parse_qsl((FIXTURES / "command.txt").read_text().strip(), keep_blank_values=True))
        whole |= {"text": text, "trigger_id": f"13345224609.738474920.{self.count}"}
        return {name: value for name, value in (whole | changed).items() if value is not None}

    def command(self, text: str = "status", **changed: str | None) -> Any:
        return self.send(urlencode(self.fields(text, **changed)).encode())

    def payload(self, action: str, value: str = "", values: dict[str, Any] | None = None, **changed: Any) -> Any:
        self.count += 1
        whole = copy.deepcopy(json.loads((FIXTURES / "block_actions.json").read_text()))
        whole["trigger_id"] += str(self.count)
        whole["actions"][0] |= {"action_id": action, "value": value}
        whole["state"]["values"] = {
            block: {"typed": {"type": "plain_text_input", "value": one}}
            if isinstance(one, str)
            else {"chosen": {"type": "static_select", "selected_option": {"value": one[0]}}}
            for block, one in (values or {}).items()
        }
        return whole | changed

    def press(self, action: str, value: str = "", values: dict[str, Any] | None = None, **changed: Any) -> Any:
        body = urlencode({"payload": json.dumps(self.payload(action, value, values, **changed))}).encode()
        return self.send(body, "interactions")

    def send(
        self, body: bytes, where: str = "commands", *, at: int | None = None, secret: str = SECRET, **headers: str
    ) -> Any:
        at = int(time.now().timestamp()) if at is None else at
        signed = {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": signature(body, at, secret)} | headers
        return self.client.post(
            f"/in/slack/{where}", body, content_type="application/x-www-form-urlencoded", headers=signed
        )


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the doors stands still; nothing was counted yet."""
    monkeypatch.setattr(time, "now", lambda: NOW)
    monkeypatch.setattr(door, "_count", door._Count())


@pytest.fixture
def space(house: Any) -> SlackWorkspace:
    """A workspace with a channel."""
    given = actions.Settings("T0001", "Example", SECRET, TOKEN, "C0123ABCD", "en")
    return SlackWorkspace.objects.get(pk=actions.save(given, by=MASTER, now=NOW))


@pytest.fixture
def slack(space: SlackWorkspace) -> Slack:
    return Slack()


@pytest.fixture
def joined(space: SlackWorkspace) -> Callable[..., SlackLink]:
    """`joined(lead)`: the user of the fixtures is this person."""

    def join(user: Any, slack_user_id: str = USER) -> SlackLink:
        return SlackLink.objects.create(
            workspace=space, slack_user_id=slack_user_id, slack_name="steve", user=user, linked_at=NOW
        )

    return join


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Any]:
    """A server in the place of hooks.slack.com and slack.com."""
    settings.TOMEI_PRIVATE_NETWORKS = ["127.0.0.0/8"]
    with http_server() as (kept, port):
        monkeypatch.setattr(slack_app, "HOOKS", f"http://127.0.0.1:{port}/hooks/")
        monkeypatch.setattr(slack_app, "API", f"http://127.0.0.1:{port}/api/")
        monkeypatch.setattr(rules, "HOOKS", f"http://127.0.0.1:{port}/hooks/")
        kept.hook = f"http://127.0.0.1:{port}/hooks/actions/T0001/1"  # type: ignore[attr-defined]
        yield kept


@pytest.fixture
def tick() -> Callable[[Any], int]:
    engine = Engine(HANDLERS)
    return lambda until: engine.drain(until)


def words(answer: Any) -> str:
    """Everything a person reads of a reply, as one text."""
    whole = answer if isinstance(answer, dict) else answer.json()
    found: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("text"), str):
                found.append(value["text"])
            for part in value.values():
                walk(part)
        elif isinstance(value, list):
            for part in value:
                walk(part)

    walk(whole)
    return "\n".join(found)


def pressable(answer: Any) -> dict[str, str]:
    """Action -> value of the buttons of a reply."""
    whole = answer if isinstance(answer, dict) else answer.json()
    rows = [block["elements"] for block in whole["blocks"] if block["type"] == "actions"]
    return {one["action_id"]: one.get("value", "") for row in rows for one in row}
