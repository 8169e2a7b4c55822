from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from tomei.accounts.models import User
from tomei.search import actions

pytestmark = pytest.mark.usefixtures("words_index")
Door = Callable[..., Client]


@pytest.fixture
def shelf(now: datetime) -> None:
    for number in range(25):
        actions.index(
            f"incident:{number}",
            kind="incident",
            title={"ja": f"停電 <{number}>", "en": ""},
            url=f"/incidents/INC-{number}/",
            now=now + timedelta(minutes=number),
        )


def test_hits_stand_newest_first_with_their_kind(shelf: None, client_of: Door, lead: User) -> None:
    html = client_of(lead).get("/search/", {"q": "停電"}).content.decode()
    assert html.count("<tr data-row>") == 20
    assert html.index("停電 &lt;24&gt;") < html.index("停電 &lt;23&gt;")
    assert "インシデント" in html
    assert "<24>" not in html


def test_the_next_page_goes_on(shelf: None, client_of: Door, lead: User) -> None:
    client = client_of(lead)
    html = client.get("/search/", {"q": "停電"}).content.decode()
    link = html.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    rest = client.get(link).content.decode()
    assert rest.count("<tr data-row>") == 5
    assert 'rel="next"' not in rest


def test_the_other_language_is_marked(shelf: None, client_of: Door, colleague: User) -> None:
    html = client_of(colleague).get("/search/", {"q": "停電"}).content.decode()
    assert '<span lang="ja">停電 &lt;24&gt;</span>' in html
    assert "Last changed" in html


def test_an_id_goes_straight_to_its_page(client_of: Door, lead: User) -> None:
    response = client_of(lead).get("/search/", {"q": " inc-12 "})
    assert (response.status_code, response["Location"]) == (302, "/incidents/INC-12/")


@pytest.mark.parametrize("q", ["", "nowhere", "<script>alert(1)</script>", "\x00\u202e", "停" * 5000, '" OR *'])
def test_nothing_found_says_what_to_do(client_of: Door, colleague: User, q: str) -> None:
    response = client_of(colleague).get("/search/", {"q": q})
    html = response.content.decode()
    assert response.status_code == 200
    assert 'class="empty"' in html
    assert "<script>alert" not in html


def test_a_broken_cursor_is_answered_in_words(client_of: Door, colleague: User) -> None:
    response = client_of(colleague).get("/search/", {"q": "停電", "after": "x"})
    assert response.status_code == 409
    assert "Search again from the first page." in response.content.decode()


def test_strangers_are_asked_to_sign_in(client_of: Door) -> None:
    assert client_of(None).get("/search/", {"q": "停電"})["Location"].startswith("/account/login/")
