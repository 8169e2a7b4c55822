from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from tomei.kernel.errors import Refused
from tomei.ui import context, environment, refusals
from tomei.ui.answer import answer, done
from tomei.ui.tests.pages import request

TEMPLATES = Path(environment.__file__).parent / "templates"


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", ["404.html", "403.html", "403_csrf.html"])
def test_error_pages_have_a_way_out(name: str, language: str) -> None:
    with translation.override(language):
        html = answer(request(), name).content.decode()
    assert f'<html lang="{language}">' in html
    assert 'class="btn go"' in html
    assert len(html.encode()) < 50_000


def test_pages_hold_nothing_inline() -> None:
    html = answer(request(), "404.html").content.decode()
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*src=)", html)


@pytest.mark.parametrize("name", ["500.html", "400.html"])
def test_the_last_pages_need_neither_request_nor_database(name: str) -> None:
    html = render_to_string(name)
    assert "戻" in html and "go back" in html.lower()


def test_a_refusal_says_why_and_keeps_what_was_typed() -> None:
    made = request(referer="http://testserver/incidents/INC-12/")
    said = refusals.said(Refused("field.missing", field="Title"), "en")
    html = answer(made, "ui/refused.html", {"said": said, "typed": {"body": "<b>long text</b>"}}).content.decode()
    assert "“Title” is empty. Nothing was saved." in html
    assert "&lt;b&gt;long text&lt;/b&gt;</textarea>" in html
    assert 'href="http://testserver/incidents/INC-12/"' in html


def test_the_way_back_never_leaves_the_house() -> None:
    made = RequestFactory().get("/", headers={"referer": "https://evil.example/x"})
    assert environment.way_back(made) == "/"


def test_only_the_block_is_rendered_for_a_part() -> None:
    page = answer(request(), "404.html", block="main")
    part = answer(request(HX_Request="true"), "404.html", block="main")
    assert page.content.startswith(b"<!doctype html>")
    assert part.content.strip().startswith(b'<div class="read stack"')
    assert part.headers["Vary"] == "HX-Request"
    whole = answer(request(HX_Request="true", HX_History_Restore_Request="true"), "404.html", block="main")
    assert whole.content.startswith(b"<!doctype html>")


def test_done_goes_on_and_stays_in_the_house() -> None:
    response = done(request(), "/promises/")
    assert (response.status_code, response["Location"]) == (303, "/promises/")
    assert done(request(), "//evil.example/")["Location"] == "/"
    assert done(request(), "https://evil.example/")["Location"] == "/"
    quick = done(request(HX_Request="true"), "/promises/")
    assert (quick.status_code, quick["HX-Redirect"]) == (200, "/promises/")


def test_the_bar_offers_what_the_person_may_do() -> None:
    made = request()
    assert "/incidents/declare/" in answer(made, "404.html").content.decode()
    made.user.role, made.user.is_administrator = "observer", False  # type: ignore[union-attr]
    html = answer(made, "404.html").content.decode()
    assert "/incidents/declare/" not in html
    assert 'href="/settings/"' not in html
    stranger = answer(request(person=False), "404.html").content.decode()
    assert "data-person" not in stranger and "saeki" not in stranger and "/people/" not in stranger


def test_the_nav_marks_where_we_are() -> None:
    assert [item.label for item in context.nav("/promises/") if item.here] == ["Promises"]
    assert [item.label for item in context.nav("/") if item.here] == ["Now"]


def test_the_other_language_keeps_the_question() -> None:
    assert context.page(request())["other_language"] == {
        "code": "ja",
        "name": "日本語",
        "url": "/promises/?a=1&lang=ja",
    }


def test_what_hangs_over_the_house_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Sending is held" not in answer(request(), "404.html").content.decode()
    monkeypatch.setattr(context, "_house", lambda: context.HouseFacts(held=3, still_s=75))
    html = answer(request(), "404.html").content.decode()
    assert "3 messages wait." in html
    assert "Its last beat was 1m 15s ago" in html
    assert "Sending is held" not in answer(request(person=False), "404.html").content.decode()


def test_a_view_cannot_change_who_reads() -> None:
    html = answer(request(), "404.html", {"person": {"name": "Mallory"}}).content.decode()
    assert "佐伯 美咲" in html and "Mallory" not in html


def test_templates_of_django_know_the_same_things() -> None:
    env = engines["django"]
    assert env.from_string("{{ LANGUAGE }} {{ words.kept }}").render({}, request()) == "en kept"


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_styles_or_scripts_inline(path: Path) -> None:
    assert not re.search(r"\sstyle=|\son(click|submit|change|load|input)=|<style|<script>", path.read_text("utf-8"))
