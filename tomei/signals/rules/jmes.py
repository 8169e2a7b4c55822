"""JMESPath for people we do not trust: expressions of bounded size, evaluated within a bounded number of steps.

Loaded only where a mapping is used (`mapping.py` imports it then).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jmespath import functions, parser, visitor
from jmespath.exceptions import JMESPathError

from tomei.kernel.errors import Refused

MOST_LENGTH, MOST_NODES, MOST_DEPTH = 500, 60, 20
MOST_STEPS = 200_000  # for one body; a step is a node visited, or an element of a list that came of it
MOST_TEXT = 10_000
# Left out: `to_string` and what else copies a whole subtree.
FUNCTIONS = frozenset(
    (
        "abs", "avg", "ceil", "contains", "ends_with", "floor", "join", "keys", "length", "max", "max_by", "min",
        "min_by", "not_null", "reverse", "sort", "sort_by", "starts_with", "sum", "to_number", "type", "values",
    )
)  # fmt: skip
Node = dict[str, Any]


class Spent(Exception):
    """The steps of this body are used up."""


class _Functions(functions.Functions):  # type: ignore[misc]
    @functions.signature({"types": ["string"]}, {"types": ["array-string"]})  # type: ignore[untyped-decorator]
    def _func_join(self, between: str, parts: list[str]) -> str:
        if sum(map(len, parts)) + len(between) * len(parts) > MOST_TEXT:
            raise Spent
        return between.join(parts)


class Reader(visitor.TreeInterpreter):  # type: ignore[misc]
    """Evaluates any number of expressions over one body, all within the same steps."""

    def __init__(self, steps: int = MOST_STEPS) -> None:
        super().__init__(visitor.Options(custom_functions=_Functions()))
        self._left = steps

    def visit(self, node: Node, *args: Any, **kwargs: Any) -> Any:
        found = super().visit(node, *args, **kwargs)
        self._left -= 1 + (len(found) if isinstance(found, list) else 0)
        if self._left < 0:
            raise Spent
        return found

    def read(self, expression: str, value: object) -> Any:
        """What `expression` finds in `value`; None where it does not fit. Refuses `mapping.too_much_work`."""
        try:
            return self.visit(compiled(expression), value)
        except (Spent, RecursionError) as error:
            raise Refused("mapping.too_much_work") from error
        except (JMESPathError, ArithmeticError, TypeError, ValueError):
            return None


@lru_cache(maxsize=512)
def compiled(expression: str) -> Node:
    """The tree of an expression; refuses `mapping.too_long`, `mapping.unreadable` and `mapping.too_complex`."""
    if len(expression) > MOST_LENGTH:
        raise Refused("mapping.too_long", most=MOST_LENGTH)
    try:
        tree: Node = parser.Parser().parse(expression).parsed
    except (JMESPathError, ValueError, RecursionError) as error:
        place = getattr(error, "lex_position", None)
        raise Refused("mapping.unreadable", place=0 if place is None else place + 1) from error
    nodes = _count(tree, 0, in_join=False)
    if nodes > MOST_NODES:
        raise Refused("mapping.too_complex", what=f"{nodes} > {MOST_NODES}")
    return tree


def _count(node: Node, depth: int, *, in_join: bool) -> int:
    """How many nodes there are. A list of one's own may stand in `join` only: elsewhere it doubles the body."""
    kind = node["type"]
    if depth > MOST_DEPTH:
        raise Refused("mapping.too_complex", what=f"{depth} > {MOST_DEPTH}")
    if kind == "function_expression" and node["value"] not in FUNCTIONS:
        raise Refused("mapping.too_complex", what=f"{str(node['value'])[:40]}()")
    if kind == "multi_select_dict" or (kind == "multi_select_list" and not in_join):
        raise Refused("mapping.too_complex", what="{…}" if kind == "multi_select_dict" else "[…, …]")
    joins = kind == "function_expression" and node["value"] == "join"
    return 1 + sum(_count(child, depth + 1, in_join=joins) for child in node["children"] if isinstance(child, dict))
