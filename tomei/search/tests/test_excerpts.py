from __future__ import annotations

import pytest

from tomei.search.excerpts import LONGEST, NOTHING, Excerpt, best
from tomei.search.tokens import terms

JA, EN = ("ja", "配線を確認中\n原因は不明"), ("en", "We check the cabling\nThe cause is unknown")


@pytest.mark.parametrize(
    ("asked", "language", "line"),
    [
        ("配線", "en", Excerpt("配線を確認中", "ja")),
        ("causes", "ja", Excerpt("The cause is unknown", "en")),
        ("cabl", "ja", Excerpt("We check the cabling", "en")),
        ("nothing", "ja", NOTHING),
    ],
)
def test_the_line_that_matches(asked: str, language: str, line: Excerpt) -> None:
    assert best([JA, EN], asked, terms(asked), language) == line


def test_among_equals_the_readers_language_wins_and_more_words_win_over_it() -> None:
    both = [("ja", "INC-1 router 停止"), ("en", "INC-1 router stopped")]
    assert best(both, "router", terms("router"), "en").language == "en"
    assert best(both, "router 停止", terms("router 停止"), "en").language == "ja"


def test_a_long_line_is_cut_around_the_match() -> None:
    line = "あ" * 500 + "停電" + "い" * 500
    shown = best([("", line)], "停電", terms("停電")).text
    assert "停電" in shown
    assert (shown[0], shown[-1], len(shown)) == ("…", "…", LONGEST + 2)
