"""The shapes that every endpoint shares: the error and the page of a list."""

from __future__ import annotations

from typing import Any

from ninja import Schema


class Problem(Schema):
    """The one error shape. `code` is stable; `message` and `way_out` are for people, in their language."""

    code: str
    message: str
    way_out: str = ""
    facts: dict[str, Any] = {}
