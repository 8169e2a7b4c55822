"""Take the pictures of README and guide anew: a demo of its own on a free port, looked at in headless Chromium.

    PYTHONPATH=. .venv/bin/python tools/pictures.py [name …]

Small on purpose: flat colours, modest sizes, one moment of the story (its update is due within minutes).
"""

from __future__ import annotations

import struct
import sys
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.e2e.conftest import CHROMIUM
from tests.e2e.house import House

OUT = Path(__file__).resolve().parent.parent / "docs" / "pictures"
WIDE, PHONE = (1360, 900), (390, 844)


@dataclass(frozen=True)
class Picture:
    name: str
    address: str
    language: str
    size: tuple[int, int] = WIDE
    follow: str = ""


PICTURES = (
    Picture("incident-en", "/", "en", follow='.cases li:has([data-level="1a"]) h3 a'),
    Picture("incident-ja", "/", "ja", follow='.cases li:has([data-level="1a"]) h3 a'),
    Picture("now-ja", "/", "ja"),
    Picture("now-en", "/", "en"),
    Picture("composer-ja", "/incidents/{key}/update/?start=last", "ja"),
    Picture("ledger-en", "/promises/", "en"),
    Picture("status-ja", "/status/", "ja"),
    Picture("status-en", "/status/", "en"),
    Picture("phone-ja", "/", "ja", PHONE, follow='.cases li:has([data-level="1a"]) h3 a'),
)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def smaller(png: bytes) -> bytes:
    """The same picture with hard-packed rows and without alpha; as it was when that is no gain."""
    width, height = struct.unpack(">II", png[16:24])
    if png[24:26] not in (b"\x08\x02", b"\x08\x06"):
        return png
    depth, place, packed = 3 if png[25] == 2 else 4, 8, b""
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            packed += png[place + 8 : place + 8 + length]
        place += 12 + length
    rows = _palette(zlib.decompress(packed), width, height, depth)
    if rows is None:
        return png
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    colours, body = rows
    new = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"PLTE", colours)
    new += chunk(b"IDAT", zlib.compress(body, 9)) + chunk(b"IEND", b"")
    return min(new, png, key=len)


def _palette(raw: bytes, width: int, height: int, depth: int) -> tuple[bytes, bytes] | None:
    """Undo the filters and name each pixel by one of 256 colours: the most frequent, else the nearest of them."""
    pixels = _unfilter(raw, width, height, depth)
    seen: dict[bytes, int] = {}
    each = [bytes(pixels[at : at + 3]) for at in range(0, len(pixels), depth)]
    for colour in each:
        seen[colour] = seen.get(colour, 0) + 1
    kept = sorted(seen, key=lambda colour: -seen[colour])[:256]
    index = {colour: number for number, colour in enumerate(kept)}
    for colour in seen:
        if colour not in index:
            index[colour] = min(
                range(len(kept)), key=lambda n: sum((a - b) ** 2 for a, b in zip(kept[n], colour, strict=True))
            )
    body = bytearray()
    for row in range(height):
        body.append(0)
        body.extend(index[colour] for colour in each[row * width : (row + 1) * width])
    return b"".join(kept), bytes(body)


def _unfilter(raw: bytes, width: int, height: int, depth: int) -> bytearray:
    line, before, out = width * depth, bytearray(width * depth), bytearray()
    for row in range(height):
        kind, now = raw[row * (line + 1)], bytearray(raw[row * (line + 1) + 1 : (row + 1) * (line + 1)])
        for at in range(line):
            left = now[at - depth] if at >= depth else 0
            up, corner = before[at], before[at - depth] if at >= depth else 0
            now[at] = (now[at] + (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]) & 255
        out += now
        before = now
    return out


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))


def enter(browser: Any, house: House, language: str, size: tuple[int, int]) -> Any:
    phone = size == PHONE
    context = browser.new_context(
        locale="ja-JP" if language == "ja" else "en-GB", timezone_id="Asia/Tokyo",
        viewport={"width": size[0], "height": size[1]}, is_mobile=phone, has_touch=phone, color_scheme="light",
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"{house.base}/demo/enter/")
    with page.expect_navigation():
        page.click("main button")
    if page.evaluate("document.documentElement.lang") != language:
        page.goto(house.base + page.get_attribute(f'a[hreflang="{language}"]', "href"))
    page.goto(f"{house.base}/")
    page.wait_for_selector('.cases .sev[data-level="1a"]', timeout=60_000)
    page.wait_for_timeout(2500)  # the first words of the story are told
    return page


def take(browser: Any, house: House, picture: Picture) -> None:
    page = enter(browser, house, picture.language, picture.size)
    page.goto(f"{house.base}/")
    key = page.inner_text('.cases li:has([data-level="1a"]) .meta span')
    if picture.follow:
        with page.expect_navigation():
            page.click(picture.follow)
    else:
        page.goto(house.base + picture.address.format(key=key))
    page.wait_for_timeout(600)
    png = smaller(page.screenshot())
    (OUT / f"{picture.name}.png").write_bytes(png)
    print(f"{picture.name}.png {len(png) // 1000} kB")
    page.context.close()


def main() -> None:
    wanted = sys.argv[1:] or [picture.name for picture in PICTURES]
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tomei-pictures-") as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with House(Path(folder) / "data", command="demo") as house:
            for picture in PICTURES:
                if picture.name in wanted:
                    take(browser, house, picture)
        browser.close()


if __name__ == "__main__":
    main()
