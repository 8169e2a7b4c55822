from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import translation

from tomei.kernel.severity import Severity
from tomei.kernel.text import Text
from tomei.ui.tests.pages import NOW, render

SOON = NOW + timedelta(minutes=4, seconds=12)
LATER = NOW + timedelta(hours=2, minutes=51)
PAST = NOW - timedelta(minutes=2, seconds=48)
ISO = "2026-11-18T05:13:00Z"


def test_severity_has_its_shape() -> None:
    assert render("{{ ui.sev(x) }}", x=Severity.SEV1A) == '<span class="sev" data-level="1a">SEV1a</span>'
    assert render("{{ ui.sev('SEV3') }}") == '<span class="sev" data-level="3">SEV3</span>'


@pytest.mark.parametrize(
    ("due_at", "state", "ja", "en"), [
        (LATER, "open", "あと", "due in"), (SOON, "soon", "まもなく", "due soon"),
        (PAST, "overdue", "期限超過", "overdue"),
    ],
)  # fmt: skip
def test_an_open_promise_turns_with_time(due_at: object, state: str, ja: str, en: str) -> None:
    for language, word in (("ja", ja), ("en", en)):
        with translation.override(language):
            html = render("{{ ui.promise_chip(x) }}", x=due_at)
        assert f'data-state="{state}"' in html
        assert f"<b>{word}</b>" in html
        assert f"#p-{state}" in html
        assert "data-countdown" in html


def test_an_ended_promise_says_how_it_ended(in_japanese: None) -> None:
    late = SimpleNamespace(due_at=PAST, state="late", late_s=132.0)
    assert render("{{ ui.promise_chip(x) }}", x=late) == (
        '<span class="promise" data-state="late"><svg class="i" aria-hidden="true"><use href="#p-late"/></svg>'
        "<b>遅延 2分12秒</b></span>"
    )
    kept = SimpleNamespace(due_at=PAST, state="kept", late_s=None)
    assert "<b>履行</b></span>" in render("{{ ui.promise_chip(x) }}", x=kept)


def test_what_a_promise_is_called_cannot_break_the_page() -> None:
    html = render("{{ ui.promise_chip(x, what=name) }}", x=SOON, name='"><script>alert(1)</script>')
    assert "<script>" not in html
    assert 'data-what="&#34;&gt;&lt;script&gt;' in html


def test_the_next_time_is_named_with_its_zone() -> None:
    html = render("{{ ui.due(x, title='Next update', what='Update 5') }}", x=SOON)
    assert html.startswith('<div class="due"><p>Next update</p><div class="row"><span class="at">')
    assert f'<time datetime="{ISO}">14:13</time><small>JST</small>' in html
    tomorrow = render("{{ ui.at(x) }}", x=NOW + timedelta(days=1))
    assert "<small>Thu 19 Nov</small> <time" in tomorrow


@pytest.mark.parametrize(("minutes", "state"), [(9, "ok"), (10, "warn"), (14, "warn"), (15, "broken")])
def test_silence_is_warned_at_two_thirds(minutes: int, state: str) -> None:
    html = render("{{ ui.silence(x, 900) }}", x=NOW - timedelta(minutes=minutes))
    assert f'data-limit="900" data-state="{state}"' in html


def test_a_customer_who_was_told_nothing_is_the_worst_silence(in_japanese: None) -> None:
    assert "まだ何も伝えていません" in render("{{ ui.silence(none, 900) }}")


def test_times_in_every_style() -> None:
    def shown(style: str) -> str:
        return render(f"{{{{ ui.time(x, '{style}') }}}}", x=SOON)

    assert shown("time").endswith(">14:13 JST</time>")
    assert shown("clock").endswith(">14:13</time>")
    assert shown("day").endswith(">Wed 18 Nov</time>")
    assert shown("full") == f'<time datetime="{ISO}">Wed 18 Nov 2026, 14:13 JST</time>'
    assert 'title="Wed 18 Nov 2026, 14:13 JST"' in shown("clock")
    assert render("{{ ui.time(none) }}") == '<span class="two">–</span>'


def test_filters(in_japanese: None) -> None:
    line = (
        "{{ x|clock }} {{ x|day }} / {{ x|full }} / {{ x|moment }} / {{ 252|span }} / {{ 900|limit }} / {{ none|span }}"
    )
    assert render(line, x=SOON) == (
        "14:13 11月18日(水) / 2026年11月18日(水) 14:13 JST / 14:13 JST / 4分12秒 / 15分 / –"
    )


def test_words_of_the_other_language_carry_their_lang() -> None:
    assert render("{{ ui.said(x) }}", x=Text(ja="停電", en="Power cut")) == "Power cut"
    assert render("{{ ui.said(x) }}", x={"ja": "停電", "en": ""}) == '<span lang="ja">停電</span>'
    assert render("{{ ui.said(x) }}", x="<b>") == "&lt;b&gt;"


def test_parts_can_be_imported_too() -> None:
    html = render(
        '{% from "ui/parts.html" import sev, promise_chip, panel %}{{ sev("SEV2") }}{{ promise_chip(x) }}', x=SOON
    )
    assert 'data-state="soon"' in html


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_markup_parts_render_in_both_languages(language: str) -> None:
    with translation.override(language):
        html = render(
            '{% call ui.panel("<T>", id="p", link="/x/", link_text="all", refresh="promises", src="/p/") %}'
            "in{% endcall %}"
            '{{ ui.empty("E", "text", {"url": "/d/", "text": "go"}) }}'
            '{{ ui.copy("x") }}{{ ui.more("/n/") }}{{ ui.more("") }}{{ ui.progress(2, 5, 1) }}'
        )
    assert '<section class="panel" id="p" aria-labelledby="h-p" data-refresh="promises" data-src="/p/">' in html
    assert "&lt;T&gt;" in html
    assert ("テキストでコピー" in html) == (language == "ja")
    assert ("エラー 1件" in html) == (language == "ja")
    assert 'href="/n/"' in html


def test_a_field_names_its_error() -> None:
    html = render(
        '{{ ui.field("effect.ja", "Effect", value="<x>", kind="textarea", error="Too long", help="H", lang="ja") }}'
    )
    assert 'aria-describedby="f-effect-ja-h f-effect-ja-e" aria-invalid="true" lang="ja"' in html
    assert "\n&lt;x&gt;</textarea>" in html
    assert '<p class="error" id="f-effect-ja-e">' in html


def test_a_select_keeps_what_was_chosen() -> None:
    html = render('{{ ui.field("zone", "Zone", value="b", kind="select", options=[("a", "A"), ("b", "B")]) }}')
    assert '<option value="b" selected>B</option>' in html
    assert html.count("selected") == 1
    assert "checked" in render('{{ ui.field("on", "On", value=true, kind="checkbox") }}')
