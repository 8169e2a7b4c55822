"""The demo answers as soon as it listens: until its month of history is played, every address says how far that is.

History needs the clock for itself (each thing runs at the moment of the past at which it fell due), and whoever acted in
between would stand in the middle of it. So nothing else is served meanwhile, the house's own clock starts after the last
line, and then the story's first alert comes in through the open door.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from django.db import connection
from django.template import engines

from tomei.clock.engine import Engine
from tomei.kernel.text import Text
from tomei.kernel.time import monotonic
from tomei.live.bus import Bus
from tomei.site import startup, story_folder
from tomei.site.front.answers import Answer, Receive, Scope, Send, deliver, header
from tomei.site.front.app import Front

log = logging.getLogger("tomei.story")
WORDS = SimpleNamespace(
    title=Text("デモの物語を準備しています", "The demo's story is being told"),
    what=Text(
        "過去1か月の出来事を、本番と同じ処理で順に再現しています。20秒ほどで終わり、このページは自動で開きます。",
        "A month of history is played through the same actions as in production. It takes some 20 seconds, "
        "then this page opens by itself.",
    ),
    again=Text("1分以内に終わります。もう一度お試しください。", "It ends within a minute. Try again."),
    failed=Text(
        "物語の準備に失敗しました。端末に表示された理由を確認し、./up demo をもう一度実行してください。",
        "The story could not be told. See the reason in the terminal, then start ./up demo again.",
    ),
)
PATIENCE_S = 60.0  # how long a program waits before it is told to come again
Heard = Callable[[int, int], None]
Play = Callable[[Heard], None]


class Ended(Exception):
    """The server ends while the story is still being told; the next start tells a new one."""


class Telling:
    """`play` tells the past and calls what it is given after each line; `alive` is the story's part after it."""

    def __init__(self, play: Play, alive: Callable[[], None], *, engine: Engine, folder: Path) -> None:
        self._play, self._alive, self._engine, self._folder = play, alive, engine, folder
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tomei-story", daemon=True)
        self.goes_on, self.failed = True, False
        self.done, self.total = 0, 1

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End between two lines, and the clock with its running work."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(5)
        self._engine.stop()

    def _run(self) -> None:
        try:
            with startup.hurried():
                self._play(self._heard)
            story_folder.mark_told(self._folder)
            self._engine.start()
            self.goes_on = False
            self._alive()
        except Ended:
            pass
        except Exception:
            self.failed = self.goes_on
            log.exception("the story could not be told")
        finally:
            connection.close()

    def _heard(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        if self._ending.is_set():
            raise Ended

    def answer(self, scope: Scope) -> Answer:
        """503 with the progress: a page for people, JSON for programs that waited in vain."""
        again = [(b"retry-after", b"2"), (b"cache-control", b"no-store")]
        language = "ja" if header(scope["headers"], b"accept-language").lower().startswith("ja") else "en"
        if not _is_browser(scope):
            said = {
                "code": "demo.telling", "message": WORDS.title.said_in(language),
                "way_out": (WORDS.failed if self.failed else WORDS.again).said_in(language),
                "facts": {"done": self.done, "total": self.total},
            }  # fmt: skip
            body = json.dumps(said, ensure_ascii=False).encode()
            return Answer(503, [(b"content-type", b"application/json"), *again], body)
        facts = {"words": WORDS, "language": language, "failed": self.failed, "done": self.done, "total": self.total}
        page = engines["jinja2"].env.get_template("site/telling.html").render(facts)  # type: ignore[attr-defined]
        return Answer(503, [(b"content-type", b"text/html; charset=utf-8"), *again], page.encode())


def _is_browser(scope: Scope) -> bool:
    return "html" in header(scope["headers"], b"accept")


class Stage:
    """The front of the demo. Until its story is told, people see how far it is and programs wait for their answer."""

    def __init__(self, front: Front, telling: Telling) -> None:
        self._front, self._telling = front, telling

    @property
    def bus(self) -> Bus:
        return self._front.bus

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        closed = scope["type"] == "http" and self._telling.goes_on and not scope["path"].startswith("/static/")
        end = monotonic() + PATIENCE_S
        waits = closed and not _is_browser(scope) and scope["path"] != "/healthz"
        while closed and waits and not self._telling.failed and monotonic() < end:
            await asyncio.sleep(0.1)
            closed = self._telling.goes_on
        if closed:
            await deliver(self._telling.answer(scope), scope, send)
        else:
            await self._front(scope, receive, send)
