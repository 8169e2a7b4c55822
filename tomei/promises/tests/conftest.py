"""What happened, and hooks that are put back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tomei.kernel import events
from tomei.promises import hooks

_NAMES = ("made", "kept", "late", "missed", "withdrawn", "reowned", "shortened", "unreached", "steps")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[events.Event]:
    """Every event of promises, in order; no other listener is asked."""
    found: list[events.Event] = []
    monkeypatch.setattr(events, "_with", {f"promise.{name}": [found.append] for name in _NAMES})
    monkeypatch.setattr(events, "_after", {})
    return found


@pytest.fixture(autouse=True)
def plain_hooks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Promises alone, whatever the wiring set."""
    plain: dict[str, Any] = {
        "ladder": hooks._owner_only, "changed": hooks._nothing_shown, "lock": hooks._no_lock,
        "names": hooks._no_names, "holds": hooks._holds_none,
    }  # fmt: skip
    for name, hook in plain.items():
        monkeypatch.setattr(hooks, name, hook)
    yield
