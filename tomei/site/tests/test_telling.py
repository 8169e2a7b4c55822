"""While the story is told every address says how far it is; then the clock starts and the house is open."""

from __future__ import annotations

import asyncio
import json
import threading
from contextlib import nullcontext
from typing import Any

import pytest

from tomei.site import startup, story_folder
from tomei.site.story.telling import Stage, Telling


class Clock:
    def __init__(self) -> None:
        self.said: list[str] = []

    def start(self) -> None:
        self.said.append("start")

    def stop(self) -> None:
        self.said.append("stop")


class House:
    bus = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "the house"})


@pytest.fixture(autouse=True)
def _no_pragma(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(startup, "hurried", nullcontext)  # the demo stands on SQLite, these tests on any


def asked(
    telling: Telling,
    path: str = "/",
    accept: str = "text/html",
    language: str = "en",
    method: str = "GET",
    kind: str = "http",
) -> Any:
    """What is sent in answer: status, headers and body, or that the house was asked."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"accept", accept.encode()), (b"accept-language", language.encode())]
    scope = {"type": kind} | ({"method": method, "path": path, "headers": headers} if kind == "http" else {})
    asyncio.run(Stage(House(), telling)(scope, None, send))  # type: ignore[arg-type]
    if sent[0]["type"] == "the house":
        return "the house"
    return sent[0]["status"], dict(sent[0]["headers"]), b"".join(part["body"] for part in sent[1:]).decode()


def told(play: Any, tmp_path: Any, alive: Any = lambda: None) -> tuple[Telling, Clock]:
    clock = Clock()
    return Telling(play, alive, engine=clock, folder=tmp_path), clock  # type: ignore[arg-type]


def test_the_house_opens_when_the_story_is_told(tmp_path, settings, monkeypatch):
    at_line, go_on, alive = threading.Event(), threading.Event(), threading.Event()

    def play(heard: Any) -> None:
        heard(7, 125)
        at_line.set()
        assert go_on.wait(30)

    telling, clock = told(play, tmp_path, alive.set)
    telling.start()
    assert at_line.wait(30)
    status, headers, body = asked(telling, "/incidents/")
    assert (status, headers[b"retry-after"], "7 / 125" in body, 'http-equiv="refresh"' in body) == (
        503,
        b"2",
        True,
        True,
    )
    assert "<h1>The demo&#39;s story is being told</h1>" in body
    assert "<h1>デモの物語を準備しています</h1>" in asked(telling, language="ja")[2]
    with monkeypatch.context() as hurried:
        hurried.setattr("tomei.site.story.telling.PATIENCE_S", 0.0)
        status, _, body = asked(telling, "/in/alertmanager/x", "*/*", method="POST")
    said = json.loads(body)
    assert (status, said["code"], said["way_out"]) == (503, "demo.telling", "It ends within a minute. Try again.")
    assert said["facts"] == {"done": 7, "total": 125}
    waiting: list[Any] = []
    program = threading.Thread(target=lambda: waiting.append(asked(telling, "/in/alertmanager/x", "*/*")))
    program.start()
    assert asked(telling, "/static/ui/app.css") == "the house"
    assert asked(telling, kind="lifespan") == "the house"
    assert (clock.said, story_folder.is_told(tmp_path)) == ([], False)

    assert waiting == []
    go_on.set()
    assert alive.wait(30)
    program.join(30)
    assert waiting == ["the house"]
    assert (asked(telling), clock.said, story_folder.is_told(tmp_path)) == ("the house", ["start"], True)
    telling.stop()
    assert clock.said == ["start", "stop"]


def test_a_story_that_is_cut_off_ends_between_two_lines(tmp_path):
    first, ended, lines = threading.Event(), threading.Event(), []

    def play(heard: Any) -> None:
        try:
            for number in range(1, 1_000_000):
                lines.append(number)
                heard(number, 1_000_000)
                first.set()
                threading.Event().wait(0.001)
        finally:
            ended.set()

    telling, clock = told(play, tmp_path)
    telling.start()
    assert first.wait(30)
    telling.stop()
    assert ended.wait(30)
    assert (clock.said, telling.goes_on, telling.failed, story_folder.is_told(tmp_path)) == (
        ["stop"],
        True,
        False,
        False,
    )
    assert len(lines) < 1_000_000


def test_a_story_that_fails_says_so(tmp_path, caplog):
    failed = threading.Event()

    def play(heard: Any) -> None:
        try:
            raise ValueError("no such customer")
        finally:
            failed.set()

    telling, clock = told(play, tmp_path)
    telling.start()
    assert failed.wait(30)
    telling.stop()
    status, _, body = asked(telling)
    assert (status, "could not be told" in body, "http-equiv" in body) == (503, True, False)
    assert (clock.said, "no such customer" in caplog.text) == (["stop"], True)
