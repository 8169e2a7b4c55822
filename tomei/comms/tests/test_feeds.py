"""The feeds as readers take them: well-formed, with what each format requires, told once, corrections marked."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, fromstring

import pytest
from django.db import OperationalError

from tests.people import NOW
from tomei.comms import actions, statuspage
from tomei.comms.statuspage import addresses, cache, entries, summary
from tomei.comms.tests import history
from tomei.comms.tests.factories import MINUTE, rows, update, words, world
from tomei.customers import queries as customers
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
HOUSE = "https://status.house.test"
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_TAG = re.compile(r"tag:status\.house\.test,\d{4}-\d\d-\d\d:INC-\d+/\d+/(ja|en)")


@pytest.fixture(autouse=True)
def _fresh(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.DATA, settings.TOMEI_URL = tmp_path, HOUSE
    monkeypatch.setattr(time, "now", lambda: NOW)
    cache.forget()
    yield
    cache.forget()


@pytest.fixture
def here(house: Any, lead: Any, by_lead: Actor) -> Any:
    return world(by_lead, owner=lead)


def publish(here: Any, by: Actor, *, now: Any = NOW, **given: Any) -> Any:
    told = update(now, **{"audiences": ("public",), **given})
    return actions.publish(here.incident.id, told, by=by, now=now, confirmed=True)


def get(path: str, query: str = "lang=en", **asked: str) -> tuple[int, dict[str, str], bytes]:
    found = statuspage.cached(path, query, "", **asked)
    assert found is not None
    return found


@dataclass(frozen=True)
class Item:
    """What all three formats say of an entry."""

    id: str
    title: str
    url: str
    html: str
    at: datetime


def need(parent: Element, tag: str) -> str:
    """The words of an element that must be there exactly once, and not be empty."""
    [found] = parent.findall(tag)
    assert found.text
    return found.text


def moment(text: str) -> datetime:
    assert _RFC3339.fullmatch(text), text
    return datetime.fromisoformat(text)


def atom(body: bytes) -> list[Item]:
    """RFC 4287: 4.1.1 and 4.1.2 name what a feed and an entry must hold."""
    root = fromstring(body)
    assert root.tag == f"{ATOM}feed"
    assert (need(root, f"{ATOM}id"), need(root, f"{ATOM}title")) != ("", "")
    updated = moment(need(root, f"{ATOM}updated"))
    assert need(root.findall(f"{ATOM}author")[0], f"{ATOM}name")
    assert len([one for one in root.findall(f"{ATOM}link") if one.get("rel") == "self"]) == 1
    found = []
    for one in root.findall(f"{ATOM}entry"):
        [link] = [link for link in one.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        at, changed = moment(need(one, f"{ATOM}published")), moment(need(one, f"{ATOM}updated"))
        assert at <= changed <= updated
        [content] = one.findall(f"{ATOM}content")
        assert content.get("type") == "html"
        found.append(
            Item(
                need(one, f"{ATOM}id"), need(one, f"{ATOM}title"), str(link.get("href")),
                need(one, f"{ATOM}content"), at,
            )
        )  # fmt: skip
    return found


def rss(body: bytes) -> list[Item]:
    """RSS 2.0: a channel needs title, link and description; dates are RFC 822."""
    root = fromstring(body)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    [channel] = root.findall("channel")
    assert all(need(channel, tag) for tag in ("title", "link", "description", "language"))
    parsedate_to_datetime(need(channel, "lastBuildDate"))
    assert [one.get("rel") for one in channel.findall(f"{ATOM}link")] == ["self"]
    assert [one.get("isPermaLink") for one in channel.findall("item/guid")] == ["false"] * len(channel.findall("item"))
    return [
        Item(
            need(one, "guid"), need(one, "title"), need(one, "link"), need(one, "description"),
            parsedate_to_datetime(need(one, "pubDate")),
        )
        for one in channel.findall("item")
    ]  # fmt: skip


def json_feed(body: bytes) -> list[Item]:
    """JSON Feed 1.1: version, title and items; an item needs its id and some content."""
    found = json.loads(body)
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert found["title"] and found["feed_url"].startswith(HOUSE) and found["home_page_url"].startswith(HOUSE)
    assert all(isinstance(one["id"], str) and one["content_text"] for one in found["items"])
    return [
        Item(one["id"], one["title"], one["url"], one["content_html"], moment(one["date_published"]))
        for one in found["items"]
    ]


READ = {"atom": atom, "rss": rss, "json": json_feed}


def test_the_three_formats_say_the_same(here: Any, by_lead: Actor) -> None:
    publish(here, by_lead)
    publish(
        here, by_lead, now=NOW + 5 * MINUTE, state="mitigating", parts=words("切替中です。", "Switching, 14:05 JST.")
    )
    statuspage.refresh(NOW + 5 * MINUTE)
    for language, sentence in (
        ("en", "Next update by 14:20 JST (05:20 UTC)"),
        ("ja", "次の報告: 14:20 JST (05:20 UTC) まで"),
    ):
        items = [READ[form](get(addresses.feed("", form), f"lang={language}")[2]) for form in READ]
        assert items[0] == items[1] == items[2]
        newest, first = items[0]
        assert (newest.at, first.at) == (NOW + 5 * MINUTE, NOW)
        assert sentence in newest.html
        assert newest.url == f"{HOUSE}/status/incidents/{here.incident.key}/?lang={language}#update-2"
        assert all(_TAG.fullmatch(one.id) for one in (newest, first)) and newest.id != first.id
    assert newest.title == "出荷できない — 第2報 対処中"


def test_every_address_in_a_feed_is_whole_and_ours(here: Any, by_lead: Actor) -> None:
    publish(here, by_lead)
    statuspage.refresh(NOW)
    for form in READ:
        body = get(addresses.feed("", form))[2].decode()
        links = re.findall(r"""(?:href=|url": ?|<link>|<uri>)\\?["']?([^"'<>\\ ]+)""", body)
        assert links
        assert {f"{urlsplit(one).scheme}://{urlsplit(one).netloc}" for one in links} == {HOUSE}


def test_a_correction_and_what_it_replaced(here: Any, by_lead: Actor) -> None:
    told = publish(here, by_lead)
    statuspage.refresh(NOW)
    before = atom(get("/status/feed.atom")[2])
    actions.correct(told.id, words("9割です。", "90 % fail."), reason="数字", by=by_lead, now=NOW + MINUTE)
    statuspage.refresh(NOW + MINUTE)
    root = fromstring(get("/status/feed.atom")[2])
    new, old = atom(get("/status/feed.atom")[2])
    assert (old.id, old.at) == (before[0].id, before[0].at)
    assert old.title == "[Replaced by update 2] Shipping fails — Update 1: Investigating"
    assert "Replaced by update 2." in old.html and "Next update" not in old.html
    assert "This corrects update 1." in new.html and "90 % fail." in new.html
    changed = [one.findtext(f"{ATOM}updated") for one in root.findall(f"{ATOM}entry")]
    assert changed == ["2026-11-18T05:01:00Z"] * 2
    items = json.loads(get("/status/feed.json")[2])["items"]
    assert [(one["_tomei"]["corrects"], one["_tomei"]["replaced_by"]) for one in items] == [
        (old.id, None),
        (None, new.id),
    ]
    assert [one["_tomei"]["next_update_at"] for one in items] == ["2026-11-18T05:15:00Z", None]


def test_the_missing_language_is_told_in_the_other(here: Any, by_lead: Actor) -> None:
    publish(here, by_lead, parts={"effect": Text("出荷の6割が失敗しています。", "")})
    statuspage.refresh(NOW)
    [entry] = fromstring(get("/status/feed.atom")[2]).findall(f"{ATOM}entry")
    [content] = entry.findall(f"{ATOM}content")
    assert content.get("{http://www.w3.org/XML/1998/namespace}lang") == "ja"
    assert "出荷の6割" in str(content.text) and "The English text follows by" in str(content.text)


def test_a_component_by_its_slug_and_by_its_id(here: Any, by_lead: Actor) -> None:
    publish(here, by_lead)
    other = rows("customers", "Component").create(
        product=here.product, name={"ja": "在庫", "en": "Stock"}, slug="stock_1", created_at=NOW
    )
    statuspage.refresh(NOW)
    for form in READ:
        body = get(addresses.feed("shipping", form))[2]
        assert [one.url.partition("#")[2] for one in READ[form](body)] == ["update-1"]
        assert body == get(addresses.feed(summary.component_id(here.component.pk), form))[2]
        assert READ[form](get(addresses.feed(other.slug, form))[2]) == []
        assert statuspage.cached(addresses.feed("nothing", form), "", "") is None
    page = cache._shelf and cache._shelf.page
    assert page
    title = fromstring(get("/status/components/shipping/feed.atom")[2]).findtext(f"{ATOM}title")
    assert title == f"{page.house.said_in('en')} status: Shipping"


def test_asked_again_it_says_only_that_nothing_changed(
    here: Any, by_lead: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    statuspage.refresh(NOW)
    empty = [get(path)[1]["ETag"] for path in addresses.FEEDS]
    statuspage.refresh(NOW + 3 * MINUTE)
    assert [get(path)[1]["ETag"] for path in addresses.FEEDS] == empty
    publish(here, by_lead)
    statuspage.refresh(NOW + 4 * MINUTE)
    tags = {path: get(path)[1]["ETag"] for path in addresses.FEEDS}
    assert not set(tags.values()) & set(empty)
    statuspage.refresh(NOW + 10 * MINUTE)
    for path, tag in tags.items():
        assert get(path, if_none_match=f'W/"x", {tag}')[::2] == (304, b"")
        status, headers, packed = get(path, accept_encoding="gzip")
        assert (status, headers["Content-Encoding"]) == (200, "gzip")
        assert gzip.decompress(packed) == get(path)[2]
        assert headers["Content-Type"] == addresses.kind_of(path)
        assert headers["Access-Control-Allow-Origin"] == "*"


def test_hostile_words_stay_words(house: Any, lead: Any, by_lead: Actor) -> None:
    here = world(by_lead, owner=lead, title=Text("</title><script>", "]]> & <script>alert(1)</script>"))
    publish(
        here, by_lead, parts=words("制御\x0b文字\ufffe <b>太字</b>", "Control \x0b\x1f\ufffe <b>bold</b> & 60 % fail")
    )
    statuspage.refresh(NOW)
    for form, read in READ.items():
        [one] = read(get(addresses.feed("", form))[2])
        assert one.title.startswith("]]> & <script>alert(1)</script>")
        assert "&lt;b&gt;bold&lt;/b&gt; &amp; 60 % fail" in one.html
        assert "<b>" not in one.html and "\x0b" not in one.html


def test_a_feed_is_bounded(house: Any) -> None:
    parts = history.components(NOW)
    history.past(parts, NOW)
    statuspage.refresh(NOW)
    items = atom(get("/status/feed.atom")[2])
    assert len(items) == entries.MOST
    assert [one.at for one in items] == sorted((one.at for one in items), reverse=True)
    assert len({one.id for one in items}) == entries.MOST


def test_the_page_names_its_feeds(here: Any, by_lead: Actor) -> None:
    rows("customers", "Component").create(
        product=here.product, name={"ja": "在庫", "en": "Stock"}, slug="stock", created_at=NOW
    )
    statuspage.refresh(NOW)
    for language in ("ja", "en"):
        page = get("/status/", f"lang={language}")[2].decode()
        named = re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)"', page)
        assert named == [
            (addresses.FEED_KINDS[form].partition(";")[0], f"/status/feed.{form}?lang={language}") for form in READ
        ]
        shown = re.findall(r'<a href="(/status/[^"]*feed\.[^"]+)"', page)
        assert len(shown) == 3 * 3
        assert all(statuspage.cached(one.partition("?")[0], one.partition("?")[2], "") for one in shown)


def test_through_django(here: Any, by_lead: Actor, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(here, by_lead)
    for path in (*addresses.FEEDS, "/status/components/shipping/feed.rss"):
        answer = client.get(path, {"lang": "en"})
        assert (answer.status_code, answer["Content-Type"]) == (200, addresses.kind_of(path))
    refreshed: list[int] = []
    monkeypatch.setattr(statuspage, "refresh", lambda now: refreshed.append(1))
    assert client.get("/status/components/nothing/feed.rss").status_code == 404
    assert refreshed == []


def test_without_the_database(here: Any, by_lead: Actor, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(here, by_lead)
    statuspage.refresh(NOW)
    told = {path: get(path)[2] for path in (*addresses.FEEDS, *addresses.ENDPOINTS)}

    def away(*given: Any) -> Any:
        raise OperationalError("away")

    monkeypatch.setattr(cache, "build", away)
    monkeypatch.setattr(customers, "public_components", away)
    assert statuspage.refresh(NOW + timedelta(hours=1)) is False
    assert get("/status/components/shipping/feed.atom")[0] == 200
    cache.forget()  # another process, which has only what lies on the disk
    assert {path: get(path)[2] for path in told} == told
    answer = client.get("/status/components/shipping/feed.atom")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
