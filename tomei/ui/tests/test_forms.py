from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from tomei.kernel.errors import Refused
from tomei.kernel.text import Text
from tomei.ui import forms, refusals
from tomei.ui.texts import REFUSALS


def refused(call: object, *args: object, **options: object) -> Refused:
    with pytest.raises(Refused) as caught:
        call(*args, **options)  # type: ignore[operator]
    return caught.value


def test_text_is_cleaned_and_emoji_stay() -> None:
    family = "👨\u200d👩\u200d👧"  # zero-width joiners hold an emoji together
    assert forms.text({"a": f" \u202eevil\u202c {family}\x00\x07\r\nb "}, "a") == f"evil {family} b"
    assert forms.text({"a": "x\r\ny\tz\u2066q"}, "a", many_lines=True) == "x\ny\tzq"
    assert forms.text({}, "a") == ""


def test_a_right_to_left_text_itself_is_kept() -> None:
    assert forms.text({"a": "שלום مرحبا"}, "a") == "שלום مرحبا"


def test_what_cannot_stand_is_refused_by_the_name_the_page_shows() -> None:
    assert refused(forms.text, {"a": " "}, "a", required=True, label="Title").facts == {"field": "Title"}
    long = refused(forms.text, {"a": "x" * 11}, "a", 10)
    assert (long.code, long.facts) == ("field.too_long", {"field": "a", "length": 11, "most": 10})
    assert refused(forms.text, {"a": "\x00\u202e"}, "a").code == "field.control_characters"


def test_moments_are_read_in_the_zone_of_the_reader() -> None:
    assert forms.moment({"t": "2026-11-18T14:13"}, "t", "Asia/Tokyo") == datetime(2026, 11, 18, 5, 13, tzinfo=UTC)
    assert forms.moment({}, "t", "Asia/Tokyo") is None
    assert refused(forms.moment, {"t": "2026-03-29T02:30"}, "t", "Europe/Berlin").code == "time.skipped"
    assert refused(forms.moment, {"t": "2026-10-25T02:30"}, "t", "Europe/Berlin").code == "time.twice"
    assert refused(forms.moment, {"t": "soon"}, "t", "Asia/Tokyo").code == "time.unreadable"
    assert refused(forms.moment, {"t": ""}, "t", "Asia/Tokyo", required=True).code == "field.missing"


def test_choices_and_numbers() -> None:
    assert forms.choice({"c": "ja"}, "c", ("ja", "en")) == "ja"
    assert forms.choice({}, "c", ("ja",), required=False) == ""
    assert refused(forms.choice, {"c": "fr"}, "c", ("ja", "en")).code == "field.not_a_choice"
    assert refused(forms.choice, {}, "c", ("ja",)).code == "field.missing"
    assert forms.number({"n": "１５"}, "n") == 15
    assert forms.number({}, "n") is None
    assert refused(forms.number, {"n": "99999999999999999999"}, "n").code == "field.not_a_number"
    assert refused(forms.number, {"n": "1e3"}, "n").code == "field.not_a_number"


def test_a_text_in_two_languages_needs_one_of_them() -> None:
    assert forms.both({"t.ja": "停電"}, "t", required=True) == Text(ja="停電")
    assert refused(forms.both, {}, "t", required=True).code == "field.missing"


def test_what_was_typed_is_shown_without_secrets() -> None:
    posted = QueryDict("csrfmiddlewaretoken=x&body=hello&new_password=p&seen=3&empty=&webhook_secret=s&code=123456")
    assert forms.typed_fields(posted) == [("body", "hello")]


@given(st.text())
def test_clean_text_holds_nothing_that_hides(value: str) -> None:
    cleaned = forms.clean(value)
    assert not forms._CONTROL.search(cleaned)
    assert not forms._DIRECTION.search(cleaned)
    cleaned.encode("utf-8")
    assert forms.clean(cleaned) == cleaned


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_every_refusal_has_both_languages_and_the_same_facts(code: str) -> None:
    facts = {"verb": "v", "text": "t", "zone": "z", "field": "f", "length": 1, "most": 2, "least": 0, "value": "x"}
    facts |= {"count": 3, "limit": 2}
    for language in ("ja", "en"):
        said = refusals.said(Refused(code, **facts), language)
        assert said.sentence and said.way_out
        assert "{" not in said.sentence + said.way_out
