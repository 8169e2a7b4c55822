from datetime import UTC, datetime

from tomei.kernel.text import Text
from tomei.oncall.words import Step, digest, page

DUE = datetime(2026, 11, 18, 5, 13, tzinfo=UTC)
STEP = Step(
    Text("次の報告の期限です", "The next update is due"),
    Text("INC-12：A社へ", "INC-12: to A"),
    DUE,
    0,
    "https://t.jp/x",
)


def test_a_page_in_japanese():
    said = page(STEP, language="ja", zone="Asia/Tokyo")
    assert said.subject == "次の報告の期限です"
    assert said.text == "INC-12：A社へ\n\n期限: 2026年11月18日(水) 14:13 JST\n\n開く: https://t.jp/x\n"
    assert said.facts == (("期限", "2026年11月18日(水) 14:13 JST"),)


def test_the_same_page_in_berlin():
    said = page(STEP, language="en", zone="Europe/Berlin")
    assert said.text == "INC-12: to A\n\nDue: Wed 18 Nov 2026, 06:13 CET\n\nOpen: https://t.jp/x\n"


def test_lateness_is_said_when_it_is_worth_saying():
    late = Step(STEP.subject, STEP.text, DUE, 754, "")
    assert "you are told this 12m 34s late" in page(late, language="en", zone="UTC").text
    assert "12分34秒遅れて" in page(late, language="ja", zone="UTC").body
    assert "late" not in page(Step(STEP.subject, STEP.text, DUE, 59), language="en", zone="UTC").text


def test_a_digest_holds_every_step():
    said = digest([STEP, Step(Text("二つ目", "Second"), Text("x", "x"), DUE, 120)], language="en", zone="UTC")
    assert said.subject == "2 steps fell due while Tomei stood still"
    assert (
        "1. The next update is due\n   INC-12: to A\n   Due: Wed 18 Nov 2026, 05:13 UTC\n   https://t.jp/x" in said.text
    )
    assert "2. Second" in said.text and "Told late by: 2m" in said.text


def test_a_text_in_one_language_is_better_foreign_than_silent():
    only = Step(Text("日本語だけ"), Text("本文"))
    assert page(only, language="en", zone="UTC").subject == "日本語だけ"
