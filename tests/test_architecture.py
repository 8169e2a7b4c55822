"""The laws that the import contracts cannot say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(
    path for path in (ROOT / "tomei").rglob("*.py") if "migrations" not in path.parts and "tests" not in path.parts
)
FEATURES = sorted(path.parent.name for path in (ROOT / "tomei").glob("*/models.py"))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("feature", [f for f in FEATURES if f != "api"])
def test_every_feature_has_a_contract_for_its_rows(feature: str) -> None:
    assert f'protected_modules = ["tomei.{feature}.models"]' in (ROOT / "pyproject.toml").read_text()


def test_only_kernel_time_reads_the_clock() -> None:
    reads = re.compile(r"datetime\.now\(|timezone\.now\(|time\.time\(\)|utcnow\(|date\.today\(")
    found = [
        f"{name(path)}:{number}"
        for path in SOURCES
        if path != ROOT / "tomei/kernel/time.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if reads.search(line)
    ]
    assert found == []


def test_only_net_and_mail_open_connections() -> None:
    opens = re.compile(r"^\s*(import|from) (httpx|requests|urllib3|urllib\.request|http\.client|smtplib|socket)\b")
    allowed = {
        "tomei/site/local.py",  # the console asks its own server on this machine
        "tomei/site/startup.py",  # asks whether the port is free
        "tomei/site/story/living.py",  # the demo posts to its own door
        "tomei/site/folder.py",  # asks whether the port is free
        "tomei/site/front/server.py",  # listens
        "tomei/clock/pulse.py",  # the name of this host
        "tomei/clock/engine.py",
        "tomei/clock/actions.py",
    }
    found = {
        name(path)
        for path in SOURCES
        if "delivery" not in path.parts
        for line in path.read_text(encoding="utf-8").splitlines()
        if opens.search(line)
    }
    assert found - allowed == set()


def test_no_folder_for_everything() -> None:
    names = {part for path in SOURCES for part in path.relative_to(ROOT).with_suffix("").parts}
    assert names & {"utils", "helpers", "common", "manager", "managers", "misc"} == set()


def test_every_file_says_what_it_is() -> None:
    assert [name(path) for path in SOURCES if not (ast.get_docstring(tree(path)) or "").strip(" .")] == []


def test_files_stay_short() -> None:
    assert [name(path) for path in SOURCES if len(path.read_text(encoding="utf-8").splitlines()) > 400] == []


def test_functions_stay_short() -> None:
    lengths = sorted((node.end_lineno or 0) - node.lineno + 1 for path in SOURCES for node in functions(path))
    assert lengths[len(lengths) // 2] <= 7
    assert lengths[int(len(lengths) * 0.9)] <= 23


def test_imports_inside_functions_have_a_reason() -> None:
    """A comment on the line, or just above it, or the module is the console (instant `--help`)."""
    found = []
    for path in SOURCES:
        if path.name == "cli.py":
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        for function in functions(path):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    near = lines[max(0, node.lineno - 3) : node.end_lineno]
                    if not any("#" in line for line in near) and '"""' not in "".join(near):
                        found.append(f"{name(path)}:{node.lineno}")
    assert found == []


def test_nothing_is_left_undone_in_code() -> None:
    left = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|NotImplemented" + r"Error)\b")
    found = [name(path) for path in SOURCES if left.search(path.read_text(encoding="utf-8"))]
    assert found == []
