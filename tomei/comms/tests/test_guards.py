"""The guards on sentences of our own: every one decided, spans in the typed text, quotations and denials passed."""

from __future__ import annotations

from time import monotonic

import pytest

from tomei.comms import queries
from tomei.comms.guards import ADVICE, GUARDS, Facts, blame, check, check_parts
from tomei.comms.tests.corpus import SETS, hits, read
from tomei.comms.tests.factories import organisation
from tomei.kernel.text import Text


@pytest.mark.parametrize(("guard", "language"), SETS)
def test_every_sentence_of_the_corpus(guard: str, language: str) -> None:
    wrong = [line.text for line in read(guard, language) if bool(hits(line, guard, language)) != line.wanted]
    assert wrong == []


@pytest.mark.parametrize(("guard", "language"), SETS)
def test_the_corpus_is_large_and_balanced(guard: str, language: str) -> None:
    lines = read(guard, language)
    assert len(lines) >= 60
    assert min(sum(line.wanted for line in lines), sum(not line.wanted for line in lines)) >= 30


@pytest.mark.parametrize("guard", GUARDS)
def test_each_guard_explains_itself_in_both_languages(guard: str) -> None:
    assert ADVICE[guard].missing == ()


def test_the_span_points_into_the_text_as_it_was_typed() -> None:
    typed = "ｻｰﾊﾞｰは間もなく復旧します。"  # half-width marks fold into fewer characters
    [found] = check(typed, "ja")
    assert (found.guard, typed[found.start : found.end], found.match) == ("vague", "間もなく", "間もなく")


def test_full_width_letters_are_read() -> None:
    [found] = check("Ｗｅ ｅｘｐｅｃｔ ｔｏ ｂｅ ｂａｃｋ ｓｏｏｎ．", "en")
    assert found.match == "ｓｏｏｎ"


def test_a_reason_for_one_finding_does_not_cover_another() -> None:
    keys = {one.key for one in check("Back soon. Fixed shortly.", "en")}
    assert len(keys) == 2


def test_own_names_and_known_providers() -> None:
    facts = Facts(names=("Soon",), providers=("Kitahama Net",))
    assert check("The Soon is down for 3 customers.", "en", facts) == []
    assert [one.guard for one in check("This was caused by Kitahama Net.", "en", facts)] == ["blame"]


def test_the_first_notice_may_have_no_news_but_itself() -> None:
    text = "We failed, and we are on it. We are investigating."
    assert check(text, "en", Facts(first=True)) == []


def test_a_heartbeat_with_what_was_tried_is_no_filler() -> None:
    assert check("引き続き調査中です。", "ja", Facts(tried=True)) == []


def test_filler_looks_at_the_whole_update_and_blame_at_each_part() -> None:
    parts = {
        "known": Text(en="We are still investigating.", ja=""),
        "done": Text(en="We restarted both gateways; it did not help.", ja=""),
        "doing": Text(en="This is beyond our control.", ja="原因は委託先の作業ミスです。"),
    }
    found = check_parts(parts, {"en": Facts(), "ja": Facts()}, ("known", "done", "doing"))
    seen = [(one.guard, one.language, one.part) for one in found]
    assert seen == [("blame", "ja", "doing"), ("blame", "en", "doing")]


def test_the_third_text_in_the_same_words() -> None:
    facts = Facts(previous=("待ち行列を調べています。失敗は58%です。", "待ち行列を調べています。失敗は58%です。"))
    assert [one.guard for one in check("待ち行列を調べています。失敗は58%です。", "ja", facts)] == ["repeat"]
    assert check("待ち行列を調べています。失敗は41%です。", "ja", facts) == []


APOLOGIES = (
    ("ja", "お詫びします。当社の障害です。担当者が対応しています。"),
    ("ja", "私たちの失敗です。申し訳ございません。責任をもって直します。"),
    ("en", "We failed, we are on it. We are sorry: this is a failure of our service."),
    ("en", "This is on us. We take responsibility for putting it right."),
)


@pytest.mark.parametrize(("language", "text"), APOLOGIES)
def test_an_apology_and_a_failure_owned_always_pass(language: str, text: str) -> None:
    assert check(text, language, Facts(first=True, cause_known=False)) == []


def test_a_cause_may_be_told_once_it_is_known() -> None:
    text = "The outage was caused by a full disk."
    assert check(text, "en") == []
    assert [one.guard for one in check(text, "en", Facts(cause_known=False))] == ["guess"]


def test_an_estimate_in_its_own_fields_clears_the_time_in_the_text() -> None:
    text = "15時までに復旧する見込みです。"
    assert [one.guard for one in check(text, "ja")] == ["estimate"]
    assert check(text, "ja", Facts(estimated=True)) == []


def test_inside_the_house_we_may_speak_as_we_do() -> None:
    text = "db-master-02 is down; legal asks about compensation."
    assert {one.guard for one in check(text, "en")} == {"jargon", "liability"}
    assert check(text, "en", Facts(outside=False)) == []


def test_the_words_of_the_house_are_no_jargon() -> None:
    assert [one.match for one in check("The WMS and the GSLB are down.", "en")] == ["WMS", "GSLB"]
    assert check("The WMS is down.", "en", Facts(words=frozenset({"WMS"}))) == []


def test_a_very_long_text_is_judged_quickly() -> None:
    assert check("soon " * 20_000, "en") != []
    assert check("あ" * 50_000, "ja") == []
    for text in (
        "web-" * 4_000,
        "10." * 4_000,
        "1時" * 4_000,
        "原因は" * 4_000,
        "we will be back " * 1_000,
        "A-1" * 3_000,
    ):
        for language in ("ja", "en"):
            started = monotonic()
            check(text, language, Facts(cause_known=False))
            assert monotonic() - started < 2


@pytest.mark.django_db
def test_patterns_that_are_made_ready_are_not_compiled_again() -> None:
    organisation("共立ネットワークス", "Kyoritsu Networks", kind="vendor")
    queries.ready_guards()
    made = [one.cache_info().misses for one in (blame._cause_ja, blame._cause_en)]
    facts = queries.guard_facts(0, product_id=None, tried=False)
    found = check_parts(
        {"effect": Text("共立ネットワークスの障害が原因です。", "It was caused by Kyoritsu Networks.")}, facts
    )
    assert [(one.guard, one.language) for one in found] == [("blame", "ja"), ("blame", "en")]
    assert [one.cache_info().misses for one in (blame._cause_ja, blame._cause_en)] == made
