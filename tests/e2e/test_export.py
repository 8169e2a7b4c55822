"""The exported status page, opened from the disk in a real browser while the house goes on serving."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.house import ROOT, House

pytestmark = pytest.mark.page
LIVE = "https://status.house.test/status/subscribe/"  # what needs the house itself


def export(data: Path, target: Path) -> str:
    gone = ("DATABASE_URL", "TOMEI_DEMO", "DJANGO_SETTINGS_MODULE")
    env = {name: value for name, value in os.environ.items() if name not in gone}
    env |= {"TOMEI_DATA": str(data), "PYTHONPATH": str(ROOT), "TOMEI_URL": "https://status.house.test"}
    done = subprocess.run(
        [sys.executable, "-m", "tomei", "export", "status", str(target)],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def visited(page: Any, start: str) -> list[tuple[str, str]]:
    """Every page that links lead to from `start`, opened one by one: (address, heading)."""
    found: dict[str, str] = {}
    waiting = [start]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        page.goto(address)
        found[address] = page.inner_text("h1, h2 >> nth=0")
        assert page.evaluate("getComputedStyle(document.querySelector('header.bar')).display") == "flex", address
        links = page.eval_on_selector_all("a[href]", "all => all.map(one => one.href.split('#')[0])")
        waiting += [one for one in links if one.endswith(".html")]
        away = {one for one in links if not one.startswith("file://")}
        assert {one.split("?")[0] for one in away} <= {LIVE}, away
    return sorted(found.items())


def test_from_the_disk_in_a_folder_of_any_name(browser: Any, tmp_path: Path) -> None:
    data, target = tmp_path / "data", tmp_path / "公開 #1" / "状態 page"
    with House(data, command="demo"):
        said = export(data, target)
        export(data, target)  # and once more over the first
    assert str(target) in said.replace("\n", "")
    context = browser.new_context(locale="ja-JP")
    page, broken = context.new_page(), []
    page.on("requestfailed", lambda request: broken.append(request.url))
    pages = visited(page, (target / "index.html").as_uri())
    assert broken == []
    assert len(pages) == len(list(target.rglob("*.html")))
    page.goto((target / "index.html").as_uri())
    page.click('nav a[hreflang="en"]')
    assert page.evaluate("document.documentElement.lang") == "en"
    page.click("footer a >> nth=0")
    assert page.inner_text("h1") == "What happens on our side"
    context.close()
