"""The status page as files: every link leads to a file, nothing that is not public, whole or not at all."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from tests.people import NOW
from tomei.cases import actions as cases
from tomei.comms import actions, statuspage
from tomei.comms.statuspage import addresses, cache, export
from tomei.comms.tests import history
from tomei.comms.tests.factories import MINUTE, update, words, world
from tomei.files import actions as files
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture(autouse=True)
def _fresh(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.DATA = tmp_path / "data"
    settings.TOMEI_URL = "https://status.house.test"
    monkeypatch.setattr(time, "now", lambda: NOW)
    cache.forget()
    yield
    cache.forget()


def names(folder: Path) -> set[str]:
    return {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file() and one.name != export.MARK}


def dead(folder: Path) -> list[tuple[str, str]]:
    """Links of pages that lead to no file, or out of the folder."""
    found = []
    for page in folder.rglob("*.html"):
        for link in re.findall(r'\b(?:href|src)="([^"]*)"', page.read_text()):
            if link.startswith("https://status.house.test/status/subscribe/"):
                continue  # a form needs the house
            parts = urlsplit(unescape(link))
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            leads = not parts.scheme and target.is_file() and target.is_relative_to(folder)
            if not leads or (parts.fragment and f'id="{parts.fragment}"' not in target.read_text()):
                found.append((str(page.relative_to(folder)), link))
    return found


def test_every_link_leads_to_a_file(house: Any, tmp_path: Path) -> None:
    parts = history.components(NOW)
    history.past(parts, NOW)
    running = history.running(parts, NOW)
    written = export.write(tmp_path / "page", NOW)
    found = names(tmp_path / "page")
    assert written.files == len(found)
    assert dead(tmp_path / "page") == []
    assert {f"api/v2/{one.removeprefix(addresses.API)}" for one in addresses.ENDPOINTS} <= found
    for language in ("ja", "en"):
        assert {
            f"{language}/index.html", f"{language}/history.html", f"{language}/history-2026-08.html",
            f"{language}/how-we-work.html", f"{language}/incidents/INC-{running.number}.html",
            f"{language}/components/part-9/feed.rss",
        } <= found  # fmt: skip
        assert len([one for one in found if one.startswith(f"{language}/incidents/")]) == 51
    assert {"index.html", "static/ui/app.css", "static/ui/tokens.css", "static/ui/mark.svg"} <= found
    assert json.loads((tmp_path / "page/api/v2/incidents/unresolved.json").read_text())["incidents"][0]["status"]


def test_what_is_older_than_the_page_is_there_too(house: Any, tmp_path: Path) -> None:
    parts = history.components(NOW)
    [old] = history.past(parts, NOW - timedelta(days=200), 1, over=timedelta(days=2))
    export.write(tmp_path / "page", NOW)
    assert "Shipment confirmation fails" in (tmp_path / f"page/en/incidents/INC-{old.number}.html").read_text()
    assert dead(tmp_path / "page") == []


def test_the_bytes_are_those_of_the_page(house: Any, lead: Any, by_lead: Actor, tmp_path: Path) -> None:
    here = world(by_lead, owner=lead)
    told = update(NOW, audiences=("public",))
    actions.publish(here.incident.id, told, by=by_lead, now=NOW, confirmed=True)
    statuspage.refresh(NOW)
    export.write(tmp_path / "page", NOW)
    for path in (*addresses.FEEDS, *addresses.ENDPOINTS):
        served = statuspage.cached(path, "lang=en", "")
        assert served is not None
        assert (tmp_path / "page" / export.place(path, "en")).read_bytes() == served[2]
    page = (tmp_path / "page/ja/index.html").read_text()
    assert 'href="../en/index.html"' in page and "出荷の6割" in page
    start = (tmp_path / "page/index.html").read_text()
    assert 'href="static/ui/app.css"' in start and 'href="en/index.html"' in start


def test_nothing_but_what_is_public(house: Any, lead: Any, by_lead: Actor, tmp_path: Path) -> None:
    here = world(by_lead, owner=lead)
    given: dict[str, Any] = {"severity": "SEV1a", "component_ids": [here.component.pk], "by": by_lead, "now": NOW}
    drill = cases.declare(title=Text("マーカー", "MARKER"), drill=True, **given)
    for incident, audience in (
        (here.incident, "affected"), (here.incident, f"customer:{here.towa.pk}"), (here.incident, "internal"),
        (here.incident, "executives"), (drill, "public"),
    ):  # fmt: skip
        size = len(audience) + incident.id
        parts = words(f"マーカー {size} %です。", f"MARKER {size} % of {audience}")
        told = update(NOW, parts=parts, audiences=(audience,))
        actions.publish(incident.id, told, by=by_lead, now=NOW, confirmed=True)
    export.write(tmp_path / "page", NOW)
    bodies = [one.read_bytes() for one in (tmp_path / "page").rglob("*") if one.is_file()]
    assert len(bodies) > 20
    assert not [body for body in bodies if b"MARKER" in body or "マーカー".encode() in body or b"Towa" in body]


def test_files_of_public_updates_come_along(house: Any, lead: Any, by_lead: Actor, tmp_path: Path) -> None:
    here = world(by_lead, owner=lead)

    def kept(name: str) -> int:
        body = PNG + name.encode()
        return files.add(name, "", body, about=f"incident:{here.incident.id}", by=by_lead, now=NOW).id

    for number, audience in enumerate(("public", "affected")):
        parts = words(f"{6 + number}割です。", f"{number + 6}0 % fail.")
        told = update(NOW, audiences=(audience,), parts=parts, file_ids=(kept(f"画面 {number}.png"),))
        actions.publish(here.incident.id, told, by=by_lead, now=NOW, confirmed=True)
    export.write(tmp_path / "page", NOW)
    [file] = [one for one in names(tmp_path / "page") if one.startswith("files/")]
    assert (tmp_path / "page" / file).read_bytes() == PNG + "画面 0.png".encode()
    assert f'href="../../{file}">画面 0.png' in (tmp_path / f"page/ja/incidents/{here.incident.key}.html").read_text()
    assert dead(tmp_path / "page") == []


@pytest.mark.parametrize("swaps", [True, False])
def test_the_folder_is_replaced_as_a_whole(
    house: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, swaps: bool
) -> None:
    if not swaps:
        monkeypatch.setattr(export, "_exchanged", lambda one, other: False)
    target = tmp_path / "page"
    target.mkdir()  # an empty folder is as good as none
    export.write(target, NOW)
    (target / "en" / "incidents").mkdir(parents=True, exist_ok=True)
    (target / "en" / "incidents" / "INC-9.html").write_text("of yesterday")
    export.write(target, NOW + MINUTE)
    assert not (target / "en" / "incidents" / "INC-9.html").exists()
    assert (target / export.MARK).read_text() == f"{(NOW + MINUTE).isoformat()}\n"
    assert (target.stat().st_mode & 0o777, (target / "index.html").stat().st_mode & 0o444) == (0o755, 0o444)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["page"]


def test_a_fault_leaves_what_stood_there(house: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "page"
    export.write(target, NOW)
    before = {name: (target / name).read_bytes() for name in names(target)}

    def full(*given: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "_files", full)
    with pytest.raises(OSError, match="No space left"):
        export.write(target, NOW + MINUTE)
    assert {name: (target / name).read_bytes() for name in names(target)} == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["page"]


def test_a_folder_of_something_else_is_left_alone(house: Any, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "report.txt").write_text("mine")
    for target in (tmp_path / "work", tmp_path / "work" / "report.txt"):
        with pytest.raises(export.NotOurs):
            export.write(target, NOW)
    assert [one.name for one in (tmp_path / "work").iterdir()] == ["report.txt"]


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("/status/", "ja/index.html"), ("/status/?lang=en", "en/index.html"), ("/status/?lang=xx", "ja/index.html"),
        ("/status/history/?month=2026-07&lang=en", "en/history-2026-07.html"),
        ("/status/incidents/INC-12/?lang=en#update-3", "en/incidents/INC-12.html"),
        ("/status/components/a_b/feed.atom?lang=en", "en/components/a_b/feed.atom"),
        ("/status/files/7/x.PNG", "files/7.png"), ("/status/files/7/page.html", "files/7.bin"),
        ("/status/files/7/..%2F..%2Fetc", "files/7.bin"), ("/static/ui/app.css?v=1", "static/ui/app.css"),
        ("/incidents/INC-12/", ""), ("/status/incidents/../../x/", ""),
    ],
)  # fmt: skip
def test_the_file_of_an_address(url: str, file: str) -> None:
    assert export.place(url, "ja") == file


def test_a_link_that_is_no_part_of_the_page_leads_home() -> None:
    body = '<a href="/x/?a=1&amp;b=2">x</a> <a href="/status/how-we-work/?lang=en#SEV2">y</a> <a href="#z">z</a>'
    assert export.relative(body.encode(), "ja/incidents/INC-1.html", "ja").decode() == (
        '<a href="https://status.house.test/x/?a=1&amp;b=2">x</a> '
        '<a href="../../en/how-we-work.html#SEV2">y</a> <a href="#z">z</a>'
    )
