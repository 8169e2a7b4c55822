"""Every page of the demo: no barrier that axe knows, light enough, readable on a phone, led by keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.house import House

pytestmark = pytest.mark.page
PAGES = {
    "now": "/", "incidents": "/incidents/", "incident": "/incidents/INC-11/", "timeline": "/incidents/INC-11/timeline/",
    "composer": "/incidents/INC-11/update/", "updates": "/incidents/INC-11/updates/",
    "affected": "/incidents/INC-11/customers/", "declare": "/incidents/declare/", "ledger": "/promises/",
    "signals": "/signals/", "sources": "/signals/sources/", "customers": "/customers/", "customer": "/customers/2/",
    "settings": "/settings/", "policies": "/settings/policies/", "mail": "/settings/mail/", "people": "/people/",
    "me": "/me/", "health": "/health/", "mailbox": "/demo/mailbox/", "status": "/status/",
    "how": "/status/how-we-work/",
}  # fmt: skip
WEIGHT = 50_000


@pytest.fixture(scope="module")
def demo(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("demo") / "data", command="demo") as house:
        page = enter(browser, house, "ja").pages[0]
        page.wait_for_selector('.cases .sev[data-level="1a"]', timeout=30_000)  # the alert of the story has arrived
        page.context.close()
        yield house


def enter(browser: Any, house: House, language: str, **options: Any) -> Any:
    """A context signed in as the story's commander, in this language."""
    context = browser.new_context(locale="ja-JP" if language == "ja" else "en-GB", **options)
    page = context.new_page()
    page.goto(f"{house.base}/demo/enter/")
    with page.expect_navigation():
        page.click("main button")
    if page.evaluate("document.documentElement.lang") != language:
        page.goto(house.base + page.get_attribute(f'a[hreflang="{language}"]', "href"))
    assert page.evaluate("document.documentElement.lang") == language
    return context


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_page_has_a_barrier_or_is_heavy(browser, demo, language, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = enter(browser, demo, language, color_scheme=scheme, viewport={"width": 1360, "height": 900})
    page, found = context.pages[0], []
    for name, address in PAGES.items():
        answer = page.goto(demo.base + address)
        if answer.status != 200 or len(answer.body()) >= WEIGHT:
            found.append((name, answer.status, len(answer.body())))
        result = axe.run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        found += [
            (name, row["id"], node["target"], node.get("failureSummary", "")[:200])
            for row in result.response["violations"]
            for node in row["nodes"][:3]
        ]
    context.close()
    assert found == []


def test_every_live_part_comes_back_with_its_frame(browser, demo):
    """What a page fetches when something changed: answered, and holding the frame that is fetched the next time."""
    context = enter(browser, demo, "ja", viewport={"width": 1360, "height": 900})
    page, seen, wrong = context.pages[0], 0, []
    for name, address in PAGES.items():
        page.goto(demo.base + address)
        parts = page.eval_on_selector_all(
            "[data-refresh][data-src]", "all => all.map(one => [one.id, one.dataset.src, one.dataset.refresh])"
        )
        for mark, source, topic in parts:
            answer = context.request.get(demo.base + source, headers={"HX-Request": "true", "Accept": "text/html"})
            seen += 1
            if (
                answer.status != 200
                or f'data-refresh="{topic}"' not in answer.text()
                or f'id="{mark}"' not in answer.text()
            ):
                wrong.append((name, source, answer.status))
    context.close()
    assert wrong == [] and seen >= 8


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_phone_scrolls_in_one_direction_only(browser, demo, language):
    context = enter(browser, demo, language, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page, wide = context.pages[0], []
    for name, address in PAGES.items():
        page.goto(demo.base + address)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 390:
            wide.append((name, width))
    context.close()
    assert wide == []


def test_keys_lead_everywhere(browser, demo):
    context = enter(browser, demo, "en", viewport={"width": 1360, "height": 900})
    page = context.pages[0]
    page.goto(demo.base + "/promises/")
    page.keyboard.press("?")
    page.wait_for_selector("dialog#keys[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog#keys", state="hidden")
    with page.expect_navigation():
        page.keyboard.press("g")
        page.keyboard.press("n")
    assert page.url == demo.base + "/"
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.href")
    page.keyboard.press("j")
    second = page.evaluate("document.activeElement.href")
    page.keyboard.press("k")
    assert first and second and first != second
    assert page.evaluate("document.activeElement.href") == first
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("d")  # in a field a letter is a letter
    assert page.url == demo.base + "/"
    page.goto(demo.base + "/incidents/INC-11/")
    with page.expect_navigation():
        page.keyboard.press("u")
    assert page.url.endswith("/incidents/INC-11/update/")
    page.goto(demo.base + "/")
    with page.expect_navigation():
        page.keyboard.press("d")
    assert page.url.endswith("/incidents/declare/")
    context.close()
