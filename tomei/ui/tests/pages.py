"""What the tests of pages need: a request as the middleware leaves it, and a part rendered by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory

NOW = datetime(2026, 11, 18, 5, 8, 48, tzinfo=UTC)  # 14:08:48 in Tokyo


def request(path: str = "/promises/?a=1", *, person: bool = True, **headers: str) -> HttpRequest:
    made: Any = RequestFactory().get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    made.now = NOW
    made.user = SimpleNamespace(
        is_authenticated=person, id=3, name="佐伯 美咲", email="saeki@tomei.test", role="commander",
        is_administrator=True, shortcuts=True,
    )  # fmt: skip
    made._messages = []
    return made  # type: ignore[no-any-return]


def render(source: str, **names: Any) -> str:
    """Render a piece of a template as a page would, at NOW."""
    env = engines["jinja2"].env  # type: ignore[attr-defined]
    return str(env.from_string(source).render(now=NOW, **names))
