from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tomei.search.tokens import Term, fts5, terms, tokens, tsquery


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("停電", ["停電", "停", "電"]),
        ("出荷確定", ["出荷", "荷確", "確定", "出", "荷", "確", "定"]),
        ("サーバー", ["サー", "ーバ", "バー"]),
        ("ｻｰﾊﾞｰ", ["サー", "ーバ", "バー"]),
        ("あ", ["あ"]),
        ("Shipments FAILED", ["shipment", "fail"]),
        ("ＩＮＣ－１２", ["inc-12", "inc", "12"]),
        ("db-01.example.com", ["db-01", "db", "01", "exampl", "com"]),
        ("第2系がfailed", ["第", "2", "系が", "系", "fail"]),
        ("🔥 \x00\u202e…", []),
        ("Größe", ["grösse"]),
    ],
)
def test_text_is_cut(text: str, cut: list[str]) -> None:
    assert tokens(text) == cut


def test_a_question_is_cut_into_what_must_be_there() -> None:
    assert terms("出荷確定") == [Term("出荷"), Term("荷確"), Term("確定")]
    assert terms("停") == [Term("停", prefix=True)]
    assert terms("出荷 confirmations shipp") == [Term("出荷"), Term("confirm"), Term("shipp", prefix=True)]
    assert terms("INC-12") == [Term("inc-12")]
    assert terms("12") == [Term("12")]
    assert terms(' "*') == []


@given(st.text())
def test_no_letter_of_a_question_is_an_operator(text: str) -> None:
    asked = terms(text)
    for term in asked:
        assert not set(term.token) & set("\"'*&|!():<>\\ \x00")
    assert fts5(asked).count('"') == 2 * len(asked)
    assert tsquery(asked).count("'") == 2 * len(asked)


@given(st.text())
def test_every_text_is_found_by_itself(text: str) -> None:
    held = tokens(text)
    for term in terms(text):
        assert any(token.startswith(term.token) if term.prefix else token == term.token for token in held)


def test_a_token_is_never_longer_than_the_index_takes() -> None:
    assert max(len(token) for token in tokens("a1" * 5000 + " " + "b" * 5000)) == 64
