"""What the documents say is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").glob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    missing = [t for t in targets if "://" not in t and not (page.parent / t).exists()]
    assert missing == []


def test_readmes_name_the_same_commands() -> None:
    def blocks(name: str) -> list[str]:
        return re.findall(r"```\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)

    assert blocks("README.md") == blocks("README.ja.md")


def test_every_setting_is_documented() -> None:
    settings = (ROOT / "tomei/site/settings.py").read_text(encoding="utf-8")
    named = set(re.findall(r'environ\.get\("((?:TOMEI|DATABASE)_[A-Z_]+)"', settings))
    documented = (ROOT / "docs/operate.md").read_text(encoding="utf-8")
    hidden = {"TOMEI_DEMO", "TOMEI_SECRET_KEY", "TOMEI_TEST_SQLITE", "TOMEI_TEST_SUFFIX"}
    assert {name for name in named - hidden if name not in documented} == set()


def test_every_command_of_the_console_is_in_its_help() -> None:
    from typer.testing import CliRunner

    from tomei.site.cli import app

    shown = CliRunner().invoke(app, ["--help"]).output
    for verb in (
        "serve",
        "demo",
        "declare",
        "update",
        "promises",
        "token",
        "admin-link",
        "doctor",
        "backup",
        "restore",
        "export",
    ):
        assert verb in shown
