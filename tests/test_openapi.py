"""The API's description is what it was when somebody last looked at the difference."""

from __future__ import annotations

import json
from pathlib import Path

from tomei.api.door import described

SNAPSHOT = Path(__file__).parent / "openapi.json"


def test_description_is_the_snapshot() -> None:
    assert json.loads(json.dumps(described())) == json.loads(SNAPSHOT.read_text(encoding="utf-8")), (
        "run `python tools/openapi.py` and read the difference"
    )


def test_every_operation_says_how_it_fails() -> None:
    silent = [
        f"{method} {path}"
        for path, operations in described()["paths"].items()
        for method, operation in operations.items()
        if "default" not in operation["responses"]
    ]
    assert silent == []


def test_is_openapi_3_1() -> None:
    assert described()["openapi"].startswith("3.1")
