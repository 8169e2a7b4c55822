"""What tests of the outbox share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tomei.clock.engine import Engine
from tomei.delivery import actions, smtp
from tomei.delivery.handlers import HANDLERS
from tomei.kernel import events


@pytest.fixture
def tick() -> Any:
    """`tick(now)` runs everything that is due, as the clock would."""
    engine = Engine(HANDLERS)
    yield lambda until: engine.drain(until)
    smtp.close()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """The events that were emitted, in their order."""
    heard: list[tuple[str, dict[str, Any]]] = []

    def keep(event: events.Event) -> None:
        heard.append((event.name, dict(event.facts)))

    names = ("message.accepted", "message.failed")
    monkeypatch.setattr(events, "_with", {name: [keep] for name in names})
    monkeypatch.setattr(events, "_after", {})
    return heard


@pytest.fixture
def mail(now: datetime) -> Callable[..., int]:
    """Queue a mail with everything usual."""

    def queue(**columns: Any) -> int:
        given = {
            "to": "a@example.com", "subject": "件名", "text": "本文", "key": "k:1", "purpose": "page", "rank": 0,
            "now": now,
        }  # fmt: skip
        return actions.queue_mail(**{**given, **columns})

    return queue
