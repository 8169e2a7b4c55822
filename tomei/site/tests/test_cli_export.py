"""`tomei export status DIR`: exit codes, and what stands in the folder afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from typer.testing import CliRunner

from tomei.comms.statuspage import export
from tomei.site import startup
from tomei.site.cli import app

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


def run(*given: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["export", "status", *given])
    return result.exit_code, result.output


def test_written_and_written_again(house: Any, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "page"
    code, said = run(str(target))
    assert (code, f"Open {target / 'index.html'}" in said.replace("\n", "")) == (0, True), said
    code, said = run(str(target), "--json")
    told = json.loads(said)
    assert (code, told["folder"]) == (0, str(target))
    assert told["files"] == sum(one.is_file() for one in target.rglob("*")) - 1


def test_what_is_refused(house: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    code, said = run(str(tmp_path))
    assert (code, "holds something else" in said) == (1, True)
    assert run()[0] == 2

    def away(now: Any) -> Any:
        raise OperationalError("away")

    monkeypatch.setattr(export, "build", away)
    code, said = run(str(tmp_path / "page"))
    assert (code, "The database does not answer" in said) == (4, True)

    def full(now: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "build", full)
    code, said = run(str(tmp_path / "page"))
    assert (code, "What stood there stands" in said) == (1, True)
    monkeypatch.setattr(startup, "pending", lambda: ["0002"])
    code, said = run(str(tmp_path / "page"))
    assert (code, "Start it once with ./up" in said) == (1, True)
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]


def test_a_house_that_is_not_founded_has_no_page(tmp_path: Path) -> None:
    assert run(str(tmp_path / "page"))[0] == 1
    assert list(tmp_path.iterdir()) == []
