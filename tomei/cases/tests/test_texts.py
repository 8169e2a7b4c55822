"""Every refusal of the feature has its two sentences, and they get every fact that they name."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import tomei.cases
from tomei.cases.texts import REFUSALS
from tomei.ui import refusals

HERE = Path(tomei.cases.__file__).parent


def raised() -> dict[str, set[str]]:
    """Code -> facts that every place gives which raises it."""
    found: dict[str, set[str]] = {}
    for path in HERE.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in ("Refused", "Stale"):
                continue
            code, facts = ast.literal_eval(node.args[0]), {word.arg or "" for word in node.keywords}
            found[code] = found.get(code, facts) & facts
    return found


def test_every_refusal_is_said_with_the_facts_it_gets():
    table = refusals.table()
    for code, facts in raised().items():
        assert code in table, code
        for text in table[code]:
            for side in (text.ja, text.en):
                assert side, code
                assert {name for _, name, _, _ in string.Formatter().parse(side) if name} <= facts, code


def test_nothing_is_said_that_nobody_refuses():
    assert set(REFUSALS) <= set(raised())
