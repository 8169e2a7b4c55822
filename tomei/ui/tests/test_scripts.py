"""The scripts in a real browser, under the strict policy: spans, live parts, rings, drafts, keys, lost streams."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tomei.ui import moments
from tomei.ui.tests import desk as desks
from tomei.ui.tests.desk import Desk
from tomei.ui.tests.test_moments import SPANS

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
pytestmark = [pytest.mark.page, pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
]
TYPED = "#f-title"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


@pytest.fixture
def desk() -> Iterator[Desk]:
    with desks.opened() as made:
        yield made


@pytest.fixture
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    """The page with every part; a word in the console (a broken policy, a fault of ours) fails the test."""
    context = browser.new_context()
    made, said = context.new_page(), []
    made.on("console", lambda message: said.append(message.text))
    made.on("pageerror", lambda error: said.append(str(error)))
    made.goto(f"{desk.address}/desk/")
    live(desk)
    yield made
    context.close()
    assert [line for line in said if not re.search("503|409|/live", line)] == []


def live(desk: Desk) -> None:
    """Wait until the stream is open."""
    for _ in range(200):
        if desk.streams:
            return
        sleep(0.05)
    raise AssertionError("no stream was opened")


def test_spans_are_the_same_in_both_languages_of_ours(browser: Browser) -> None:
    source = (Path(moments.__file__).parent / "static" / "ui" / "time.js").read_text("utf-8")
    span = re.search(r"export (function span\(.*?\n\})\n", source, re.DOTALL)
    assert span is not None
    page = browser.new_page()
    cases = [seconds for seconds, _, _ in SPANS]
    both = "cases.map((s) => [span(s * 1000, 'ja'), span(s * 1000, 'en')])"
    said = page.evaluate(f"(cases) => {{ {span[1]} return {both} }}", cases)
    assert said == [[ja, en] for _, ja, en in SPANS]
    page.close()


def test_a_part_is_renewed_and_the_focus_stays(page: Page, desk: Desk) -> None:
    page.evaluate("document.querySelector('#owed').dataset.old = '1'")
    page.focus("#owed a[href='/two']")
    desk.say("changed", '{"topic":"promises","kind":"changed"}')
    desk.say("changed", '{"topic":"now","kind":"changed"}')
    expect(page.locator("#owed[data-old]")).to_have_count(0)
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/two"
    assert len([path for path in desk.asked if path == "/part"]) == 1  # two parts of one address


def test_what_is_being_typed_is_not_taken_away(page: Page, desk: Desk) -> None:
    page.fill(TYPED, "half a sent")
    page.evaluate("document.querySelector('#owed').dataset.old = '1'")
    desk.say("changed", '{"topic":"now","kind":"changed"}')
    expect(page.locator("#owed[data-old]")).to_have_count(0)
    assert page.input_value(TYPED) == "half a sent"


def test_a_ring_is_seen_in_every_tab_and_silenced_in_all(page: Page, desk: Desk) -> None:
    other = page.context.new_page()
    other.goto(f"{desk.address}/desk/")
    desk.say("ring", '{"topic":"person:3","kind":"ring","data":{"text":"INC-1 overdue","url":"/incidents/INC-1/"}}')
    for tab in (page, other):
        expect(tab.locator("#ring b")).to_have_text("INC-1 overdue")
        expect(tab.locator("[data-ring-link]")).to_have_attribute("href", "/incidents/INC-1/")
    other.click("[data-ring-off]")
    for tab in (page, other):
        expect(tab.locator("#ring")).to_be_hidden()
    assert len([path for path in desk.asked if path.startswith("/live")]) == 1


def test_a_ring_never_leads_out_of_the_house(page: Page, desk: Desk) -> None:
    desk.say("ring", '{"topic":"person:3","kind":"ring","data":{"text":"x","url":"//evil.example/"}}')
    expect(page.locator("#ring")).to_be_visible()
    assert page.get_attribute("[data-ring-link]", "href") == "/"


def test_a_lost_stream_is_said_and_found_again(page: Page, desk: Desk) -> None:
    desk.cut()
    strip = page.locator("#notlive")
    expect(strip).to_be_visible(timeout=25_000)
    expect(strip).to_have_text(re.compile(r"^not live since \d\d:\d\d$"))
    page.evaluate("document.querySelector('#owed').dataset.old = '1'")
    desk.up.set()
    expect(strip).to_be_hidden(timeout=60_000)
    expect(page.locator("#owed[data-old]")).to_have_count(0)  # what was missed is fetched


def test_a_draft_outlives_the_page(page: Page) -> None:
    page.fill(TYPED, "停電")
    page.check("#f-only")
    expect(page.locator("#write [data-draft-note]")).to_have_text(re.compile(r"^Draft saved \d\d:\d\d:\d\d$"))
    page.reload()
    expect(page.locator(TYPED)).to_have_value("停電")
    expect(page.locator("#f-only")).to_be_checked()
    expect(page.locator("#write [data-draft-note]")).to_have_text("Your draft was restored")


def test_a_shared_draft_is_kept_by_the_server_and_a_lost_race_is_said(page: Page, desk: Desk) -> None:
    page.fill("#f-shared", "第一報")
    expect(page.locator("#told")).to_have_text(re.compile(r"^Draft saved"))
    expect(page.locator("[name=seen]")).to_have_value("2")
    refused = "<div data-refused><h1>Anna changed this draft at 14:08.</h1><p>Open it again.</p></div>"
    desk.saved = (409, "text/html", refused.encode())
    page.fill("#f-shared", "第一報 改")
    expect(page.locator("#told")).to_have_text("Anna changed this draft at 14:08. Open it again.")
    assert page.input_value("#f-shared") == "第一報 改"


def test_keys_lead_and_stay_out_of_fields(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/one"
    page.focus(TYPED)
    page.keyboard.type("gp?/")
    assert page.input_value(TYPED) == "gp?/"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/promises/")


def test_keys_can_be_switched_off(page: Page) -> None:
    page.keyboard.press("?")
    page.uncheck("#keys [name=keys]")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") != "q"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1320, 900), (390, 844)])
def test_everybody_can_use_the_parts(browser: Browser, desk: Desk, scheme: Any, width: int, height: int) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": height})
    page = context.new_page()
    for language in ("ja", "en"):
        page.goto(f"{desk.address}/desk/?lang={language}")
        report = Axe().run(page)
        assert report.violations_count == 0, report.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    context.close()


def test_the_page_says_everything_without_script(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{desk.address}/desk/")
    expect(page.locator("#owed .promise").first).to_contain_text("due soon")
    expect(page.locator("#owed .at").first).to_contain_text("JST")
    expect(page.locator("[data-copy]")).to_be_hidden()
    page.click(".menu summary")
    expect(page.locator(".menu form button")).to_be_visible()
    context.close()
