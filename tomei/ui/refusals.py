"""Turn a refusal into words: sentence and way out by code, from each feature's `texts.py`."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from tomei.kernel.errors import Refused
from tomei.kernel.text import Text

FEATURES = ("kernel", "ui", "accounts", "clock", "live", "files", "customers", "delivery", "promises", "oncall",
            "cases", "signals", "comms", "diagnosis", "integrations", "search", "room", "web", "api",
            "site")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    code: str
    sentence: str
    way_out: str


def table() -> dict[str, tuple[Text, Text]]:
    """Code -> (sentence, way out), joined over the features. `REFUSALS` in each `texts.py`."""
    joined: dict[str, tuple[Text, Text]] = {}
    for feature in FEATURES:
        if find_spec(f"tomei.{feature}.texts"):
            joined.update(getattr(import_module(f"tomei.{feature}.texts"), "REFUSALS", {}))
    return joined


def said(error: Refused, language: str) -> Said:
    """The sentence for a reader of `language`; facts fill the braces."""
    entry = table().get(error.code)
    if entry is None:
        return Said(error.code, error.code, "")
    facts = {name: str(value) for name, value in error.facts.items()}
    return Said(error.code, entry[0].said_in(language).format_map(facts), entry[1].said_in(language).format_map(facts))
