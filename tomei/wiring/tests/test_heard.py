"""No feature speaks into the void, and nobody waits for what is never said."""

from __future__ import annotations

import ast
from pathlib import Path

import tomei
from tomei import wiring

FILES = [path for path in Path(tomei.__file__).parent.rglob("*.py") if "tests" not in path.parts]
# Emitted under a name that is put together where it is said.
PUT_TOGETHER = (
    "incident.",
    "case.",
    "promise.",
    "clock.",
    "message.",
    "endpoint.",
    "question.",
    "update.approved",
    "update.change_asked",
)


def said() -> set[str]:
    """Names written out in a call of `events.emit`."""
    found = set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            emits = isinstance(node, ast.Call) and ast.unparse(node.func) == "events.emit" and bool(node.args)
            if emits and isinstance(node.args[0], ast.Constant):  # type: ignore[attr-defined]
                found.add(str(node.args[0].value))  # type: ignore[attr-defined]
    return found


def test_every_event_is_heard_and_every_listener_hears_something() -> None:
    heard = set(wiring.WITH) | set(wiring.AFTER)
    assert said() - heard == set()
    assert {name for name in heard - said() if not name.startswith(PUT_TOGETHER)} == set()
