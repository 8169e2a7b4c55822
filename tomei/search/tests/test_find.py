from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text
from tomei.search import actions, hooks, queries
from tomei.search.models import Document
from tomei.search.tokens import terms, tokens

pytestmark = pytest.mark.usefixtures("words_index")


def put(ref: str, now: datetime, title: Any = "", text: str = "", audience: str = "internal") -> None:
    kind = ref.split(":")[0]
    actions.index(ref, kind=kind, title=title, url=f"/{ref}/", text=text, audience=audience, now=now)


def refs(words: str, by: Actor, **options: Any) -> list[str]:
    return [hit.ref for hit in queries.find(words, by=by, **options).hits]


@pytest.fixture
def shelf(now: datetime) -> None:
    put(
        "incident:1", now, {"ja": "計画停電中にサーバーが停止", "en": "Servers stopped in a planned power cut"}, "INC-1"
    )
    put(
        "incident:2",
        now + timedelta(minutes=1),
        {"ja": "出荷確定がほぼすべて失敗", "en": "Shipment confirmation fails"},
        "INC-12 東和精機",
    )
    put("customer:1", now + timedelta(minutes=2), "東和精機", "Towa Seiki")
    put("incident:3", now + timedelta(minutes=3), {"ja": "極秘の停電", "en": ""}, "INC-3", "restricted:3")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("停電", ["incident:1"]),
        ("停", ["incident:1"]),
        ("出荷確定", ["incident:2"]),
        ("確定出荷", []),
        ("shipments", ["incident:2"]),
        ("ship", ["incident:2"]),
        ("SHIPMENT 出荷", ["incident:2"]),
        ("出荷 停電", []),
        ("東和精機", ["customer:1", "incident:2"]),
        ("東和精機 towa", ["customer:1"]),
        ("INC-12", ["incident:2"]),
        ("inc-1", ["incident:1"]),
        ("ｻｰﾊﾞｰ", ["incident:1"]),
        ("nothing at all", []),
        ("", []),
        ('" OR 1=1 --', []),
        ("' | ! & :* \\", []),
    ],
)
def test_words_find(shelf: None, by_watcher: Actor, words: str, found: list[str]) -> None:
    assert refs(words, by_watcher) == found


def test_restricted_is_found_only_by_who_holds_it(
    shelf: None, by_lead: Actor, by_admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refs("停電", by_lead) == ["incident:1"]
    assert refs("停電", by_lead, holds={3}) == ["incident:3", "incident:1"]
    assert refs("停電", by_lead, holds={33}) == ["incident:1"]
    assert refs("停電", by_admin) == ["incident:3", "incident:1"]
    monkeypatch.setattr(hooks, "holds", lambda user_id: {3} if user_id == by_lead.user_id else set())
    assert refs("停電", by_lead) == ["incident:3", "incident:1"]


def test_who_may_not_read_finds_nothing(shelf: None, by_outsider: Actor) -> None:
    with pytest.raises(Refused) as caught:
        queries.find("停電", by=by_outsider)
    assert caught.value.code == "rights.missing"


def test_the_index_follows_the_row(shelf: None, by_lead: Actor, now: datetime) -> None:
    put("incident:1", now, {"ja": "回線の切断", "en": "Line cut"})
    assert (refs("停電", by_lead), refs("切断", by_lead)) == ([], ["incident:1"])
    assert Document.objects.filter(ref="incident:1").count() == 1
    assert actions.forget("incident:1") is True
    assert actions.forget("incident:1") is False
    assert refs("切断", by_lead) == []


def test_a_text_in_one_language_is_shown_in_it(by_lead: Actor, now: datetime) -> None:
    put("incident:9", now, Text(ja="停電"))
    hit = queries.find("停電", by=by_lead).hits[0]
    assert (hit.title, hit.kind, hit.url) == (Text(ja="停電"), "incident", "/incident:9/")


def test_pages_follow_each_other_without_gap_or_repeat(by_lead: Actor, now: datetime) -> None:
    for number in range(7):
        put(f"note:{number}", now + timedelta(seconds=number // 2), "停電")  # moments shared by two
    seen, after = [], ""
    while True:
        found = queries.find("停電", by=by_lead, limit=3, after=after)
        seen += [hit.ref for hit in found.hits]
        after = found.next
        if not after:
            break
    assert seen == [f"note:{number}" for number in (6, 5, 4, 3, 2, 1, 0)]


@pytest.mark.parametrize("cursor", ["x", "1-2-3", "-1", "999999999999999999-1", "1", "1-'"])
def test_a_cursor_that_we_did_not_make_is_refused(by_lead: Actor, cursor: str) -> None:
    with pytest.raises(Refused) as caught:
        queries.find("停電", by=by_lead, after=cursor)
    assert caught.value.code == "search.bad_cursor"


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("INC-12", "/incidents/INC-12/"), ("inc - 12 ", "/incidents/INC-12/"), ("ＣＡＳＥ－３", "/cases/CASE-3/"),
        ("INC-012", ""), ("INC-12 停電", ""), ("ABC-1", ""), ("INC-99999999999", ""), ("", ""),
    ],
)  # fmt: skip
def test_an_id_leads_to_its_page(typed: str, place: str) -> None:
    assert queries.place(typed) == place


def test_ten_thousand_rows_are_found_by_the_index(by_lead: Actor, now: datetime) -> None:
    plain = " ".join(tokens("夜間の連携処理が遅延しています The nightly job is late"))
    rare = " ".join(tokens("計画停電"))
    Document.objects.bulk_create(
        [
            Document(ref=f"note:{n}", kind="note", title={"ja": "x", "en": "x"}, url="/", at=now,
                     tokens=rare if n % 2500 == 0 else plain)
            for n in range(10_000)
        ],
        batch_size=500,
    )  # fmt: skip
    rows = queries._matching(terms("停電")).filter(queries._readable(by_lead, {1})).order_by("-at", "-id")[:21]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE search_document")
            plan = rows.explain()
            assert "Bitmap Index Scan on search_words" in plan
        else:
            plan = rows.explain()
            assert "SCAN search_words VIRTUAL TABLE INDEX" in plan
            assert "SCAN search_document" not in plan
    assert sorted(refs("停電", by_lead)) == ["note:0", "note:2500", "note:5000", "note:7500"]
