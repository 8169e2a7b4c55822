"""The API's description is what it was when somebody last looked at the difference."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ninja import Schema

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


def schemas(parent: type[Schema] = Schema) -> Iterator[type[Schema]]:
    for one in parent.__subclasses__():
        if one.__module__.startswith("tomei."):
            yield one
        yield from schemas(one)


def test_no_two_shapes_share_a_name() -> None:
    """The description keeps one shape per name: of two, one would be told wrongly."""
    described()
    shapes: dict[str, dict[str, Any]] = {}
    for one in schemas():
        shapes.setdefault(one.__name__, {})[one.__module__] = one.model_json_schema().get("properties")
    twice = {name: list(found) for name, found in shapes.items() if len({str(shape) for shape in found.values()}) > 1}
    assert twice == {}
