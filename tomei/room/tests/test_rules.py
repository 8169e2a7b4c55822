from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tomei.room import rules


@pytest.mark.parametrize(
    "own", ["/room/", "/room/status/", "/room/incidents/INC-12/", "/room/?after=12", "/room/files/3/a%20b.txt"]
)
def test_own_pages_are_come_back_to(own: str) -> None:
    assert rules.safe_next(own) == own


@pytest.mark.parametrize(
    "bad",
    ["", "/", "//evil.test/", "https://evil.test/room/", "/room//evil.test", "/room/../people/", "/room/\\evil",
     "/rooms/",
     "/room/#x", "/room/sign-in/", "/room/sign-out/", "javascript:alert(1)",
     "/room/" + "a" * 400, "/room/\r\nSet-Cookie: a"],
)  # fmt: skip
def test_everything_else_leads_to_the_beginning(bad: str) -> None:
    assert rules.safe_next(bad) == "/room/"


@given(st.text(max_size=60))
def test_next_never_leaves_the_room(text: str) -> None:
    found = rules.safe_next(text)
    assert found.startswith("/room/") and "//" not in found and ".." not in found


@pytest.mark.parametrize(
    ("typed", "code"),
    [("123456", "123456"), ("123 456", "123456"), ("１２３４５６", "123456"), ("12345", ""), ("1234567", ""), ("", "")],
)
def test_codes_as_people_type_them(typed: str, code: str) -> None:
    assert rules.typed_code(typed) == code


@given(st.text(max_size=60))
def test_any_text_is_a_code_or_nothing(text: str) -> None:
    assert rules.typed_code(text) == "" or (rules.typed_code(text).isdecimal() and len(rules.typed_code(text)) == 6)


def test_a_code_has_six_digits() -> None:
    assert rules.code_of("0" * 64) == "000000" and len(rules.code_of("f" * 64)) == 6


def test_devices_have_names() -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120 Safari/537.36 Edg/120"
    assert rules.device_name(agent) == "Edge, Windows" and rules.device_name("curl") == ""
